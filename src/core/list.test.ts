import assert from 'node:assert/strict'
import { test } from 'node:test'
import { itemsOf, pagesOf, totalOf, withName } from './list.ts'

test('a list stands under the first of its keys that holds one', () => {
  assert.deepEqual(itemsOf({ data: [1], contacts: [2] }, 'data', 'contacts'), [1])
  assert.deepEqual(itemsOf({ data: null, contacts: [2] }, 'data', 'contacts'), [2])
  assert.deepEqual(itemsOf({ contacts: [2] }, 'data', 'contacts'), [2])
})

test('no list is "nothing found" only where the answer says so', () => {
  assert.deepEqual(itemsOf({ total_count: 0 }, 'data'), [])
  for (const answer of [
    {},
    { total_count: 1 },
    { total_count: 0, data: null },
    { total_count: '0' },
    { data: {} },
  ]) {
    assert.throws(() => itemsOf(answer, 'data'), {
      code: 'unreadable_answer',
      outcome: 'rejected',
      retryable: true,
    })
  }
})

test('a part of a name finds it in any case, and what has no name is not found', () => {
  const items = [{ name: 'Ada Lovelace' }, { name: 'Grace' }, { name: null }, null] as { name: string }[]
  assert.deepEqual(withName(items, 'LOVE'), [{ name: 'Ada Lovelace' }])
  assert.deepEqual(withName(items, 'a'), items.slice(0, 2))
})

test('the total is Intercom’s where it is a whole number, else that of the page', () => {
  const total = (total_count: unknown) => totalOf({ total_count }, [1, 2])
  assert.deepEqual([7, 0, undefined, '7', 1.5, Number.NaN].map(total), [7, 0, 2, 2, 2, 2])
})

test('pages are an object or none', () => {
  assert.deepEqual(pagesOf({ pages: { page: 1 } }), { page: 1 })
  for (const pages of [undefined, null, [], 'x']) assert.equal(pagesOf({ pages }), null)
})
