import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Claims } from './claims.ts'
import type { Item } from './verify.ts'

/** An item of the sent words, or with `same: false` of others. */
function item(id: string, created_at: number, same = true): Item {
  return { id, created_at, same, answer: { id } }
}

/** Judges, and takes what is seen. */
function judge(claims: Claims, items: Item[], since: number, words = ['hi'], key = 'k') {
  const verdict = claims.judge(key, items, words, since)
  if (verdict.seen === null) return verdict
  claims.take(key, verdict, words)
  return verdict.seen.id
}

const nothing = { seen: null, clear: true }
const doubtful = { seen: null, clear: false }

test('an item of the words since the send is its own, and of no later send', () => {
  const claims = new Claims()
  assert.equal(judge(claims, [item('1', 100)], 95), '1')
  assert.deepEqual(judge(claims, [item('1', 100)], 95), nothing)
})

test('what is older than the send, or made by one whose answer came, is not the send', () => {
  const claims = new Claims()
  claims.addKnown('k', ['2'])
  assert.deepEqual(judge(claims, [item('1', 94), item('2', 100)], 95), nothing)
  assert.equal(judge(claims, [item('2', 100)], 95, ['hi'], 'another key'), '2')
})

test('other words by the author, or an item without a time, forbid to conclude that nothing is there', () => {
  assert.deepEqual(judge(new Claims(), [item('1', 100, false)], 95), doubtful)
  assert.deepEqual(judge(new Claims(), [item('1', 94, false)], 95), nothing)
  const timeless = { ...item('1', 0), created_at: undefined as unknown as number }
  assert.deepEqual(judge(new Claims(), [timeless], 95), doubtful)
})

test('one item for two sends of the same words is neither’s, two are both', () => {
  const claims = new Claims()
  claims.addMissing('k', ['hi'], 95)
  assert.deepEqual(judge(claims, [item('1', 100)], 98), doubtful)
  assert.equal(judge(claims, [item('1', 100), item('2', 101)], 98), '2')
  assert.equal(
    judge(claims, [item('1', 100), item('2', 101), item('3', 120)], 115),
    '3',
    'none is missing now',
  )
})

test('a missing send of other words takes nothing, one that can be read like it does', () => {
  const claims = new Claims()
  claims.addMissing('k', ['bye'], 95)
  assert.equal(judge(claims, [item('1', 100)], 98), '1')
  claims.addMissing('k', ['Hi', '<b>Hi</b>'], 110)
  assert.deepEqual(judge(claims, [item('2', 120)], 112, ['Hi']), doubtful)
})

test('the item of a missing send that came before this send counts for that one', () => {
  const claims = new Claims()
  claims.addMissing('k', ['hi'], 95)
  assert.equal(judge(claims, [item('late', 150), item('mine', 205)], 200), 'mine')
})

test('the newest item is the send’s, in whatever order they stand', () => {
  for (const order of [
    [1, 2, 3],
    [3, 2, 1],
    [2, 3, 1],
  ]) {
    const items = order.map((n) => item(String(n), 100 + n))
    assert.equal(judge(new Claims(), items, 95), '3')
  }
})

test('judging alone remembers nothing: what turns out to be another’s leaves the rest', () => {
  const claims = new Claims()
  const items = [item('mine', 100), item('theirs', 101)]
  const first = claims.judge('k', items, ['hi'], 95)
  assert.equal(first.seen?.id, 'theirs')
  claims.addKnown('k', ['theirs'])
  assert.equal(judge(claims, items, 95), 'mine')
})

test('two clients judge alone: each sees the item', () => {
  const items = [item('1', 100)]
  assert.deepEqual([judge(new Claims(), items, 95), judge(new Claims(), items, 95)], ['1', '1'])
})

test('a missing send is forgotten after ten minutes, also where others follow', (context) => {
  let now = 0
  context.mock.method(performance, 'now', () => now)
  const claims = new Claims()
  claims.addMissing('k', ['hi'], 95)
  now += 9 * 60_000
  claims.addKnown('k', ['x'])
  assert.deepEqual(judge(claims, [item('1', 640)], 635), doubtful)
  now += 60_000
  assert.equal(judge(claims, [item('1', 640)], 635), '1')
})

test('of an answer the newest 50 are known, and a thousand of a key: what is shown later is among them', () => {
  const claims = new Claims()
  const ids = Array.from({ length: 60 }, (_, n) => `a${n}`)
  claims.addKnown('k', ids)
  assert.equal(judge(claims, [item('a9', 100)], 95), 'a9')
  assert.deepEqual(judge(claims, [item('a10', 100)], 95), nothing)
  for (let n = 0; n < 990; n++) claims.addKnown('k', [`b${n}`])
  claims.addKnown('k', ['a59'])
  for (let n = 990; n < 1010; n++) claims.addKnown('k', [`b${n}`])
  assert.deepEqual(judge(claims, [item('a59', 100), item('b99', 100)], 95), nothing, 'told again, kept')
  assert.equal(judge(claims, [item('a10', 100)], 95), 'a10', 'the oldest made room')
})

test('ten thousand keys are remembered, the one used longest ago makes room', () => {
  const claims = new Claims()
  for (let n = 0; n < 10_000; n++) claims.addKnown(`k${n}`, ['1'])
  for (const key of ['k0', 'k10000']) claims.addKnown(key, ['1'])
  for (const key of ['k0', 'k10000']) {
    assert.deepEqual(judge(claims, [item('1', 100)], 95, ['hi'], key), nothing, key)
  }
  assert.equal(judge(claims, [item('1', 100)], 95, ['hi'], 'k1'), '1')
})

test('an item of the very second of the send is its own, one of the second before is not', () => {
  assert.equal(judge(new Claims(), [item('1', 95)], 95), '1')
  assert.deepEqual(judge(new Claims(), [item('1', 94)], 95), nothing)
  assert.deepEqual(judge(new Claims(), [item('1', 95, false)], 95), doubtful)
})

test('an item of the very second of a missing send counts for that one', () => {
  const claims = new Claims()
  claims.addMissing('k', ['hi'], 95)
  assert.equal(judge(claims, [item('late', 95), item('mine', 205)], 200), 'mine')
})

test('of several items in one second the one shown last is the send’s', () => {
  assert.equal(judge(new Claims(), [item('1', 100), item('2', 100)], 95), '2')
})

test('of several accounted items all are: none of them is a later send’s', () => {
  const claims = new Claims()
  claims.addMissing('k', ['hi'], 95)
  assert.equal(judge(claims, [item('1', 100), item('2', 101), item('3', 102)], 98), '3')
  for (const id of ['1', '2', '3']) assert.deepEqual(judge(claims, [item(id, 101)], 98), nothing, id)
  const known = new Claims()
  known.addKnown('k', ['1', '2', '3'])
  for (const id of ['1', '2', '3']) assert.deepEqual(judge(known, [item(id, 101)], 98), nothing, id)
})

test('taking an item ends the missing sends of its words, and of no others', () => {
  const claims = new Claims()
  claims.addMissing('k', ['bye'], 95)
  assert.equal(judge(claims, [item('1', 100)], 98), '1')
  assert.deepEqual(judge(claims, [item('2', 120)], 112, ['bye']), doubtful)
})

test('a doubtful time makes an older item of the same words doubtful, and one of other words not', () => {
  const judged = (created_at: number, same: boolean) =>
    new Claims().judge('k', [item('1', created_at, same)], ['hi'], 95, 10)
  assert.deepEqual([judged(85, true), judged(84, true), judged(94, false)], [doubtful, nothing, nothing])
})
