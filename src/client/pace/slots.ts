import type { IncomingHttpHeaders } from 'node:http'
import type { SharedClock } from '../server-clock.ts'
import type { Machine } from './machine.ts'
import { observe } from './observe.ts'
import type { Head } from './pacer.ts'
import { type RateLimit, rateLimit, retryAfterMs, windowMs } from './rate-limit.ts'
import { reserve } from './reserve.ts'
import type { Lease, Report, Schedule, Wait } from './schedule.ts'
import type { PaceStore } from './store.ts'

/** A place in the schedule that one call takes. `alone` is the first call, which nothing is known before. */
export type Slot = { number: number; end: number; pauses: number; alone: boolean }

/** The slots of one process: leased from a store, and what answers say is told to it. */
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

/** Reports that a shared store is told together, if not with a `reserve` before. */
const mostReports = 4
/** A lease of a shared store covers what this span has shown to be needed, ms. */
const spanMs = 50
/** A leased slot not used so long after it was due is given up: much may have happened meanwhile, ms. */
const goodMs = 500
/** No store says to wait longer, ms. */
const longestWaitMs = 75_000

/** Slots over a store; `ready` is called when a store that answers later has answered. */
export function openSlots(store: PaceStore, clock: SharedClock, time: Machine, ready: () => void): Slots {
  /** The call that goes alone while nothing is known of a limit. */
  let first: 'none' | 'out' | 'over' = 'none'
  let lease: Lease | Wait | undefined
  let used = 0
  let asking = false
  /** Whether a store answered later that it knows no limit, or failed to. */
  let unknown = false
  const reports: Report[] = []
  /** Pauses there had been when the store was last asked. */
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
    if (store.shared) note(now)
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

  /** Asks the store; undefined while it has not answered. */
  function ask(now: number, waiting: number): Reserved | undefined {
    if (asking) return undefined
    const told = reports.splice(0)
    const reserved = store.change((state) => {
      learn(state, told)
      pauses = state.pauses
      return reserve(state, clock.at(now), store.shared ? demand(now, waiting) : 1)
    })
    if (!(reserved instanceof Promise)) return reserved
    asking = true
    const go = (come: Reserved) => {
      asking = false
      unknown = come === null
      lease = come ?? undefined
      used = 0
      ready()
    }
    reserved.then(go, () => go(null))
    return undefined
  }

  function learn(state: Schedule, told: readonly Report[]): void {
    for (const report of told) observe(state, report)
    if (store.shared) shareClock(state)
  }

  /** All who share a budget go by one clock; in the store it is compared with the machine's. */
  function shareClock(state: Schedule): void {
    const shift = time.wall() - time.now()
    const { clockLow, clockHigh, clockAt } = state
    const other = { low: clockLow + shift, high: clockHigh + shift, as_of: clockAt - shift }
    const both = clock.merge(clockAt === 0 ? undefined : other)
    if (both === undefined) return
    state.clockLow = both.low - shift
    state.clockHigh = both.high - shift
    state.clockAt = both.as_of + shift
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
    if (!store.shared || urgent || reports.length >= mostReports) tell(reports.splice(0))
    return rate
  }

  /** What a 429's headers ask for, and until that is over however the clock is off; -1 when they don't. */
  function asked(headers: IncomingHttpHeaders, headAt: number): number {
    const ms = retryAfterMs(headers, clock, headAt)
    if (ms === null) return -1
    return headers['retry-after'] === undefined ? ms + clock.doubt() : ms
  }

  function tell(told: readonly Report[]): void {
    const answer = store.change((state) => learn(state, told))
    if (answer instanceof Promise) answer.catch(() => {})
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
