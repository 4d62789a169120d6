import type { IncomingHttpHeaders } from 'node:http'
import type { ServerClock } from '../server-clock.ts'

/**
 * Intercom's rate-limit headers as they stood in the last answer; `reset` in Unix seconds (docs/intercom-api.md 1.5).
 */
export type RateLimit = { limit: number; remaining: number; reset: number }

/** The head of an answer, and when its request was transmitted. */
export type Head = { status: number; headers: IncomingHttpHeaders; sentAt: number; headAt: number }

/**
 * Intercom counts calls in fixed windows of ten seconds, which end on the same second modulo ten
 * (docs/intercom-api.md 1.5).
 */
export const windowMs = 10_000
/** A `Reset` lies 6 to 16 s ahead (docs/intercom-api.md 1.5); what is further off than this says nothing. */
const farthestMs = 60_000
const highestLimit = 1_000_000
/** No pause is longer than this, whatever a header asks for. */
export const longestPauseMs = 60_000

/** The three headers, or null when one is absent or cannot be meant. `now` is on Intercom's clock, ms. */
export function rateLimit(headers: IncomingHttpHeaders, now: number): RateLimit | null {
  const limit = count(headers['x-ratelimit-limit'])
  const remaining = count(headers['x-ratelimit-remaining'])
  const reset = count(headers['x-ratelimit-reset'])
  if (limit === undefined || remaining === undefined || reset === undefined) return null
  if (limit < 1 || limit > highestLimit || remaining > limit) return null
  return Math.abs(reset * 1000 - now) > farthestMs ? null : { limit, remaining, reset }
}

/** When the window of an instant ends. `reset` may be any second on which a window ends; all in ms. */
export function windowEnd(reset: number, now: number): number {
  return reset + (Math.floor((now - reset) / windowMs) + 1) * windowMs
}

/**
 * How long nothing of the token should be sent after a 429, in ms: `Retry-After` (seconds, or a date on Intercom's
 * clock), else until the window ends that `X-RateLimit-Reset` tells; at most a minute, null when neither says. A date
 * that has passed is 0.
 */
export function retryAfterMs(headers: IncomingHttpHeaders, clock: ServerClock, now: number): number | null {
  const server = clock.at(now)
  const after = retryAfter(headers['retry-after'], server)
  if (after !== null) return Math.min(Math.max(after, 0), longestPauseMs)
  const reset = count(headers['x-ratelimit-reset'])
  if (reset === undefined || Math.abs(reset * 1000 - server) > farthestMs) return null
  return windowEnd(reset * 1000, server) - server
}

function retryAfter(header: string | undefined, server: number): number | null {
  if (header === undefined) return null
  const seconds = count(header)
  if (seconds !== undefined) return seconds * 1000
  // Date.parse reads far more than HTTP dates ("-1" is a year); these begin with a weekday.
  const date = /^[A-Z][a-z]+, /.test(header) ? Date.parse(header) : Number.NaN
  return Number.isFinite(date) ? date - server : null
}

function count(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined
}
