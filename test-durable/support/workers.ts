import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { WorkerOptions } from '../../src/restate/index.ts'

const program = fileURLToPath(new URL('worker.ts', import.meta.url))

/** Workers as processes, each on a port that it keeps over its deaths. */
export class Workers {
  readonly ports: readonly number[]
  readonly #options: Omit<WorkerOptions, 'port' | 'log'>
  readonly #children = new Map<number, ChildProcess>()

  constructor(ports: readonly number[], options: Omit<WorkerOptions, 'port' | 'log'>) {
    this.ports = ports
    this.#options = options
  }

  /** Starts the worker of a port; resolves when it listens. */
  async start(port: number): Promise<void> {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const child = fork(program, [JSON.stringify({ ...this.#options, port })], {
      execArgv: [],
      env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'], // a killed process must not have shared the test runner's own
    })
    this.#children.set(port, child)
    const listening = Promise.withResolvers<void>()
    child.on('message', (said: object) => {
      if ('url' in said) listening.resolve()
    })
    let said = ''
    child.stderr?.on('data', (data) => (said = `${said}${data}`.slice(-2000)))
    child.on('exit', () => listening.reject(new Error(`the worker on port ${port} did not start: ${said}`)))
    await listening.promise
  }

  async startAll(): Promise<void> {
    await Promise.all(this.ports.map((port) => this.start(port)))
  }

  async kill(port: number): Promise<void> {
    const child = this.#children.get(port)
    this.#children.delete(port)
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  async close(): Promise<void> {
    await Promise.all(this.ports.map((port) => this.kill(port)))
  }
}
