import fc from 'fast-check'
import { checkHistory, writes } from '../../test/support/random-history.ts'
import type { Tried } from './hostile.ts'

const step = fc.record({ what: fc.constantFrom(...Object.keys(writes)), a: fc.nat(4), b: fc.nat(4) })

/** Random histories of the local Intercom: taken back to the byte, done again by their entries, and so on. */
export function randomHistories(bounds: { runs: number; seconds: number; seed: number }): Tried {
  const started = performance.now()
  const { failed, numRuns, counterexample, errorInstance } = fc.check(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), fc.nat(120), checkHistory),
    {
      numRuns: bounds.runs,
      seed: bounds.seed,
      interruptAfterTimeLimit: bounds.seconds * 1000,
      markInterruptAsFailure: false,
    },
  )
  const broken = failed ? [`a history: ${JSON.stringify(counterexample)}: ${String(errorInstance)}`] : []
  return { count: numRuns, seconds: (performance.now() - started) / 1000, slowest: '-', broken }
}
