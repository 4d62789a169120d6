import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { type Lines, oneAfterAnother } from './in-order.ts'

/** A row that ends when told to. */
function row(lines: Lines, log: string[], name: string, keys: string[]) {
  const gate = Promise.withResolvers<void>()
  const ended = oneAfterAnother(lines, keys, () => {
    log.push(name)
    return gate.promise
  })
  return { ended, end: gate.resolve, fail: gate.reject }
}

test('a row waits for all earlier ones that share a key with it, however they end, and for no others', async () => {
  const lines: Lines = new Map()
  const log: string[] = []
  const a = row(lines, log, 'a', ['1'])
  const b = row(lines, log, 'b', ['2'])
  const c = row(lines, log, 'c', ['1', '2'])
  const d = row(lines, log, 'd', ['2', '3'])
  const e = row(lines, log, 'e', ['4'])
  const f = row(lines, log, 'f', [])
  assert.deepEqual(log, ['a', 'b', 'e', 'f'])
  a.fail(new Error('no'))
  await assert.rejects(a.ended, /no/)
  await setImmediate()
  assert.equal(log.includes('c'), false)
  b.end()
  await setImmediate()
  assert.deepEqual(log.slice(4), ['c'])
  c.end()
  await setImmediate()
  assert.deepEqual(log.slice(4), ['c', 'd'])
  for (const { end } of [d, e, f]) end()
  await Promise.all([c, d, e, f].map(({ ended }) => ended))
  assert.equal(lines.size, 0)
})
