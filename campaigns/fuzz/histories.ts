import fc from 'fast-check'
import { checkHistory, writes } from '../../test/support/random-history.ts'
import { towns } from '../../test/workspace/invariants/walk.ts'
import type { Tried } from './hostile.ts'

const step = fc.record({ what: fc.constantFrom(...Object.keys(writes)), a: fc.nat(4), b: fc.nat(4) })

type Bounds = { runs: number; seconds: number; seed: number }

/** Random histories of the local Intercom: taken back to the byte, done again by their entries, and so on. */
export async function randomHistories(bounds: Bounds): Promise<Tried> {
  const steps = fc.array(step, { maxLength: 120, size: 'max' })
  return await checked('a history', fc.property(steps, fc.nat(120), checkHistory), bounds)
}

/** Random conversations in the local Intercom, held against a model of them. */
export async function randomTowns(bounds: Bounds): Promise<Tried> {
  return await checked('a town', towns({}), bounds)
}

async function checked<Ts>(what: string, property: fc.IRawProperty<Ts>, bounds: Bounds): Promise<Tried> {
  const started = performance.now()
  const { failed, numRuns, counterexample, errorInstance } = await fc.check(property, {
    numRuns: bounds.runs,
    seed: bounds.seed,
    interruptAfterTimeLimit: bounds.seconds * 1000,
    markInterruptAsFailure: false,
  })
  const broken = failed ? [`${what}: ${JSON.stringify(counterexample)}: ${String(errorInstance)}`] : []
  return { count: numRuns, seconds: (performance.now() - started) / 1000, slowest: '-', broken }
}
