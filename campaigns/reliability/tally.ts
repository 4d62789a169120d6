import type { Report } from './send.ts'

/** What became of sends, by what was reported and what is there. */
export type Tally = {
  intents: number
  /** There more often than once: how many too many. */
  duplicates: number
  success: number
  unknown: number
  /** Reported as a success and not there, or as refused and there. */
  wrong: number
}

/** Of the same sends, in the same order: each one's report, and how often it is there. */
export function tally(reports: readonly Report[], stored: readonly number[]): Tally {
  const of = (report: Report) => reports.filter((one) => one === report).length
  const wrong = reports.filter(
    (report, n) => (report === 'success' && stored[n] === 0) || (report === 'refused' && stored[n] !== 0),
  )
  return {
    intents: reports.length,
    duplicates: stored.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
    success: of('success'),
    unknown: of('unknown'),
    wrong: wrong.length,
  }
}
