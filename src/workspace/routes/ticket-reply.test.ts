import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskWithTickets } from './ticket-desk.test.ts'

test('a reply answers its part, whoever writes it', () => {
  const { ok, make, adminId, contact, kinds } = deskWithTickets()
  const { id } = make()
  const reply = (body: object) => ok('POST', `/tickets/${id}/reply`, body)
  const admin = { type: 'admin', admin_id: Number(adminId) }
  const note = reply({ ...admin, message_type: 'note', body: '<h2>List</h2>', cross_post: true })
  assert.deepEqual([note.type, note.part_type, note.body], ['ticket_part', 'note', '<h2>List</h2>'])
  const options = [{ text: 'Yes', uuid: '884f7963-b954-4476-8082-10ecca2e2dac' }]
  const quick = reply({ ...admin, message_type: 'quick_reply', reply_options: options })
  assert.deepEqual([quick.part_type, 'body' in quick], ['quick_reply', false])
  const files = ['https://x.test/a.png']
  const comment = reply({ ...admin, message_type: 'comment', body: 'Hi', attachment_urls: files })
  assert.deepEqual([comment.part_type, comment.attachments.length], ['comment', 1])
  for (const who of [{ intercom_user_id: contact.id }, { user_id: 'u1' }, { email: 'ann@example.com' }]) {
    const part = reply({ type: 'user', message_type: 'comment', body: 'Thanks', ...who })
    assert.deepEqual([part.author.type, part.author.id], ['user', contact.id])
  }
  assert.deepEqual(kinds(id).slice(1), [
    'note by admin',
    'quick_reply by admin',
    'comment by admin',
    ...Array(3).fill('comment by user'),
  ])
})

test('who may not write is refused, and nothing is written', () => {
  const { refused, make, user, adminId, kinds } = deskWithTickets()
  const { id } = make()
  const stranger = user({ email: 'cy@example.com' })
  const send = (body: object, ticket = id) => refused('POST', `/tickets/${ticket}/reply`, body)
  const asUser = { type: 'user', message_type: 'comment', body: 'x' }
  const asAdmin = { type: 'admin', message_type: 'comment', body: 'x', admin_id: adminId }
  const notFound = '404 not_found: Resource Not Found'
  assert.equal(send({ ...asUser, intercom_user_id: stranger.id }), notFound)
  assert.equal(send({ ...asAdmin, admin_id: '123' }), notFound)
  assert.equal(send(asAdmin, '1'), notFound)
  assert.match(send({ ...asAdmin, message_type: 'shout' }), /Message Type isn't an option/)
  assert.match(send({ ...asUser, message_type: 'note', user_id: 'u1' }), /Message Type isn't an option/)
  assert.match(send({ message_type: 'comment', body: 'x' }), /Type isn't an option/)
  assert.match(send({ ...asAdmin, body: ' ' }), /Body is required/)
  assert.match(send({ ...asAdmin, message_type: 'quick_reply' }), /reply_options/)
  assert.equal(kinds(id).length, 1)
})

test('a Back-office ticket takes no word of the customer, and none to them while it is not shared', () => {
  const { ok, refused, make, adminId } = deskWithTickets()
  const asUser = { type: 'user', message_type: 'comment', body: 'x', user_id: 'u1' }
  const asAdmin = { type: 'admin', message_type: 'comment', body: 'x', admin_id: adminId }
  for (const ticket_type_id of ['2', '3']) {
    const path = `/tickets/${make({ ticket_type_id }).id}/reply`
    assert.equal(
      refused('POST', path, asUser),
      '400 parameter_mismatch: User replies are not allowed on Backoffice tickets',
    )
    assert.match(refused('POST', path, asAdmin), /^400 parameter_mismatch: Comments are not allowed/)
    assert.equal(ok('POST', path, { ...asAdmin, message_type: 'note' }).part_type, 'note')
  }
  const { id } = make({ ticket_type_id: '2' })
  ok('PUT', `/tickets/${id}`, { is_shared: true })
  assert.equal(ok('POST', `/tickets/${id}/reply`, asAdmin).part_type, 'comment')
})

test('an answer of the customer ends the wait for it, opens the ticket and is dated on the contact', () => {
  const { ok, make, clock, contact, kinds } = deskWithTickets()
  const { id } = make()
  ok('PUT', `/tickets/${id}`, { ticket_state_id: '3', open: false })
  clock.seconds += 60
  const asUser = { type: 'user', message_type: 'comment', body: 'Here it is', user_id: 'u1' }
  assert.equal(ok('POST', `/tickets/${id}/reply`, asUser).part_type, 'comment')
  const ticket = ok('GET', `/tickets/${id}`)
  assert.deepEqual([ticket.ticket_state.category, ticket.open], ['in_progress', true])
  assert.deepEqual(kinds(id).slice(-2), ['open by user', 'ticket_state_updated_by_admin by bot'])
  assert.equal(ok('GET', `/contacts/${contact.id}`).last_replied_at, clock.seconds)
})

test('a conversation and the ticket it became are answered in either place', () => {
  const { ok, contact, adminId, search } = deskWithTickets()
  const from = { type: 'user', id: contact.id }
  const { conversation_id: id } = ok('POST', '/conversations', { from, body: 'Help' })
  ok('POST', `/conversations/${id}/convert`, { ticket_type_id: '1' })
  const admin = { type: 'admin', message_type: 'comment', admin_id: adminId }
  const part = ok('POST', `/tickets/${id}/reply`, { ...admin, body: 'From the ticket' })
  const { conversation_parts } = ok('GET', `/conversations/${id}`)
  assert.equal(conversation_parts.conversation_parts.at(-1).id, part.id)
  ok('PUT', `/tickets/${id}`, { ticket_state_id: '3' })
  const user = { type: 'user', message_type: 'comment', intercom_user_id: contact.id }
  ok('POST', `/conversations/${id}/reply`, { ...user, body: 'From the conversation' })
  assert.equal(ok('GET', `/tickets/${id}`).ticket_state.category, 'in_progress')
  ok('POST', `/conversations/${id}/parts`, { message_type: 'close', type: 'admin', admin_id: adminId })
  assert.deepEqual([search('open', '=', false), search('open', '=', true)], [[id], []])
  ok('PUT', `/tickets/${id}`, { open: true })
  assert.equal(ok('GET', `/conversations/${id}`).state, 'open')
})

test('a ticket is tagged like a conversation, or with it', () => {
  const { ok, refused, make, adminId, contact, clock } = deskWithTickets()
  const tag = ok('POST', '/tags', { name: 'Manual tag' })
  const { id } = make()
  const applied = { ...tag, applied_at: clock.seconds, applied_by: { type: 'admin', id: adminId } }
  const body = { id: tag.id, admin_id: adminId }
  assert.deepEqual(ok('POST', `/tickets/${id}/tags`, body), applied)
  clock.seconds += 60
  assert.deepEqual(ok('POST', `/tickets/${id}/tags`, body), applied)
  assert.deepEqual(ok('DELETE', `/tickets/${id}/tags/${tag.id}`, { admin_id: adminId }), applied)
  const from = { type: 'user', id: contact.id }
  const { conversation_id } = ok('POST', '/conversations', { from, body: 'Help' })
  ok('POST', `/conversations/${conversation_id}/convert`, { ticket_type_id: '1' })
  ok('POST', `/tickets/${conversation_id}/tags`, body)
  assert.equal(ok('GET', `/conversations/${conversation_id}`).tags.tags[0].id, tag.id)
  ok('DELETE', `/tickets/${conversation_id}/tags/${tag.id}`, { admin_id: adminId })
  assert.equal(ok('GET', `/conversations/${conversation_id}`).tags.tags.length, 0)
  assert.equal(refused('POST', '/tickets/1/tags', body), '404 ticket_not_found: Ticket not found')
  assert.equal(refused('DELETE', `/tickets/1/tags/${tag.id}`, body), '404 ticket_not_found: Ticket not found')
  const unknown = { ...body, id: '123' }
  assert.equal(refused('POST', `/tickets/${id}/tags`, unknown), '404 tag_not_found: Tag not found')
  assert.equal(refused('DELETE', `/tickets/${id}/tags/123`, body), '404 tag_not_found: Tag not found')
  assert.match(refused('POST', `/tickets/${id}/tags`, { id: tag.id }), /^400 parameter_not_found: admin_id/)
})

test("a merged lead's tickets are the user's", () => {
  const { ok, make, lead, contact } = deskWithTickets()
  const cy = lead()
  const { id } = make({ contacts: [{ id: cy.id }] })
  const body = { type: 'user', message_type: 'comment', intercom_user_id: cy.id, body: 'I am Ann' }
  ok('POST', `/tickets/${id}/reply`, body)
  ok('POST', '/contacts/merge', { from: cy.id, into: contact.id })
  const ticket = ok('GET', `/tickets/${id}`)
  assert.equal(ticket.contacts.contacts[0].id, contact.id)
  assert.equal(ticket.ticket_parts.ticket_parts.at(-1).author.id, contact.id)
})
