import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeObject } from '../../test/support/fake-object.ts'
import type { Engine } from './engine.ts'
import { Slots } from './slots.ts'
import { turnsOf } from './turns.ts'

const most = 64

/** Turns for so many calls of one attempt, at a worker that has others too. */
function opened(count: number, slots = new Slots()) {
  const { ctx, attempt } = fakeObject()
  return { turns: turnsOf(ctx, { slots } as Engine, count), slots, attempt }
}

/** How many calls could have their turn now; they have it then. */
async function freeOf(slots: Slots): Promise<number> {
  let free = 0
  for (let each = 0; each < 2 * most; each++) void slots.wait().then(() => free++)
  await new Promise(setImmediate)
  return free
}

test('each turn is given back when its call ends, also by a failure', async () => {
  const { turns, slots } = opened(3)
  assert.equal(await turns.enter(), true)
  assert.equal(await turns.take(async () => 'answer'), 'answer')
  await assert.rejects(
    turns.take(() => Promise.reject(new Error('no answer'))),
    /no answer/,
  )
  const slow = Promise.withResolvers<void>()
  const running = turns.take(() => slow.promise)
  assert.equal(await freeOf(slots), most - 1)
  slow.resolve()
  await running
})

test('an attempt that the engine gives up gives back what it has not used, once', async () => {
  const { turns, slots, attempt } = opened(10)
  await turns.enter()
  const slow = Promise.withResolvers<void>()
  const running = turns.take(() => slow.promise)
  attempt.abort()
  slow.resolve()
  await running
  await turns.take(async () => {}) // by then it has none, and waits for one
  assert.equal(await freeOf(slots), most)
})

test('turns that come when the attempt is already given up are free again at once', async () => {
  const { turns, slots, attempt } = opened(10)
  attempt.abort()
  await turns.enter()
  assert.equal(await freeOf(slots), most)
})

test('a call that an earlier attempt has begun waits for a turn of its own, and gives it back', async () => {
  const { turns, slots } = opened(1)
  await slots.enter(most)
  const began: string[] = []
  const late = turns.take(async () => void began.push('late'))
  await new Promise(setImmediate)
  assert.deepEqual(began, [])
  slots.leave(most)
  await late
  assert.deepEqual([began, await freeOf(slots)], [['late'], most])
})

test('an attempt that got no turns has none to use or to give back', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { turns, slots, attempt } = opened(10)
  await slots.enter(most)
  const entering = turns.enter()
  t.mock.timers.tick(2_000)
  assert.equal(await entering, false)
  let began = false
  void turns.take(async () => {
    began = true
  })
  attempt.abort()
  assert.deepEqual([await freeOf(slots), began], [0, false])
})
