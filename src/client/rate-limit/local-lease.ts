import type { IncomingHttpHeaders } from 'node:http'
import type { SharedClock } from '../server-clock.ts'
import type { Budget } from './budget.ts'
import type { Lease, Report, Wait } from './budget-state.ts'
import { type Head, type RateLimit, rateLimit, retryAfterMs, windowMs } from './headers.ts'
import type { Machine } from './timer.ts'

/** A leased permit: its number in its window, and the window's end. `alone`: the first call, before a limit is known. */
export type LeasedPermit = { number: number; end: number; pauses: number; alone: boolean }

/** The permits that one process has leased from a budget; what answers say is reported to it. */
export type LocalLease = {
  /** A permit for now, or why there is none; `waiting`: how many calls want one. */
  take(now: number, waiting: number): LeasedPermit | 'first_call' | 'rate_limit'
  /** What a call waits for that joins the queue. */
  waitReason(): 'first_call' | 'rate_limit'
  /** When the next permit is due, on Intercom's clock; undefined when that is not a matter of time. */
  nextAt(): number | undefined
  /** How long the `position`th waiting call will wait, ms; 0 when unknown. */
  estimateWaitMs(now: number, position: number): number
  /** The call is over, with the head of an answer or without. */
  complete(permit: LeasedPermit, head: Head | null): RateLimit | null
}

/** A lease of a shared budget covers the demand of this span, ms. */
const spanMs = 50
/** A permit expires this long after it was due, ms. */
const expiresMs = 500
/** The longest wait that a budget asks for, ms. */
const longestWaitMs = 75_000

/** Leases from a budget; `onReady` is called when a budget that answers later has answered. */
export function openLocalLease(
  budget: Budget,
  clock: SharedClock,
  time: Machine,
  onReady: () => void,
): LocalLease {
  /** The first call, which goes alone: before its answer no limit is known. */
  let first: 'none' | 'out' | 'over' = 'none'
  let lease: Lease | Wait | undefined
  let used = 0
  let asking = false
  /** Whether a budget that answers later knew no limit, or failed. */
  let unknown = false
  const reports: Report[] = []
  /** Pauses there had been when the budget was last asked. */
  let pauses = 0
  /** Whether the last answer was a 429. */
  let paused = false
  let recent = { since: 0, calls: 0, before: 0 }

  function take(now: number, waiting: number): LeasedPermit | 'first_call' | 'rate_limit' {
    if (!valid(clock.at(now))) {
      const reserved = unknown ? null : ask(now, waiting)
      unknown = false
      if (reserved === undefined) return 'rate_limit'
      lease = reserved ?? undefined
      used = 0
      if (reserved === null) return beforeLimit()
    }
    if (lease === undefined || 'until' in lease || dueOf(lease) > clock.at(now)) return 'rate_limit'
    const permit = { number: lease.number + used, end: lease.end, pauses, alone: false }
    used += 1
    if (budget.shared) countDemand(now)
    return permit
  }

  function beforeLimit(): LeasedPermit | 'first_call' {
    if (first === 'out') return 'first_call'
    const alone = first === 'none'
    if (alone) first = 'out'
    return { number: 0, end: 0, pauses, alone }
  }

  function dueOf(held: Lease | Wait): number {
    return 'until' in held ? held.until : held.first + used * held.interval
  }

  function valid(at: number): boolean {
    if (lease === undefined) return false
    // Times by a clock that has been set back since mean nothing.
    if ('until' in lease) return at < lease.until && lease.until - at < longestWaitMs
    if (used === lease.count || lease.end - at > windowMs) return false
    return at < Math.min(lease.end, lease.first + lease.count * lease.interval + expiresMs)
  }

  /** Asks the budget; undefined while it has not answered. */
  function ask(now: number, waiting: number): Reserved | undefined {
    if (asking) return undefined
    const count = budget.shared ? demand(now, waiting) : 1
    const leased = budget.ask({ reports: reports.splice(0), now, count })
    if (!(leased instanceof Promise)) {
      pauses = leased.pauses
      return leased.lease
    }
    asking = true
    const settle = (reserved: Reserved) => {
      asking = false
      unknown = reserved === null
      lease = reserved ?? undefined
      used = 0
      onReady()
    }
    leased.then(
      (answer) => {
        pauses = answer.pauses
        settle(answer.lease)
      },
      () => settle(null),
    )
    return undefined
  }

  /** How many permits to lease at once: for those that wait, or as many as went in the last span. */
  function demand(now: number, waiting: number): number {
    const lately = now - recent.since < 2 * spanMs ? Math.max(recent.calls, recent.before) : 0
    return Math.max(1, waiting, lately)
  }

  function countDemand(now: number): void {
    const age = now - recent.since
    if (age > spanMs) recent = { since: now, calls: 1, before: age > 2 * spanMs ? 0 : recent.calls }
    else recent.calls += 1
  }

  function complete(permit: LeasedPermit, head: Head | null): RateLimit | null {
    if (permit.alone) first = 'over'
    if (head === null) return null
    const { status, headers, sentAt, headAt } = head
    clock.observe(headers.date, sentAt, headAt)
    const at = clock.at(headAt)
    const rate = rateLimit(headers, at)
    if (rate === null && status !== 429 && !paused) return null
    const refused =
      status === 429 ? { afterMs: requestedPauseMs(headers, headAt), jitter: time.random() } : null
    const urgent = refused !== null || paused || permit.end === 0
    paused = refused !== null
    // Not worth keeping: a wait, or what may have changed with this answer.
    if (paused || (lease && 'until' in lease)) lease = undefined
    const { number, end, pauses: before } = permit
    reports.push({ rate, number, end, sentAt: clock.at(sentAt), headAt: at, pauses: before, refused })
    if (urgent || reports.length >= budget.maxReports) budget.tell(reports.splice(0))
    return rate
  }

  /** What a 429's headers ask for, and until that is over however the clock is off; -1 when they don't. */
  function requestedPauseMs(headers: IncomingHttpHeaders, headAt: number): number {
    const ms = retryAfterMs(headers, clock, headAt)
    if (ms === null) return -1
    return headers['retry-after'] === undefined ? ms + clock.doubt() : ms
  }

  return {
    take,
    complete,
    waitReason: () => (lease === undefined && first === 'out' ? 'first_call' : 'rate_limit'),
    nextAt: () => (asking || lease === undefined ? undefined : dueOf(lease)),
    estimateWaitMs(now, position) {
      if (lease === undefined) return 0
      const at = clock.at(now)
      const more = position - 1
      const due = Math.max(0, dueOf(lease) - at)
      if ('until' in lease) return due + more * lease.usual
      const left = lease.count - used + lease.left
      if (more < left) return due + more * lease.interval
      return Math.max(0, lease.end - at) + (more - left) * lease.usual
    },
  }
}

/** Null: no limit is known. */
type Reserved = Lease | Wait | null
