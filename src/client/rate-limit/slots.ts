import type { IncomingHttpHeaders } from 'node:http'
import type { SharedClock } from '../server-clock.ts'
import type { Budget } from './budget.ts'
import { type Head, type RateLimit, rateLimit, retryAfterMs, windowMs } from './headers.ts'
import type { Lease, Report, Wait } from './schedule.ts'
import type { Machine } from './timer.ts'

/** A place in the schedule that one call takes. `alone` is the first call, which nothing is known before. */
export type Slot = { number: number; end: number; pauses: number; alone: boolean }

/** The slots of one process: leased from a budget, and what answers say is told to it. */
export type Slots = {
  /** A slot of now, or why there is none; `waiting` calls want one. */
  take(now: number, waiting: number): Slot | 'first_call' | 'rate_limit'
  /** Why a call that does not ask waits. */
  why(): 'first_call' | 'rate_limit'
  /** When the next slot is due, on Intercom's clock; undefined when that is not a matter of time. */
  due(): number | undefined
  /** How long the `place`th of those who wait will, ms, as far as that can be seen; 0 when it cannot. */
  foresee(now: number, place: number): number
  /** The call is over, with the head of an answer or without. */
  over(slot: Slot, head: Head | null): RateLimit | null
}

/** A lease of a shared budget covers what this span has shown to be needed, ms. */
const spanMs = 50
/** A leased slot not used so long after it was due is given up: much may have happened meanwhile, ms. */
const goodMs = 500
/** No budget says to wait longer, ms. */
const longestWaitMs = 75_000

/** Slots of a budget; `ready` is called when a budget that answers later has answered. */
export function openSlots(budget: Budget, clock: SharedClock, time: Machine, ready: () => void): Slots {
  /** The call that goes alone while nothing is known of a limit. */
  let first: 'none' | 'out' | 'over' = 'none'
  let lease: Lease | Wait | undefined
  let used = 0
  let asking = false
  /** Whether a budget answered later that it knows no limit, or failed to. */
  let unknown = false
  const reports: Report[] = []
  /** Pauses there had been when the budget was last asked. */
  let pauses = 0
  /** Whether the last answer was a 429. */
  let paused = false
  let recent = { since: 0, calls: 0, before: 0 }

  function take(now: number, waiting: number): Slot | 'first_call' | 'rate_limit' {
    if (!valid(clock.at(now))) {
      const reserved = unknown ? null : ask(now, waiting)
      unknown = false
      if (reserved === undefined) return 'rate_limit'
      lease = reserved ?? undefined
      used = 0
      if (reserved === null) return unpaced()
    }
    if (lease === undefined || 'until' in lease || dueOf(lease) > clock.at(now)) return 'rate_limit'
    const slot = { number: lease.number + used, end: lease.end, pauses, alone: false }
    used += 1
    if (budget.shared) note(now)
    return slot
  }

  function unpaced(): Slot | 'first_call' {
    if (first === 'out') return 'first_call'
    const alone = first === 'none'
    if (alone) first = 'out'
    return { number: 0, end: 0, pauses, alone }
  }

  function dueOf(leased: Lease | Wait): number {
    return 'until' in leased ? leased.until : leased.first + used * leased.interval
  }

  function valid(at: number): boolean {
    if (lease === undefined) return false
    // A clock that was put back makes what was said by the old one worthless.
    if ('until' in lease) return at < lease.until && lease.until - at < longestWaitMs
    if (used === lease.count || lease.end - at > windowMs) return false
    return at < Math.min(lease.end, lease.first + lease.count * lease.interval + goodMs)
  }

  /** Asks the budget; undefined while it has not answered. */
  function ask(now: number, waiting: number): Reserved | undefined {
    if (asking) return undefined
    const count = budget.shared ? demand(now, waiting) : 1
    const leased = budget.ask({ reports: reports.splice(0), now, count })
    if (!(leased instanceof Promise)) {
      pauses = leased.pauses
      return leased.slots
    }
    asking = true
    const go = (come: Reserved) => {
      asking = false
      unknown = come === null
      lease = come ?? undefined
      used = 0
      ready()
    }
    leased.then(
      (come) => {
        pauses = come.pauses
        go(come.slots)
      },
      () => go(null),
    )
    return undefined
  }

  /** How many slots to lease at once: for those that wait, or as many as went in the last span. */
  function demand(now: number, waiting: number): number {
    const lately = now - recent.since < 2 * spanMs ? Math.max(recent.calls, recent.before) : 0
    return Math.max(1, waiting, lately)
  }

  function note(now: number): void {
    const age = now - recent.since
    if (age > spanMs) recent = { since: now, calls: 1, before: age > 2 * spanMs ? 0 : recent.calls }
    else recent.calls += 1
  }

  function over(slot: Slot, head: Head | null): RateLimit | null {
    if (slot.alone) first = 'over'
    if (head === null) return null
    const { status, headers, sentAt, headAt } = head
    clock.observe(headers.date, sentAt, headAt)
    const at = clock.at(headAt)
    const rate = rateLimit(headers, at)
    if (rate === null && status !== 429 && !paused) return null
    const refused = status === 429 ? { afterMs: asked(headers, headAt), jitter: time.random() } : null
    const urgent = refused !== null || paused || slot.end === 0
    paused = refused !== null
    // Not worth keeping: no leave to send, or what may have changed with this answer.
    if (paused || (lease && 'until' in lease)) lease = undefined
    const { number, end, pauses: before } = slot
    reports.push({ rate, number, end, sentAt: clock.at(sentAt), headAt: at, pauses: before, refused })
    if (urgent || reports.length >= budget.mostReports) budget.tell(reports.splice(0))
    return rate
  }

  /** What a 429's headers ask for, and until that is over however the clock is off; -1 when they don't. */
  function asked(headers: IncomingHttpHeaders, headAt: number): number {
    const ms = retryAfterMs(headers, clock, headAt)
    if (ms === null) return -1
    return headers['retry-after'] === undefined ? ms + clock.doubt() : ms
  }

  return {
    take,
    over,
    why: () => (lease === undefined && first === 'out' ? 'first_call' : 'rate_limit'),
    due: () => (asking || lease === undefined ? undefined : dueOf(lease)),
    foresee(now, place) {
      if (lease === undefined) return 0
      const at = clock.at(now)
      const more = place - 1
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
