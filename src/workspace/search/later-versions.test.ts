import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

const noon = 1_780_056_000 // 2026-05-29 12:00 UTC

function deskWithPeople() {
  const desk = openDesk(noon)
  const ids = new Map<string, string>()
  const add = (name: string, fields: object) => ids.set(desk.user({ external_id: name, ...fields }).id, name)
  add('noon', { last_seen_at: noon, custom_attributes: { renewal_date: noon } })
  desk.clock.seconds += 1
  add('later', { last_seen_at: noon + 1, custom_attributes: { renewal_date: noon + 13 * 3600 } })
  desk.clock.seconds += 86_400
  add('unset', {})
  const find = (version: string) => (field: string, operator: string, value: unknown) => {
    const query = { field, operator, value }
    const { status, json } = desk.call('POST', '/contacts/search', { query }, { 'intercom-version': version })
    if (status !== 200) return json.errors[0].code
    assert.equal(json.total_count, json.data.length)
    return json.data.map(({ id }: { id: string }) => ids.get(id)).sort()
  }
  return { ...desk, find }
}

test('from 2.17 on times of contacts are compared to the second', () => {
  const { find } = deskWithPeople()
  for (const version of ['2.17', 'Preview', 'Unstable']) {
    const found = find(version)
    assert.deepEqual(found('created_at', '=', noon), ['noon'])
    assert.deepEqual(found('created_at', '>', noon), ['later', 'unset'])
    assert.deepEqual(found('created_at', '>=', noon), ['later', 'noon', 'unset'])
    assert.deepEqual(found('created_at', '<', noon + 1), ['noon'])
    assert.deepEqual(found('last_seen_at', '<=', noon + 1), ['later', 'noon'])
    assert.deepEqual(found('last_seen_at', '!=', noon), ['later', 'unset'])
    assert.deepEqual(found('created_at', '!=', noon), ['later', 'unset'])
    assert.equal(found('created_at', 'IN', [noon]), 'invalid_operator')
    assert.deepEqual(found('last_seen_at', '=', null), ['unset'])
  }
})

test('date attributes stay whole days, of UTC', () => {
  const found = deskWithPeople().find('2.17')
  assert.deepEqual(found('custom_attributes.renewal_date', '=', noon - 3600), ['noon'])
  assert.deepEqual(found('custom_attributes.renewal_date', '>', noon), ['later'])
  assert.equal(found('custom_attributes.renewal_date', '>=', noon), 'invalid_operator')
})

test('up to 2.16 they are whole days of the workspace, with three operators', () => {
  const { find } = deskWithPeople()
  for (const version of ['2.0', '2.12', '2.16']) {
    const found = find(version)
    assert.deepEqual(found('created_at', '=', noon - 3600), ['later', 'noon'])
    assert.deepEqual(found('created_at', '>', noon), ['unset'])
    assert.equal(found('created_at', '>=', noon), 'invalid_operator')
    assert.deepEqual(found('external_id', '!=', 'noon'), ['later', 'unset'])
  }
})

test('from 2.17 on != matches what is unset, inside groups too', () => {
  const { find, user, ok } = deskWithPeople()
  const { id } = user({ email: 'ann@example.com' })
  ok('DELETE', `/contacts/${id}`)
  assert.deepEqual(find('2.12')('phone', '!=', '5'), [])
  assert.deepEqual(find('2.17')('phone', '!=', '5'), ['later', 'noon', 'unset'])
  assert.deepEqual(find('2.17')('custom_attributes.plan', '!=', 'x'), ['later', 'noon', 'unset'])
  const query = {
    operator: 'AND',
    value: [
      { field: 'email', operator: '!=', value: 'x' },
      { field: 'last_seen_at', operator: '!=', value: noon },
    ],
  }
  const { total_count } = openFor(query)
  assert.equal(total_count, 2)

  function openFor(asked: object) {
    const desk = deskWithPeople()
    return desk.call('POST', '/contacts/search', { query: asked }, { 'intercom-version': 'Unstable' }).json
  }
})
