import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

type Item = Record<string, unknown> & { id: string }

test('every order visits each contact once, in that order, whatever the page size', () => {
  const desk = openDesk()
  const names = ['b', 'a', undefined, 'c', 'a', 'B', 'ä']
  for (let i = 0; i < 40; i++) {
    desk.clock.seconds += i % 3 === 0 ? 1 : 0
    desk.user({
      external_id: `e${i}`,
      name: names[i % names.length],
      ...(i % 4 === 0 ? { last_seen_at: 1_700_000_000 + (i % 5) } : {}),
      custom_attributes: i % 2 === 0 ? { seats: i % 7 } : {},
    })
  }
  const orders = ['created_at', 'name', 'last_seen_at', 'custom_attributes.seats', 'id'].flatMap((field) => [
    { field, order: 'ascending' },
    { field, order: 'descending' },
  ])
  const query = { field: 'role', operator: '=', value: 'user' }
  for (const sort of [undefined, ...orders]) {
    const whole = walk(desk, { query, ...(sort ? { sort } : {}) }, 150)
    assert.equal(new Set(whole).size, 40)
    for (const size of [1, 7, 39, 40]) {
      assert.deepEqual(walk(desk, { query, ...(sort ? { sort } : {}) }, size), whole, JSON.stringify(sort))
    }
  }
})

test('a sort is what it says, unset values below all others', () => {
  const desk = openDesk()
  for (const seats of [5, undefined, -1, 12]) {
    desk.user({ external_id: `s${seats}`, custom_attributes: seats === undefined ? {} : { seats } })
  }
  const query = { field: 'role', operator: '=', value: 'user' }
  const seats = (order: string) =>
    desk
      .ok('POST', '/contacts/search', { query, sort: { field: 'external_id', order } })
      .data.map((contact: Item) => contact['external_id'])
  assert.deepEqual(seats('ascending'), ['s-1', 's12', 's5', 'sundefined'])
  assert.deepEqual(seats('descending'), ['sundefined', 's5', 's12', 's-1'])
})

test('a cursor is base64 of sort value in milliseconds, id and next page, and is taken unpadded', () => {
  const desk = openDesk()
  for (let i = 0; i < 3; i++) desk.user({ external_id: `e${i}` })
  const { data, pages } = desk.ok('GET', '/contacts?per_page=2')
  const cursor: string = pages.next.starting_after
  const decoded = JSON.parse(Buffer.from(cursor, 'base64').toString())
  assert.deepEqual(decoded, [data[1].created_at * 1000, data[1].id, 2])
  const unpadded = cursor.replace(/=+$/, '')
  assert.equal(desk.ok('GET', `/contacts?per_page=2&starting_after=${unpadded}`).data.length, 1)
})

test('a row that was deleted does not stop the cursor that points at it', () => {
  const desk = openDesk()
  const ids = Array.from({ length: 4 }, (_, i) => desk.user({ external_id: `e${i}` }).id)
  const { pages } = desk.ok('GET', '/contacts?per_page=2')
  desk.ok('DELETE', `/contacts/${ids[1]}`)
  const after = encodeURIComponent(pages.next.starting_after)
  const { data } = desk.ok('GET', `/contacts?per_page=2&starting_after=${after}`)
  assert.deepEqual(
    data.map((contact: Item) => contact.id),
    ids.slice(2),
  )
})

function walk(desk: ReturnType<typeof openDesk>, body: object, size: number): string[] {
  const seen: string[] = []
  let after: string | undefined
  do {
    const pagination = { per_page: size, ...(after ? { starting_after: after } : {}) }
    const { data, pages, total_count } = desk.ok('POST', '/contacts/search', { ...body, pagination })
    seen.push(...data.map((contact: Item) => contact.id))
    assert.equal(total_count, 40)
    after = pages.next?.starting_after
  } while (after !== undefined && seen.length <= 80)
  return seen
}
