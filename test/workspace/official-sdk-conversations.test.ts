import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { Intercom, IntercomError } from 'intercom-client'
import { openSdkWorld, take } from '../support/official-sdk.ts'

const world = await openSdkWorld()
after(() => world.close())
const { client } = world

const me = await client.admins.identify()
const admin_id = String(me?.id)
const user = await client.contacts.create({ email: 'sdk-talker@example.com', name: 'Talia Ker' })
const lead = await client.contacts.create({ role: 'lead', name: 'Lee Talks' })

const start = async (type: 'user' | 'lead', id: string | undefined) => {
  const message = await client.conversations.create({ from: { type, id: String(id) }, body: 'I need help' })
  return message.conversation_id
}
const partTypes = ({ conversation_parts }: Intercom.Conversation) =>
  conversation_parts?.conversation_parts?.map(({ part_type }) => part_type) ?? []

test('the official SDK starts conversations for a user and a lead, and finds them', async () => {
  for (const [type, { id }] of [
    ['user', user],
    ['lead', lead],
  ] as const) {
    const found = await client.conversations.find({ conversation_id: await start(type, id) })
    assert.equal(found.state, 'open')
    assert.equal(found.source?.body, '<p>I need help</p>')
    assert.deepEqual(
      found.contacts?.contacts?.map((contact) => contact.id),
      [id],
    )
  }
})

test('its iterator walks through all conversations', async () => {
  const page = await client.conversations.list({ per_page: 100 })
  const ids = (await take(page)).map(({ id }) => id)
  assert.ok(ids.length > 200)
  assert.equal(new Set(ids).size, ids.length)
})

test('it searches conversations page by page', async () => {
  await start('user', user.id)
  await start('user', user.id)
  const mine = await client.conversations.search({
    query: {
      operator: 'AND',
      value: [
        { field: 'contact_ids', operator: '=', value: String(user.id) },
        { field: 'id', operator: '!=', value: '123' },
      ],
    },
    pagination: { per_page: 1 },
  })
  assert.equal(mine.data.length, 1)
  assert.ok((await take(mine)).length >= 3)
})

test('admin, note and contact reply', async () => {
  const conversation_id = await start('user', user.id)
  const reply = (body: Intercom.ReplyConversationRequest) =>
    client.conversations.reply({ conversation_id, body })
  await reply({ message_type: 'comment', type: 'admin', admin_id, body: 'How can I help?' })
  await reply({ message_type: 'note', type: 'admin', admin_id, body: 'A good customer' })
  const replied = await reply({
    message_type: 'comment',
    type: 'user',
    intercom_user_id: String(user.id),
    body: 'Thanks',
  })
  assert.deepEqual(
    partTypes(replied).filter((type) => type === 'comment' || type === 'note'),
    ['comment', 'note', 'comment'],
  )
})

test('conversations are assigned, snoozed, opened, closed and marked as unread', async () => {
  const conversation_id = await start('user', user.id)
  const manage = (body: Intercom.ConversationsManageRequestBody) =>
    client.conversations.manage({ conversation_id, body })
  const team = (await client.teams.list()).teams?.[0]
  const assign = { message_type: 'assignment', type: 'admin', admin_id } as const
  assert.equal((await manage({ ...assign, assignee_id: admin_id })).admin_assignee_id, Number(admin_id))
  await manage({ ...assign, type: 'team', assignee_id: String(team?.id) })
  const snoozed = await manage({ message_type: 'snoozed', admin_id, snoozed_until: 4_000_000_000 })
  assert.equal(snoozed.state, 'snoozed')
  assert.equal((await manage({ message_type: 'open', admin_id })).state, 'open')
  assert.equal((await manage({ message_type: 'close', type: 'admin', admin_id })).state, 'closed')
  const unread = await client.conversations.update({ conversation_id, read: false })
  assert.equal(unread.read, false)
  assert.deepEqual(partTypes(unread).slice(-2), ['open', 'close'])
})

test('messages go out by chat and by e-mail', async () => {
  const from = { type: 'admin', id: Number(admin_id) } as const
  const to = { type: 'user', id: String(user.id) } as const
  const chat = await client.messages.create({ message_type: 'inapp', body: 'Hello', from, to })
  assert.equal(chat.message_type, 'inapp')
  const mail = await client.messages.create({
    ...{ message_type: 'email', subject: 'News', body: '<p>Hello</p>', template: 'plain', from, to },
  })
  assert.equal(mail.subject, 'News')
})

test('a message can open a conversation, which a search by source.id finds', async () => {
  const message = await client.messages.create({
    message_type: 'inapp',
    body: 'Hello',
    from: { type: 'admin', id: Number(admin_id) },
    to: { type: 'user', id: String(user.id) },
    create_conversation_without_contact_reply: true,
  })
  const found = await client.conversations.search({
    query: { field: 'source.id', operator: '=', value: message.id },
  })
  assert.equal(found.data.length, 1)
  assert.equal(found.data[0]?.source?.id, message.id)
})

test('its typed errors come out of the right refusals', async () => {
  await assert.rejects(client.conversations.find({ conversation_id: '1' }), Intercom.NotFoundError)
  const strange = world.clientWith({ token: 'nonsense', version: '2.12' })
  await assert.rejects(strange.conversations.list(), Intercom.UnauthorizedError)
  const from = { type: 'admin', id: Number(admin_id) } as const
  const to = { type: 'user', id: String(user.id) } as const
  const mute = { message_type: 'inapp', body: '', from, to } as const
  await assert.rejects(client.messages.create(mute), Intercom.BadRequestError)
  const plain = { ...mute, message_type: 'email', subject: '', template: 'plain', body: 'Hello' } as const
  await assert.rejects(client.messages.create(plain), Intercom.UnprocessableEntityError)
  const query = { field: 'no_such_field', operator: '=', value: 'x' } as const
  await assert.rejects(client.conversations.search({ query }), (error) => {
    assert.ok(error instanceof IntercomError)
    assert.equal(error.statusCode, 400)
    return true
  })
})
