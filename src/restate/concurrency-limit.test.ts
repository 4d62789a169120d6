import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConcurrencyLimit } from './concurrency-limit.ts'

/** How many calls run at once. */
async function runningOn(limit: ConcurrencyLimit): Promise<number> {
  let running = 0
  for (let each = 0; each < 100; each++) void limit.acquire().then(() => running++)
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

test('late calls halve the limit once, calls in time restore it, and a chunk is never too large', async () => {
  const limit = new ConcurrencyLimit()
  for (let each = 0; each < 10; each++) limit.report(true)
  assert.equal(await runningOn(limit), 32)
  const others = new ConcurrencyLimit()
  others.report(true)
  for (let each = 0; each < 2000; each++) others.report(false)
  assert.equal(await runningOn(others), 64)
  const few = new ConcurrencyLimit()
  few.report(true)
  assert.equal(await few.tryAcquire(50), true)
})
