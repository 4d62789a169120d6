// Two witnesses of what the actions of toolsets send: Intercom's description, and the requests of its own SDK.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { IntercomClient } from 'intercom-client'
import { createIntercom } from '../../src/index.ts'
import { openCheckedWorkspace } from '../support/checked-workspace.ts'
import { officialCalls } from '../support/official-calls.ts'
import { type ToolsetSubjects, toolsetExamples, toolsetSubjects } from '../support/toolset-examples.ts'

// With INTERCOM_OPENAPI every request and every answer is held against the description.
const checked = await openCheckedWorkspace({ seed: 'small', checkRequests: true })
const { url, accessToken, workspace, exchanges } = checked
const intercom = createIntercom({ accessToken, baseUrl: url, toolsets: ['all'] })
const official = new IntercomClient({ environment: url, token: accessToken, version: '2.12', maxRetries: 0 })
const of = await toolsetSubjects(intercom)
const me = String((await official.admins.identify())?.id)
workspace.control.snapshot('start')
after(async () => {
  await intercom.close()
  await checked.close()
})

/** The last request that some calls make of the same start: the one they are made for. */
async function lastRequest(calls: () => Promise<unknown>) {
  workspace.control.restore('start')
  const before = exchanges.length
  await calls()
  assert.ok(exchanges.length > before)
  const { method, path, query, body, status } = exchanges.at(-1) ?? assert.fail()
  return { method, path, query, body, status }
}

for (const [name, example] of Object.entries(toolsetExamples) as [string, (of: ToolsetSubjects) => object][])
  test(`${name} sends what Intercom's SDK sends`, async () => {
    const input = example(of)
    const ours = await lastRequest(async () => {
      const { success, error } = await intercom.run(name, input)
      assert.deepEqual([success, error], [true, null])
    })
    const theirs = await lastRequest(async () => officialCalls[name]?.(official, { ...of, me }))
    assert.deepEqual(ours, theirs)
  })

/** Calls with what the examples leave out. */
const more: [name: string, input: (of: ToolsetSubjects) => object][] = [
  [
    'assign_conversation',
    ({ conversation: conversation_id, admin }) => ({
      conversation_id,
      assignee_type: 'admin',
      assignee_id: admin,
    }),
  ],
  [
    'assign_conversation',
    ({ conversation: conversation_id, admin: admin_id }) => ({
      conversation_id,
      assignee_type: 'admin',
      assignee_id: '0',
      admin_id,
    }),
  ],
  ['archive_contact', ({ contact: contact_id }) => ({ contact_id, archived: false })],
  [
    'update_contact',
    ({ contact: contact_id }) => ({
      contact_id,
      email: 'new@example.test',
      phone: '+4915123456',
      external_id: 'n-1',
      unsubscribed_from_emails: true,
      clear: ['name', 'custom_attributes.plan'],
    }),
  ],
  ['list_contact_notes', ({ contact: contact_id }) => ({ contact_id, page: 2 })],
  ['list_segments', ({ contact: contact_id }) => ({ contact_id })],
  ['list_attributes', () => ({ model: 'company', include_standard: true })],
  ['list_subscriptions', ({ contact: contact_id }) => ({ contact_id })],
  ['list_companies', ({ contact: contact_id }) => ({ contact_id })],
  ['list_companies', ({ tag: tag_id }) => ({ tag_id })],
  ['list_companies', () => ({ per_page: 500, page: 2 })],
  [
    'upsert_company',
    () => ({
      company_id: 'matrix-2',
      name: 'Two',
      plan: 'pro',
      size: 5,
      website: 'https://two.example',
      industry: 'Bicycles',
    }),
  ],
  [
    'create_event',
    ({ contact: contact_id }) => ({
      contact_id,
      event_name: 'paid',
      created_at: '2026-02-01T09:00:00Z',
      metadata: { plan: 'pro' },
    }),
  ],
  ['list_events', ({ contact: contact_id }) => ({ contact_id, summary: true })],
  ['list_events', ({ contact: contact_id }) => ({ contact_id, per_page: 5, before: '1760000000000' })],
  ['search_articles', () => ({ state: 'draft' })],
  ['search_articles', () => ({ page: 2 })],
  [
    'update_article',
    ({ draft: article_id, admin: author_id }) => ({
      article_id,
      body: '<p>New</p>',
      description: 'New',
      author_id,
    }),
  ],
  [
    'publish_article',
    ({ draft: article_id }) => ({
      article_id,
      state: 'draft',
      title: 'New',
      body: '<p>New</p>',
      description: 'New',
    }),
  ],
  [
    'create_ticket',
    ({ open: conversation_id, ticketType: ticket_type_id }) => ({
      conversation_id,
      ticket_type_id,
      title: 'A',
      description: 'B',
    }),
  ],
  [
    'reply_to_ticket',
    ({ ticket: ticket_id, admin: admin_id }) => ({
      ticket_id,
      reply_type: 'admin',
      message_type: 'note',
      admin_id,
      body: 'Check',
      attachment_urls: ['https://example.com/a.png'],
    }),
  ],
  [
    'reply_to_ticket',
    ({ ticket: ticket_id, contact: intercom_user_id }) => ({
      ticket_id,
      reply_type: 'user',
      intercom_user_id,
      body: 'Thanks',
    }),
  ],
  [
    'update_ticket',
    ({ ticket: ticket_id, team: assignee_id }) => ({
      ticket_id,
      title: 'A',
      description: 'B',
      assignee_id,
      open: true,
      snoozed_until: '2099-02-01T09:00:00Z',
    }),
  ],
  ['update_ticket', ({ ticket: ticket_id }) => ({ ticket_id, assignee_id: '0' })],
]

for (const [name, input] of more)
  test(`${name} ${Object.keys(input(of))} keeps to the description`, async () => {
    const { status } = await lastRequest(async () => {
      const { success, error } = await intercom.run(name as never, input(of))
      assert.deepEqual([success, error], [true, null])
    })
    assert.ok(status < 300)
  })
