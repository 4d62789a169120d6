import type { IncomingHttpHeaders } from 'node:http'
import { resolve } from 'node:path'
import type { ServerClock } from '../server-clock.ts'
import { fileStore } from './file-store.ts'
import type { RateLimit } from './headers.ts'
import { createRateLimiter } from './pacing.ts'
import type { RetryBudget } from './retry-budget.ts'
import { memoryStore } from './store.ts'

/** Paces the calls of one token to one host, so that Intercom never has to refuse one. */
export type RateLimiter = {
  readonly clock: ServerClock
  readonly retries: RetryBudget
  /**
   * A permit at once where one is free, else a promise. Waiting callers (told apart by identity) are served in
   * turn. `until` is an instant of `performance.now()`.
   */
  acquire(
    caller: object,
    options: { signal: AbortSignal | undefined; until: number },
  ): Permit | Promise<Permit | Refused>
}

/** Leave to send one request. */
export type Permit = {
  readonly waited: { ms: number; reason: Reason } | null
  /**
   * To be called once, when the exchange is over; `answer` is null when no head arrived. Gives the rate limit that
   * the headers tell, null when absent or absurd. Instants are those of `performance.now()`.
   */
  done(answer: Head | null): RateLimit | null
}

/** Why a call waited: for the first answer's rate limit, for its turn in the budget, for another to end. */
export type Reason = 'first_call' | 'rate_limit' | 'concurrency'

/** The head of an answer, and when its request was transmitted. */
export type Head = { status: number; headers: IncomingHttpHeaders; sentAt: number; headAt: number }

/** No permit: aborted, or none can be had before the deadline. `waitMs` is how long until one is likely. */
export type Refused = { refused: 'aborted' | 'deadline'; waitMs: number }

const rateLimiters = new Map<string, RateLimiter>()

/**
 * The traffic of one token to one host: all clients of this process share it, and with `file` all processes that
 * name the same file. The file holds no token, only its hash. Throws an
 * `IntercomError` when the file cannot be opened.
 */
export function sharedRateLimiter(
  origin: string,
  accessToken: string,
  file: string | undefined,
): RateLimiter {
  const key = `${origin}\n${accessToken}`
  const name = `${key}\n${file === undefined ? '' : resolve(file)}`
  const known = rateLimiters.get(name)
  if (known !== undefined) return known
  const rateLimiter = createRateLimiter(file === undefined ? memoryStore() : fileStore(file, hashed(key)))
  rateLimiters.set(name, rateLimiter)
  return rateLimiter
}

/** The crypto module is loaded by the first file, not by the import. */
function hashed(key: string): string {
  return process.getBuiltinModule('node:crypto').hash('sha256', key)
}
