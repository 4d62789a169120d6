import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The process that was asked is not there, or ended before it answered: what became of the question nobody knows. */
export class Ended extends Error {}

type Asked = { id: number; what: string; input: unknown }
type Answered = { id: number; result: unknown } | { id: number; error: string }

/** A process that is killed and started again, and that answers questions while it runs. */
export class Process {
  readonly #program: string
  readonly #options: object
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #child: ChildProcess | undefined
  #id = 0

  /** The options are its argument, as JSON. */
  constructor(program: URL, options: object) {
    this.#program = fileURLToPath(program)
    this.#options = options
  }

  /** Resolves with what it says first that has a `url` in it. */
  async start(): Promise<{ url: string; [key: string]: unknown }> {
    const child = fork(this.#program, [JSON.stringify(this.#options)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'], // what is killed must not have shared this one's own
    })
    const ready = Promise.withResolvers<{ url: string }>()
    child.on('message', (said: object) => {
      if ('url' in said)
        ready.resolve(said as { url: string }) // the programs here say it so
      else if ('id' in said) this.#take(said as Answered) // from `answering`
    })
    let told = ''
    child.stderr?.on('data', (data) => (told = `${told}${data}`.slice(-2000)))
    child.on('exit', () => {
      if (this.#child === child) this.#child = undefined
      ready.reject(new Ended(`${this.#program} did not start: ${told}`))
      const waiting = [...this.#waiting.values()]
      this.#waiting.clear()
      for (const { reject } of waiting) reject(new Ended())
    })
    const said = await ready.promise
    this.#child = child
    return said
  }

  /** Rejects with `Ended` when the process does not run or is killed meanwhile. */
  async ask<T>(what: string, input: unknown = null): Promise<T> {
    const child = this.#child
    if (child?.connected !== true) throw new Ended()
    const id = this.#id++
    const answer = Promise.withResolvers<unknown>()
    this.#waiting.set(id, answer)
    child.send({ id, what, input } satisfies Asked, () => {}) // who is not reached has ended, and its end is told
    return (await answer.promise) as T // by its program
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  #take(said: Answered): void {
    const waiting = this.#waiting.get(said.id)
    this.#waiting.delete(said.id)
    if ('error' in said) waiting?.reject(new Error(said.error))
    else waiting?.resolve(said.result)
  }
}

/** The other end: answers what `Process.ask` asks, and says first that it is ready. */
export function answering(
  said: { url: string; [key: string]: unknown },
  handlers: Record<string, (input: never) => unknown>,
): void {
  const say = (message: object) => process.send?.(message)
  process.on('message', async ({ id, what, input }: Asked) => {
    try {
      say({ id, result: await handlers[what]?.(input as never) }) // by whoever asks
    } catch (error) {
      say({ id, error: error instanceof Error ? error.stack : String(error) })
    }
  })
  process.on('disconnect', () => process.exit())
  say(said)
}
