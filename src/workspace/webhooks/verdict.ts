import type { Reply } from './post.ts'

/** What an answer means for the notification and its subscription (docs/intercom-api.md 6). */
export type Verdict =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'will_retry'; readonly afterMs: number }
  | { readonly outcome: 'failed' }
  | { readonly outcome: 'throttled'; readonly minutes: number }
  | { readonly outcome: 'dropped'; readonly minutes: number }
  | { readonly outcome: 'disabled' }

/** What the log calls it: an error may have been the one that suspended the subscription. */
export type Outcome = Verdict['outcome'] | 'suspended'

/** Whether it is an error; a 429 only asks for patience (docs/intercom-api.md 6). */
export function isError({ outcome }: Verdict): boolean {
  return outcome === 'will_retry' || outcome === 'failed'
}

/** A private app that answers nothing but errors for longer is suspended (docs/intercom-api.md 6). */
export const suspendedAfterMs = 7 * 86_400_000

/** Whoever takes longer to answer waits until faster endpoints have nothing left (docs/intercom-api.md 6). */
export const slowMs = 500

/** The first pause that a 429 brings; each further 429 doubles it (docs/intercom-api.md 6). */
const firstPauseMinutes = 1
/** The longest pause that a 429 brings (docs/intercom-api.md 6). */
export const longestPauseMinutes = 120
/** The one retry comes a minute after the failure (docs/intercom-api.md 6). */
export const retryAfterMs = 60_000

/**
 * Judges one answer. `failures` counts earlier failures of this notification, `throttleMinutes` is the step
 * of the subscription's throttle. A 429 does not use up the retry; one after the longest pause drops the
 * notification. Everything outside 2xx, redirects included, is a failure.
 */
export function judge(reply: Reply, failures: number, throttleMinutes: number): Verdict {
  const status = 'status' in reply ? reply.status : 0
  if (status >= 200 && status < 300) return { outcome: 'delivered' }
  if (status === 410) return { outcome: 'disabled' }
  if (status === 429) {
    if (throttleMinutes >= longestPauseMinutes) return { outcome: 'dropped', minutes: longestPauseMinutes }
    const next = Math.min(Math.max(throttleMinutes * 2, firstPauseMinutes), longestPauseMinutes)
    return { outcome: 'throttled', minutes: next }
  }
  return failures === 0 ? { outcome: 'will_retry', afterMs: retryAfterMs } : { outcome: 'failed' }
}

const errorWindowMs = 15 * 60_000
const errorLimit = 1_000

/** How long a subscription rests after too many errors (docs/intercom-api.md 6). */
export const restMs = 15 * 60_000

/**
 * Counts errors in a row: more than a thousand within fifteen minutes are too many (docs/intercom-api.md 6).
 */
export class ErrorStreak {
  #since = 0
  #count = 0

  succeed(): void {
    this.#count = 0
  }

  /** Counts an error; true when it was one too many, and counting begins anew. */
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
