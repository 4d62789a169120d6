import assert from 'node:assert/strict'
import { test } from 'node:test'
import { insertVisitor } from '../store/visitors.ts'
import { openWebhooks } from './receiver.test.ts'
import { topics } from './topics.ts'

/** What no operation of the emulated families can bring about. */
const silent = [
  'conversation.operator.replied',
  'conversation.priority.updated',
  'conversation.rating.added',
  'admin.added_to_workspace',
  'admin.removed_from_workspace',
  'admin.logged_in',
  'admin.logged_out',
  'ticket.rating.provided',
]

test('every topic is heard when what it tells of happens, but for those that nothing here can bring about', async (t) => {
  const { ok, call, user, lead, adminId, receiver, webhooks, clock, store } = await openWebhooks(t)
  const put = (path: string, body: object) => ok('PUT', path, body)
  const post = (path: string, body: object) => ok('POST', path, body)

  const ann = user({ email: 'ann@example.com' })
  const bo = lead()
  put(`/contacts/${ann.id}`, { name: 'Ann', unsubscribed_from_emails: true })
  put(`/contacts/${ann.id}`, { unsubscribed_from_emails: false })
  put(`/contacts/${bo.id}`, { email: 'bo@example.com' })
  put(`/contacts/${bo.id}`, { role: 'user' })
  const tag = post('/tags', { name: 'VIP' })
  const cy = lead()
  for (const { id } of [ann, cy]) {
    post(`/contacts/${id}/tags`, { id: tag.id })
    ok('DELETE', `/contacts/${id}/tags/${tag.id}`)
  }
  post('/contacts/merge', { from: cy.id, into: ann.id })
  post(`/contacts/${bo.id}/archive`, {})
  post(`/contacts/${bo.id}/unarchive`, {})
  ok('DELETE', `/contacts/${bo.id}`)

  const company = post('/companies', { company_id: 'acme', name: 'Acme' })
  put(`/companies/${company.id}`, { name: 'Acme Inc.' })
  post(`/contacts/${ann.id}/companies`, { id: company.id })
  const from = { type: 'user', id: ann.id }
  const { conversation_id } = post('/conversations', { from, body: 'Hello' })
  const path = `/conversations/${conversation_id}`
  const admin = { type: 'admin', admin_id: adminId }
  post(`${path}/reply`, { ...admin, message_type: 'comment', body: 'Hi' })
  post(`${path}/reply`, { ...admin, message_type: 'note', body: 'Hm' })
  post(`${path}/reply`, { type: 'user', intercom_user_id: ann.id, message_type: 'comment', body: 'Yes' })
  post(`${path}/parts`, { ...admin, message_type: 'assignment', assignee_id: adminId })
  post(`${path}/parts`, { ...admin, message_type: 'close' })
  post(`${path}/parts`, { admin_id: adminId, message_type: 'open' })
  post(`${path}/parts`, { admin_id: adminId, message_type: 'snoozed', snoozed_until: clock.seconds + 60 })
  post(`${path}/reply`, { ...admin, message_type: 'comment', body: 'Awake' })
  put(path, { read: true })
  post(`${path}/tags`, { id: tag.id, admin_id: adminId })
  const dee = user({ email: 'dee@example.com' })
  post(`${path}/customers`, { admin_id: adminId, customer: { intercom_user_id: dee.id } })
  ok('DELETE', `${path}/customers/${dee.id}`, { admin_id: adminId })
  const { conversation_parts } = ok('GET', path)
  const said = conversation_parts.conversation_parts.find(
    (part: { body: string | null }) => part.body !== null,
  )
  post('/conversations/redact', {
    type: 'conversation_part',
    conversation_id,
    conversation_part_id: said.id,
  })
  post('/messages', {
    from: { type: 'admin', id: adminId },
    to: { type: 'user', id: ann.id },
    message_type: 'inapp',
    body: 'News',
    create_conversation_without_contact_reply: true,
  })
  const { id: ticketId } = post('/tickets', { ticket_type_id: '1', contacts: [{ id: ann.id }] })
  const ticket = `/tickets/${ticketId}`
  const teamId = store.nextId('teams')
  store.write(() => store.insertTeam({ id: teamId, name: 'Second line' }))
  put(ticket, { ticket_attributes: { _default_title_: 'Help' }, ticket_state_id: '4' })
  for (const assignee_id of [adminId, teamId]) put(ticket, { assignment: { admin_id: adminId, assignee_id } })
  post(`${ticket}/reply`, { ...admin, message_type: 'comment', body: 'Hi' })
  post(`${ticket}/reply`, { ...admin, message_type: 'note', body: 'Hm' })
  post(`${ticket}/reply`, { type: 'user', intercom_user_id: ann.id, message_type: 'comment', body: 'Yes' })
  const other = post('/conversations', { from, body: 'Another' }).conversation_id
  post(`/conversations/${other}/convert`, { ticket_type_id: '1' })
  post(`/conversations/${other}/customers`, { admin_id: adminId, customer: { intercom_user_id: dee.id } })
  ok('DELETE', `/conversations/${other}/customers/${dee.id}`, { admin_id: adminId })
  const { external_id } = store.write(() => insertVisitor(store, {}))
  const signedUp = { visitor: { user_id: external_id }, user: { email: 'eve@example.com' }, type: 'user' }
  post('/visitors/convert', signedUp)
  const newest = { 'intercom-version': '2.14' }
  assert.equal(call('PUT', path, { company_id: null }, newest).status, 200)
  assert.equal(call('DELETE', path, undefined, newest).status, 200)
  ok('DELETE', `/contacts/${ann.id}/companies/${company.id}`)
  ok('DELETE', `/companies/${company.id}`)
  const article = post('/articles', { title: 'Brakes', author_id: Number(adminId), state: 'published' })
  put(`/articles/${article.id}`, { state: 'draft' })
  ok('DELETE', `/articles/${article.id}`)
  put(`/admins/${adminId}/away`, { away_mode_enabled: true, away_mode_reassign: false })
  const event = { event_name: 'ordered', created_at: clock.seconds, id: ann.id }
  assert.equal(call('POST', '/events', event).status, 202)

  await webhooks.settled()
  const heard = new Set(receiver.topics())
  assert.deepEqual(
    topics.filter((topic) => !heard.has(topic)),
    [...silent, 'ping'],
  )
})

test('an article is told of as it is, when its state changes once more, and at the end by its id alone', async (t) => {
  const { ok, adminId, receiver, webhooks } = await openWebhooks(t)
  const article = ok('POST', '/articles', { title: 'Brakes', author_id: Number(adminId) })
  const path = `/articles/${article.id}`
  ok('PUT', path, {})
  ok('PUT', path, { title: 'Brakes and bells' })
  const published = ok('PUT', path, { state: 'published' })
  const draft = ok('PUT', path, { state: 'draft' })
  ok('DELETE', path)
  await webhooks.settled()
  const told = receiver.received.map(({ json }) => json).filter(({ topic }) => topic.startsWith('article.'))
  assert.deepEqual(
    told.map(({ topic, data }) => [topic, data.item.state, data.item.title]),
    [
      ['article.created', 'draft', 'Brakes'],
      ['article.updated', 'draft', 'Brakes and bells'],
      ['article.updated', 'published', 'Brakes and bells'],
      ['article.published', 'published', 'Brakes and bells'],
      ['article.updated', 'draft', 'Brakes and bells'],
      ['article.unpublished', 'draft', 'Brakes and bells'],
      ['article.deleted', undefined, undefined],
    ],
  )
  assert.deepEqual(
    [told[3], told[5], told[6]].map((one) => one?.data.item),
    [published, draft, { type: 'article', id: article.id }],
  )
})

test('of a ticket a notification shows the ticket, with what was written when that is the event', async (t) => {
  const { ok, user, adminId, receiver, webhooks } = await openWebhooks(t)
  const ann = user({ email: 'ann@example.com' })
  const { id } = ok('POST', '/tickets', { ticket_type_id: '1', contacts: [{ id: ann.id }] })
  ok('PUT', `/tickets/${id}`, { ticket_state_id: '3' })
  const asUser = { type: 'user', message_type: 'comment', intercom_user_id: ann.id, body: 'Yes' }
  ok('POST', `/tickets/${id}/reply`, asUser)
  const note = { type: 'admin', message_type: 'note', admin_id: adminId, body: 'Hm' }
  ok('POST', `/tickets/${id}/reply`, note)
  ok('PUT', `/tickets/${id}`, { ticket_state_id: '4' })
  await webhooks.settled()
  const told = receiver.received
    .map(({ json }) => json)
    .filter(({ topic }) => topic.startsWith('ticket.'))
    .map(({ topic, data: { item } }) => {
      const ticket = item.ticket ?? item
      assert.equal(ticket.id, id)
      return [topic, item.type, ticket.ticket_state.category, item.ticket_part?.body]
    })
  const plain = 'ticket'
  assert.deepEqual(told, [
    ['ticket.created', plain, 'submitted', undefined],
    ['ticket.state.updated', plain, 'waiting_on_customer', undefined],
    ['ticket.contact.replied', 'ticket_part', 'waiting_on_customer', '<p>Yes</p>'],
    ['ticket.state.updated', plain, 'in_progress', undefined],
    ['ticket.note.created', 'ticket_part', 'in_progress', '<p>Hm</p>'],
    ['ticket.state.updated', plain, 'resolved', undefined],
    ['ticket.resolved', plain, 'resolved', undefined],
    ['ticket.closed', plain, 'resolved', undefined],
  ])
})
