// What the official SDK's own suite does to conversations (docs/intercom-api.md 9), in its order.
import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { Intercom } from 'intercom-client'
import { openSdkWorld } from '../support/official-sdk.ts'

const world = await openSdkWorld()
after(() => world.close())
const { client } = world

const { admins = [] } = await client.admins.list()
const [admin, colleague] = admins.filter((one) => one?.has_inbox_seat).map((one) => String(one?.id))
const admin_id = String(admin)
const user = await client.contacts.create({ email: 'sdk-thread@example.com', name: 'Thea Red' })
const second = await client.contacts.create({ external_id: 'sdk-second', role: 'user' })
const lead = await client.contacts.create({
  ...{ role: 'lead', external_id: 'sdk-lead', email: 'sdk-lead@example.com' },
})
const started = await client.conversations.create({
  ...{ from: { type: 'user', id: String(user.id) }, body: 'Raz-dwa-try kalyna, czorniawaja diwczyna' },
})
const conversation_id = String(started.conversation_id)

const parts = ({ conversation_parts }: Intercom.Conversation) => conversation_parts?.conversation_parts ?? []
const people = (answer: unknown) => (answer as { customers: { id: string }[] }).customers.map(({ id }) => id)

test('a user and a lead with names of its own start conversations', async () => {
  assert.ok(started.conversation_id)
  const from = { type: 'lead', id: String(lead.id) } as const
  const message = await client.conversations.create({ from, body: 'Nothing works' })
  const found = await client.conversations.find({ conversation_id: String(message.conversation_id) })
  assert.equal(found.source.author?.type, 'lead')
})

test('the third part of a conversation that an admin and the user answered is the user’s', async () => {
  const body = 'Great! Can I help you?'
  await client.conversations.reply({
    conversation_id,
    body: { message_type: 'comment', type: 'admin', admin_id, body },
  })
  const replied = await client.conversations.reply({
    conversation_id,
    body: {
      ...{ message_type: 'comment', type: 'user', intercom_user_id: String(user.id) },
      body: 'Yes, please',
    },
  })
  assert.deepEqual(
    parts(replied).map(({ part_type }) => part_type),
    ['conversation_attribute_updated_by_admin', 'comment', 'comment'],
  )
})

test('it is marked unread, assigned to a colleague, snoozed, opened and closed', async () => {
  const unread = await client.conversations.update({ conversation_id, read: false })
  assert.equal(unread.read, false)
  const manage = (body: Intercom.ConversationsManageRequestBody) =>
    client.conversations.manage({ conversation_id, body })
  const assigned = await manage({
    ...{ message_type: 'assignment', type: 'admin', admin_id, assignee_id: String(colleague) },
    body: 'Goodbye :)',
  })
  assert.equal(assigned.admin_assignee_id, Number(colleague))
  const until = { message_type: 'snoozed', admin_id, snoozed_until: 4_000_000_000 } as const
  assert.equal((await manage(until)).state, 'snoozed')
  assert.equal((await manage({ message_type: 'open', admin_id })).state, 'open')
  const closed = await manage({ message_type: 'close', type: 'admin', admin_id, body: 'Hasta la vista' })
  assert.equal(closed.state, 'closed')
})

test('assignment rules run when 2.11 is asked for, and only then', async () => {
  const ran = await client.conversations.runAssignmentRules(
    { conversation_id },
    { headers: { 'Intercom-Version': '2.11' } },
  )
  assert.equal(parts(ran).at(-1)?.part_type, 'default_assignment')
  await assert.rejects(client.conversations.runAssignmentRules({ conversation_id }), {
    statusCode: 400,
  })
})

test('a contact joins on behalf of an admin and leaves again', async () => {
  const customer = { intercom_user_id: String(second.id) }
  const joined = await client.conversations.attachContactAsAdmin({ conversation_id, admin_id, customer })
  assert.deepEqual(people(joined), [user.id, second.id])
  const contact_id = String(second.id)
  const left = await client.conversations.detachContactAsAdmin({ conversation_id, contact_id, admin_id })
  assert.deepEqual(people(left), [user.id])
  const last = { conversation_id, contact_id: String(user.id), admin_id }
  await assert.rejects(client.conversations.detachContactAsAdmin(last), Intercom.UnprocessableEntityError)
})

test('the third part is redacted', async () => {
  const [, , third] = parts(await client.conversations.find({ conversation_id }))
  const redacted = await client.conversations.redactConversationPart({
    ...{ type: 'conversation_part', conversation_id, conversation_part_id: String(third?.id) },
  })
  assert.equal(parts(redacted)[2]?.redacted, true)
  const source_id = String(redacted.source.id)
  const whole = await client.conversations.redactConversationPart({
    ...{ type: 'source', conversation_id, source_id },
  })
  assert.match(whole.source.body ?? '', /was deleted/)
})

test('a conversation is tagged and untagged by an admin', async () => {
  const { id: tag_id } = await client.tags.create({ name: 'sdk-thread' })
  const tag = await client.tags.tagConversation({ conversation_id, id: tag_id, admin_id })
  assert.equal(tag.id, tag_id)
  const tagged = await client.conversations.find({ conversation_id })
  assert.deepEqual(
    tagged.tags?.tags?.map(({ name }) => name),
    ['sdk-thread'],
  )
  await client.tags.untagConversation({ conversation_id, tag_id, admin_id })
  const untagged = await client.conversations.find({ conversation_id })
  assert.deepEqual(untagged.tags?.tags, [])
})

test('a search by id leaves out another one', async () => {
  const found = await client.conversations.search({
    query: { operator: 'AND', value: [{ field: 'id', operator: '!=', value: '123' }] },
    pagination: { per_page: 5 },
  })
  assert.equal(found.data.length, 5)
})

test('2.13 gives a title, and deletes', async () => {
  const newer = world.clientWith({ version: '2.13' })
  const titled = await newer.conversations.update({ conversation_id, title: 'A song' })
  assert.equal(titled.title, 'A song')
  const { conversation_id: doomed } = await client.conversations.create({
    ...{ from: { type: 'user', id: String(user.id) }, body: 'Forget it' },
  })
  const gone = { conversation_id: Number(doomed) }
  const deleted = await newer.conversations.deleteConversation(gone)
  assert.equal(deleted.deleted, true)
  const again = { conversation_id: String(doomed) }
  await assert.rejects(client.conversations.find(again), Intercom.NotFoundError)
})

test('a conversation becomes a ticket', async () => {
  const { data = [] } = await client.ticketTypes.list()
  const type = data.find((one) => one?.category === 'Customer')
  const ticket = await client.conversations.convertToTicket({
    conversation_id: Number(conversation_id),
    ticket_type_id: String(type?.id),
    attributes: { _default_title_: 'Nothing works' },
  })
  assert.equal(ticket?.id, conversation_id)
  const found = await client.tickets.get({ ticket_id: conversation_id })
  assert.equal(found?.ticket_state?.category, 'submitted')
})
