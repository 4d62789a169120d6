import { invalidInput } from '../errors.ts'
import type { Notification } from './notification.ts'
import { canMatch, type MatchingTopic, type TopicPattern } from './topics.ts'

/** What a handler gets besides the notification. */
export type HandlerContext = {
  /**
   * The event's key, the same on every attempt. Use it as the idempotency key of what the handler does (an
   * `idempotencyKey`, an `Idempotency-Key` header).
   */
  key: string
  /** 1 on the first attempt; more after a failure or a crash. */
  attempt: number
  /** Aborts when the webhooks are closed and the handler has not ended in time, or another process has the event. */
  signal: AbortSignal
  /** The JSON as it was received. */
  body: string
}

/** Handles one event. If it throws, the event is retried later. */
export type NotificationHandler<P extends TopicPattern = '*'> = (
  notification: Notification<MatchingTopic<P>>,
  context: HandlerContext,
) => void | Promise<void>

/** Finds the one handler of an event, the one with the most specific pattern. */
export class Router {
  readonly #handlers = new Map<string, NotificationHandler>()

  /** Throws an `IntercomError` on a pattern that is registered already or that cannot match. */
  add<P extends TopicPattern>(pattern: P, handler: NotificationHandler<P>): void {
    if (typeof handler !== 'function') throw invalidInput('a handler must be a function')
    if (typeof pattern !== 'string' || !canMatch(pattern)) {
      const name = String(pattern).slice(0, 100)
      throw invalidInput(`${name} matches no topic; see "Topics" in docs/webhooks.md`)
    }
    if (this.#handlers.has(pattern)) throw invalidInput(`${pattern} already has a handler`)
    // A handler gets only what its pattern matches.
    this.#handlers.set(pattern, handler as unknown as NotificationHandler)
  }

  find(topic: string): NotificationHandler | undefined {
    const words = topic.split('.')
    const wider = words.map((_, index) => [...words.slice(0, words.length - 1 - index), '*'].join('.'))
    const pattern = [topic, ...wider].find((one) => this.#handlers.has(one))
    return pattern === undefined ? undefined : this.#handlers.get(pattern)
  }
}
