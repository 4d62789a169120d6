import {
  type Lease,
  newSchedule,
  observe,
  type Report,
  reserve,
  type Schedule,
  type Wait,
} from './schedule.ts'

/**
 * Where the budget of a token is kept. A store may be shared by processes or machines; then each change of its
 * `Schedule` must be one transaction, and it may answer later. Times are Unix ms on Intercom's clock.
 */
export type PaceStore = {
  /** Whether a lease should cover more than the calls that wait, because asking is dear. */
  readonly shared: boolean
  /** Learns from the answers since the last time, then takes calls out of the budget; null: no limit is known. */
  reserve(now: number, count: number, reports: readonly Report[]): Reserved | Promise<Reserved>
  /** Tells at once what cannot wait for the next `reserve`. */
  report(reports: readonly Report[]): void | Promise<void>
}

export type Reserved = Lease | Wait | null

/** The budget of one process. */
export function memoryStore(state: Schedule = newSchedule()): PaceStore {
  return {
    shared: false,
    reserve(now, count, reports) {
      for (const report of reports) observe(state, report)
      return reserve(state, now, count)
    },
    report(reports) {
      for (const report of reports) observe(state, report)
    },
  }
}
