import { randomUUID } from 'node:crypto'
import type { Inbox, LeasedEvent } from './inbox.ts'
import { readNotification } from './notification.ts'
import type { WebhookProblem } from './options.ts'
import type { Router } from './router.ts'

const renewMs = 1000
/** How often to look for events that other processes stored or left behind. */
const lookMs = 1000
/** How long closing waits for handlers, and then for those it aborted. */
const closingMs = 10_000
const abortedMs = 1000

/** What a worker works on and with. */
export type InboxWorkerOptions = {
  inbox: Inbox
  router: Router
  /** How many events are handled at once. */
  concurrency: number
  /** Attempts before an event has failed for good. */
  maxAttempts: number
  /** The delay after the first failure, ms; it doubles each time. */
  retryMs: number
  /** Never throws. */
  onProblem(problem: WebhookProblem): void
}

/** Takes events from an inbox and runs their handlers. Keeps the process alive until it is closed. */
export class InboxWorker {
  readonly #options: InboxWorkerOptions
  readonly #running = new Map<LeasedEvent, { done: Promise<void>; stop: AbortController }>()
  #timer: NodeJS.Timeout | undefined
  #taking: Promise<void> | undefined
  #again = false
  #closed = false

  constructor(options: InboxWorkerOptions) {
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

  /** Looks for events now: call it when there may be one. */
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
        const event = await inbox.take(randomUUID())
        if (event === undefined) break
        const stop = new AbortController()
        const done = this.#handle(event, stop)
          .catch((error: unknown) => this.#options.onProblem({ kind: 'store', error })) // handled again once its lease expires
          .finally(() => {
            this.#running.delete(event)
            this.wake()
          })
        this.#running.set(event, { done, stop })
      }
    }
  }

  async #handle(event: LeasedEvent, stop: AbortController): Promise<void> {
    const { inbox, router, maxAttempts } = this.#options
    const handler = router.find(event.topic)
    if (handler === undefined) return void (await inbox.finish(event, 'done'))
    // Attempts in processes that died count too, so that one event cannot crash them forever.
    if (event.attempts > maxAttempts) return await this.#giveUp(event, null)
    const renewing = setInterval(() => this.#renew(event, stop), renewMs)
    try {
      const notification = readNotification(event.body)
      const { id: key, attempts: attempt, body } = event
      await handler(notification, { key, attempt, signal: stop.signal, body })
      await inbox.finish(event, 'done')
    } catch (error) {
      await this.#failed(event, stop, error)
    } finally {
      clearInterval(renewing)
    }
  }

  #renew(event: LeasedEvent, stop: AbortController): void {
    try {
      if (!this.#options.inbox.renew(event))
        stop.abort(new Error('another process has taken over this event'))
    } catch {} // tried again in a second
  }

  async #failed(event: LeasedEvent, stop: AbortController, error: unknown): Promise<void> {
    const { inbox, maxAttempts, retryMs } = this.#options
    // An aborted attempt does not count.
    if (stop.signal.aborted) return await inbox.release(event, 0, event.attempts - 1)
    if (event.attempts >= maxAttempts) return await this.#giveUp(event, error)
    const ms = Math.min(retryMs * 2 ** (event.attempts - 1), 3_600_000)
    await inbox.release(event, ms, event.attempts)
    this.#report(event, error, false)
    setTimeout(() => this.wake(), ms + 5).unref()
  }

  async #giveUp(event: LeasedEvent, error: unknown): Promise<void> {
    if (await this.#options.inbox.finish(event, 'failed')) this.#report(event, error, true)
  }

  #report({ id, topic, attempts: attempt }: LeasedEvent, error: unknown, givenUp: boolean): void {
    this.#options.onProblem({ kind: 'handler', id, topic, attempt, error, givenUp })
  }

  /** Takes no more events and waits for running handlers: after ten seconds they are aborted. */
  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#taking
    const all = Promise.all([...this.#running.values()].map(({ done }) => done))
    if (await settlesWithin(all, closingMs)) return
    for (const { stop } of this.#running.values()) stop.abort(new Error('the webhooks are closed'))
    await settlesWithin(all, abortedMs)
  }
}

async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<false>()
  const timer = setTimeout(() => late.resolve(false), ms)
  const settled = await Promise.race([promise.then(() => true), late.promise])
  clearTimeout(timer)
  return settled
}
