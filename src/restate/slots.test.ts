import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Slots } from './slots.ts'

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
  assert.equal(await slots.enter(100), true)
  const [first, second] = [slots.enter(64), slots.wait()]
  t.mock.timers.tick(2_000)
  assert.equal(await first, false)
  slots.leave(100)
  await second
  for (let each = 0; each < 63; each++) assert.equal(await slots.enter(1), true)
})
