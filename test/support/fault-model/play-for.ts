import fc from 'fast-check'
import { type Played, play } from './play.ts'
import { schedule } from './schedule.ts'

/** What many schedules came to. */
export type Total = {
  schedules: number
  intents: number
  interrupted: number
  success: number
  refused: number
  unknown: number
  /** Each with the schedule that led to it. */
  violations: string[]
}

/** Schedules at once: most of their time is waiting for killed processes to count as dead. */
const atOnce = 8

/** Plays random schedules, which follow from the seed, until the time is over or one breaks a promise. */
export async function playFor(
  seconds: number,
  seed: number,
  onBatch: (total: Total) => void,
): Promise<Total> {
  const until = performance.now() + seconds * 1000
  const total: Total = {
    schedules: 0,
    intents: 0,
    interrupted: 0,
    success: 0,
    refused: 0,
    unknown: 0,
    violations: [],
  }
  for (let batch = 0; performance.now() < until && total.violations.length === 0; batch++) {
    const schedules = fc.sample(schedule, { numRuns: atOnce, seed: seed + batch })
    const played = await Promise.all(schedules.map((one) => play(one)))
    played.forEach((one, n) => {
      add(total, one, JSON.stringify(schedules[n]))
    })
    onBatch(total)
  }
  return total
}

function add(total: Total, { intents, interrupted, reports, violations }: Played, text: string): void {
  total.schedules += 1
  total.intents += intents
  total.interrupted += interrupted ? 1 : 0
  for (const report of reports) total[report] += 1
  total.violations.push(...violations.map((violation) => `${violation} in ${text}`))
}
