import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

const text = 'I need help'

/** Two customers, each with a conversation of their own; the stranger's is the newest of the workspace. */
function twoCustomers() {
  const desk = openDesk()
  const begin = (contact: { id: string }) =>
    desk.ok('POST', '/conversations', { from: { type: 'contact', id: contact.id }, body: text })
      .conversation_id as string
  const ann = desk.user({ email: 'ann@example.com', external_id: 'u1' })
  const first = begin(ann)
  const newest = begin(ann)
  const stranger = desk.user({ email: 'stranger@example.com', external_id: 'u9' })
  const strangers = begin(stranger)
  const admin = { type: 'admin', message_type: 'comment', admin_id: desk.adminId, body: 'x' }
  const asUser = { type: 'user', message_type: 'comment', body: 'x' }
  return { ...desk, begin, ann, first, newest, stranger, strangers, admin, asUser }
}

test('last is the newest conversation of the contact that is named, whoever replies', () => {
  const { ok, ann, newest, strangers, admin, asUser } = twoCustomers()
  for (const who of [{ intercom_user_id: ann.id }, { user_id: 'u1' }, { email: 'ANN@example.com' }]) {
    for (const reply of [admin, { ...admin, message_type: 'note' }, asUser]) {
      const { id } = ok('POST', '/conversations/last/reply', { ...reply, ...who })
      assert.equal(id, newest, JSON.stringify({ ...reply, ...who }))
    }
  }
  assert.equal(ok('GET', `/conversations/${strangers}`).conversation_parts.total_count, 1)
})

test('last never falls back to a stranger: nobody named 422, unknown 404, without conversations 422', () => {
  const { ok, refused, user, lead, strangers, admin, asUser } = twoCustomers()
  user({ email: 'quiet@example.com', external_id: 'u2' })
  const { id: quietLead } = lead()
  const gone = user({ email: 'gone@example.com' })
  ok('DELETE', `/contacts/${gone.id}`)
  const unknown = '404 not_found: User Not Found'
  const none = '422 unprocessable_entity: The contact has no conversations'
  const missing = '422 parameter_not_found: intercom_user_id, user_id or email not specified'
  for (const [who, expected] of [
    [{}, missing],
    [{ intercom_user_id: '', user_id: '', email: '' }, missing],
    [{ intercom_user_id: null, email: null }, missing],
    [{ intercom_user_id: 'f'.repeat(24) }, unknown],
    [{ intercom_user_id: 'last' }, unknown],
    [{ intercom_user_id: gone.id }, unknown],
    [{ user_id: 'u3' }, unknown],
    [{ user_id: 'U9' }, unknown],
    [{ email: 'nobody@example.com' }, unknown],
    [{ email: 'gone@example.com' }, unknown],
    [{ user_id: 'u2' }, none],
    [{ email: 'quiet@example.com' }, none],
    [{ intercom_user_id: quietLead }, none],
  ] as const) {
    for (const reply of [admin, asUser, { ...admin, message_type: 'close' }]) {
      const got = refused('POST', '/conversations/last/reply', { ...reply, ...who })
      assert.equal(got, expected, JSON.stringify({ ...reply, ...who }))
    }
  }
  assert.equal(ok('GET', `/conversations/${strangers}`).conversation_parts.total_count, 1)
})

test('only a reply knows last', () => {
  const { refused, ann, adminId } = twoCustomers()
  const tag = { id: 1, admin_id: adminId }
  for (const [method, path, body] of [
    ['GET', '', undefined],
    ['PUT', '', { read: true }],
    ['POST', '/parts', { message_type: 'close', type: 'admin', admin_id: adminId, intercom_user_id: ann.id }],
    ['POST', '/customers', { admin_id: adminId, customer: { intercom_user_id: ann.id } }],
    ['DELETE', `/customers/${ann.id}`, { admin_id: adminId }],
    ['POST', '/tags', tag],
    ['POST', '/convert', { ticket_type_id: 1 }],
  ] as const) {
    assert.match(refused(method, `/conversations/last${path}`, body), /^404 not_found: /, `${method} ${path}`)
  }
})

test('who shares an e-mail replies for themselves', () => {
  const { ok, lead, begin, asUser } = twoCustomers()
  const email = 'shared@example.com'
  const one = lead({ email })
  const two = lead({ email })
  const of = begin(two)
  ok('POST', `/conversations/${of}/customers`, { customer: { intercom_user_id: one.id } })
  const answer = ok('POST', '/conversations/last/reply', { ...asUser, email })
  assert.equal(answer.conversation_parts.conversation_parts.at(-1).author.id, two.id)
})

test('what older clients send to /reply, they get as from /parts', () => {
  const { ok, refused, clock, adminId, first, ann, newest } = twoCustomers()
  const until = clock.seconds + 3600
  for (const [body, state, part] of [
    [{ message_type: 'close', type: 'admin', body: 'Bye' }, 'closed', 'close'],
    [{ message_type: 'open', type: 'admin' }, 'open', 'open'],
    [{ message_type: 'snoozed', type: 'admin', snoozed_until: until }, 'snoozed', 'snoozed'],
    [{ message_type: 'open' }, 'open', 'open'],
    [{ message_type: 'assignment', type: 'admin', assignee_id: adminId }, 'open', 'assignment'],
  ] as const) {
    const answer = ok('POST', `/conversations/${first}/reply`, { ...body, admin_id: adminId })
    const { part_type } = answer.conversation_parts.conversation_parts.at(-1)
    assert.deepEqual([answer.state, part_type], [state, part])
  }
  const closed = { message_type: 'close', type: 'admin', admin_id: adminId, intercom_user_id: ann.id }
  assert.equal(ok('POST', '/conversations/last/reply', closed).id, newest)
  for (const kind of ['close', 'open', 'snoozed']) {
    const asContact = { message_type: kind, type: 'user', intercom_user_id: ann.id, body: 'x' }
    assert.equal(
      refused('POST', `/conversations/${first}/reply`, asContact),
      "400 parameter_invalid: Message Type isn't an option",
    )
  }
})

test('quick replies are taken from 2.14 on', () => {
  const { call, first, ann, adminId } = twoCustomers()
  const reply_options = [{ text: 'Yes', uuid: 'a5e1c524-5ddd-4c3e-9328-6bca5d6e3edb' }]
  const quick = { message_type: 'quick_reply', reply_options }
  const path = `/conversations/${first}/reply`
  const send = (body: object, version: string) => call('POST', path, body, { 'intercom-version': version })
  for (const who of [
    { type: 'admin', admin_id: adminId },
    { type: 'user', intercom_user_id: ann.id },
  ]) {
    for (const version of ['2.14', '2.17', 'Preview']) {
      const { status, json } = send({ ...quick, ...who }, version)
      assert.equal(status, 200, JSON.stringify(json))
      assert.equal(json.conversation_parts.conversation_parts.at(-1).part_type, 'quick_reply')
    }
    for (const version of ['2.11', '2.13']) assert.equal(send({ ...quick, ...who }, version).status, 400)
    assert.equal(send({ ...quick, ...who, reply_options: [] }, '2.14').status, 400)
    assert.equal(send({ ...quick, ...who, reply_options: [{ text: '' }] }, '2.14').status, 400)
  }
})
