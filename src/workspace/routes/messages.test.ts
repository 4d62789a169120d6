import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

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
