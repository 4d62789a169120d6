import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeObject } from '../../test/support/fake-object.ts'
import { ConcurrencyLimit, reserveRoom } from './concurrency-limit.ts'

const most = 64

/** How many calls find room now; they keep it. */
async function roomOf(limit: ConcurrencyLimit): Promise<number> {
  let running = 0
  for (let each = 0; each < 2 * most; each++) void limit.acquire().then(() => running++)
  await new Promise(setImmediate)
  return running
}

test('sixty-four calls run at once, the next when one ends, in their order', async () => {
  const limit = new ConcurrencyLimit()
  for (let each = 0; each < 64; each++) assert.equal(await limit.tryAcquire(1), true)
  const served: string[] = []
  void limit.tryAcquire(2).then(() => served.push('two'))
  void limit.acquire().then(() => served.push('one'))
  await new Promise(setImmediate)
  limit.release(1)
  await new Promise(setImmediate)
  assert.deepEqual(served, []) // nobody overtakes those who need more
  limit.release(2)
  await new Promise(setImmediate)
  assert.deepEqual(served, ['two', 'one'])
})

test('a call that finds no room within two seconds is told so, and takes none later', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const limit = new ConcurrencyLimit()
  assert.equal(await limit.tryAcquire(64), true)
  const [first, second] = [limit.tryAcquire(64), limit.acquire()]
  t.mock.timers.tick(2_000)
  assert.equal(await first, false)
  limit.release(1)
  await second
  limit.release(64)
  for (let each = 0; each < 64; each++) assert.equal(await limit.tryAcquire(1), true)
})

test('a call that gives up no longer stands in the way of those behind it', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const limit = new ConcurrencyLimit()
  assert.equal(await limit.tryAcquire(60), true)
  const large = limit.tryAcquire(10)
  let served = false
  void limit.acquire().then(() => {
    served = true
  })
  await new Promise(setImmediate)
  assert.equal(served, false)
  t.mock.timers.tick(2_000)
  assert.equal(await large, false)
  await new Promise(setImmediate)
  assert.equal(served, true)
})

test('late calls halve the limit once, calls in time restore it, and a chunk is never too large', async () => {
  const limit = new ConcurrencyLimit()
  for (let each = 0; each < 10; each++) limit.report(true)
  assert.equal(await roomOf(limit), 32)
  const others = new ConcurrencyLimit()
  others.report(true)
  for (let each = 0; each < 2000; each++) others.report(false)
  assert.equal(await roomOf(others), 64)
  const few = new ConcurrencyLimit()
  few.report(true)
  assert.equal(await few.tryAcquire(50), true)
})

/** Room reserved for so many calls of one attempt, on a worker that has other calls too. */
function reserved(count: number) {
  const limit = new ConcurrencyLimit()
  const { ctx, attempt } = fakeObject()
  return { room: reserveRoom(ctx, limit, count), limit, attempt }
}

test('room is released when its call ends, also by a failure', async () => {
  const { room, limit } = reserved(3)
  assert.equal(await room.tryAcquire(), true)
  assert.equal(await room.run(async () => 'answer'), 'answer')
  await assert.rejects(
    room.run(() => Promise.reject(new Error('no answer'))),
    /no answer/,
  )
  const slow = Promise.withResolvers<void>()
  const running = room.run(() => slow.promise)
  assert.equal(await roomOf(limit), most - 1)
  slow.resolve()
  await running
})

test('an attempt that Restate gives up releases the room it has not used, once', async () => {
  const { room, limit, attempt } = reserved(10)
  await room.tryAcquire()
  const slow = Promise.withResolvers<void>()
  const running = room.run(() => slow.promise)
  attempt.abort()
  slow.resolve()
  await running
  await room.run(async () => {}) // by then it has none reserved, and waits for some
  assert.equal(await roomOf(limit), most)
})

test('room found after Restate has given up the attempt is released at once', async () => {
  const { room, limit, attempt } = reserved(10)
  attempt.abort()
  await room.tryAcquire()
  assert.equal(await roomOf(limit), most)
})

test('a call whose beginning an earlier attempt has recorded waits for room of its own, and releases it', async () => {
  const { room, limit } = reserved(1)
  await limit.tryAcquire(most)
  const began: string[] = []
  const late = room.run(async () => void began.push('late'))
  await new Promise(setImmediate)
  assert.deepEqual(began, [])
  limit.release(most)
  await late
  assert.deepEqual([began, await roomOf(limit)], [['late'], most])
})

test('an attempt that found no room has none to use or to release', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { room, limit, attempt } = reserved(10)
  await limit.tryAcquire(most)
  const acquiring = room.tryAcquire()
  t.mock.timers.tick(2_000)
  assert.equal(await acquiring, false)
  let began = false
  void room.run(async () => {
    began = true
  })
  attempt.abort()
  assert.deepEqual([await roomOf(limit), began], [0, false])
})
