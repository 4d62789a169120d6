import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FairQueue, type Place } from './fair-queue.ts'

function drained(queue: FairQueue<string>): string[] {
  const order: string[] = []
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) order.push(item)
  return order
}

test('callers take turns, each in its own order, and one that comes back is served last', () => {
  const queue = new FairQueue<string>()
  const [a, b, c] = [{}, {}, {}]
  for (const item of ['a1', 'a2', 'a3']) queue.push(a, item)
  queue.push(b, 'b1')
  assert.equal(queue.shift(), 'a1')
  assert.equal(queue.shift(), 'b1')
  queue.push(c, 'c1')
  queue.push(b, 'b2')
  assert.deepEqual(drained(queue), ['a2', 'c1', 'b2', 'a3'])
  assert.equal(queue.size, 0)
})

test('whoever leaves, first, last or alone in line, is not served and disturbs nobody', () => {
  const queue = new FairQueue<string>()
  const [a, b, c] = [{}, {}, {}]
  const places: Record<string, Place<string>> = {}
  for (const [caller, item] of [
    [a, 'a1'],
    [a, 'a2'],
    [a, 'a3'],
    [b, 'b1'],
    [c, 'c1'],
    [c, 'c2'],
  ] as const)
    places[item] = queue.push(caller, item)
  for (const item of ['a1', 'b1', 'c2']) {
    const place = places[item]
    assert.ok(place)
    queue.remove(place)
  }
  assert.equal(queue.size, 3)
  queue.push(c, 'c3')
  assert.deepEqual(drained(queue), ['a2', 'c1', 'a3', 'c3'])
  queue.push(b, 'b2')
  assert.deepEqual(drained(queue), ['b2'])
})

test('the place that a caller’s next item would have counts turns, not items', () => {
  const queue = new FairQueue<string>()
  const [a, b] = [{}, {}]
  assert.equal(queue.placeOf(a), 1)
  for (let each = 0; each < 100; each++) queue.push(a, 'a')
  assert.equal(queue.placeOf(b), 2)
  assert.equal(queue.placeOf(a), 101)
})

test('a hundred thousand who wait and leave take no time that grows with them', () => {
  const queue = new FairQueue<number>()
  const places = Array.from({ length: 100_000 }, (_, item) => queue.push({}, item))
  for (const [item, place] of places.entries()) if (item % 2 === 0) queue.remove(place)
  for (let item = 1; item < 100_000; item += 2) assert.equal(queue.shift(), item)
  assert.equal(queue.shift(), undefined)
})
