// What reading back takes for one's own: only what shows all that was asked for, as far as Intercom shows it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionNamed, catalogue } from '../../src/actions/toolsets.ts'
import { portTo } from '../../src/core/port.ts'
import { IntercomError } from '../../src/errors.ts'

const since = 100
const [me, ann] = [
  { type: 'admin', id: '9' },
  { type: 'admin', id: '5' },
]

/** Of one action: how its thing is read, with what differs, and what the thing is then to a call. */
type Case = {
  action: string
  input: object
  /** Answers by path; `shown` is what the row says. */
  answers(shown: Record<string, unknown>): Record<string, object>
  rows: [shown: Record<string, unknown>, isOwn: boolean][]
}

const part = { id: '7', created_at: since, body: null, author: me }
const conversation = (part_type: string) => (shown: Record<string, unknown>) => {
  const { now = {}, ...rest } = shown
  const parts = { conversation_parts: [{ ...part, part_type, ...rest }] }
  return { '/conversations/5': { type: 'conversation', ...(now as object), conversation_parts: parts } }
}
const handled = { conversation_id: '5', admin_id: '9' }
const until = { snoozed_until: 4_000_000_000 }
const reply = { reply_type: 'admin', message_type: 'comment', admin_id: '9', body: 'Hello' }
const picture = { attachment_urls: ['https://a.example/a.png'] }
const file = [{ type: 'upload', name: 'a.png' }]
const said = { part_type: 'comment', body: '<p>Hello</p>' }
const replies: Case['rows'] = [
  [said, true],
  [{ ...said, attachments: [] }, true],
  [{ ...said, attachments: file }, false],
  [{ ...said, body: '<p>Bye</p>' }, false],
  [{ ...said, part_type: 'note' }, false],
]
const pictured: Case['rows'] = [
  [{ ...said, attachments: file }, true],
  [{ ...said, attachments: [] }, false],
]
const onTicket = (shown: object) => ({
  '/tickets/5': { type: 'ticket', ticket_parts: { ticket_parts: [{ ...part, ...shown }] } },
})
const lead = { id: 'l', role: 'lead', email: 'ada@example.com', created_at: since }
const leads = (shown: object) => ({ '/contacts/search': { data: [{ ...lead, ...shown }] } })
const asked = { title: 'How to pay', author_id: '9', body: '<p>By card.</p>', collection_id: '3' }
const written = { id: '8', created_at: since, author_id: 9, title: 'How to pay', parent_id: 3 }
const typed = {
  id: '1',
  ticket_type_attributes: {
    data: [
      { name: 'seat', data_type: 'integer' },
      { name: 'when', data_type: 'datetime' },
    ],
  },
}
const opened = { ticket_type_id: '1', title: 'Broken', attributes: { seat: 4, when: '2026-02-01T00:00:00Z' } }
const ticket = (shown: object) => ({
  id: '5',
  created_at: since,
  ticket_type: typed,
  ticket_attributes: { _default_title_: 'Broken', seat: 4, when: 1_769_904_000, ...shown },
})
const tickets: Case['rows'] = [
  [{}, true],
  [{ _default_title_: 'Other' }, false],
  [{ seat: 5 }, false],
  [{ seat: undefined }, false],
]

const cases: Case[] = [
  {
    action: 'close_conversation',
    input: handled,
    answers: conversation('close'),
    rows: [
      [{}, true],
      [{ author: ann }, false],
    ],
  },
  {
    action: 'open_conversation',
    input: handled,
    answers: conversation('open'),
    rows: [
      [{}, true],
      [{ author: ann }, false],
    ],
  },
  {
    action: 'snooze_conversation',
    input: { ...handled, ...until },
    answers: conversation('snoozed'),
    rows: [
      [{ now: { state: 'snoozed', ...until } }, true],
      [{ now: { state: 'snoozed', snoozed_until: 4_000_000_001 } }, false],
      [{ now: { state: 'open', ...until } }, false],
    ],
  },
  {
    action: 'assign_conversation',
    input: { ...handled, assignee_type: 'team', assignee_id: '0' },
    answers: conversation('assignment'),
    rows: [
      [{ assigned_to: null, now: { team_assignee_id: null } }, true],
      [{ assigned_to: null, now: { team_assignee_id: 4, admin_assignee_id: null } }, false],
    ],
  },
  {
    action: 'reply_to_conversation',
    input: { conversation_id: '5', ...reply },
    answers: conversation(''),
    rows: replies,
  },
  {
    action: 'reply_to_conversation',
    input: { conversation_id: '5', ...reply, ...picture },
    answers: conversation(''),
    rows: pictured,
  },
  { action: 'reply_to_ticket', input: { ticket_id: '5', ...reply }, answers: onTicket, rows: replies },
  {
    action: 'reply_to_ticket',
    input: { ticket_id: '5', ...reply, ...picture },
    answers: onTicket,
    rows: pictured,
  },
  {
    action: 'create_note',
    input: { contact_id: 'c', body: 'Hello' },
    answers: (shown) => ({
      '/me': me,
      '/contacts/c/notes': {
        data: [{ id: '7', created_at: since, author: me, body: '<p>Hello</p>', ...shown }],
      },
    }),
    rows: [
      [{}, true],
      [{ body: '<p>Bye</p>' }, false],
    ],
  },
  {
    action: 'send_incoming_message',
    input: { contact_id: 'c', body: 'Hello' },
    answers: (shown) => ({
      '/conversations/search': {
        conversations: [
          {
            id: '5',
            created_at: since,
            source: { id: '7', author: { id: 'c' }, body: '<p>Hello</p>', ...shown },
          },
        ],
      },
    }),
    rows: [
      [{}, true],
      [{ body: '<p>Bye</p>' }, false],
    ],
  },
  {
    action: 'upsert_contact',
    input: { email: 'ada@example.com', role: 'lead' },
    answers: leads,
    rows: [[{}, true]],
  },
  {
    action: 'upsert_contact',
    input: {
      email: 'ada@example.com',
      role: 'lead',
      name: 'Ada & Co',
      phone: '+353 1 555',
      unsubscribed_from_emails: true,
      custom_attributes: { seats: 2, city: 'Kiel', since: '2026-02-01' },
    },
    answers: (shown) =>
      leads({
        name: 'Ada &amp; Co',
        phone: '+3531555',
        unsubscribed_from_emails: true,
        custom_attributes: { seats: 2, city: 'Kiel', since: 1_769_904_000 },
        ...shown,
      }),
    rows: [
      [{}, true],
      [{ name: 'Ada' }, false],
      [{ name: null }, false],
      [{ phone: '+3531556' }, false],
      [{ phone: null }, false],
      [{ unsubscribed_from_emails: false }, false],
      [{ custom_attributes: { seats: 3, city: 'Kiel' } }, false],
      [{ custom_attributes: { seats: 2, city: 'Bonn' } }, false],
    ],
  },
  {
    action: 'merge_contacts',
    input: { from_contact_id: 'l', into_contact_id: 'u' },
    answers: (shown) => ({ '/contacts/u': { id: 'u', role: 'user', updated_at: since, ...shown } }),
    rows: [
      [{}, true],
      [{ updated_at: since - 1 }, false],
    ],
  },
  {
    action: 'create_article',
    input: asked,
    answers: (shown) => ({ '/articles': { data: [{ ...written, ...shown }] } }),
    rows: [
      [{}, true],
      [{ body: '<p class="no-margin">By card.</p>' }, true],
      [{ title: ' How to pay ' }, true],
      [{ title: 'How to eat' }, false],
      [{ body: '<p>By bill.</p>' }, false],
      [{ parent_id: 4 }, false],
    ],
  },
  {
    action: 'create_ticket',
    input: { contact_id: 'c', ...opened },
    answers: (shown) => ({ '/tickets/search': { tickets: [ticket(shown)] } }),
    rows: tickets,
  },
  {
    action: 'create_ticket',
    input: { conversation_id: '5', ...opened },
    answers: (shown) => ({ '/conversations/5': { ticket: { id: '5' } }, '/tickets/5': ticket(shown) }),
    rows: tickets,
  },
]

for (const { action, input, answers, rows } of cases)
  for (const [shown, isOwn] of rows)
    test(`${action} takes ${JSON.stringify(shown)} ${isOwn ? 'for its own' : 'for another’s'}`, async () => {
      const known = answers(shown)
      const port = portTo(async ({ path }) => {
        const answer = known[path.encoded.split('?')[0] ?? '']
        if (answer === undefined) throw new IntercomError('none', { code: 'not_found', status: 404 })
        return answer as Record<string, unknown>
      })
      const looked = await actionNamed(action)?.verify?.look(port, input as never, since)
      assert.deepEqual(
        looked?.items.map(({ same }) => same),
        [isOwn],
      )
    })

test('every action that reads back what it may have made is tried', () => {
  const reading = catalogue.filter(({ verify }) => verify !== undefined && verify.proof !== 'none')
  assert.deepEqual(
    reading.map(({ name }) => name).filter((name) => cases.every(({ action }) => action !== name)),
    [],
  )
})
