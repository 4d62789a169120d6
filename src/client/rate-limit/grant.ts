import type { Leased, LeaseRequest } from './budget.ts'
import type { RateLimit } from './headers.ts'
import { observe } from './observe.ts'
import { reserve } from './reserve.ts'
import { newSchedule, type Report, type Schedule } from './schedule.ts'

/** Machines ask for so much at a time, ms: between 20 and 50 slots at Intercom's usual limit of 167 a second. */
const blockMs = 250
/** Of what a window takes the pacing itself leaves one in a hundred free. */
const paced = 0.99

/** What is known of a token's budget, as plain data: to be kept between two grants, wherever that may be. */
export type PermitState = Schedule

/**
 * Gives out a block of slots for all machines that share a token, at most `share` (0 to 1) of what Intercom allows.
 * Changes nothing: the next grant is to be made on the state it answers with, one at a time.
 */
export function grant(
  state: PermitState | null,
  { reports, at, count }: LeaseRequest,
  share: number,
): { state: PermitState; leased: Leased } {
  const next = { ...(state ?? newSchedule()) }
  for (const report of reports) observe(next, within(report, share / paced))
  const slots = reserve(next, at, count, blockMs)
  return { state: next, leased: { slots, pauses: next.pauses } }
}

/** A report as though Intercom allowed only a share. What others use stays the same number. */
function within(report: Report, share: number): Report {
  return { ...report, rate: report.rate && sharedLimit(report.rate, share) }
}

function sharedLimit({ limit, remaining, reset }: RateLimit, share: number): RateLimit {
  const less = Math.max(1, Math.min(limit, Math.floor(limit * share)))
  return { limit: less, remaining: Math.max(0, remaining - (limit - less)), reset }
}
