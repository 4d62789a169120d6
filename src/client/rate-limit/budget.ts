import type { SharedClock } from '../server-clock.ts'
import { observe } from './observe.ts'
import { reserve } from './reserve.ts'
import type { Lease, Report, Schedule, Wait } from './schedule.ts'
import { memoryStore, type RateLimitStore } from './store.ts'
import type { Machine } from './timer.ts'

/** What was asked for: slots, or from when on there are some; null while no limit is known. */
export type Leased = {
  slots: Lease | Wait | null
  /** Pauses there have been. */
  pauses: number
}

/** Asks for `count` slots at a time of Intercom's clock (Unix ms), and hands on what answers have said until then. */
export type LeaseRequest = { reports: readonly Report[]; at: number; count: number }

/**
 * Gives out leave to send on behalf of all machines that use a token: see `grant`, which does the work. When it
 * rejects, or is silent for three seconds, the process paces alone for five.
 */
export type PermitSource = { lease(request: LeaseRequest): Promise<Leased> }

/** The budget of a token, as the slots of one process see it. */
export type Budget = {
  /** Whether others use it too, so that slots are leased several at a time. */
  readonly shared: boolean
  /** Reports that are gathered before they are told, if not with a question before. */
  readonly mostReports: number
  /** `now` is a local instant. What others know of Intercom's clock counts from this on. */
  ask(request: Omit<LeaseRequest, 'at'> & { now: number }): Leased | Promise<Leased>
  tell(reports: readonly Report[]): void
}

/** The machine tells whole ms; without this, each exchange would narrow the bounds by what was cut off. */
const wallMs = 1

/** A budget whose state every process changes for itself. */
export function storeBudget(store: RateLimitStore, clock: SharedClock, time: Machine): Budget {
  function learn(state: Schedule, told: readonly Report[]): void {
    for (const report of told) observe(state, report)
    if (store.shared) shareClock(state)
  }

  /** All who share a budget go by one clock; in the store it is compared with the machine's. */
  function shareClock(state: Schedule): void {
    const wall = time.wall()
    const shift = wall - time.now()
    const { clockLow, clockHigh, clockAt } = state
    const other = { low: clockLow + shift, high: clockHigh + shift, as_of: clockAt - shift }
    // What is known as of later than now was compared with a clock that has been set back since.
    const both = clock.merge(clockAt === 0 || clockAt > wall + wallMs ? undefined : other)
    if (both === undefined) return
    state.clockLow = both.low - shift - wallMs
    state.clockHigh = both.high - shift + wallMs
    state.clockAt = both.as_of + shift
  }

  return {
    shared: store.shared,
    mostReports: store.shared ? 4 : 1,
    ask: ({ reports, now, count }) =>
      store.change((state) => {
        learn(state, reports)
        return { slots: reserve(state, clock.at(now), count), pauses: state.pauses }
      }),
    tell(reports) {
      const answer = store.change((state) => learn(state, reports))
      if (answer instanceof Promise) answer.catch(() => {})
    },
  }
}

const silentMs = 3_000
/** After the source failed the process paces alone, and asks it again so much later, ms. */
const aloneMs = 5_000
/** Reports that wait for the next question; those before them tell nothing that these do not. */
const mostWaiting = 200

/** A budget that somebody else keeps. What answers say goes with the next question. */
export function sourceBudget(source: PermitSource, clock: SharedClock, time: Machine): Budget {
  const alone = storeBudget(memoryStore(), clock, time)
  let waiting: Report[] = []
  let aloneUntil = 0

  async function ask({ now, count, ...told }: Parameters<Budget['ask']>[0]): Promise<Leased> {
    alone.tell(told.reports)
    const own = () => alone.ask({ now: time.now(), count, reports: [] })
    const reports = [...waiting, ...told.reports].slice(-mostWaiting)
    if (time.now() < aloneUntil) return await own()
    waiting = []
    try {
      const leased = await within(silentMs, time, source.lease({ reports, at: clock.at(now), count }))
      aloneUntil = 0
      return leased
    } catch (error) {
      waiting = [...reports, ...waiting].slice(-mostWaiting)
      if (aloneUntil === 0) warn(error)
      aloneUntil = time.now() + aloneMs
      return await own()
    }
  }

  return {
    shared: true,
    mostReports: mostWaiting,
    ask,
    tell(reports) {
      alone.tell(reports)
      waiting = [...waiting, ...reports].slice(-mostWaiting)
    },
  }
}

function within<T>(ms: number, time: Machine, answer: Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const cancel = time.after(ms, () => reject(new Error(`no answer within ${ms} ms`)))
  answer.then(resolve, reject).finally(cancel)
  return promise
}

function warn(error: unknown): void {
  const why = error instanceof Error ? error.message : String(error)
  process.emitWarning(`The source of permits does not answer (${why}); this process paces alone.`, {
    code: 'INTERCOM_RATE_LIMIT_ALONE',
  })
}
