import type { IncomingHttpHeaders } from 'node:http'
import { serverClock } from '../server-clock.ts'
import { FairQueue, type Place } from './fair-queue.ts'
import { type Machine, machine } from './machine.ts'
import type { Head, Pacer, Permit, Reason, Refused } from './pacer.ts'
import { type RateLimit, rateLimit, retryAfterMs, windowMs } from './rate-limit.ts'
import { retryBudget } from './retry-budget.ts'
import { type Lease, observe, type Report, reserve, type Schedule, type Wait } from './schedule.ts'
import type { PaceStore } from './store.ts'

/** Calls of one token under way at once. */
const mostUnderWay = 64
/** Reports that a shared store is told together, if not with a `reserve` before. */
const mostReports = 4
/** A lease of a shared store covers what this span has shown to be needed, ms. */
const spanMs = 50
/** A leased call not used so long after it was due is given up: much may have happened meanwhile, ms. */
const goodMs = 500
/** No store says to wait longer, ms. */
const longestWaitMs = 75_000

type Waiter = {
  resolve(result: Permit | Refused): void
  since: number
  reason: Reason
  signal: AbortSignal | undefined
  onAbort: () => void
  clear: () => void
}

/** A pacer over a store; the machine's time is given, so that tests need none. */
export function createPacer(store: PaceStore, time: Machine = machine): Pacer {
  const clock = serverClock(() => time.wall() - time.now())
  const retries = retryBudget()
  const queue = new FairQueue<Waiter>()
  let underWay = 0
  /** The call that goes alone while nothing is known of a limit. */
  let first: 'none' | 'out' | 'over' = 'none'
  let lease: Lease | Wait | undefined
  let used = 0
  let asking = false
  let reports: Report[] = []
  let timer: { due: number; cancel: () => void } | undefined
  /** Pauses there had been when the store was last asked. */
  let pauses = 0
  /** Whether the last answer was a 429. */
  let paused = false
  let recent = { since: 0, calls: 0, before: 0 }

  function acquire(caller: object, options: { signal: AbortSignal | undefined; until: number }) {
    const { signal, until } = options
    if (signal?.aborted) return Promise.resolve<Refused>({ refused: 'aborted', waitMs: 0 })
    const now = time.now()
    const reason = queue.size === 0 ? attempt(now) : why()
    if (typeof reason === 'object') return permit(reason, null)
    const waitMs = foresee(now, queue.placeOf(caller))
    if (now + waitMs > until || now >= until) return Promise.resolve<Refused>({ refused: 'deadline', waitMs })
    return new Promise<Permit | Refused>((resolve) =>
      wait(caller, { resolve, reason, since: now, signal, until }),
    )
  }

  function wait(
    caller: object,
    { signal, until, ...rest }: Omit<Waiter, 'onAbort' | 'clear'> & { until: number },
  ): void {
    const leave = (refused: Refused['refused']) => {
      queue.remove(place)
      settle(waiter, {
        refused,
        waitMs: refused === 'aborted' ? 0 : foresee(time.now(), queue.placeOf(caller)),
      })
      if (queue.size === 0) disarm()
    }
    const onAbort = () => leave('aborted')
    const ms = until - rest.since
    const clear = Number.isFinite(ms) ? time.after(ms, () => leave('deadline')) : () => {}
    const waiter: Waiter = { ...rest, signal, onAbort, clear }
    signal?.addEventListener('abort', onAbort, { once: true })
    const place: Place<Waiter> = queue.push(caller, waiter)
    if (queue.size === 1) arm()
  }

  function settle(waiter: Waiter, result: Permit | Refused): void {
    waiter.clear()
    waiter.signal?.removeEventListener('abort', waiter.onAbort)
    waiter.resolve(result)
  }

  /** Serves those who wait, as far as it goes. */
  function pump(given?: Reserved): void {
    let known = given
    while (queue.size > 0) {
      const now = time.now()
      const reason = attempt(now, known)
      known = undefined
      if (typeof reason === 'string') {
        arm()
        return
      }
      const waiter = queue.shift()
      if (waiter) settle(waiter, permit(reason, { ms: now - waiter.since, reason: waiter.reason }))
    }
    disarm()
  }

  /** Takes what a call needs, or tells why there is none. */
  function attempt(now: number, given?: Reserved): Slot | Reason {
    if (underWay >= mostUnderWay) return 'concurrency'
    if (given !== undefined || !valid(clock.at(now))) {
      const answer = given === undefined ? ask(now) : given
      if (answer === undefined) return 'rate_limit'
      lease = answer ?? undefined
      used = 0
      if (answer === null) return unpaced()
    }
    const at = clock.at(now)
    if (lease === undefined || 'until' in lease || lease.first + used * lease.interval > at)
      return 'rate_limit'
    const slot = { number: lease.number + used, end: lease.end, pauses, alone: false }
    used += 1
    if (store.shared) note(now)
    return slot
  }

  function unpaced(): Slot | Reason {
    if (first === 'out') return 'first_call'
    const alone = first === 'none'
    if (alone) first = 'out'
    return { number: 0, end: 0, pauses, alone }
  }

  function valid(at: number): boolean {
    if (lease === undefined) return false
    // A clock that was put back makes what was said by the old one worthless.
    if ('until' in lease) return at < lease.until && lease.until - at < longestWaitMs
    if (used === lease.count || lease.end - at > windowMs) return false
    return at < Math.min(lease.end, lease.first + lease.count * lease.interval + goodMs)
  }

  /** Asks the store for what waits; undefined while it has not answered. */
  function ask(now: number): Reserved | undefined {
    if (asking) return undefined
    const told = reports
    reports = []
    const answer = store.shared
      ? store.change((state) => {
          for (const report of told) observe(state, report)
          shareClock(state)
          pauses = state.pauses
          return reserve(state, clock.at(now), demand(now))
        })
      : store.change((state) => {
          pauses = state.pauses
          return reserve(state, clock.at(now), 1)
        })
    if (!(answer instanceof Promise)) return answer
    asking = true
    const go = (reserved: Reserved) => {
      asking = false
      pump(reserved)
    }
    answer.then(go, () => go(null))
    return undefined
  }

  /** How many calls to lease at once: those that wait, or as many as left in the last span. */
  function demand(now: number): number {
    const age = now - recent.since
    const seen = age < 2 * spanMs ? Math.max(recent.calls, recent.before) : 0
    return Math.max(1, queue.size, seen)
  }

  function permit(slot: Slot, waited: Permit['waited']): Permit {
    underWay += 1
    let over = false
    return {
      waited,
      done(answer) {
        if (over) return null
        over = true
        underWay -= 1
        if (slot.alone) first = 'over'
        const rate = answer && learn(slot, answer)
        pump()
        return rate
      },
    }
  }

  function learn({ number, end, pauses }: Slot, { status, headers, sentAt, headAt }: Head): RateLimit | null {
    clock.observe(headers.date, sentAt, headAt)
    const at = clock.at(headAt)
    const rate = rateLimit(headers, at)
    if (rate === null && status !== 429 && !paused) return null
    const refused = status === 429 ? { afterMs: asked(headers, headAt), jitter: time.random() } : null
    const report = { rate, number, end, sentAt: clock.at(sentAt), headAt: at, pauses, refused }
    const urgent = refused !== null || paused || end === 0
    paused = refused !== null
    // Not worth keeping: no leave to send, or what may have changed with this answer.
    if (paused || (lease && 'until' in lease)) lease = undefined
    reports.push(report)
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
    const answer = store.change((state) => {
      for (const report of told) observe(state, report)
      if (store.shared) shareClock(state)
    })
    if (answer instanceof Promise) answer.catch(() => {})
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

  function why(): Reason {
    if (underWay >= mostUnderWay) return 'concurrency'
    return lease === undefined && first === 'out' ? 'first_call' : 'rate_limit'
  }

  /** How long the `place`th in the queue will wait, as far as that can be seen; 0 when it cannot. */
  function foresee(now: number, place: number): number {
    if (lease === undefined) return 0
    const at = clock.at(now)
    const more = place - 1
    if ('until' in lease) return Math.max(0, lease.until - at) + more * lease.usual
    const due = Math.max(0, lease.first + used * lease.interval - at)
    const left = lease.count - used + lease.left
    if (more < left) return due + more * lease.interval
    return Math.max(0, lease.end - at) + (more - left) * lease.usual
  }

  /** Wakes up when the next call is due. What waits for another call's end is woken by that. */
  function arm(): void {
    if (asking || underWay >= mostUnderWay || lease === undefined) {
      disarm()
      return
    }
    const due = 'until' in lease ? lease.until : lease.first + used * lease.interval
    if (timer?.due === due) return
    disarm()
    const ms = Math.max(1, Math.ceil(due - clock.at(time.now())))
    const run = () => {
      timer = undefined
      pump()
    }
    timer = { due, cancel: time.after(ms, run) }
  }

  function disarm(): void {
    timer?.cancel()
    timer = undefined
  }

  function note(now: number): void {
    if (now - recent.since > spanMs) {
      recent = { since: now, calls: 1, before: now - recent.since > 2 * spanMs ? 0 : recent.calls }
    } else recent.calls += 1
  }

  return { clock, retries, acquire }
}

type Reserved = Lease | Wait | null

type Slot = { number: number; end: number; pauses: number; alone: boolean }
