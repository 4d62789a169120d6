import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

const former = ['2.0', '2.11', '2.12', '2.15']
const later = ['2.16', '2.17', 'Preview', 'Unstable']

function deskOfVersions() {
  const desk = openDesk()
  const ann = desk.user({ email: 'ann@example.com', owner_id: desk.adminId, custom_attributes: { seats: 3 } })
  const from = { type: 'user', id: ann.id }
  const id: string = desk.ok('POST', '/conversations', { from, body: 'x' }).conversation_id
  const ask = (version: string, method: string, path: string, body?: object) => {
    const { status, json } = desk.call(method, path, body, { 'intercom-version': version })
    assert.equal(status, 200, JSON.stringify(json))
    return json
  }
  return { ...desk, ann, id, ask }
}

/** Every answer that holds the contact. */
const contactAnswers = (id: string, owner: string): [string, string, object?][] => [
  ['GET', `/contacts/${id}`],
  ['PUT', `/contacts/${id}`, { name: 'Ann', owner_id: owner }],
  ['GET', '/contacts'],
  ['POST', '/contacts/search', { query: { field: 'owner_id', operator: '=', value: owner } }],
  ['POST', '/contacts/search', { query: { field: 'owner_id', operator: '=', value: Number(owner) } }],
]

test("a contact's owner is a number up to 2.15 and text from 2.16 on, in every answer", () => {
  const { ann, adminId, ask } = deskOfVersions()
  for (const [method, path, body] of contactAnswers(ann.id, adminId)) {
    for (const version of [...former, ...later]) {
      const answer = ask(version, method, path, body)
      const { owner_id, custom_attributes } = answer.data?.[0] ?? answer
      const expected = later.includes(version) ? adminId : Number(adminId)
      assert.deepEqual(
        [owner_id, custom_attributes],
        [expected, { seats: 3 }],
        `${method} ${path} ${version}`,
      )
    }
  }
  const { id } = ask('2.17', 'POST', '/contacts', { email: 'bo@example.com' })
  assert.equal(ask('2.17', 'GET', `/contacts/${id}`).owner_id, null)
})

test('a priority is one of five levels from 2.16 on, and nobody is 0', () => {
  const { id, store, ask, adminId } = deskOfVersions()
  const admin = { type: 'admin', admin_id: adminId }
  const answers: [string, string, object?][] = [
    ['GET', `/conversations/${id}`],
    ['GET', '/conversations'],
    ['POST', '/conversations/search', { query: { field: 'id', operator: '=', value: id } }],
    ['PUT', `/conversations/${id}`, { read: true }],
    ['POST', `/conversations/${id}/reply`, { ...admin, message_type: 'comment', body: 'x' }],
  ]
  const shown = (version: string) =>
    answers.map(([method, path, body]) => {
      const answer = ask(version, method, path, body)
      const { priority, admin_assignee_id, team_assignee_id } = answer.conversations?.[0] ?? answer
      return [priority, admin_assignee_id, team_assignee_id]
    })
  const all = (...expected: unknown[]) => answers.map(() => expected)
  for (const version of former) assert.deepEqual(shown(version), all('not_priority', null, null), version)
  for (const version of later) assert.deepEqual(shown(version), all('none', 0, 0), version)
  store.write(() => store.db.run(`UPDATE conversations SET priority = 'priority', admin_assignee_id = 7`))
  assert.deepEqual(shown('2.15'), all('priority', 7, null))
  assert.deepEqual(shown('2.16'), all('high', 7, 0))
})

test('a search takes the levels of its version', () => {
  const { id, store, ask } = deskOfVersions()
  const found = (version: string, operator: string, value: unknown) =>
    ask(version, 'POST', '/conversations/search', { query: { field: 'priority', operator, value } })
      .total_count
  assert.deepEqual([found('2.12', '=', 'not_priority'), found('2.16', '=', 'none')], [1, 1])
  assert.deepEqual([found('2.16', '=', 'high'), found('2.16', '=', 'not_priority')], [0, 0])
  store.write(() => store.db.run(`UPDATE conversations SET priority = 'priority' WHERE id = ?`, Number(id)))
  assert.deepEqual([found('2.12', '=', 'priority'), found('2.17', 'IN', ['high', 'urgent'])], [1, 1])
  assert.deepEqual([found('Preview', '!=', 'none'), found('Preview', '=', 'none')], [1, 0])
})

test('a ticket has numbers for assignees from 2.16 on', () => {
  const { id, ask } = deskOfVersions()
  const [type] = ask('2.12', 'GET', '/ticket_types').data
  ask('2.12', 'POST', `/conversations/${id}/convert`, { ticket_type_id: type.id })
  const shown = (version: string) => ask(version, 'GET', `/tickets/${id}`).admin_assignee_id
  assert.deepEqual([shown('2.12'), shown('2.15'), shown('2.16'), shown('Preview')], ['0', '0', 0, 0])
})

test('the state of a ticket is text with labels beside it up to 2.11, an object from 2.12 on', () => {
  const { id, ask } = deskOfVersions()
  const [type] = ask('2.12', 'GET', '/ticket_types').data
  ask('2.12', 'POST', `/conversations/${id}/convert`, { ticket_type_id: type.id })
  const { ticket_state } = ask('2.12', 'GET', `/tickets/${id}`)
  assert.equal(ticket_state.type, 'ticket_state')
  for (const version of ['2.9', '2.11']) {
    const former = ask(version, 'GET', `/tickets/${id}`)
    assert.deepEqual(
      [former.ticket_state, former.ticket_state_internal_label, former.ticket_state_external_label],
      [ticket_state.category, ticket_state.internal_label, ticket_state.external_label],
    )
  }
})

test('a merged contact is 404 up to 2.15, and tells where it went from 2.16 on', () => {
  const { ok, call, ann, lead } = deskOfVersions()
  const { id } = lead()
  ok('POST', '/contacts/merge', { from: id, into: ann.id })
  const get = (version: string) => call('GET', `/contacts/${id}`, undefined, { 'intercom-version': version })
  for (const version of former) assert.equal(get(version).status, 404)
  for (const version of later) {
    const { status, headers, json } = get(version)
    assert.deepEqual([status, json.errors[0].code], [410, 'contact_merged'])
    assert.equal(headers['Link'], `</contacts/${ann.id}>; rel="canonical"`)
  }
  ok('DELETE', `/contacts/${ann.id}`)
  assert.equal(get('2.16').status, 404)
})

test('reasons to be away are a list object from 2.15 on', () => {
  const { ask } = deskOfVersions()
  const list = ask('2.14', 'GET', '/away_status_reasons')
  assert.ok(Array.isArray(list))
  assert.deepEqual(ask('2.15', 'GET', '/away_status_reasons'), { type: 'list', data: list })
})
