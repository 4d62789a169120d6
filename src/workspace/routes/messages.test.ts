import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'
import { answerMessage } from './message-answer.ts'

function deskWithAnn() {
  const desk = openDesk()
  const ann = desk.user({ email: 'ann@example.com', external_id: 'u1' })
  const from = { type: 'admin', id: Number(desk.adminId) }
  const to = { type: 'user', id: ann.id }
  return { ...desk, ann, base: { from, to, message_type: 'inapp', body: '<p>heyy</p>' } }
}

test("an admin's in-app message has no conversation and repeats its body as subject", () => {
  const { ok, base, adminId, ann, clock } = deskWithAnn()
  for (const message_type of ['inapp', 'in_app', 'conversation']) {
    const message = ok('POST', '/messages', { ...base, message_type })
    assert.match(message.id, /^\d{9}$/)
    assert.equal(message.owner.id, adminId)
    assert.deepEqual(
      [message.type, message.subject, message.body, message.message_type, 'conversation_id' in message],
      ['admin_message', '<p>heyy</p>', '<p>heyy</p>', 'inapp', false],
    )
  }
  assert.equal(ok('GET', '/conversations').total_count, 0)
  assert.equal(ok('GET', `/contacts/${ann.id}`).last_contacted_at, clock.seconds)
})

test('a conversation without an answer is closed, and found by the id of its message', () => {
  const { ok, base } = deskWithAnn()
  const message = ok('POST', '/messages', {
    ...base,
    message_type: 'email',
    subject: 'News',
    create_conversation_without_contact_reply: true,
  })
  const { conversations } = ok('POST', '/conversations/search', {
    query: { field: 'source.id', operator: '=', value: message.id },
  })
  const [conversation] = conversations
  assert.deepEqual(
    [conversation.state, conversation.open, conversation.read, conversation.first_contact_reply],
    ['closed', false, false, null],
  )
  const { source } = conversation
  assert.deepEqual(
    [source.type, source.delivered_as, source.subject, source.body, source.author.type],
    ['email', 'admin_initiated', 'News', '<p>heyy</p>', 'admin'],
  )
})

test('the body is asked for before the subject, the recipient must have the role it is given', () => {
  const { refused, base, lead, user } = deskWithAnn()
  const send = (more: object) => refused('POST', '/messages', { ...base, ...more })
  const email = { message_type: 'email' }
  assert.equal(send({ ...email, body: null }), '400 parameter_invalid: Body is required')
  assert.equal(send({ body: '' }), '400 parameter_invalid: Body is required')
  assert.equal(send(email), '422 parameter_not_found: No subject supplied for email message')
  assert.equal(
    send({ ...email, subject: '' }),
    '422 parameter_not_found: No subject supplied for email message',
  )
  const unknown = '404 not_found: User Not Found'
  assert.equal(send({ to: { type: 'user', id: '6745a1b2c3d4e5f601234567' } }), unknown)
  assert.equal(send({ to: { type: 'user', id: lead().id } }), unknown)
  assert.equal(send({ to: { type: 'lead', id: user({ external_id: 'u2' }).id } }), unknown)
  assert.equal(send({ message_type: 'sms' }), "400 parameter_invalid: Message Type isn't an option")
  assert.equal(send({ from: { type: 'admin', id: 1 } }), '404 not_found: Resource Not Found')
})

test('a recipient may be named by external id or e-mail, and as contact whatever the role', () => {
  const { ok, base, lead } = deskWithAnn()
  const to = (recipient: object) => ok('POST', '/messages', { ...base, to: recipient }).type
  assert.equal(to({ type: 'user', user_id: 'u1' }), 'admin_message')
  assert.equal(to({ type: 'user', email: 'Ann@Example.com' }), 'admin_message')
  assert.equal(to({ type: 'contact', id: lead().id }), 'admin_message')
})

test('a message from a contact opens a conversation like POST /conversations', () => {
  const { ok, ann } = deskWithAnn()
  const body = { from: { type: 'user', id: ann.id }, body: 'heyy', referer: 'https://twitter.com/bob' }
  const message = ok('POST', '/messages', body)
  assert.equal(message.type, 'user_message')
  assert.equal(ok('GET', `/conversations/${message.conversation_id}`).source.id, message.id)
})

test('a message opens a conversation only when the contact answers, and is its source', () => {
  const { ok, store, base, ann, clock } = deskWithAnn()
  const sent = clock.seconds
  const message = ok('POST', '/messages', base)
  clock.seconds += 600
  const row = store.write(() => answerMessage({ store }, Number(message.id), 'Hey <3'))
  const { conversations } = ok('POST', '/conversations/search', {
    query: { field: 'source.id', operator: '=', value: message.id },
  })
  assert.deepEqual(
    conversations.map(({ id }: { id: string }) => id),
    [String(row.id)],
  )
  const { source, conversation_parts, ...opened } = ok('GET', `/conversations/${row.id}`)
  assert.deepEqual([source.id, source.delivered_as, source.body], [message.id, 'admin_initiated', base.body])
  assert.deepEqual(
    [opened.created_at, opened.updated_at, opened.state, opened.waiting_since],
    [sent, clock.seconds, 'open', clock.seconds],
  )
  assert.equal(opened.first_contact_reply.created_at, clock.seconds)
  const [part] = conversation_parts.conversation_parts
  assert.deepEqual([part.part_type, part.body, part.author.id], ['open', '<p>Hey &lt;3</p>', ann.id])
})

test('a second answer goes into the same conversation; only messages of admins are answered', () => {
  const { ok, store, base, ann } = deskWithAnn()
  const message = ok('POST', '/messages', { ...base, create_conversation_without_contact_reply: true })
  const answer = (id: number) => store.write(() => answerMessage({ store }, id, 'Hey')).id
  assert.equal(answer(Number(message.id)), answer(Number(message.id)))
  assert.equal(ok('GET', '/conversations').total_count, 1)
  const own = ok('POST', '/conversations', { from: { type: 'user', id: ann.id }, body: 'Hi' })
  assert.throws(() => answer(Number(own.id)), /Resource Not Found/)
  ok('POST', `/contacts/${ann.id}/archive`)
  assert.throws(() => answer(Number(message.id)), /User Not Found/)
})

test('messages and replies that are dated back turn no clock of the contact back', () => {
  const { call, ok, user, adminId } = openDesk()
  const { id } = user({ email: 'back@example.com' })
  const from = { type: 'user', id }
  const { conversation_id } = ok('POST', '/conversations', { from, body: 'x' })
  const comment = { message_type: 'comment', body: 'x' }
  const reply = `/conversations/${conversation_id}/reply`
  ok('POST', reply, { ...comment, type: 'admin', admin_id: adminId })
  const times = () => {
    const { updated_at, last_replied_at, last_contacted_at } = ok('GET', `/contacts/${id}`)
    return [updated_at, last_replied_at, last_contacted_at]
  }
  const before = times()
  const created_at = 1_500_000_000
  const message = { from: { type: 'admin', id: adminId }, to: from, message_type: 'inapp' }
  for (const [path, body] of [
    ['/conversations', { from, body: 'x', created_at }],
    ['/messages', { ...message, body: 'x', created_at }],
    [reply, { ...comment, type: 'admin', admin_id: adminId, created_at }],
    [reply, { ...comment, type: 'user', intercom_user_id: id, created_at }],
  ] as const) {
    assert.equal(call('POST', path, body).status, 200, path)
    assert.deepEqual(times(), before, path)
  }
})
