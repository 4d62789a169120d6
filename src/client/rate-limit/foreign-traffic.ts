import { type BudgetState, usableCalls } from './budget-state.ts'
import { windowMs } from './headers.ts'

/** Answers that are judged together: so many, and no longer than so many ms. */
const group = { answers: 8, ms: 100 }

/** The calls of others that an answer shows; the least of several, as answers overtake each other. */
export function countOthers(state: BudgetState, others: number, at: number): void {
  const age = at - state.groupAt
  if (state.answers === 0 || age > 2 * group.ms) beginGroup(state, others, others, at)
  else if (state.answers >= group.answers || age > group.ms) beginGroup(state, others, state.others, at)
  else if (age > -group.ms) {
    state.answers += 1
    state.others = Math.min(state.others, others)
    state.seenAt = Math.max(state.seenAt, at)
  }
}

/** Begins a group of answers. */
export function beginGroup(state: BudgetState, others: number, before: number, at: number): void {
  state.othersBefore = before
  state.others = others
  state.answers = 1
  state.groupAt = at
  state.seenAt = at
}

/** Calls of others so far in this window. */
export function othersSeen(state: BudgetState): number {
  return state.answers === 0 ? 0 : Math.max(0, Math.min(state.others, state.othersBefore))
}

/** What is left of the running window: `safe` to use at once, and `left` when others go on as they do. */
export function remaining(state: BudgetState, now: number): { safe: number; left: number } {
  const others = othersSeen(state)
  const rate = othersRate(state)
  const unused = usableCalls(state.limit) - state.used - others
  const begun = state.end - windowMs
  const unseen = rate * (now - Math.max(state.seenAt, begun))
  const reserve = rate > 0 ? Math.min(state.limit / 20, rate * 400) : 0
  return {
    safe: unused - reserve - 3 * unseen,
    left: unused - reserve - rate * (state.end - Math.max(state.seenAt, begun)),
  }
}

/** Calls of others per ms: over the past windows, and more and more as this one shows it. */
export function othersRate(state: BudgetState): number {
  const past = Math.max(0, state.rate)
  const elapsed = state.seenAt - (state.end - windowMs)
  if (!state.whole || state.answers === 0 || elapsed < 2_000) return past
  const share = state.rate < 0 ? 1 : elapsed / windowMs
  return past * (1 - share) + (noticed(state) / elapsed) * share
}

/** Learns how much others call from a window that is over. */
export function endWindow(state: BudgetState): void {
  const elapsed = state.seenAt - (state.end - windowMs)
  if (state.whole && state.answers > 0 && elapsed > 1_000) {
    const rate = noticed(state) / elapsed
    state.rate = state.rate < 0 ? rate : state.rate * 0.7 + rate * 0.3
  } else if (state.answers === 0 && state.used > 0) {
    // Answers have stopped saying; what was known must not slow us down for ever.
    state.rate = -1
  }
  state.answers = 0
  state.whole = true
}

/** One in a hundred may be our own, counted in another window than we thought. */
function noticed(state: BudgetState): number {
  const others = othersSeen(state)
  return others <= state.limit / 100 + 2 ? 0 : others
}
