import assert from 'node:assert/strict'
import { test } from 'node:test'
import { random } from './prng.ts'

test('an item of a stream is the same however often it is asked for, and unlike its neighbours', () => {
  const draws = (stream: number, index: number) => Array.from({ length: 4 }, random(stream, index))
  assert.deepEqual(draws(1, 7), draws(1, 7))
  const heads = new Set<number>()
  for (let index = 0; index < 10_000; index++) for (const stream of [1, 2]) heads.add(random(stream, index)())
  assert.ok(heads.size > 19_990)
})

test('numbers spread evenly over the unit interval', () => {
  const buckets = new Array<number>(10).fill(0)
  for (let index = 0; index < 20_000; index++) {
    const bucket = Math.floor(random(3, index)() * 10)
    buckets[bucket] = (buckets[bucket] ?? 0) + 1
  }
  for (const count of buckets) assert.ok(count > 1800 && count < 2200, buckets.join(' '))
})
