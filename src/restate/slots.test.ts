import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Slots } from './slots.ts'

/** How many calls have their turn at once. */
async function turnsOf(slots: Slots): Promise<number> {
  let turns = 0
  for (let each = 0; each < 100; each++) void slots.wait().then(() => turns++)
  await new Promise(setImmediate)
  return turns
}

test('sixty-four calls have their turn at once, the next when one leaves, in their order', async () => {
  const slots = new Slots()
  for (let each = 0; each < 64; each++) assert.equal(await slots.enter(1), true)
  const served: string[] = []
  void slots.enter(2).then(() => served.push('two'))
  void slots.wait().then(() => served.push('one'))
  await new Promise(setImmediate)
  slots.leave(1)
  await new Promise(setImmediate)
  assert.deepEqual(served, []) // nobody overtakes those who need more
  slots.leave(2)
  await new Promise(setImmediate)
  assert.deepEqual(served, ['two', 'one'])
})

test('a call that gets no turn within two seconds is told so, and takes none later', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const slots = new Slots()
  assert.equal(await slots.enter(64), true)
  const [first, second] = [slots.enter(64), slots.wait()]
  t.mock.timers.tick(2_000)
  assert.equal(await first, false)
  slots.leave(1)
  await second
  slots.leave(64)
  for (let each = 0; each < 64; each++) assert.equal(await slots.enter(1), true)
})

test('who gave up no longer stands in the way of those behind', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const slots = new Slots()
  assert.equal(await slots.enter(60), true)
  const large = slots.enter(10)
  let served = false
  void slots.wait().then(() => {
    served = true
  })
  await new Promise(setImmediate)
  assert.equal(served, false)
  t.mock.timers.tick(2_000)
  assert.equal(await large, false)
  await new Promise(setImmediate)
  assert.equal(served, true)
})

test('calls that come late halve the turns once, those in time bring them back, and a chunk is never too large', async () => {
  const slots = new Slots()
  for (let each = 0; each < 10; each++) slots.note(true)
  assert.equal(await turnsOf(slots), 32)
  const others = new Slots()
  others.note(true)
  for (let each = 0; each < 2000; each++) others.note(false)
  assert.equal(await turnsOf(others), 64)
  const few = new Slots()
  few.note(true)
  assert.equal(await few.enter(50), true)
})
