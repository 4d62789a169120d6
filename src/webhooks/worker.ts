import { randomUUID } from 'node:crypto'
import type { Inbox, Work } from './inbox.ts'
import type { Notification } from './notification.ts'
import type { Problem } from './problem.ts'
import type { Router } from './router.ts'

const renewMs = 1000
/** What other processes received or left behind is looked for so often. */
const lookMs = 1000
/** How long closing waits for handlers, and then for those that were told to end. */
const closingMs = 10_000
const abortedMs = 1000

/** What a worker needs to know. */
export type WorkerOptions = {
  inbox: Inbox
  router: Router
  /** Events handled at once. */
  concurrency: number
  /** After so many an event has failed. */
  maxAttempts: number
  /** The pause after the first failure; it doubles each time. */
  retryMs: number
  /** Never throws. */
  onProblem(problem: Problem): void
}

/** Takes events out of an inbox and has them handled. It keeps the process alive until it is closed. */
export class Worker {
  readonly #options: WorkerOptions
  readonly #running = new Map<Work, { done: Promise<void>; stop: AbortController }>()
  #timer: NodeJS.Timeout | undefined
  #taking: Promise<void> | undefined
  #again = false
  #closed = false

  constructor(options: WorkerOptions) {
    this.#options = options
  }

  get started(): boolean {
    return this.#timer !== undefined || this.#closed
  }

  start(): void {
    if (this.started) return
    this.#timer = setInterval(() => this.wake(), lookMs)
    this.wake()
  }

  /** To be called when something may be there. */
  wake(): void {
    this.#again = true
    if (this.#closed || this.#timer === undefined || this.#taking !== undefined) return
    this.#taking = this.#takeAll()
      .catch((error: unknown) => this.#options.onProblem({ kind: 'store', error }))
      .finally(() => {
        this.#taking = undefined
      })
  }

  async #takeAll(): Promise<void> {
    const { inbox, concurrency } = this.#options
    while (this.#again && !this.#closed) {
      this.#again = false
      inbox.prune()
      while (this.#running.size < concurrency && !this.#closed) {
        const work = await inbox.take(randomUUID())
        if (work === undefined) break
        const stop = new AbortController()
        const done = this.#handle(work, stop)
          .catch((error: unknown) => this.#options.onProblem({ kind: 'store', error })) // its lease runs out, and it runs again
          .finally(() => {
            this.#running.delete(work)
            this.wake()
          })
        this.#running.set(work, { done, stop })
      }
    }
  }

  async #handle(work: Work, stop: AbortController): Promise<void> {
    const { inbox, router, maxAttempts } = this.#options
    const handler = router.find(work.topic)
    if (handler === undefined) return void (await inbox.end(work, 'done'))
    // Processes that ended while they handled it have used attempts too, so that one event cannot end them forever.
    if (work.attempts > maxAttempts) return await this.#giveUp(work, null)
    const renewing = setInterval(() => this.#renew(work, stop), renewMs)
    try {
      const notification = JSON.parse(work.body) as Notification // checked when it came in
      const { id: key, attempts: attempt, body } = work
      await handler(notification, { key, attempt, signal: stop.signal, body })
      await inbox.end(work, 'done')
    } catch (error) {
      await this.#failed(work, stop, error)
    } finally {
      clearInterval(renewing)
    }
  }

  #renew(work: Work, stop: AbortController): void {
    try {
      if (!this.#options.inbox.renew(work)) stop.abort(new Error('another process has this event by now'))
    } catch {} // the next second will do
  }

  async #failed(work: Work, stop: AbortController, error: unknown): Promise<void> {
    const { inbox, maxAttempts, retryMs } = this.#options
    // Whoever was told to end has not failed.
    if (stop.signal.aborted) return await inbox.putBack(work, 0, work.attempts - 1)
    if (work.attempts >= maxAttempts) return await this.#giveUp(work, error)
    const ms = Math.min(retryMs * 2 ** (work.attempts - 1), 3_600_000)
    await inbox.putBack(work, ms, work.attempts)
    const { id, topic, attempts: attempt } = work
    this.#options.onProblem({ kind: 'handler', id, topic, attempt, error, givenUp: false })
    setTimeout(() => this.wake(), ms + 5).unref()
  }

  async #giveUp(work: Work, error: unknown): Promise<void> {
    if (!(await this.#options.inbox.end(work, 'failed'))) return
    const { id, topic, attempts: attempt } = work
    this.#options.onProblem({ kind: 'handler', id, topic, attempt, error, givenUp: true })
  }

  /** Takes nothing more, and waits for what runs: ten seconds, then it is told to end. */
  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#taking
    const all = Promise.all([...this.#running.values()].map(({ done }) => done))
    if (await within(all, closingMs)) return
    for (const { stop } of this.#running.values()) stop.abort(new Error('the webhooks are closed'))
    await within(all, abortedMs)
  }
}

async function within(step: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const ended = await Promise.race([step.then(() => true as const), late])
  clearTimeout(timer)
  return ended
}
