// What a person sees of each call that needs one, against the local Intercom and against odd answers.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { catalogue } from '../../src/actions/toolsets.ts'
import type { Preview } from '../../src/core/preview.ts'
import { createIntercom, type Intercom } from '../../src/index.ts'
import { createWorkspace, type Workspace } from '../../src/workspace/index.ts'
import { actionExamples } from '../support/action-examples.ts'
import { type ToolsetSubjects, toolsetExamples, toolsetSubjects } from '../support/toolset-examples.ts'

let workspace: Workspace
let intercom: Intercom<'all'>
let of: ToolsetSubjects
before(async () => {
  workspace = await createWorkspace({ seed: 20 })
  const { accessToken, dispatcher } = workspace
  intercom = createIntercom({ accessToken, dispatcher, toolsets: ['all'] })
  of = await toolsetSubjects(intercom)
})
after(() => workspace.close())

const examples = { ...actionExamples, ...toolsetExamples } as Record<
  string,
  (of: ToolsetSubjects) => Record<string, unknown>
>
const inputOf = (name: string) => examples[name]?.(of) ?? {}
const grave = catalogue.filter(({ effect, destructive }) => effect === 'send' || destructive)
const isRead = ({ method, path }: { method: string; path: string }) =>
  method === 'GET' || path.split('?')[0]?.endsWith('/search')

async function previewOf(name: string, input: object): Promise<Preview> {
  const { preview, failure } = await intercom.preview(name, input)
  assert.deepEqual(failure, null, name)
  assert.ok(preview)
  return preview
}

test('every action that needs a person says what they have to see, in at most five reads', async () => {
  for (const { name, preview } of grave) {
    assert.ok(preview, name)
    const before = workspace.control.requests(1000).length
    const { to, from, conversation } = await previewOf(name, inputOf(name))
    assert.ok(to.length > 0 || from || conversation || name === 'publish_article', name)
    const made = workspace.control.requests(1000).length - before
    const newest = workspace.control.requests(1000).slice(0, made)
    assert.ok(made >= 1 && made <= 5, `${name}: ${made}`)
    assert.ok(newest.every(isRead), name)
  }
})

test('an action without a preview of its own shows the contact, conversation or ticket that it names', async () => {
  for (const { name, effect } of catalogue) {
    const input = inputOf(name)
    if (effect === 'read' || name === 'archive_contact') continue
    const { to, conversation, text, textParameter } = await previewOf(name, input)
    if (typeof input['contact_id'] === 'string' && name !== 'send_incoming_message')
      assert.equal(to[0]?.id, input['contact_id'], name)
    if (typeof input['conversation_id'] === 'string')
      assert.equal(conversation?.id, input['conversation_id'], name)
    if (typeof input['ticket_id'] === 'string') assert.equal(conversation?.id, input['ticket_id'], name)
    if (typeof input['body'] === 'string')
      assert.deepEqual([text, textParameter], [input['body'], 'body'], name)
  }
})

const nobody = 'f'.repeat(24)
for (const [name, change, said] of [
  ['reply_to_conversation', { conversation_id: '999999999' }, /search_conversations/],
  ['reply_to_conversation', { admin_id: '999' }, /list_admins/],
  [
    'reply_to_conversation',
    { reply_type: 'user', admin_id: undefined, intercom_user_id: nobody },
    /search_contacts/,
  ],
  ['send_message_to_contact', { to_contact_id: nobody }, /search_contacts/],
  ['send_message_to_contact', { from_admin_id: '999' }, /list_admins/],
  ['send_message_to_contact', { to_type: 'lead' }, /to_type "user"/],
  ['send_incoming_message', { contact_id: nobody }, /search_contacts/],
  ['reply_to_ticket', { ticket_id: '999999999' }, /search_tickets/],
  ['create_ticket', { contact_id: nobody }, /search_contacts/],
  ['create_ticket', { ticket_type_id: '999' }, /list_ticket_types/],
  ['create_ticket', { attributes: { nothing: 1 } }, /nothing/],
  ['create_ticket', { contact_id: undefined, conversation_id: '999999999' }, /search_conversations/],
  ['update_ticket_state', { ticket_id: '999999999' }, /search_tickets/],
  ['update_ticket_state', { state: 'nowhere' }, /no state of the ticket type/],
  ['publish_article', { article_id: '999999999' }, /search_articles/],
  ['delete_contact', { contact_id: nobody }, /Nobody can be asked/],
  ['merge_contacts', { from_contact_id: nobody }, /search_contacts/],
  ['reply_to_conversation', { body: '<script>' }, /would vanish/],
  ['create_note', { contact_id: nobody }, /search_contacts/],
] as [string, object, RegExp][])
  test(`nobody is asked about ${name} with ${JSON.stringify(change)}`, async () => {
    const { preview, ...result } = await intercom.preview(name, { ...inputOf(name), ...change })
    assert.equal(preview, null)
    assert.ok('output' in result)
    assert.match(String(result.output.error), said)
    assert.match(String(result.output.error), /Nothing was/)
    assert.deepEqual([result.output.success, result.failure.outcome], [false, 'not_sent'])
  })

test('a merge the wrong way round, and a user who is merged, ask nobody', async () => {
  for (const [from_contact_id, into_contact_id] of [
    [of.contact, of.lead],
    [of.lead, of.lead],
  ]) {
    const { preview, ...rest } = await intercom.preview('merge_contacts', {
      from_contact_id,
      into_contact_id,
    })
    assert.ok(preview === null && 'output' in rest)
  }
})

test('a reply shows whom it reaches, where, what was said last, and what the customer will read', async () => {
  const { contact } = await intercom.upsertContact({ email: 'ann@shop.test', name: 'Ann & Co' })
  const id = String(contact?.id)
  await intercom.updateContact({ contact_id: id, unsubscribed_from_emails: true })
  const { result } = await intercom.sendIncomingMessage({ contact_id: id, body: 'One <b>two' })
  const conversation_id = String(result?.conversation_id)
  const admin = { conversation_id, reply_type: 'admin', admin_id: of.admin } as const
  await intercom.replyToConversation({ ...admin, body: '<p>Three</p><p>four</p>' })
  await intercom.replyToConversation({ ...admin, message_type: 'note', body: 'Five' })
  await intercom.closeConversation({ conversation_id })
  const body = '<p>Dear Ann,</p><p>pay <a href="https://pay.test/1">here</a> &amp; now</p>'
  const preview = await previewOf('reply_to_conversation', {
    ...admin,
    body,
    attachment_urls: ['https://a.test/x.png'],
  })
  const [to] = preview.to
  assert.deepEqual([to?.id, to?.name, to?.email, to?.role], [id, 'Ann & Co', 'ann@shop.test', 'user'])
  assert.match(String(to?.warnings), /unsubscribed/)
  assert.equal(preview.from?.id, of.admin)
  assert.ok(preview.from?.name && preview.from.email)
  assert.equal(preview.conversation?.state, 'closed')
  assert.deepEqual(
    preview.conversation?.last.map(({ by, kind, text, note }) => [by, kind, text, note]),
    [
      ['Ann & Co', 'user', 'One <b>two', false],
      [preview.from?.name, 'admin', 'Three\nfour', false],
      [preview.from?.name, 'admin', 'Five', true],
    ],
  )
  assert.deepEqual(
    [preview.text, preview.shown, preview.textParameter],
    [body, 'Dear Ann,\npay here (https://pay.test/1) & now', 'body'],
  )
  assert.deepEqual(preview.attachments, ['https://a.test/x.png'])
  assert.match(preview.notes.join(' '), /closed: the reply may open it again/)
  const note = await previewOf('reply_to_conversation', { ...admin, body: 'Hm', message_type: 'note' })
  assert.deepEqual(
    [note.to, note.channel, note.shown, note.notes],
    [[], 'internal note, for teammates only', null, []],
  )
  const asUser = { conversation_id, reply_type: 'user', intercom_user_id: id, body: 'Hi' }
  const user = await previewOf('reply_to_conversation', asUser)
  assert.deepEqual([user.to, user.from?.type, user.from?.name], [[], 'contact', 'Ann & Co'])
})

test('a message shows who else has the e-mail, the company, and what may keep it from arriving', async () => {
  const { contact } = await intercom.upsertContact({ email: 'bob@shop.test', name: 'Bob' })
  const to_contact_id = String(contact?.id)
  const headers = { Authorization: `Bearer ${workspace.accessToken}`, 'Content-Type': 'application/json' }
  const body = JSON.stringify({ role: 'lead', email: 'bob@shop.test' })
  const made = await workspace.fetch(new Request('http://local/contacts', { method: 'POST', headers, body }))
  const { id: twin } = (await made.json()) as { id: string }
  await intercom.addContactToCompany({ contact_id: to_contact_id, id: of.company })
  const given = {
    from_admin_id: of.admin,
    to_contact_id,
    message_type: 'email',
    subject: 'An "offer"',
    body: 'Hello',
  }
  const { to, channel, notes, shown } = await previewOf('send_message_to_contact', given)
  assert.ok(to[0]?.company)
  assert.deepEqual(to[0].warnings, [`others have the same e-mail: ${twin} (lead)`])
  assert.deepEqual([channel, notes, shown], ['new e-mail', ['The subject is "An \\"offer\\"".'], null])
  await intercom.updateContact({ contact_id: to_contact_id, clear: ['name'] })
  const lead = { ...given, to_contact_id: of.lead, to_type: 'lead' }
  const { to: leads } = await previewOf('send_message_to_contact', lead)
  assert.equal(leads[0]?.role, 'lead')
})

test('an article that goes live is shown whole, a new ticket with its title, and what a text hides is told', async () => {
  const written = { title: 'How to wait', author_id: of.admin, body: '<p>Be patient</p>' }
  const article_id = String((await intercom.createArticle(written)).result?.id)
  const { preview, ...refused } = await intercom.preview('publish_article', { article_id })
  assert.equal(preview, null, 'what a person sees of a draft must be what goes live')
  assert.match(JSON.stringify(refused), /give its title, body too.*Nothing was published/)
  const { title, body: text } = written
  const draft = await previewOf('publish_article', { article_id, title, body: text })
  assert.deepEqual([draft.text, draft.textParameter], [text, 'body'])
  await intercom.publishArticle({ article_id })
  const article = await previewOf('publish_article', { article_id, title: 'How to pay' })
  assert.match(String(article.text), /Be patient/)
  assert.equal(article.textParameter, null)
  const ticket = await previewOf('create_ticket', { ...inputOf('create_ticket'), title: 'Late' })
  assert.match(ticket.notes.join(' '), /The title is "Late"\./)
  const body = '<p>Hello</p><svg><p>pay here</p></svg>'
  const { shown } = await previewOf('send_message_to_contact', {
    ...inputOf('send_message_to_contact'),
    body,
  })
  assert.equal(shown, 'Hello\n[15 characters of HTML left out here: comments and the like]')
})
