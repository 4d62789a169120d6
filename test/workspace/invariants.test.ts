import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { ACTIONS } from './invariants/actions.ts'
import { towns } from './invariants/walk.ts'

// More of them: npm run campaign:fuzz.
test('whatever is done in whatever order, conversations and lists keep to the rules', async () => {
  const done: Record<string, number> = {}
  await fc.assert(towns(done), { numRuns: 30, seed: 20261126 })
  assert.deepEqual(
    Object.keys(ACTIONS).filter((action) => !done[action]),
    [],
  )
})
