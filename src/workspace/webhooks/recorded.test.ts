// Shapes of real notifications, as other projects recorded them (docs/intercom-api.md 6).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWebhooks, status } from './receiver.test.ts'

const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/

async function openDesk(t: Parameters<typeof openWebhooks>[0]) {
  const opened = await openWebhooks(t)
  const items = async (topic: string) => {
    await opened.webhooks.settled()
    return opened.receiver.received
      .filter(({ json }) => json.topic === topic)
      .map(({ json }) => json.data.item)
  }
  return { ...opened, items }
}

/** Every object with a name, wherever it stands in an item. */
function contactsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  const own = value as Record<string, unknown>
  const inner = Object.values(own).flatMap(contactsIn)
  return own['type'] === 'contact' && 'created_at' in own ? [own, ...inner] : inner
}

test('times of contacts are ISO text with milliseconds in every topic, unset ones null, and answers keep seconds', async (t) => {
  const { ok, user, lead, receiver, webhooks, adminId, clock } = await openDesk(t)
  const ann = user({
    email: 'ann@example.com',
    signed_up_at: 1_692_125_375,
    custom_attributes: { renewal_date: 5 },
  })
  const bo = lead()
  ok('PUT', `/contacts/${bo.id}`, { email: 'bo@example.com', last_seen_at: 1_692_125_376 })
  ok('PUT', `/contacts/${ann.id}`, { unsubscribed_from_emails: true })
  const tag = ok('POST', '/tags', { name: 'VIP' })
  ok('POST', `/contacts/${ann.id}/tags`, { id: tag.id })
  const company = ok('POST', '/companies', { company_id: 'acme', remote_created_at: 7 })
  ok('POST', `/contacts/${ann.id}/companies`, { id: company.id })
  ok('POST', '/contacts/merge', { from: bo.id, into: ann.id })
  ok('POST', `/contacts/${ann.id}/archive`)
  ok('POST', `/contacts/${ann.id}/unarchive`)
  ok('POST', '/conversations', { from: { type: 'user', id: ann.id }, body: 'Hello' })
  await webhooks.settled()
  const contacts = receiver.received.flatMap(({ json }) => contactsIn(json.data.item))
  assert.ok(contacts.length >= 9, String(contacts.length))
  for (const contact of contacts) {
    for (const [key, value] of Object.entries(contact).filter(([name]) => name.endsWith('_at'))) {
      assert.ok(value === null || iso.test(String(value)), `${key}: ${value}`)
    }
    assert.equal(contact['enabled_push_messaging'], null)
  }
  const first = receiver.received.find(({ json }) => json.topic === 'contact.user.created')?.json.data.item
  assert.equal(first.signed_up_at, '2023-08-15T18:49:35.000+00:00')
  assert.equal(first.last_replied_at, null)
  assert.deepEqual(first.custom_attributes, { renewal_date: 5 })
  for (const { json } of receiver.received) {
    const { item } = json.data
    if (['conversation', 'company', 'contact_tag'].includes(item.type))
      assert.equal(typeof item.created_at, 'number')
  }
  assert.equal(ok('GET', `/contacts/${ann.id}`).created_at, clock.seconds)
  assert.equal('enabled_push_messaging' in ok('GET', `/contacts/${ann.id}`), false)
  assert.ok(adminId)
})

test('a choice about e-mails wraps the contact', async (t) => {
  const { ok, user, items, clock } = await openDesk(t)
  const ann = user({ email: 'ann@example.com' })
  ok('PUT', `/contacts/${ann.id}`, { unsubscribed_from_emails: true })
  ok('PUT', `/contacts/${ann.id}`, { unsubscribed_from_emails: false })
  for (const [topic, flag] of [
    ['contact.unsubscribed', true],
    ['contact.subscribed', false],
  ] as const) {
    const [item] = await items(topic)
    assert.deepEqual(Object.keys(item), ['type', 'contact', 'created_at'])
    assert.deepEqual([item.type, item.created_at], ['contact_unsubscribe', clock.seconds])
    assert.deepEqual(
      [item.contact.type, item.contact.id, item.contact.unsubscribed_from_emails],
      ['contact', ann.id, flag],
    )
  }
})

test('a choice about a subscription type names it', async (t) => {
  const { ok, user, items } = await openDesk(t)
  const ann = user({ email: 'ann@example.com' })
  const [type] = ok('GET', '/subscription_types').data
  ok('POST', `/contacts/${ann.id}/subscriptions`, { id: type.id, consent_type: 'opt_out' })
  const [item] = await items('contact.unsubscribed')
  assert.deepEqual([item.type, item.contact.id], ['contact_unsubscribe', ann.id])
  assert.deepEqual(item.subscription_types, { type: 'list', data: [type] })
})

test('archived and deleted contacts are ids', async (t) => {
  const { ok, lead, user, items } = await openDesk(t)
  const ann = user({ email: 'ann@example.com' })
  const bo = lead({ external_id: 'b1' })
  for (const { id } of [ann, bo]) {
    ok('POST', `/contacts/${id}/archive`)
    ok('DELETE', `/contacts/${id}`)
  }
  assert.deepEqual(await items('contact.archived'), [
    { id: ann.id, external_id: null, type: 'contact', archived: true },
    { id: bo.id, external_id: 'b1', type: 'contact', archived: true },
  ])
  assert.deepEqual(await items('contact.deleted'), [
    { id: ann.id, type: 'contact', deleted: true },
    { id: bo.id, type: 'contact', deleted: true },
  ])
})

test('a tag in a conversation comes with the part that carries it', async (t) => {
  const { ok, user, items, adminId } = await openDesk(t)
  const ann = user({ email: 'ann@example.com' })
  const from = { type: 'user', id: ann.id }
  const { conversation_id: id } = ok('POST', '/conversations', { from, body: 'The first words' })
  const put = (name: string) => {
    const tag = ok('POST', '/tags', { name })
    ok('POST', `/conversations/${id}/tags`, { id: tag.id, admin_id: adminId })
    return tag
  }
  const one = put('developer')
  ok('POST', `/conversations/${id}/reply`, {
    type: 'user',
    message_type: 'comment',
    email: ann.email,
    body: 'Later',
  })
  const two = put('billing')
  const [first, second] = await items('conversation_part.tag.created')
  for (const [item, tag, body] of [
    [first, one, '<p>The first words</p>'],
    [second, two, '<p>Later</p>'],
  ]) {
    assert.deepEqual([item.type, item.id], ['conversation', id])
    assert.deepEqual(item.tags_added, { type: 'tag.list', tags: [tag] })
    assert.ok(item.tags.tags.some(({ id: own }: { id: string }) => own === tag.id))
    const { conversation_parts: parts, total_count } = item.conversation_parts
    assert.deepEqual(
      [parts.length, total_count, parts[0].type, parts[0].body],
      [1, 1, 'conversation_part', body],
    )
    const keys =
      'type id part_type body created_at updated_at notified_at assigned_to author attachments external_id redacted'
    assert.deepEqual(Object.keys(parts[0]), keys.split(' '))
  }
})

test('a second attempt says retry, and when the first was sent', async (t) => {
  const { say, got, receiver, clock } = await openWebhooks(t)
  receiver.answer = status(500)
  say()
  await got()
  clock.seconds += 60
  await got()
  const [first, second] = receiver.received.map(({ json }) => json)
  assert.deepEqual([first.delivery_status, first.delivery_attempts], ['pending', 1])
  assert.deepEqual([second.delivery_status, second.delivery_attempts], ['retry', 2])
  assert.equal(second.first_sent_at, first.first_sent_at)
  assert.deepEqual({ ...second, delivery_status: 'pending', delivery_attempts: 1 }, first)
})
