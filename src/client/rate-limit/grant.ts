import { applyReport } from './apply-report.ts'
import type { LeaseRequest, LeaseResponse } from './budget.ts'
import { type BudgetState, newBudgetState, type Report } from './budget-state.ts'
import { takeLease } from './take-lease.ts'

/** Machines ask for so much at a time, ms: between 20 and 50 permits at Intercom's usual limit of 167 a second. */
const blockMs = 250
/** The rate limiter itself leaves one call of a hundred free (`usableCalls`). */
const paced = 0.99

/** What is known of a token's budget, as plain data: to be kept between two grants, wherever that may be. */
export type PermitState = BudgetState

/**
 * Leases a block of permits to all machines that share a token, at most `share` (0 to 1) of what Intercom allows.
 * Changes nothing: the next grant is to be made on the state it answers with, one at a time.
 */
export function grant(
  state: PermitState | null,
  { reports, at, count }: LeaseRequest,
  share: number,
): { state: PermitState; leased: LeaseResponse } {
  const next = { ...(state ?? newBudgetState()) }
  for (const report of reports) applyReport(next, scaled(report, share / paced))
  const lease = takeLease(next, at, count, blockMs)
  return { state: next, leased: { lease, pauses: next.pauses } }
}

/** A report as though Intercom allowed only a share. What others use stays the same number. */
function scaled(report: Report, share: number): Report {
  if (report.rate === null) return report
  const { limit, remaining, reset } = report.rate
  const less = Math.max(1, Math.min(limit, Math.floor(limit * share)))
  return { ...report, rate: { limit: less, remaining: Math.max(0, remaining - (limit - less)), reset } }
}
