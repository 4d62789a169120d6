import { windowEnd, windowMs } from './rate-limit.ts'

/**
 * What is known of one token's budget, as plain numbers so that processes can share it. Times are Unix ms on
 * Intercom's clock.
 */
export type Schedule = {
  /** Calls a window takes, by the last answer; 0 until one said. */
  limit: number
  /** A time at which a window ends, modulo the window. */
  phase: number
  /** When the running window ends. */
  end: number
  /** Our calls of this window. */
  used: number
  /** When the next call is due. */
  next: number
  /** Calls of others in this window: the least that the last answers and those before them showed. */
  others: number
  othersBefore: number
  answers: number
  /** When `others` was last learnt, and when the group of answers began. */
  seenAt: number
  groupAt: number
  /** Calls of others per ms, over the past windows; -1 until one was seen whole. */
  rate: number
  /** Whether the window was seen from its beginning. */
  whole: boolean
  /** Nothing leaves before. */
  blocked: number
  /** Pauses so far, and how many in a row were followed by nothing but another 429. */
  pauses: number
  strikes: number
  /** Intercom's clock less the machine's, for processes that share the budget; nothing known at `clockAt` 0. */
  clockLow: number
  clockHigh: number
  clockAt: number
}

/** Calls that may leave: the first at `first`, each `interval` after the one before, none from `end` on. */
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
  rate: { limit: number; remaining: number; reset: number } | null
  /** The call's number in its window, and the window's end; 0 when it left unpaced. */
  number: number
  end: number
  sentAt: number
  headAt: number
  /** Pauses there had been when the call was let go. */
  pauses: number
  /** On a 429: how long its headers ask to wait, -1 when they don't. */
  refused: { afterMs: number; jitter: number } | null
}

/** Kept free at the end of a window for calls that were held up; they still have half of what time is left. */
const leadMs = 200
/** Kept free at its beginning, as the clocks agree to about this much. */
const guardMs = 30
/** Answers that are judged together: so many, and no longer than so many ms. */
const group = { answers: 8, ms: 100 }
/** By how much the clock may go back without having been set. */
const backMs = 5_000
/** A lease covers no more than this, so that those who share a budget get on side by side. */
const leaseMs = 50
/** How much faster than evenly a window is used up that was idle before; others may catch up as well. */
const catchUp = { alone: 5, besideOthers: 1.5 }
/** While the budget looks spent without being so, one call looks again this often. */
const lookMs = 500
/** The first pause after a 429 whose headers name none; doubled while it comes again. */
const backOffMs = 1_000
/** Processes that know nothing of each other wake up over so many ms. */
const jitterMs = 250
const earlyMs = 300
const longestMs = 60_000

export function newSchedule(): Schedule {
  return {
    limit: 0,
    phase: 0,
    end: 0,
    used: 0,
    next: 0,
    others: 0,
    othersBefore: 0,
    answers: 0,
    seenAt: 0,
    groupAt: 0,
    rate: -1,
    whole: false,
    blocked: 0,
    pauses: 0,
    strikes: 0,
    clockLow: 0,
    clockHigh: 0,
    clockAt: 0,
  }
}

/** Takes up to `count` calls out of the budget; null while no limit is known. */
export function reserve(state: Schedule, now: number, count: number): Lease | Wait | null {
  const usual = state.limit === 0 ? 0 : windowMs / free(state.limit)
  state.blocked = Math.min(state.blocked, now + longestMs)
  if (now < state.blocked) return { until: state.blocked, usual }
  if (state.limit === 0) return null
  roll(state, now)
  const credit = burst(state.limit) * usual
  const next = Math.max(now, state.next)
  const timeLeft = state.end - next
  const { safe, left } = remaining(state, now)
  if (timeLeft <= 0 || safe < 1) return { until: state.end + guardMs, usual }
  const span = Math.max(timeLeft - leadMs, timeLeft / 2)
  const fastest = usual / (othersRate(state) > 0 ? catchUp.besideOthers : catchUp.alone)
  const interval = left < 1 ? lookMs : Math.max(span / left, fastest)
  const taken = Math.max(1, Math.floor(Math.min(count, left, timeLeft / interval, leaseMs / interval)))
  const number = state.used + 1
  state.used += taken
  state.next = next + taken * interval
  return { count: taken, first: next - credit, interval, number, end: state.end, left: left - taken, usual }
}

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
    } else if (report.end === state.end && sentAt > state.end - windowMs && headAt < state.end) {
      count(state, rate.limit - rate.remaining - report.number, sentAt)
    }
  }
  // What left before the latest pause tells nothing new.
  if (report.pauses !== state.pauses) return
  if (report.refused === null) state.strikes = 0
  else block(state, report, report.refused)
}

/** The calls of others that an answer shows; the least of several, as answers overtake each other. */
function count(state: Schedule, others: number, at: number): void {
  const age = at - state.groupAt
  if (state.answers === 0 || age > 2 * group.ms) regroup(state, others, others, at)
  else if (state.answers >= group.answers || age > group.ms) regroup(state, others, state.others, at)
  else if (age > -group.ms) {
    state.answers += 1
    state.others = Math.min(state.others, others)
    state.seenAt = Math.max(state.seenAt, at)
  }
}

function regroup(state: Schedule, others: number, before: number, at: number): void {
  state.othersBefore = before
  state.others = others
  state.answers = 1
  state.groupAt = at
  state.seenAt = at
}

function othersSeen(state: Schedule): number {
  return state.answers === 0 ? 0 : Math.max(0, Math.min(state.others, state.othersBefore))
}

/** What is left of the running window: `safe` to use at once, and `left` when others go on as they do. */
function remaining(state: Schedule, now: number): { safe: number; left: number } {
  const others = othersSeen(state)
  const rate = othersRate(state)
  const unused = free(state.limit) - state.used - others
  const begun = state.end - windowMs
  const unseen = rate * (now - Math.max(state.seenAt, begun))
  const reserve = rate > 0 ? Math.min(state.limit / 20, rate * 400) : 0
  return {
    safe: unused - reserve - 3 * unseen,
    left: unused - reserve - rate * (state.end - Math.max(state.seenAt, begun)),
  }
}

/** Calls of others per ms: over the past windows, and more and more as this one shows it. */
function othersRate(state: Schedule): number {
  const past = Math.max(0, state.rate)
  const elapsed = state.seenAt - (state.end - windowMs)
  if (!state.whole || state.answers === 0 || elapsed < 2_000) return past
  const share = state.rate < 0 ? 1 : elapsed / windowMs
  return past * (1 - share) + (noticed(state) / elapsed) * share
}

/** One in a hundred may be our own, counted in another window than we thought. */
function noticed(state: Schedule): number {
  const others = othersSeen(state)
  return others <= state.limit / 100 + 2 ? 0 : others
}

function roll(state: Schedule, now: number): void {
  const ahead = state.end - now
  // Clocks that are made exact go back a little; the window has begun all the same.
  if (ahead > 0 && ahead < windowMs + backMs) return
  const credit = burst(state.limit)
  // What crosses into a window that was not full does no harm.
  const full = free(state.limit) - state.used - othersSeen(state) < 2 * credit
  if (now >= state.end) {
    const elapsed = state.seenAt - (state.end - windowMs)
    if (state.whole && state.answers > 0 && elapsed > 1_000) {
      const rate = noticed(state) / elapsed
      state.rate = state.rate < 0 ? rate : state.rate * 0.7 + rate * 0.3
    } else if (state.answers === 0 && state.used > 0) {
      // Nothing is said any more; what was known must not slow us down for ever.
      state.rate = -1
    }
    state.used = 0
    state.answers = 0
    state.whole = true
  }
  if (state.next > now + windowMs) state.next = now
  state.end = windowEnd(state.phase, now)
  const start = state.end - windowMs + guardMs + (credit * windowMs) / free(state.limit)
  if (full) state.next = Math.max(state.next, start)
}

function block(
  state: Schedule,
  { headAt, sentAt, rate }: Report,
  refused: { afterMs: number; jitter: number },
) {
  const begun = rate === null ? 0 : windowEnd(state.phase, headAt) - windowMs
  // Sent about when a window began, it was the one before that was spent.
  const early = sentAt - begun < earlyMs
  if (!early) state.strikes += 1
  const asked = early ? Math.min(refused.afterMs, backOffMs) : refused.afterMs
  const ask = asked < 0 ? backOffMs : asked
  const more = state.strikes < 2 ? 0 : Math.min(longestMs, backOffMs * 2 ** Math.min(state.strikes, 10))
  const jitter = refused.jitter * jitterMs + more * (0.5 + refused.jitter / 2)
  state.pauses += 1
  state.blocked = headAt + Math.min(longestMs, ask + guardMs + jitter)
}

/** Calls of a window that are ours to plan with: one in a hundred is kept for what crosses a window's edge. */
function free(limit: number): number {
  return limit - Math.min(Math.ceil(limit / 100), Math.floor(limit / 10))
}

/** Calls that may leave at once after a pause, so that a single call or a few need not wait. */
function burst(limit: number): number {
  return Math.max(1, Math.min(Math.max(3, limit / 100), limit / 4))
}
