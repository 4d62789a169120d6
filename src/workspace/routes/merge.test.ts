import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

const day = 24 * 3600
const absent = '6745a1b2c3d4e5f601234567'

test('a user takes what they lack, and everything that hangs on the lead', () => {
  const { ok, call, user, lead, refused, clock } = openDesk()
  const from = lead({
    ...{
      email: 'lead@example.com',
      phone: '+491',
      name: 'Lead',
      custom_attributes: { plan: 'Free', seats: 2 },
    },
  })
  const into = user({ external_id: 'u1', name: 'User', custom_attributes: { plan: 'Pro' } })
  const company = ok('POST', '/companies', { company_id: 'c' })
  for (const { id } of [from, into]) ok('POST', `/contacts/${id}/companies`, { id: company.id })
  const note = ok('POST', `/contacts/${from.id}/notes`, { body: 'Hello' })
  const tag = ok('POST', '/tags', { name: 'Gold', users: [{ id: from.id }, { id: into.id }] })
  ok('POST', '/events/summaries', { user_id: 'u1', event_summaries: { event_name: 'left', count: 2 } })
  call('POST', '/events', { event_name: 'arrived', created_at: clock.seconds, id: from.id })
  const message = ok('POST', '/conversations', { from: { type: 'lead', id: from.id }, body: 'Hi' })
  const reply = { message_type: 'comment', type: 'user', intercom_user_id: from.id, body: 'Again' }
  ok('POST', `/conversations/${message.conversation_id}/reply`, reply)

  const merged = ok('POST', '/contacts/merge', { from: from.id, into: into.id })
  assert.deepEqual(
    [merged.id, merged.name, merged.email, merged.phone, merged.external_id, merged.custom_attributes],
    [into.id, 'User', 'lead@example.com', '+491', 'u1', { plan: 'Pro', seats: 2 }],
  )
  assert.deepEqual([merged.notes.data[0].id, merged.tags.data[0].id], [note.id, tag.id])
  assert.equal(ok('GET', `/companies/${company.id}`).user_count, 1)
  const conversation = ok('GET', `/conversations/${message.conversation_id}`)
  assert.deepEqual([conversation.source.author.id, conversation.source.author.type], [into.id, 'user'])
  const authors = conversation.conversation_parts.conversation_parts.map(
    (part: { author: { id: string } }) => part.author.id,
  )
  assert.ok(authors.includes(into.id) && !authors.includes(from.id))
  assert.deepEqual(
    conversation.contacts.contacts.map((one: { id: string }) => one.id),
    [into.id],
  )
  assert.equal(refused('GET', `/contacts/${from.id}`), '404 not_found: User Not Found')
  const query = { field: 'custom_attributes.seats', operator: '=', value: 2 }
  assert.equal(ok('POST', '/contacts/search', { query }).data[0].id, into.id)
  const summaries = ok('GET', `/events?type=user&user_id=u1&summary=true`).events
  assert.deepEqual(summaries.map(({ name }: { name: string }) => name).sort(), ['arrived', 'left'])
  assert.equal(ok('GET', `/events?type=user&user_id=u1`).events[0]?.event_name, 'arrived')
})

test('a user does not take an e-mail that another user has', () => {
  const { ok, user, lead } = openDesk()
  user({ email: 'shared@example.com' })
  const from = lead({ email: 'shared@example.com' })
  const into = user({ external_id: 'u2' })
  assert.equal(ok('POST', '/contacts/merge', { from: from.id, into: into.id }).email, null)
})

test('only a lead goes into a user', () => {
  const { user, lead, refused } = openDesk()
  const [a, b, c] = [user({ email: 'a@example.com' }), user({ email: 'b@example.com' }), lead()]
  const merge = (from?: string, into?: string) => refused('POST', '/contacts/merge', { from, into })
  const invalid = '400 invalid_merge: Merging can only be performed on a lead into a user'
  assert.deepEqual([merge(a.id, b.id), merge(b.id, c.id), merge(c.id, c.id)], Array(3).fill(invalid))
  assert.equal(merge(absent, a.id), '404 not_found: Contact Not Found')
  assert.match(merge(undefined, a.id), /^400 parameter_not_found/)
})

test('a deleted contact keeps its identifiers for seven days, then nothing of it is left', () => {
  const { ok, user, refused, clock, store } = openDesk()
  const gone = user({ email: 'a@example.com', phone: '+491', custom_attributes: { plan: 'Pro' } })
  ok('POST', `/contacts/${gone.id}/notes`, { body: 'Hello' })
  const { conversation_id } = ok('POST', '/conversations', {
    ...{ from: { type: 'user', id: gone.id }, body: 'Hi' },
  })
  ok('DELETE', `/contacts/${gone.id}`)
  clock.seconds += 7 * day - 1
  assert.match(refused('POST', `/contacts/${gone.id}/unarchive`), /not_restorable: .*is not restorable$/)
  const archived = `409 conflict: An archived contact matching those details already exists with id=${gone.id}`
  assert.equal(refused('POST', '/contacts', { email: 'a@example.com' }), archived)
  clock.seconds += 1
  assert.notEqual(user({ email: 'a@example.com' }).id, gone.id)
  assert.equal(refused('POST', `/contacts/${gone.id}/unarchive`), '404 not_found: Contact Not Found')
  const kept = store.db.get<Record<string, unknown>>(
    'SELECT email, name, phone, custom_attributes FROM contacts WHERE id = ?',
    gone.id,
  )
  assert.deepEqual({ ...kept }, { email: null, name: null, phone: null, custom_attributes: '{}' })
  assert.equal(store.db.number('SELECT count(*) FROM notes'), 0)
  assert.equal(ok('GET', `/conversations/${conversation_id}`).contacts.contacts[0].id, gone.id)
})
