import type { SharedClock } from '../server-clock.ts'
import { applyReport } from './apply-report.ts'
import {
  type BudgetState,
  type Lease,
  memoryStore,
  type RateLimitStore,
  type Report,
  type Wait,
} from './budget-state.ts'
import { takeLease } from './take-lease.ts'
import type { Machine } from './timer.ts'

/** A lease, or when there will be one; null while no limit is known. */
export type LeaseResponse = {
  lease: Lease | Wait | null
  /** Pauses there have been. */
  pauses: number
}

/** Asks for `count` permits at a time of Intercom's clock (Unix ms), and reports what answers have said since. */
export type LeaseRequest = { reports: readonly Report[]; at: number; count: number }

/**
 * Leases permits to all machines that use a token: see `grant`, which does the work. When it rejects, or does not
 * answer within three seconds, the process limits its own rate alone for five.
 */
export type PermitSource = { lease(request: LeaseRequest): Promise<LeaseResponse> }

/** The budget of a token, as one process sees it. */
export type Budget = {
  /** Whether others use it too, so that permits are leased several at a time. */
  readonly shared: boolean
  /** Most reports that are gathered before `tell`; a call of `ask` takes them along earlier. */
  readonly maxReports: number
  /** `now` is a local instant. From then on, what others know of Intercom's clock counts too. */
  ask(request: Omit<LeaseRequest, 'at'> & { now: number }): LeaseResponse | Promise<LeaseResponse>
  tell(reports: readonly Report[]): void
}

/** The machine tells whole ms; without this, each exchange would narrow the bounds by what was cut off. */
const wallMs = 1

/** A budget whose state every process changes for itself. */
export function storeBudget(store: RateLimitStore, clock: SharedClock, time: Machine): Budget {
  function learn(state: BudgetState, told: readonly Report[]): void {
    for (const report of told) applyReport(state, report)
    if (store.shared) shareClock(state)
  }

  /** Processes that share a budget share one clock; the store keeps it relative to the machine's. */
  function shareClock(state: BudgetState): void {
    const wall = time.wall()
    const shift = wall - time.now()
    const { clockLow, clockHigh, clockAt } = state
    const other = { low: clockLow + shift, high: clockHigh + shift, as_of: clockAt - shift }
    // Knowledge from the future was gained before the clock was set back.
    const both = clock.merge(clockAt === 0 || clockAt > wall + wallMs ? undefined : other)
    if (both === undefined) return
    state.clockLow = both.low - shift - wallMs
    state.clockHigh = both.high - shift + wallMs
    state.clockAt = both.as_of + shift
  }

  return {
    shared: store.shared,
    maxReports: store.shared ? 4 : 1,
    ask: ({ reports, now, count }) =>
      store.change((state) => {
        learn(state, reports)
        return { lease: takeLease(state, clock.at(now), count), pauses: state.pauses }
      }),
    tell(reports) {
      const answer = store.change((state) => learn(state, reports))
      if (answer instanceof Promise) answer.catch(() => {})
    },
  }
}

const sourceTimeoutMs = 3_000
/** After a failure the source is asked again this much later, ms. */
const fallbackMs = 5_000
/** Most reports kept for the next request; older ones add nothing to these. */
const maxPending = 200

/** A budget kept elsewhere. Reports go along with the next request. */
export function sourceBudget(source: PermitSource, clock: SharedClock, time: Machine): Budget {
  const local = storeBudget(memoryStore(), clock, time)
  let waiting: Report[] = []
  let fallbackUntil = 0

  async function ask({ now, count, ...told }: Parameters<Budget['ask']>[0]): Promise<LeaseResponse> {
    local.tell(told.reports)
    const own = () => local.ask({ now: time.now(), count, reports: [] })
    const reports = [...waiting, ...told.reports].slice(-maxPending)
    if (time.now() < fallbackUntil) return await own()
    waiting = []
    try {
      const leased = await withTimeout(
        sourceTimeoutMs,
        time,
        source.lease({ reports, at: clock.at(now), count }),
      )
      fallbackUntil = 0
      return leased
    } catch (error) {
      waiting = [...reports, ...waiting].slice(-maxPending)
      if (fallbackUntil === 0) warn(error)
      fallbackUntil = time.now() + fallbackMs
      return await own()
    }
  }

  return {
    shared: true,
    maxReports: maxPending,
    ask,
    tell(reports) {
      local.tell(reports)
      waiting = [...waiting, ...reports].slice(-maxPending)
    },
  }
}

function withTimeout<T>(ms: number, time: Machine, answer: Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const cancel = time.after(ms, () => reject(new Error(`no answer within ${ms} ms`)))
  answer.then(resolve, reject).finally(cancel)
  return promise
}

function warn(error: unknown): void {
  const why = error instanceof Error ? error.message : String(error)
  process.emitWarning(
    `The source of permits does not answer (${why}). Until it does, this process limits its own rate only.`,
    { code: 'INTERCOM_RATE_LIMIT_ALONE' },
  )
}
