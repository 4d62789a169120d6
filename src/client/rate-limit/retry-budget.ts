/** What bounds the repetitions of all calls together, so that an outage is not multiplied. */
export type RetryBudget = {
  /** Takes one repetition; false when none is left. */
  take(): boolean
  /** Gives a part of one back: a call succeeded. */
  success(): void
}

/** In tenths, so that ten successes add up to one repetition exactly. */
const [capacity, price, givenBack] = [500, 10, 1]

/** A bucket that begins full: 50 repetitions at once, and later one for every ten successes. */
export function retryBudget(): RetryBudget {
  let left = capacity
  return {
    take() {
      if (left < price) return false
      left -= price
      return true
    },
    success() {
      left = Math.min(capacity, left + givenBack)
    },
  }
}
