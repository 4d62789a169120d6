import { resolve } from 'node:path'
import { type RetryBudget, retryBudget } from '../retry-decision.ts'
import { type ServerClock, serverClock } from '../server-clock.ts'
import { type PermitSource, sourceBudget, storeBudget } from './budget.ts'
import { memoryStore, type RateLimitStore } from './budget-state.ts'
import { FairQueue, type Place } from './fair-queue.ts'
import { fileStore } from './file-store.ts'
import type { Head, RateLimit } from './headers.ts'
import { type LeasedPermit, openLocalLease } from './local-lease.ts'
import { type Machine, machine } from './timer.ts'

/** Limits the calls of one token to one host, so that Intercom has none to refuse. */
export type RateLimiter = {
  readonly clock: ServerClock
  readonly retries: RetryBudget
  /**
   * A permit at once where one is free, else a promise. Waiting callers (told apart by identity) are served in turn.
   * `until` is an instant of `performance.now()`.
   */
  acquire(
    caller: object,
    options: { signal: AbortSignal | undefined; until: number },
  ): Permit | Promise<Permit | Refused>
}

/** Permission to send one request. */
export type Permit = {
  readonly waited: { ms: number; reason: Reason } | null
  /**
   * To be called once, when the exchange is over; `answer` is null when no head arrived. Gives the rate limit that
   * the headers tell, null when absent or absurd. Instants are those of `performance.now()`.
   */
  done(answer: Head | null): RateLimit | null
}

/** Why a call waited: for the first answer, which tells the limit; for the rate limit; for another call to end. */
type Reason = 'first_call' | 'rate_limit' | 'concurrency'

/** No permit: aborted, or none can be had before the deadline. `waitMs` is how long until one is likely. */
export type Refused = { refused: 'aborted' | 'deadline'; waitMs: number }

/** Most calls of one token in flight at once. */
const maxInFlight = 64

type Waiter = {
  resolve(result: Permit | Refused): void
  since: number
  reason: Reason
  signal: AbortSignal | undefined
  onAbort: () => void
  /** Cancels the deadline's timer. */
  clear: () => void
}

/** A rate limiter over a store, or a source of permits. Tests bring their own `time`. */
export function createRateLimiter(from: RateLimitStore | PermitSource, time: Machine = machine): RateLimiter {
  const clock = serverClock(() => time.wall() - time.now())
  const budget = 'lease' in from ? sourceBudget(from, clock, time) : storeBudget(from, clock, time)
  const lease = openLocalLease(budget, clock, time, pump)
  const queue = new FairQueue<Waiter>()
  let inFlight = 0
  let timer: { due: number; cancel: () => void } | undefined

  function acquire(caller: object, options: { signal: AbortSignal | undefined; until: number }) {
    const { signal, until } = options
    if (signal?.aborted) return Promise.resolve<Refused>({ refused: 'aborted', waitMs: 0 })
    const now = time.now()
    const taken = take(now)
    if (typeof taken === 'object') return permit(taken, null)
    const waitMs = lease.estimateWaitMs(now, queue.placeOf(caller))
    if (now >= until || now + waitMs > until) return Promise.resolve<Refused>({ refused: 'deadline', waitMs })
    return new Promise<Permit | Refused>((resolve) => {
      wait(caller, until, { resolve, since: now, reason: taken, signal })
    })
  }

  /** A new call does not overtake those that wait. */
  function take(now: number): LeasedPermit | Reason {
    if (inFlight >= maxInFlight) return 'concurrency'
    return queue.size === 0 ? lease.take(now, 0) : lease.waitReason()
  }

  function wait(caller: object, until: number, waiting: Omit<Waiter, 'onAbort' | 'clear'>): void {
    const leave = (refused: Refused['refused']) => {
      queue.remove(place)
      const waitMs = refused === 'aborted' ? 0 : lease.estimateWaitMs(time.now(), queue.placeOf(caller))
      settle(waiter, { refused, waitMs })
      if (queue.size === 0) disarm()
    }
    const onAbort = () => leave('aborted')
    const ms = until - waiting.since
    const clear = Number.isFinite(ms) ? time.after(ms, () => leave('deadline')) : () => {}
    const waiter: Waiter = { ...waiting, onAbort, clear }
    waiting.signal?.addEventListener('abort', onAbort, { once: true })
    const place: Place<Waiter> = queue.push(caller, waiter)
    if (queue.size === 1) arm()
  }

  function settle(waiter: Waiter, result: Permit | Refused): void {
    waiter.clear()
    waiter.signal?.removeEventListener('abort', waiter.onAbort)
    waiter.resolve(result)
  }

  /** Gives waiting calls their permits, as far as there are any. */
  function pump(): void {
    while (queue.size > 0) {
      const now = time.now()
      const leased = inFlight < maxInFlight ? lease.take(now, queue.size) : 'concurrency'
      if (typeof leased === 'string') {
        arm()
        return
      }
      const waiter = queue.shift()
      if (waiter) settle(waiter, permit(leased, { ms: now - waiter.since, reason: waiter.reason }))
    }
    disarm()
  }

  function permit(leased: LeasedPermit, waited: Permit['waited']): Permit {
    inFlight += 1
    let over = false
    return {
      waited,
      done(answer) {
        if (over) return null
        over = true
        inFlight -= 1
        const rate = lease.complete(leased, answer)
        pump()
        return rate
      },
    }
  }

  /** Sets the timer for the next permit. While all calls are in flight none is needed: each end pumps. */
  function arm(): void {
    const due = inFlight < maxInFlight ? lease.nextAt() : undefined
    if (due !== undefined && timer?.due === due) return
    disarm()
    if (due === undefined) return
    const run = () => {
      timer = undefined
      pump()
    }
    const ms = Math.max(1, Math.ceil(due - clock.at(time.now())))
    timer = { due, cancel: time.after(ms, run) }
  }

  function disarm(): void {
    timer?.cancel()
    timer = undefined
  }

  return { clock, retries: retryBudget(), acquire }
}

const rateLimiters = new Map<string, RateLimiter>()
const unnamed = new WeakMap<object, RateLimiter>()

/**
 * The traffic of one owner (a token, a workspace, or what gives the token) to one host: all clients of this process
 * share it, and with `file` all processes that name the same file. The file holds no token, only its hash. Throws an
 * `IntercomError` when the file cannot be opened.
 */
export function sharedRateLimiter(
  origin: string,
  owner: string | object,
  file: string | undefined,
): RateLimiter {
  if (typeof owner === 'object' || typeof owner === 'function') {
    const rateLimiter = unnamed.get(owner) ?? createRateLimiter(memoryStore())
    unnamed.set(owner, rateLimiter)
    return rateLimiter
  }
  const key = `${origin}\n${owner}`
  const name = `${key}\n${file === undefined ? '' : resolve(file)}`
  const known = rateLimiters.get(name)
  if (known !== undefined) return known
  // The crypto module is loaded by the first file, not by the import.
  const hashed = () => process.getBuiltinModule('node:crypto').hash('sha256', key)
  const rateLimiter = createRateLimiter(file === undefined ? memoryStore() : fileStore(file, hashed()))
  rateLimiters.set(name, rateLimiter)
  return rateLimiter
}
