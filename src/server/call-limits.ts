import type { Refusal } from './refusal.ts'

type Limits = { callsPerMinute: number; concurrentCalls: number }

/** The limits of one caller on its calls. `who`: what an error calls it. */
export function callLimits(who: string, limits: Limits) {
  const bucket = tokenBucket(limits.callsPerMinute)
  let { callsPerMinute, concurrentCalls } = limits
  let running = 0
  return {
    isIdle: () => running === 0,
    /** Other limits from now on; what is running counts in them. */
    change(next: Limits): void {
      ;({ callsPerMinute, concurrentCalls } = next)
      bucket.refill(callsPerMinute)
    },
    /** Takes a slot for a call and answers how to release it, or why there is none. */
    acquire(): (() => void) | Refusal {
      if (running >= concurrentCalls)
        return tooMany(
          'too_many_calls',
          `${who} has ${concurrentCalls} calls in flight, which is its limit. Retry when one has finished.`,
          1,
        )
      const seconds = bucket.take()
      if (seconds > 0)
        return tooMany(
          'rate_limited',
          `${who} may make ${callsPerMinute} calls a minute. Retry in ${seconds} s.`,
          seconds,
        )
      running += 1
      return () => {
        running -= 1
      }
    },
  }
}

/**
 * A token bucket of `perMinute` calls, refilled evenly. `take` answers 0, or the seconds until the next call. `refill` sets
 * another rate, which gives back nothing that was taken.
 */
export function tokenBucket(perMinute: number, now: () => number = () => performance.now()) {
  let most = perMinute
  let tokens = most
  let at = now()
  return {
    refill(perMinute: number): void {
      tokens = Math.max(0, tokens + perMinute - most)
      most = perMinute
    },
    take(): number {
      const time = now()
      const perMs = most / 60_000
      tokens = Math.min(most, tokens + (time - at) * perMs)
      at = time
      if (tokens < 1) return Math.ceil((1 - tokens) / perMs / 1000)
      tokens -= 1
      return 0
    },
  }
}

function tooMany(code: string, error: string, seconds: number): Refusal {
  return { status: 429, code, error, headers: { 'Retry-After': String(seconds) } }
}
