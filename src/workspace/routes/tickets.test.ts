import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskWithConversation } from './conversation-desk.test.ts'

test('a workspace has a type that takes conversations and one that does not', () => {
  const { ok, refused } = deskWithConversation()
  const { type, data } = ok('GET', '/ticket_types')
  assert.equal(type, 'list')
  assert.deepEqual(
    data.map(({ id, category }: { id: string; category: string }) => [id, category]),
    [
      ['1', 'Customer'],
      ['2', 'Back-office'],
    ],
  )
  assert.deepEqual(ok('GET', '/ticket_types/2'), data[1])
  assert.equal(refused('GET', '/ticket_types/3'), '404 not_found: Resource Not Found')
  const states = data[0].ticket_states.data.map(({ category }: { category: string }) => category)
  assert.deepEqual(states, ['submitted', 'in_progress', 'waiting_on_customer', 'resolved'])
  assert.equal(ok('GET', '/ticket_states').data[0].ticket_types.data.length, 2)
})

test('a new type is born with a title and a description', () => {
  const { ok, refused } = deskWithConversation()
  const made = ok('POST', '/ticket_types', { name: 'Refund', category: 'Tracker', icon: '💸' })
  assert.deepEqual([made.id, made.name, made.category, made.icon], ['3', 'Refund', 'Tracker', '💸'])
  assert.deepEqual(
    made.ticket_type_attributes.data.map(({ name, order }: { name: string; order: number }) => [name, order]),
    [
      ['_default_title_', 0],
      ['_default_description_', 1],
    ],
  )
  assert.equal(ok('POST', '/ticket_types', { name: 'Plain' }).icon, '🎟️')
  assert.equal(refused('POST', '/ticket_types', {}), '400 parameter_invalid: Name is required')
  assert.equal(
    refused('POST', '/ticket_types', { name: 'x', category: 'Odd' }),
    "400 parameter_invalid: Category isn't an option",
  )
})

test('a converted conversation is a ticket of the same id, its message the first part', () => {
  const { ok, as, user, admin, path, id, message, contact, clock } = deskWithConversation()
  as(admin, { body: 'Let me see' })
  as(user, { body: 'Please' })
  clock.seconds += 60
  const attributes = { _default_title_: 'Broken', _default_description_: null }
  const ticket = ok('POST', `${path}/convert`, { ticket_type_id: '1', attributes })
  assert.deepEqual(
    [ticket.type, ticket.id, ticket.ticket_id, ticket.category, ticket.ticket_state.category],
    ['ticket', id, '1', 'Customer', 'submitted'],
  )
  assert.deepEqual([ticket.ticket_attributes, ticket.admin_assignee_id], [attributes, '0'])
  assert.equal(ticket.contacts.contacts[0].id, contact.id)
  const parts = ticket.ticket_parts.ticket_parts
  assert.deepEqual(
    parts.map(({ part_type, body }: { part_type: string; body?: string }) => [part_type, body]),
    [
      ['comment', '<p>I need &lt;b&gt;support&lt;/b&gt; &amp; help</p>'],
      ['conversation_attribute_updated_by_admin', undefined],
      ['comment', '<p>Let me see</p>'],
      ['comment', '<p>Please</p>'],
      ['ticket_state_updated_by_admin', undefined],
    ],
  )
  assert.deepEqual([parts[0].id, ticket.ticket_parts.total_count], [message.id, 5])
  const last = parts.at(-1)
  assert.deepEqual(
    [last.ticket_state, last.previous_ticket_state, last.author.type],
    ['submitted', 'submitted', 'bot'],
  )
  assert.deepEqual(ok('GET', `/tickets/${id}`), ticket)
})

test('the conversation shows the ticket that it became', () => {
  const { ok, path, id } = deskWithConversation()
  assert.equal(ok('GET', path).ticket, null)
  ok('POST', `${path}/convert`, { ticket_type_id: 1, attributes: { _default_title_: 'Broken' } })
  const { ticket, linked_objects, conversation_parts } = ok('GET', path)
  assert.deepEqual(ticket, {
    type: 'ticket',
    id: Number(id),
    url: `https://app.intercom.com/a/apps/lc0a1b2c/conversations/${id}`,
    custom_attributes: {
      _default_title_: { value: 'Broken', type: 'string' },
      _default_description_: { value: null, type: 'string' },
    },
    state: 'submitted',
    ticket_type: 'Support request',
    ticket_type_description: 'Something a customer needs.',
    ticket_type_emoji: '🎟️',
    ticket_custom_state_admin_label: 'Submitted',
    ticket_custom_state_user_label: 'Submitted',
  })
  assert.equal(linked_objects.total_count, 0)
  assert.equal(conversation_parts.conversation_parts.at(-1).part_type, 'ticket_state_updated_by_admin')
  assert.deepEqual(ok('GET', '/conversations').conversations[0].ticket, ticket)
})

test('only a customer type takes a conversation, once, with attributes it has', () => {
  const { ok, refused, path } = deskWithConversation()
  const convert = (body: unknown, from = path) => refused('POST', `${from}/convert`, body)
  const customer = '400 parameter_invalid: Ticket type is not a customer ticket type'
  assert.equal(convert({ ticket_type_id: '2' }), customer)
  assert.equal(convert({ ticket_type_id: '99' }), customer)
  assert.match(convert({}), /^400 parameter_not_found: /)
  assert.equal(convert({ ticket_type_id: '1' }, '/conversations/1'), '404 not_found: Resource Not Found')
  const odd = (attributes: unknown) => convert({ ticket_type_id: '1', attributes })
  assert.equal(odd({ nope: 1 }), "400 parameter_invalid: Ticket attribute 'nope' does not exist")
  assert.match(odd({ _default_title_: 1 }), /^400 parameter_invalid: /)
  assert.equal(ok('GET', path).ticket, null)
  ok('POST', `${path}/convert`, { ticket_type_id: '1' })
  assert.match(convert({ ticket_type_id: '1' }), /^400 parameter_invalid: /)
  assert.equal(refused('GET', '/tickets/1'), '404 not_found: Resource Not Found')
})
