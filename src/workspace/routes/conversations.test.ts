import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemAttributes } from '../shapes/system-attributes.ts'
import { deskWithConversation, type Part } from './conversation-desk.test.ts'

test("a contact's message is echoed verbatim, stored as escaped HTML, and followed by the bot's part", () => {
  const { ok, message, id, contact, clock } = deskWithConversation()
  assert.equal(message.type, 'user_message')
  assert.equal(message.body, 'I need <b>support</b> & help')
  assert.match(id, /^\d{15}$/)
  assert.match(message.id, /^\d{10}$/)
  const conversation = ok('GET', `/conversations/${id}`)
  assert.deepEqual(conversation.source, {
    type: 'conversation',
    id: message.id,
    delivered_as: 'customer_initiated',
    subject: '',
    body: '<p>I need &lt;b&gt;support&lt;/b&gt; &amp; help</p>',
    author: { type: 'user', id: contact.id, name: 'Ann &amp; Co', email: 'ann@example.com' },
    attachments: [],
    url: null,
    redacted: false,
  })
  const [part] = conversation.conversation_parts.conversation_parts
  assert.equal(part.part_type, 'conversation_attribute_updated_by_admin')
  assert.equal(part.author.type, 'bot')
  assert.match(part.id, /^\d{11}$/)
  assert.equal(conversation.statistics.count_conversation_parts, 2)
  assert.equal(conversation.waiting_since, clock.seconds)
  assert.deepEqual(conversation.first_contact_reply, {
    created_at: clock.seconds,
    type: 'conversation',
    url: null,
  })
  assert.equal(ok('GET', `/contacts/${contact.id}`).last_replied_at, clock.seconds)
  assert.equal(
    ok('GET', `/conversations/${id}?display_as=plaintext`).source.body,
    'I need <b>support</b> & help',
  )
})

test('replies move the conversation, its teammates and the contact', () => {
  const { ok, as, admin, user, id, contact, clock, adminId } = deskWithConversation()
  clock.seconds += 30
  const answered = as(admin, { body: 'Hi' }).json
  assert.deepEqual([answered.waiting_since, answered.read, answered.updated_at], [null, false, clock.seconds])
  assert.deepEqual(answered.teammates, { type: 'admin.list', admins: [{ type: 'admin', id: adminId }] })
  assert.equal(ok('GET', `/contacts/${contact.id}`).last_contacted_at, clock.seconds)
  ok('POST', `/conversations/${id}/parts`, { message_type: 'close', type: 'admin', admin_id: adminId })
  clock.seconds += 30
  const reopened = as(user, { body: '<p>Still <script>x</script>broken</p>' }).json
  const parts: Part[] = reopened.conversation_parts.conversation_parts
  assert.deepEqual(
    parts.map(({ part_type, body }) => [part_type, body]),
    [
      ['conversation_attribute_updated_by_admin', null],
      ['comment', '<p>Hi</p>'],
      ['close', null],
      ['open', '<p>Still broken</p>'],
    ],
  )
  assert.deepEqual([reopened.state, reopened.waiting_since], ['open', clock.seconds])
  assert.equal(parts.at(-1)?.author.name, 'Ann &amp; Co')
})

test('a contact answers by id, external id or e-mail, and only in a conversation of its own', () => {
  const { as, user: other, call, id } = deskWithConversation()
  const by = (who: object) => as({ type: 'user', message_type: 'comment', body: 'x' }, who).status
  assert.deepEqual([by({ user_id: 'u1' }), by({ email: 'ANN@example.com' })], [200, 200])
  assert.deepEqual([by({ user_id: 'u2' }), by({}), by({ intercom_user_id: id })], [404, 400, 404])
  assert.equal(other.type, 'user')
  const stranger = call('POST', '/contacts', { email: 'stranger@example.com' }).json
  assert.equal(by({ intercom_user_id: stranger.id }), 404)
})

test('a reply is refused before anything is stored', () => {
  const { as, admin, refused, id, ok, adminId } = deskWithConversation()
  const before = ok('GET', `/conversations/${id}`)
  const text = (who: object, more: object) => {
    const [error] = as(who, more).json.errors
    return `${error.code}: ${error.message}`
  }
  assert.equal(text({ ...admin, type: 'bot' }, { body: 'x' }), "parameter_invalid: Type isn't an option")
  assert.equal(
    text({ ...admin, message_type: 'quick_reply' }, { body: 'x' }),
    "parameter_invalid: Message Type isn't an option",
  )
  assert.equal(text(admin, {}), 'parameter_invalid: Body is required')
  assert.equal(text(admin, { body: ' ' }), 'parameter_invalid: Body is required')
  assert.equal(text({ ...admin, admin_id: 1 }, { body: 'x' }), 'not_found: Resource Not Found')
  const urls = Array(11).fill('https://a.example/x.png')
  assert.match(text(admin, { body: 'x', attachment_urls: urls }), /^parameter_invalid: /)
  assert.match(text(admin, { body: 'x', attachment_urls: ['ftp://a/b'] }), /^parameter_invalid: /)
  const reply = { ...admin, body: 'x' }
  for (const bad of ['1', '999999999999999', 'x', '%00', '1e3', '-1', '0x10', '1'.repeat(400)]) {
    assert.equal(refused('POST', `/conversations/${bad}/reply`, reply), '404 not_found: Resource Not Found')
  }
  assert.deepEqual(ok('GET', `/conversations/${id}`), before)
  assert.equal(
    as({ ...admin, admin_id: Number(adminId) }, { body: 'x', attachment_urls: urls.slice(1) }).status,
    200,
  )
})

test('attachments are shown as uploads with a name and a type', () => {
  const { as, admin } = deskWithConversation()
  const { json } = as(admin, { body: 'x', attachment_urls: ['https://a.example/p/cat.png?x=1'] })
  assert.deepEqual(json.conversation_parts.conversation_parts.at(-1).attachments, [
    {
      type: 'upload',
      name: 'cat.png',
      url: 'https://a.example/p/cat.png?x=1',
      content_type: 'image/png',
      filesize: 0,
      width: null,
      height: null,
    },
  ])
})

test('PUT read leaves no trace but itself; a custom attribute leaves a part by the bot', () => {
  const { ok, refused, id, clock } = deskWithConversation()
  const before = ok('GET', `/conversations/${id}`)
  clock.seconds += 60
  assert.deepEqual(ok('PUT', `/conversations/${id}`, { read: false }), { ...before, read: false })
  const changed = ok('PUT', `/conversations/${id}`, { custom_attributes: { plan: 'pro' } })
  assert.deepEqual(changed.custom_attributes, { ...systemAttributes, plan: 'pro' })
  assert.equal(changed.conversation_parts.total_count, before.conversation_parts.total_count + 1)
  assert.equal(
    refused('PUT', `/conversations/${id}`, { custom_attributes: { nope: 1 } }),
    "400 parameter_invalid: Custom attribute 'nope' does not exist",
  )
})

test('a thread shows its newest 500 parts and counts them all', () => {
  const { store, ok, id, clock } = deskWithConversation()
  const part = { conversation_id: Number(id), part_type: 'comment', author_type: 'admin', author_id: '1' }
  store.write(() => {
    for (let i = 0; i < 600; i++)
      store.insertPart({ ...part, body: `<p>${i}</p>`, created_at: clock.seconds })
  })
  const { conversation_parts: list } = ok('GET', `/conversations/${id}`)
  assert.deepEqual([list.conversation_parts.length, list.total_count], [500, 601])
  assert.equal(list.conversation_parts.at(-1).body, '<p>599</p>')
  assert.equal(list.conversation_parts[0].body, '<p>100</p>')
})

test('GET /conversations is the last updated first, without parts, by cursors that visit each once', () => {
  const { ok, contact, clock } = deskWithConversation()
  for (let i = 0; i < 44; i++) {
    clock.seconds += i % 2
    ok('POST', '/conversations', { from: { type: 'user', id: contact.id }, body: `n ${i}` })
  }
  const seen: { id: string; updated_at: number }[] = []
  let target = '/conversations'
  for (let page = 1; page <= 3; page++) {
    const answer = ok('GET', target)
    assert.deepEqual(Object.keys(answer), ['type', 'pages', 'total_count', 'conversations'])
    assert.equal('conversation_parts' in answer.conversations[0], false)
    seen.push(...answer.conversations)
    const next = answer.pages.next?.starting_after
    assert.equal(next === undefined, page === 3)
    target = `/conversations?starting_after=${encodeURIComponent(next ?? '')}`
  }
  assert.equal(new Set(seen.map(({ id }) => id)).size, 45)
  const times = seen.map(({ updated_at }) => updated_at)
  assert.deepEqual(
    times,
    times.toSorted((a, b) => b - a),
  )
})
