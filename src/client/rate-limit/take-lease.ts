import { type BudgetState, burst, type Lease, usableCalls, type Wait } from './budget-state.ts'
import { endWindow, othersRate, othersSeen, remaining } from './foreign-traffic.ts'
import { longestPauseMs, windowEnd, windowMs } from './headers.ts'

/** Kept free at the end of a window for calls that were held up; they still have half of what time is left. */
const leadMs = 200
/** Kept free at the beginning of a window: the clocks agree to about this much. */
const guardMs = 30
/** The clock may go back by this much without having been set. */
const backMs = 5_000
/** A lease covers no more than this, so that those who share a budget progress side by side. */
const shortLeaseMs = 50
/** How much faster than evenly a window is used up that was idle before; others may catch up as well. */
const catchUp = { alone: 5, besideOthers: 1.5 }
/** While the budget looks spent without being so, one call probes it this often. */
const probeMs = 500

/**
 * Takes up to `count` calls out of the budget; null while no limit is known. What is left of a window is spread
 * evenly over its time, anew with each lease: at an even rate it does no harm if the clocks or a network shift the
 * window's edge a little.
 */
export function takeLease(
  state: BudgetState,
  now: number,
  count: number,
  leaseMs = shortLeaseMs,
): Lease | Wait | null {
  const usual = state.limit === 0 ? 0 : windowMs / usableCalls(state.limit)
  state.blockedUntil = Math.min(state.blockedUntil, now + longestPauseMs)
  if (now < state.blockedUntil) return { until: state.blockedUntil, usual }
  if (state.limit === 0) return null
  beginWindow(state, now)
  const credit = burst(state.limit) * usual
  const next = Math.max(now, state.next)
  const timeLeft = state.end - next
  const { safe, left } = remaining(state, now)
  if (timeLeft <= 0 || safe < 1) return { until: state.end + guardMs, usual }
  const span = Math.max(timeLeft - leadMs, timeLeft / 2)
  const fastest = usual / (othersRate(state) > 0 ? catchUp.besideOthers : catchUp.alone)
  const interval = left < 1 ? probeMs : Math.max(span / left, fastest)
  const taken = Math.max(1, Math.floor(Math.min(count, left, timeLeft / interval, leaseMs / interval)))
  const number = state.used + 1
  state.used += taken
  state.next = next + taken * interval
  return { count: taken, first: next - credit, interval, number, end: state.end, left: left - taken, usual }
}

/** Begins the window of now when the one so far is over. */
function beginWindow(state: BudgetState, now: number): void {
  const ahead = state.end - now
  // Clocks that are made exact go back a little; the window has begun all the same.
  if (ahead > 0 && ahead < windowMs + backMs) return
  const credit = burst(state.limit)
  // What crosses into a window that was not full does no harm.
  const full = usableCalls(state.limit) - state.used - othersSeen(state) < 2 * credit
  if (now >= state.end) {
    endWindow(state)
    state.used = 0
  }
  if (state.next > now + windowMs) state.next = now
  state.end = windowEnd(state.phase, now)
  const start = state.end - windowMs + guardMs + (credit * windowMs) / usableCalls(state.limit)
  if (full) state.next = Math.max(state.next, start)
}
