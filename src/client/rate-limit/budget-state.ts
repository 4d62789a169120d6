import type { RateLimit } from './headers.ts'

/** The budget of a token of which nothing is known yet. */
export function newBudgetState() {
  return {
    /** Calls a window takes, by the last answer; 0 until one said. */
    limit: 0,
    /** A time at which a window ends, modulo the window. */
    phase: 0,
    /** When the running window ends. */
    end: 0,
    /** Our calls of this window. */
    used: 0,
    /** When the next call is due. */
    next: 0,
    /** Calls of others in this window: the least that the last answers and those before them showed. */
    others: 0,
    othersBefore: 0,
    answers: 0,
    /** When `others` was last learnt, and when the group of answers began. */
    seenAt: 0,
    groupAt: 0,
    /** Calls of others per ms, over the past windows; -1 until one was seen whole. */
    rate: -1,
    /** Whether the window was seen from its beginning. */
    whole: false,
    /** Nothing is sent before this time. */
    blockedUntil: 0,
    /** Pauses so far, and how many in a row were followed by nothing but another 429. */
    pauses: 0,
    consecutive429s: 0,
    /** Intercom's clock less the machine's, for processes that share the budget; nothing known at `clockAt` 0. */
    clockLow: 0,
    clockHigh: 0,
    clockAt: 0,
  }
}

/**
 * What is known of one token's budget, as plain numbers so that processes can share it. Times are Unix ms on
 * Intercom's clock.
 */
export type BudgetState = ReturnType<typeof newBudgetState>

/** Permits: the first call at `first`, each `interval` after the one before, none from `end` on. */
export type Lease = {
  count: number
  first: number
  interval: number
  /** Which call of its window the first is, from 1. */
  number: number
  end: number
  /** Calls left in this window after these, and the interval of a window that begins full: for foresight. */
  left: number
  usual: number
}

/** No call before this time. */
export type Wait = { until: number; usual: number }

/** What one answer said about the budget. */
export type Report = {
  /** The limit headers; null when they were absent or cannot be meant. */
  rate: RateLimit | null
  /** The call's number in its window, and the window's end; 0 when it was sent without a lease. */
  number: number
  end: number
  sentAt: number
  headAt: number
  /** Pauses there had been when the call got its permit. */
  pauses: number
  /** On a 429: how long its headers ask to wait, -1 when they don't. */
  refused: { afterMs: number; jitter: number } | null
}

/** Calls of a window that are ours to plan with: one in a hundred is kept for what crosses a window's edge. */
export function usableCalls(limit: number): number {
  return limit - Math.min(Math.ceil(limit / 100), Math.floor(limit / 10))
}

/** Calls that may be sent at once after a pause, so that a single call or a few need not wait. */
export function burst(limit: number): number {
  return Math.min(Math.max(3, limit / 100), limit / 4)
}

/**
 * Where the budget of a token is kept. A store that processes or machines share makes each change one transaction; it
 * may answer later, and may have to make a change again on newer state.
 */
export type RateLimitStore = {
  /** Whether others change it too, and asking is dear. */
  readonly shared: boolean
  /** Changes the state in place and returns the result. Must not fail: limiting one's own rate alone is better. */
  change<T>(change: (state: BudgetState) => T): T | Promise<T>
}

/** The budget of one process. */
export function memoryStore(): RateLimitStore {
  const state = newBudgetState()
  return { shared: false, change: (change) => change(state) }
}
