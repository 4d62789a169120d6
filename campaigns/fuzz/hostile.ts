import { inspect } from 'node:util'
import fc from 'fast-check'
import type { OnUnknown } from '../../src/index.ts'
import { fuzzed } from '../../test/support/fuzzed.ts'
import { goodCalls } from '../../test/support/good-calls.ts'
import { steps } from '../../test/support/hostile-answers.ts'
import { calls } from '../../test/support/hostile-calls.ts'
import { Slowest } from './slowest.ts'

/** What a part of the campaign came to; `broken` are sentences. */
export type Tried = { count: number; seconds: number; slowest: string; broken: string[] }
/** So many runs at most, and no longer than so many seconds. */
export type Bounds = { runs: number; seed: number; seconds: number }

/** No call may take longer, ms: there is nothing in it that waits. */
const longestMs = 5000

/** Calls of every action with anything at all. */
export async function hostileInputs(bounds: Bounds): Promise<Tried> {
  const target = await fuzzed()
  const slowest = new Slowest()
  const tried = await check(
    bounds,
    slowest,
    fc.asyncProperty(calls, async ([name, input]) => {
      slowest.saw(name, (await target.call(name, input)).ms)
    }),
  )
  await target.close()
  return tried
}

/** Calls that Intercom would take, to a server that answers anything at all. */
export async function hostileAnswers(onUnknown: OnUnknown, bounds: Bounds): Promise<Tried> {
  const target = await fuzzed({ onUnknown })
  const slowest = new Slowest()
  const tried = await check(
    bounds,
    slowest,
    fc.asyncProperty(fc.constantFrom(...goodCalls), steps, async ([name, input], script) => {
      slowest.saw(name, (await target.call(name, input, script)).ms)
    }),
  )
  await target.close()
  return tried
}

async function check<T>(
  { runs, seed, seconds }: Bounds,
  slowest: Slowest,
  property: fc.IAsyncProperty<T>,
): Promise<Tried> {
  const begun = performance.now()
  const details = await fc.check(property, {
    numRuns: runs,
    seed,
    interruptAfterTimeLimit: seconds * 1000,
    markInterruptAsFailure: false,
  })
  const broken = details.failed
    ? [`${fc.defaultReportMessage(details)}\n${inspect(details.errorInstance)}`]
    : []
  if (slowest.ms > longestMs) broken.push(`a call took ${slowest}`)
  return {
    count: details.numRuns,
    seconds: (performance.now() - begun) / 1000,
    slowest: String(slowest),
    broken,
  }
}
