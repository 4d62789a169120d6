import { count, regroup } from './foreign-traffic.ts'
import { windowEnd, windowMs } from './headers.ts'
import { burst, free, longestPauseMs, type Report, type Schedule } from './schedule.ts'

/** The first pause after a 429 whose headers name none; doubled while it comes again. */
const backOffMs = 1_000
/** Processes that know nothing of each other wake up over so many ms, and after a window's end. */
const jitterMs = 250
const guardMs = 30
/** A call that left before so much of its window was over may have been counted in the one before. */
const earlyMs = 300

/** Learns from an answer. */
export function observe(state: Schedule, report: Report): void {
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
      regroup(state, others, others, headAt)
      state.next = headAt + burst(rate.limit) * (windowMs / free(rate.limit))
    } else if (report.end === state.end && headAt < state.end) {
      const others = rate.limit - rate.remaining - report.number
      const begun = state.end - windowMs
      if (sentAt > begun + earlyMs) count(state, others, sentAt)
      // Counted in the window before: this one begins later than the clock has it.
      else if (others > rate.limit / 2) state.next = Math.max(state.next, begun + earlyMs)
    }
  }
  // What left before the latest pause tells nothing new.
  if (report.pauses !== state.pauses) return
  if (report.refused === null) state.strikes = 0
  else block(state, report, report.refused)
}

/** Lets nothing leave for as long as a 429 asks, and longer when it is the same after the pause. */
function block(
  state: Schedule,
  { headAt, sentAt, rate }: Report,
  refused: { afterMs: number; jitter: number },
) {
  const begun = rate === null ? 0 : windowEnd(state.phase, headAt) - windowMs
  const early = sentAt - begun < earlyMs
  if (!early) state.strikes += 1
  const asked = early ? Math.min(refused.afterMs, backOffMs) : refused.afterMs
  const ask = asked < 0 ? backOffMs : asked
  const more = state.strikes < 2 ? 0 : Math.min(longestPauseMs, backOffMs * 2 ** Math.min(state.strikes, 10))
  const jitter = refused.jitter * jitterMs + more * (0.5 + refused.jitter / 2)
  state.pauses += 1
  state.blocked = headAt + Math.min(longestPauseMs, ask + guardMs + jitter)
}
