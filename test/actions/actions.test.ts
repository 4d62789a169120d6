import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { actions, createIntercom, type Intercom } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { type CheckedWorkspace, openCheckedWorkspace } from '../support/checked-workspace.ts'

// Every request of these tests is held against Intercom's own description when INTERCOM_OPENAPI is set.
let desk: CheckedWorkspace
let intercom: Intercom

before(async () => {
  desk = await openCheckedWorkspace({ seed: 'small', checkRequests: true })
  intercom = createIntercom({ accessToken: desk.accessToken, baseUrl: desk.url })
})
after(() => desk.close())

async function somebody(role: 'user' | 'lead') {
  const { contacts } = await intercom.searchContacts({ query_field: 'role', query_value: role, per_page: 1 })
  assert.ok(contacts[0])
  return contacts[0]
}

async function anAdmin() {
  const { result } = await intercom.listAdmins()
  const admin = result?.admins.find(({ has_inbox_seat }) => has_inbox_seat)
  assert.ok(admin)
  return admin
}

test('every request asks for version 2.12, and says that its body is JSON where it has one', async () => {
  await intercom.listTags()
  await somebody('user')
  for (const { method, headers } of desk.exchanges) {
    assert.equal(headers['intercom-version'], '2.12')
    assert.equal(headers['content-type'], method === 'GET' ? undefined : 'application/json')
  }
  assert.ok(desk.exchanges.length > 0)
})

test('get_contact answers the contact; a made-up id is a 404 that says where to look', async () => {
  const contact = await somebody('user')
  const { result } = await intercom.getContact({ contact_id: contact.id })
  assert.equal(result?.email, contact.email)
  const { error } = await intercom.getContact({ contact_id: '0123456789abcdef01234567' })
  assert.match(
    String(error),
    /^get_contact: 404 not_found: User Not Found \(request \w+\)\. Find the id with search_contacts\.$/,
  )
})

test('list_tags and list_admins find by a part of a name', async () => {
  const { result: tags } = await intercom.listTags({ name_contains: 'REQ' })
  assert.deepEqual(
    tags?.data.map(({ name }) => name),
    ['Feature request'],
  )
  const { result: admins } = await intercom.listAdmins({ name_contains: 'jonas' })
  assert.deepEqual(
    admins?.admins.map(({ name }) => name),
    ['Jonas Weber'],
  )
  const { result: nobody } = await intercom.listAdmins({ name_contains: 'nobody has this' })
  assert.deepEqual(nobody, { type: 'admin.list', admins: [] })
  assert.match(String((await intercom.listTags({ name_contains: ' ' })).error), /name_contains is empty/)
})

test('get_conversation gives the parts before one of them, and refuses an id that is none', async () => {
  const { conversations } = await intercom.searchConversations({
    query_field: 'state',
    query_operator: '=',
    query_value: 'closed',
    per_page: 1,
  })
  const conversation_id = String(conversations[0]?.id)
  const { result: whole } = await intercom.getConversation({ conversation_id })
  const { conversation_parts: parts, total_count } = whole?.conversation_parts ?? assert.fail()
  assert.ok(parts.length > 2)
  const { result } = await intercom.getConversation({ conversation_id, parts_before: String(parts[2]?.id) })
  assert.deepEqual(result?.conversation_parts.conversation_parts, parts.slice(0, 2))
  assert.equal(result?.conversation_parts.total_count, total_count - parts.length + 2)
  assert.deepEqual(result?.source, whole?.source)
  const { error } = await intercom.getConversation({ conversation_id, parts_before: conversation_id })
  assert.match(String(error), /unknown_part: parts_before is the id of no part of this conversation/)
})

test('search_contacts pages through every contact once', async () => {
  const ids: string[] = []
  let starting_after: string | undefined
  let total = 0
  do {
    const page = await intercom.searchContacts({
      query_field: 'role',
      query_operator: 'IN',
      query_value: 'user,lead',
      per_page: 60,
      ...(starting_after === undefined ? {} : { starting_after }),
    })
    assert.equal(page.error, null)
    ids.push(...page.contacts.map(({ id }) => id))
    total = page.total_count
    starting_after = page.pages?.next?.starting_after
  } while (starting_after !== undefined)
  assert.ok(total >= 200)
  assert.equal(new Set(ids).size, total)
  assert.equal(ids.length, total)
})

test('search_contacts combines filters with AND and OR, nested once', async () => {
  const query_value = JSON.stringify([
    { field: 'role', operator: '=', value: 'user' },
    {
      operator: 'OR',
      value: [
        { field: 'custom_attributes.vip', operator: '=', value: true },
        { field: 'created_at', operator: '>', value: '2026-06-01' },
      ],
    },
  ])
  const { contacts, total_count } = await intercom.searchContacts({
    query_operator: 'AND',
    query_value,
    per_page: 150,
  })
  assert.ok(total_count > 0 && total_count === contacts.length)
  const juneSecond = Date.UTC(2026, 5, 2) / 1000
  for (const { role, custom_attributes, created_at } of contacts) {
    assert.equal(role, 'user')
    assert.ok(custom_attributes['vip'] === true || created_at >= juneSecond)
  }
})

test('a day given as a date finds what happened on that day of the workspace’s time zone', async () => {
  const { contact } = await intercom.upsertContact({ email: 'today@example.com' })
  const desk_time = await timezone()
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: desk_time }).format(
    new Date((contact?.created_at ?? 0) * 1000),
  )
  const found = await intercom.searchContacts({
    query_field: 'created_at',
    query_value: today,
    per_page: 150,
  })
  assert.ok(
    found.contacts.some(({ id }) => id === contact?.id),
    `${today} in ${desk_time}`,
  )
})

test('a date means the whole local day also where clocks change: 23 hours in March, 25 in November', async (t) => {
  const own = await createWorkspace({ rateLimit: false })
  t.after(() => own.close())
  const { url, accessToken } = await own.listen()
  const there = createIntercom({ accessToken, baseUrl: url })
  // America/Los_Angeles, the time zone of an empty workspace.
  const days: [string, string, string][] = [
    ['2026-03-08', '2026-03-08T08:00:00Z', '2026-03-09T06:59:59Z'],
    ['2026-11-01', '2026-11-01T07:00:00Z', '2026-11-02T07:59:59Z'],
  ]
  for (const [day, first, last] of days) {
    const at = [Date.parse(first) / 1000 - 1, Date.parse(first) / 1000, Date.parse(last) / 1000]
    for (const second of [...at, Date.parse(last) / 1000 + 1]) {
      own.control.clock.set(second)
      own.control.clock.freeze()
      const { error } = await there.upsertContact({ email: `at${second}@example.com` })
      assert.equal(error, null)
    }
    const emails = async (query_operator: string) => {
      const search = { query_field: 'created_at', query_operator, query_value: day, per_page: 150 }
      return (await there.searchContacts(search)).contacts.map(({ email }) => email).toSorted()
    }
    assert.deepEqual(
      await emails('='),
      at.slice(1).map((second) => `at${second}@example.com`),
    )
    assert.deepEqual((await emails('>')).length, 1)
  }
})

async function timezone(): Promise<string> {
  const headers = { authorization: `Bearer ${desk.accessToken}`, 'intercom-version': '2.12' }
  const response = await fetch(`${desk.url}/me`, { headers })
  return ((await response.json()) as { app: { timezone: string } }).app.timezone
}

test('upsert_contact creates, then updates; a lead becomes a user, a user no lead', async () => {
  const email = 'upsert@example.com'
  const created = await intercom.upsertContact({ email, role: 'lead', name: 'Uma' })
  assert.deepEqual([created.action_type, created.contact?.role], ['created', 'lead'])
  const updated = await intercom.upsertContact({ email, role: 'user', custom_attributes: { seats: 0 } })
  assert.deepEqual(
    [
      updated.action_type,
      updated.contact?.id,
      updated.contact?.role,
      updated.contact?.custom_attributes['seats'],
    ],
    ['updated', created.contact?.id, 'user', 0],
  )
  const back = await intercom.upsertContact({ email, role: 'lead' })
  assert.match(String(back.error), /A user cannot become a lead/)
})

test('upsert_contact brings an archived contact back instead of making a twin', async () => {
  const email = 'archived@example.com'
  const { contact } = await intercom.upsertContact({ email })
  const headers = { authorization: `Bearer ${desk.accessToken}`, 'intercom-version': '2.12' }
  await fetch(`${desk.url}/contacts/${contact?.id}/archive`, { method: 'POST', headers })
  const again = await intercom.upsertContact({ email, name: 'Back' })
  assert.deepEqual(
    [again.action_type, again.contact?.id, again.contact?.name],
    ['updated', contact?.id, 'Back'],
  )
})

test('create_note and add_tag_to_contact leave their marks on the contact', async () => {
  const { id } = await somebody('user')
  const note = await intercom.createNote({ contact_id: id, body: 'Called <b>twice</b>' })
  assert.match(String(note.result?.body), /Called <b>twice<\/b>/)
  assert.equal(note.result?.contact?.id, id)
  const { result: tags } = await intercom.listTags()
  assert.equal(tags?.data.length, 12)
  const tag = tags?.data.at(-1)
  for (const _ of ['once', 'twice']) {
    const { result } = await intercom.addTagToContact({ contact_id: id, tag_id: tag?.id ?? '' })
    assert.equal(result?.name, tag?.name)
  }
  const { error } = await intercom.addTagToContact({ contact_id: id, tag_id: '999999' })
  assert.match(String(error), /^add_tag_to_contact: 404 not_found.*list_tags\.$/)
})

test('send_incoming_message works for users and leads and gives both ids', async () => {
  for (const role of ['user', 'lead'] as const) {
    const { id } = await somebody(role)
    const { result } = await intercom.sendIncomingMessage({ contact_id: id, body: 'Is anybody there?' })
    assert.ok(result?.id && result.conversation_id && result.id !== result.conversation_id)
    const { result: conversation } = await intercom.getConversation({
      conversation_id: result.conversation_id,
    })
    assert.deepEqual([conversation?.source?.author.type, conversation?.state], [role, 'open'])
  }
})

test('reply_to_conversation: admin comment, admin note and the contact’s own reply', async () => {
  const contact = await somebody('lead')
  const admin = await anAdmin()
  const { result } = await intercom.sendIncomingMessage({ contact_id: contact.id, body: 'Help' })
  const conversation_id = result?.conversation_id ?? ''
  const byAdmin = { conversation_id, reply_type: 'admin', admin_id: admin.id } as const
  await intercom.replyToConversation({ ...byAdmin, body: 'On it' })
  await intercom.replyToConversation({ ...byAdmin, body: 'Ask Bo', message_type: 'note' })
  const last = await intercom.replyToConversation({
    conversation_id,
    reply_type: 'user',
    intercom_user_id: contact.id,
    body: 'Thanks',
    attachment_urls: ['https://example.com/thanks.png'],
  })
  const said = last.result?.conversation_parts.conversation_parts.filter(({ body }) => body !== null) ?? []
  assert.deepEqual(
    said.map(({ part_type, body, author }) => [part_type, body, author.type]),
    [
      ['comment', '<p>On it</p>', 'admin'],
      ['note', '<p>Ask Bo</p>', 'admin'],
      ['comment', '<p>Thanks</p>', 'lead'],
    ],
  )
  assert.equal(said.at(-1)?.attachments.length, 1)
  const unknown = await intercom.replyToConversation({ ...byAdmin, admin_id: '1', body: 'x' })
  assert.match(String(unknown.error), /404.*list_admins/)
})

test('send_message_to_contact sends in-app and e-mail; the wrong role is named', async () => {
  const admin = await anAdmin()
  const user = await somebody('user')
  const to = { from_admin_id: admin.id, to_contact_id: user.id, body: '<b>Hi</b>' }
  const inApp = await intercom.sendMessageToContact({ ...to, subject: '' })
  assert.deepEqual(
    [inApp.error, inApp.result?.type, inApp.result?.message_type],
    [null, 'admin_message', 'inapp'],
  )
  const mail = await intercom.sendMessageToContact({
    ...to,
    subject: 'Hello',
    message_type: 'email',
    template: 'plain',
  })
  assert.deepEqual([mail.error, mail.result?.message_type], [null, 'email'])
  const { error } = await intercom.sendMessageToContact({ ...to, subject: '', to_type: 'lead' })
  assert.match(String(error), /repeat with to_type "user"/)
})

test('list_conversations and search_conversations agree, page by page', async () => {
  const listed: string[] = []
  let starting_after: string | undefined
  do {
    const page = await intercom.listConversations({
      per_page: 150,
      ...(starting_after === undefined ? {} : { starting_after }),
    })
    assert.equal(page.error, null)
    listed.push(...page.conversations.map(({ id }) => id))
    starting_after = page.pages?.next?.starting_after
  } while (starting_after !== undefined)
  const open = await intercom.searchConversations({ query_value: '2020-01-01', per_page: 1 })
  assert.equal(open.total_count, listed.length)
  assert.equal(new Set(listed).size, listed.length)
  const closed = await intercom.searchConversations({
    query_field: 'state',
    query_operator: '=',
    query_value: 'closed',
  })
  assert.ok(closed.total_count > 0)
  for (const { state } of closed.conversations) assert.equal(state, 'closed')
})

test('a wrong cursor is an error, not an empty page', async () => {
  const { success, error } = await intercom.listConversations({ starting_after: 'nonsense' })
  assert.equal(success, false)
  assert.match(String(error), /^list_conversations: 400 /)
})

test('each action has been run against the description', () => {
  const paths = new Set(
    desk.exchanges.map(({ method, path }) => `${method} ${path.replace(/[0-9a-f]{24}|\d{5,}/, '{id}')}`),
  )
  assert.ok(paths.size >= actions.length, [...paths].join(', '))
})
