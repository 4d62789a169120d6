import type { Context } from '@restatedev/restate-sdk'

/** Calls that one worker makes at once; the rate limiter transmits no more at once either. */
const maxLimit = 64
const minLimit = 4
/** How long a call waits here before it is suspended in Restate, ms. */
const maxWaitMs = 2_000
/** After the limit was halved, further late calls are ignored for this long, ms. */
const cooldownMs = 5_000

type Waiter = { count: number; go(): void }

/**
 * Limits the calls in flight in one worker, so that a call starts soon after its beginning was recorded. Late calls
 * halve the limit, calls in time raise it slowly.
 */
export class ConcurrencyLimit {
  #limit = maxLimit
  #used = 0
  #waiting: Waiter[] = []
  #cooldownUntil = 0

  /**
   * False when there is no room for so many within two seconds: Restate can hold thousands of calls, a process cannot.
   */
  async tryAcquire(count: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const waiter = { count, go: () => resolve(true) }
    const timer = setTimeout(() => {
      this.#waiting = this.#waiting.filter((one) => one !== waiter)
      resolve(false)
      this.#serve()
    }, maxWaitMs)
    this.#join(waiter)
    try {
      return await promise
    } finally {
      clearTimeout(timer)
    }
  }

  /** Waits for room for one, however long: every call ends with a deadline. */
  async acquire(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#join({ count: 1, go: resolve })
    await promise
  }

  release(count: number): void {
    this.#used -= count
    this.#serve()
  }

  /** Reports whether a call got its permit in time. */
  report(isLate: boolean): void {
    if (!isLate) this.#limit = Math.min(maxLimit, this.#limit + 0.05)
    else if (performance.now() > this.#cooldownUntil) {
      this.#limit = Math.max(minLimit, this.#limit / 2)
      this.#cooldownUntil = performance.now() + cooldownMs
    }
  }

  #join(waiter: Waiter): void {
    this.#waiting.push(waiter)
    this.#serve()
  }

  /** First come, first served. A batch over the limit starts when nothing else is in flight. */
  #serve(): void {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      if (this.#used > 0 && this.#used + next.count > this.#limit) return
      this.#waiting.shift()
      this.#used += next.count
      next.go()
    }
  }
}

/** Aborts when Restate has given up this attempt. */
export function signalOf(ctx: Context): AbortSignal {
  return ctx.request().attemptCompletedSignal
}

/** Room for so many calls, released when Restate gives up this attempt. */
export function reserveRoom(ctx: Context, limit: ConcurrencyLimit, count: number) {
  let unused = 0
  const releaseUnused = () => {
    limit.release(unused)
    unused = 0
  }
  return {
    async tryAcquire(): Promise<boolean> {
      if (!(await limit.tryAcquire(count))) return false
      unused = count
      signalOf(ctx).addEventListener('abort', releaseUnused, { once: true })
      if (signalOf(ctx).aborted) releaseUnused()
      return true
    },
    /** A call whose beginning an earlier attempt has recorded waits for room of its own. */
    async run<T>(call: () => Promise<T>): Promise<T> {
      if (unused > 0) unused -= 1
      else await limit.acquire()
      try {
        return await call()
      } finally {
        limit.release(1)
      }
    },
  }
}
