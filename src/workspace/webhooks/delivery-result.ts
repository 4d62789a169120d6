import type { Reply } from './post.ts'

/** The consequence of an answer for the notification and its subscription (docs/intercom-api.md 6). */
export type DeliveryResult =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'will_retry'; readonly afterMs: number }
  | { readonly outcome: 'failed' }
  | { readonly outcome: 'throttled'; readonly minutes: number }
  | { readonly outcome: 'dropped'; readonly minutes: number }
  | { readonly outcome: 'disabled' }

/** As logged: an error may have suspended the subscription. */
export type DeliveryOutcome =
  | 'delivered'
  | 'will_retry'
  | 'failed'
  | 'throttled'
  | 'dropped'
  | 'disabled'
  | 'suspended'

/** Whether it counts as an error; a 429 does not (docs/intercom-api.md 6). */
export function isError({ outcome }: DeliveryResult): boolean {
  return outcome === 'will_retry' || outcome === 'failed'
}

/** A private app that answers only errors for longer is suspended (docs/intercom-api.md 6). */
export const suspendedAfterMs = 7 * 86_400_000

/** An endpoint that takes longer is served after faster ones have nothing left (docs/intercom-api.md 6). */
export const slowMs = 500

/** The pause after a 429; each further 429 doubles it (docs/intercom-api.md 6). */
const firstPauseMinutes = 1
/** The longest pause after a 429 (docs/intercom-api.md 6). */
export const longestPauseMinutes = 120
/** There is one retry, a minute after the failure (docs/intercom-api.md 6). */
export const retryDelayMs = 60_000

/**
 * The consequence of one answer. `failures` counts earlier failures of this notification, `throttleMinutes` is the
 * subscription's current pause. A 429 does not use up the retry; one after the longest pause drops the notification.
 * Any status but 2xx, redirects included, is a failure.
 */
export function resultOf(reply: Reply, failures: number, throttleMinutes: number): DeliveryResult {
  const status = 'status' in reply ? reply.status : 0
  if (status >= 200 && status < 300) return { outcome: 'delivered' }
  if (status === 410) return { outcome: 'disabled' }
  if (status === 429) {
    if (throttleMinutes >= longestPauseMinutes) return { outcome: 'dropped', minutes: longestPauseMinutes }
    const next = Math.min(Math.max(throttleMinutes * 2, firstPauseMinutes), longestPauseMinutes)
    return { outcome: 'throttled', minutes: next }
  }
  return failures === 0 ? { outcome: 'will_retry', afterMs: retryDelayMs } : { outcome: 'failed' }
}

const errorWindowMs = 15 * 60_000
const errorLimit = 1_000

/** How long a subscription pauses after too many errors (docs/intercom-api.md 6). */
export const errorPauseMs = 15 * 60_000

/** Counts consecutive errors: more than 1,000 within 15 minutes are too many (docs/intercom-api.md 6). */
export class ErrorStreak {
  #since = 0
  #count = 0

  succeed(): void {
    this.#count = 0
  }

  /** Counts an error; true if it was one too many, and counting restarts. */
  fail(now: number): boolean {
    if (this.#count === 0 || now - this.#since > errorWindowMs) {
      this.#since = now
      this.#count = 0
    }
    this.#count += 1
    if (this.#count <= errorLimit) return false
    this.#count = 0
    return true
  }
}
