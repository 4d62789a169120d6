/**
 * A token bucket of `perMinute` calls, refilled evenly. `take` answers 0, or the seconds until the next call.
 */
export function tokenBucket(perMinute: number, now: () => number = () => performance.now()) {
  const perMs = perMinute / 60_000
  let tokens = perMinute
  let at = now()
  return {
    take(): number {
      const time = now()
      tokens = Math.min(perMinute, tokens + (time - at) * perMs)
      at = time
      if (tokens < 1) return Math.ceil((1 - tokens) / perMs / 1000)
      tokens -= 1
      return 0
    },
  }
}
