import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { play } from '../support/fault-model/play.ts'
import { schedule } from '../support/fault-model/schedule.ts'

// Many more are in `npm run campaign:faults`.
test('under random faults and SIGKILLs each call is there once at most, and as it was reported', async () => {
  const schedules = fc.sample(schedule, { numRuns: 2, seed: 4 })
  const played = await Promise.all(schedules.map((one) => play(one)))
  assert.ok(played.some(({ interrupted }) => interrupted))
  assert.deepEqual(
    played.flatMap(({ violations }) => violations),
    [],
  )
})
