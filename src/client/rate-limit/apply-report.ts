import { type BudgetState, burst, type Report, usableCalls } from './budget-state.ts'
import { beginGroup, countOthers } from './foreign-traffic.ts'
import { longestPauseMs, windowEnd, windowMs } from './headers.ts'

/** The first pause after a 429 whose headers name none; doubled each time that another follows. */
const backOffMs = 1_000
/** Processes that know nothing of each other wake up over so many ms, and after a window's end. */
const jitterMs = 250
const guardMs = 30
/** A call sent before so much of its window was over may have been counted in the one before. */
const earlyMs = 300

/** Takes what an answer said into the budget. */
export function applyReport(state: BudgetState, report: Report): void {
  const { rate, headAt, sentAt } = report
  if (rate !== null) {
    const first = state.limit === 0
    state.limit = rate.limit
    const phase = (rate.reset * 1000) % windowMs
    if (first || phase !== state.phase) {
      state.phase = phase
      state.end = windowEnd(phase, headAt)
    }
    if (first) {
      state.used = 1
      state.whole = false
      const others = rate.limit - rate.remaining - 1
      beginGroup(state, others, others, headAt)
      state.next = headAt + burst(rate.limit) * (windowMs / usableCalls(rate.limit))
    } else if (report.end === state.end && headAt < state.end) {
      const others = rate.limit - rate.remaining - report.number
      const begun = state.end - windowMs
      if (sentAt > begun + earlyMs) countOthers(state, others, sentAt)
      // Counted in the window before: this one begins later than the clock has it.
      else if (others > rate.limit / 2) state.next = Math.max(state.next, begun + earlyMs)
    }
  }
  // What was sent before the latest pause tells nothing new.
  if (report.pauses !== state.pauses) return
  if (report.refused === null) state.consecutive429s = 0
  else backOff(state, report, report.refused)
}

/** Stops all calls for as long as a 429 asks, and longer when another follows the pause. */
function backOff(
  state: BudgetState,
  { headAt, sentAt, rate }: Report,
  refused: { afterMs: number; jitter: number },
) {
  const begun = rate === null ? 0 : windowEnd(state.phase, headAt) - windowMs
  const early = sentAt - begun < earlyMs
  if (!early) state.consecutive429s += 1
  const asked = early ? Math.min(refused.afterMs, backOffMs) : refused.afterMs
  const ask = asked < 0 ? backOffMs : asked
  const more =
    state.consecutive429s < 2
      ? 0
      : Math.min(longestPauseMs, backOffMs * 2 ** Math.min(state.consecutive429s, 10))
  const jitter = refused.jitter * jitterMs + more * (0.5 + refused.jitter / 2)
  state.pauses += 1
  state.blockedUntil = headAt + Math.min(longestPauseMs, ask + guardMs + jitter)
}
