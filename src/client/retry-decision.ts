import type { Outcome } from '../errors.ts'
import type { BrokenCode } from './broken-messages.ts'
import type { Semantics } from './request.ts'

/** How an attempt failed, as far as sending the request again is concerned. */
export type FailureKind = 'not_transmitted' | 'rate_limited' | 'rejected' | 'redirected' | 'unknown'

/** The policy: may the request have taken effect, and which requests are sent again? */
const policy: Record<FailureKind, { outcome: Outcome; retry: 'all' | 'idempotent' | 'none' }> = {
  not_transmitted: { outcome: 'not_sent', retry: 'all' },
  rate_limited: { outcome: 'rejected', retry: 'all' },
  rejected: { outcome: 'rejected', retry: 'none' },
  redirected: { outcome: 'unknown', retry: 'none' }, // a 303 says that something was done
  unknown: { outcome: 'unknown', retry: 'idempotent' },
}

/** The kind of an answer that is not a success. */
export function kindOfStatus(status: number): FailureKind {
  if (status < 400) return 'redirected'
  if (status === 429) return 'rate_limited'
  return status === 408 || status >= 500 ? 'unknown' : 'rejected'
}

/** Never retried: the caller's own abort, and what would fail the same way again. */
const final = new Set<BrokenCode | null>([
  'aborted',
  'answer_too_large',
  'proxy_auth_required', // a password that is tried again and again locks its account
  'proxy_refused',
])

/** What follows from a failed attempt. `retry`: after the back-off, or when the rate limiter lets it through. */
export type Decision = { outcome: Outcome; retryable: boolean; retry: 'no' | 'back_off' | 'rate_limit' }

/** Decides about a failed attempt; `broken`: why there was no whole answer. A safe request has no effect. */
export function decide(kind: FailureKind, semantics: Semantics, broken: BrokenCode | null): Decision {
  const { outcome, retry } = policy[kind]
  const retryable = retry === 'all' || (retry === 'idempotent' && semantics !== 'non-idempotent')
  const way = kind === 'rate_limited' ? 'rate_limit' : 'back_off'
  return {
    outcome: outcome === 'unknown' && semantics === 'safe' ? 'rejected' : outcome,
    retryable,
    retry: retryable && !final.has(broken) ? way : 'no',
  }
}

/** Retries of one request, besides those of what the rate limit refused. */
export const maxRetries = 3

const firstMs = 500
const longestMs = 20_000

/** Exponential back-off with full jitter, so that clients of one outage do not come back together. */
export function backoffMs(retries: number): number {
  return Math.random() * Math.min(longestMs, firstMs * 2 ** retries)
}

/** Bounds the retries of all calls together, so that an outage is not amplified. */
export type RetryBudget = {
  /** Takes one retry; false when none is left. */
  take(): boolean
  /** Returns a tenth of a retry: a call succeeded. */
  success(): void
}

/** In tenths, so that ten successes add up to one retry exactly. */
const [capacity, cost, refund] = [500, 10, 1]

/** A token bucket that starts full: 50 retries at once, then one for every ten successes. */
export function retryBudget(): RetryBudget {
  let left = capacity
  return {
    take() {
      if (left < cost) return false
      left -= cost
      return true
    },
    success() {
      left = Math.min(capacity, left + refund)
    },
  }
}
