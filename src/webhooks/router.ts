import { IntercomError } from '../errors.ts'
import type { Notification } from './notification.ts'
import { canMatch, type Matching, type Pattern } from './topics.ts'

/** What a handler gets beside the notification. */
export type HandlerContext = {
  /**
   * The event's own key, the same whenever the event is handled again: what you do for it, do under this key (an
   * `idempotencyKey`, an `Idempotency-Key`).
   */
  key: string
  /** 1 for the first; more after a failure, or after a crash. */
  attempt: number
  /** Aborts when the webhooks are closed and the handler has not ended in time, or another process has the event. */
  signal: AbortSignal
  /** The JSON as it came. */
  body: string
}

/** Deals with one event. When it throws, the event is handled again later. */
export type Handler<P extends Pattern = '*'> = (
  notification: Notification<Matching<P>>,
  context: HandlerContext,
) => void | Promise<void>

/** Which handler an event goes to: one alone, the one whose pattern says most. */
export class Router {
  readonly #handlers = new Map<string, Handler>()

  /** Throws an `IntercomError` on a pattern that is there already, or that nothing can match. */
  add<P extends Pattern>(pattern: P, handler: Handler<P>): void {
    if (typeof handler !== 'function') throw refused('a handler must be a function')
    if (typeof pattern !== 'string' || !canMatch(pattern)) {
      throw refused(
        `no topic is called ${String(pattern).slice(0, 100)}: see docs/webhooks.md for all of them`,
      )
    }
    if (this.#handlers.has(pattern)) throw refused(`${pattern} has a handler already`)
    // A handler gets nothing but what its pattern matches.
    this.#handlers.set(pattern, handler as unknown as Handler)
  }

  find(topic: string): Handler | undefined {
    const words = topic.split('.')
    const wider = words.map((_, index) => [...words.slice(0, words.length - 1 - index), '*'].join('.'))
    const pattern = [topic, ...wider].find((one) => this.#handlers.has(one))
    return pattern === undefined ? undefined : this.#handlers.get(pattern)
  }
}

function refused(message: string): IntercomError {
  return new IntercomError(message, { code: 'invalid_input' })
}
