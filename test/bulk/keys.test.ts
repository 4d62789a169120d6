// Which rows of a job go one after another: those that write to one thing, whatever else they say.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionNamed, catalogue } from '../../src/actions/toolsets.ts'
import { keysOf } from '../../src/bulk/send.ts'
import { parsedInput } from '../../src/core/run.ts'

const contact_id = 'c'.repeat(24)
const author = { reply_type: 'admin', admin_id: '9' }

/** Of each action that writes: an input, and the parameters that name what it writes to. */
const writes: Record<string, [input: Record<string, unknown>, named: string[]]> = {
  upsert_contact: [
    { email: 'ada@example.com', name: 'Ada', external_id: 'x7', phone: '+3531555' },
    ['email', 'external_id'],
  ],
  create_note: [{ contact_id, body: 'Hello' }, ['contact_id']],
  add_tag_to_contact: [{ contact_id, tag_id: '7' }, ['contact_id']],
  send_incoming_message: [{ contact_id, body: 'Hello' }, ['contact_id']],
  send_message_to_contact: [
    { from_admin_id: '9', to_contact_id: contact_id, subject: 'S', body: 'Hello' },
    ['to_contact_id'],
  ],
  reply_to_conversation: [{ conversation_id: '5', ...author, body: 'Hello' }, ['conversation_id']],
  close_conversation: [{ conversation_id: '5', admin_id: '9' }, ['conversation_id']],
  open_conversation: [{ conversation_id: '5', admin_id: '9' }, ['conversation_id']],
  snooze_conversation: [{ conversation_id: '5', snoozed_until: '4000000000' }, ['conversation_id']],
  assign_conversation: [
    { conversation_id: '5', assignee_type: 'admin', assignee_id: '7' },
    ['conversation_id'],
  ],
  add_tag_to_conversation: [{ conversation_id: '5', tag_id: '7' }, ['conversation_id']],
  remove_tag_from_conversation: [{ conversation_id: '5', tag_id: '7' }, ['conversation_id']],
  update_conversation: [{ conversation_id: '5', custom_attributes: { a: 1 } }, ['conversation_id']],
  update_contact: [{ contact_id, name: 'Ada' }, ['contact_id']],
  archive_contact: [{ contact_id, archived: true }, ['contact_id']],
  delete_contact: [{ contact_id }, ['contact_id']],
  merge_contacts: [{ from_contact_id: 'l', into_contact_id: 'u' }, ['from_contact_id', 'into_contact_id']],
  remove_tag_from_contact: [{ contact_id, tag_id: '7' }, ['contact_id']],
  upsert_tag: [{ name: 'refund' }, ['name']],
  update_subscription: [{ contact_id, subscription_id: '7', consent: 'opt_in' }, ['contact_id']],
  upsert_company: [{ company_id: 'c1', name: 'Ltd', size: 4 }, ['company_id']],
  add_contact_to_company: [{ contact_id, id: '7' }, ['contact_id']],
  remove_contact_from_company: [{ contact_id, id: '7' }, ['contact_id']],
  create_ticket: [{ ticket_type_id: '1', contact_id, title: 'A' }, ['contact_id']],
  reply_to_ticket: [{ ticket_id: '5', ...author, body: 'Hello' }, ['ticket_id']],
  update_ticket: [{ ticket_id: '5', title: 'A' }, ['ticket_id']],
  update_ticket_state: [{ ticket_id: '5', state: 'resolved' }, ['ticket_id']],
  create_article: [{ title: 'A', author_id: '9', body: '<p>B</p>' }, ['title']],
  update_article: [{ article_id: '8', title: 'A' }, ['article_id']],
  publish_article: [{ article_id: '8', title: 'A' }, ['article_id']],
  create_event: [{ contact_id, event_name: 'paid', created_at: '1700000000' }, ['contact_id']],
}

const keys = (name: string, input: object) => {
  const action = actionNamed(name) ?? assert.fail(name)
  return keysOf(action, parsedInput(action, input))
}

for (const [name, [input, named]] of Object.entries(writes))
  test(`${name} goes by ${named.join(' and ')}`, () => {
    const own = keys(name, input)
    for (const parameter of named)
      assert.ok(
        own.some((key) => key.includes(String(input[parameter]))),
        parameter,
      )
    const turned = Object.fromEntries(Object.entries(input).reverse())
    assert.deepEqual(keys(name, turned), own, 'whatever the order')
    for (const [parameter, value] of Object.entries(input)) {
      if (
        typeof value !== 'string' ||
        ['reply_type', 'assignee_type', 'consent', 'state'].includes(parameter)
      )
        continue
      const other = keys(name, { ...input, [parameter]: `1${value}` })
      assert.equal(other.join() === own.join(), !named.includes(parameter), parameter)
    }
  })

test('every action that writes is tried', () => {
  const all = catalogue.filter(({ effect }) => effect !== 'read').map(({ name }) => name)
  assert.deepEqual(Object.keys(writes).sort(), all.sort())
})

test('one thing under two spellings is one thing', () => {
  for (const [name, one, other] of [
    ['upsert_tag', { name: 'Refund' }, { name: 'refund' }],
    ['upsert_contact', { email: 'Ada@example.com' }, { email: 'ada@Example.com' }],
    ['upsert_contact', { email: 'jos\u00e9@example.com' }, { email: 'jose\u0301@example.com' }],
    ['create_ticket', { ticket_type_id: '1', contact_id }, { ticket_type_id: '2', contact_id, title: 'A' }],
  ] as const)
    assert.deepEqual(keys(name, one), keys(name, other))
})
