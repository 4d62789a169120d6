import assert from 'node:assert/strict'
import { test } from 'node:test'
import { searchContacts } from '../search-contacts.ts'
import { searchConversations } from '../search-conversations.ts'

type Search = 'contacts' | 'conversations'

const inputs = { contacts: searchContacts.input, conversations: searchConversations.input }

/** The query of an input, or its problem. */
function checked(search: Search, input: Record<string, unknown>): unknown {
  const parsed = inputs[search].safeParse(input)
  if (parsed.success) return parsed.data.query
  const [issue] = parsed.error.issues
  return `${issue?.path.join('.')} ${issue?.message}`
}

/** One value by itself, in a list, in a filter and in a group of a group: the check is the same. */
function everywhere(search: Search, field: string, value: string): [where: string, outcome: unknown][] {
  const filter = { field, operator: '=', value }
  const nested = (operator: string, ...filters: object[]) => ({
    query_operator: operator,
    query_value: JSON.stringify(filters),
  })
  const list = { query_operator: 'IN', query_value: JSON.stringify([value]) }
  const inputs: [string, Record<string, unknown>][] = [
    ['alone', { query_field: field, query_operator: '=', query_value: value }],
    ['not', { query_field: field, query_operator: '!=', query_value: value }],
    ['in AND', nested('AND', filter)],
    ['in OR of AND', nested('AND', { operator: 'OR', value: [filter] })],
    ...(field === 'tag_id'
      ? []
      : [['in a list', { query_field: field, ...list }] satisfies [string, object]]),
  ]
  return inputs.map(([where, input]) => [where, checked(search, input)])
}

const id = '6762f0dd1bb69f9f2193bb83'
const refused: [search: Search, field: string, value: string, problem: RegExp][] = [
  // An id of another kind, a name or an address.
  ['contacts', 'tag_id', 'VIP', /takes a tag's id \(digits\); list_tags finds it/],
  ['contacts', 'tag_id', id, /takes a tag's id/],
  [
    'contacts',
    'id',
    'ada@x.example',
    /takes a contact's id \(24 hexadecimal digits\); search_contacts finds it/,
  ],
  ['contacts', 'segment_id', 'Active', /takes a segment's id/],
  ['contacts', 'owner_id', 'Ada', /takes a teammate's id \(digits\); list_admins finds it/],
  ['contacts', 'owner_id', 'ada@x.example', /list_admins/],
  ['conversations', 'contact_ids', 'ada@x.example', /takes a contact's id/],
  ['conversations', 'contact_ids', 'user-42', /takes a contact's id/],
  ['conversations', 'contact_ids', '215474207000299', /takes a contact's id/],
  ['conversations', 'contact_ids', `${id}a`, /takes a contact's id/],
  ['conversations', 'contact_ids', `${id},${id}`, /; several go with query_operator "IN"/],
  ['conversations', 'conversation_rating.contact_id', 'Ada', /takes a contact's id/],
  ['conversations', 'tag_ids', 'Refund', /list_tags/],
  ['conversations', 'admin_assignee_id', 'Ada Admin', /list_admins/],
  ['conversations', 'teammate_ids', 'Ada', /list_admins/],
  ['conversations', 'team_assignee_id', 'Billing', /takes a team's id \(digits\)/],
  ['conversations', 'statistics.last_closed_by_id', 'Ada', /list_admins/],
  ['conversations', 'conversation_rating.admin_id', 'Ada', /list_admins/],
  ['conversations', 'source.author.id', 'ada@x.example', /takes the id of a contact or a teammate/],
  ['conversations', 'id', id, /takes a conversation's id \(digits\)/],
  // Words that do not exist.
  ['contacts', 'role', 'customer', /takes user or lead/],
  ['contacts', 'role', 'users', /takes user or lead\. Did you mean "user"\?/],
  ['conversations', 'state', 'opens', /takes open, closed or snoozed\. Did you mean "open"\?/],
  ['conversations', 'state', 'resolved', /takes open, closed or snoozed$/],
  ['conversations', 'priority', 'high', /takes priority or not_priority/],
  ['conversations', 'source.type', 'chat', /takes conversation, email, /],
  ['conversations', 'source.author.type', 'customer', /takes user, lead, contact, /],
  ['conversations', 'source.delivered_as', 'customer', /takes customer_initiated, /],
  ['conversations', 'open', 'yes', /takes true or false/],
  ['conversations', 'open', 'open', /takes true or false/],
  ['contacts', 'has_hard_bounced', '1', /takes true or false/],
  // Marks around a value.
  ['contacts', 'email', '"ada@x.example"', /is in quotes; write ada@x\.example$/],
  ['contacts', 'name', "'Ada'", /is in quotes; write Ada$/],
  ['contacts', 'name', '“Ada Lovelace”', /is in quotes; write Ada Lovelace$/],
  ['contacts', 'external_id', '\\"42\\"', /is in quotes; write 42$/],
  ['conversations', 'state', '`open`', /is in quotes; write open$/],
  ['conversations', 'open', '"true"', /is in quotes; write true$/],
  ['conversations', 'created_at', '"2026-01-31"', /is in quotes; write 2026-01-31$/],
  ['contacts', 'custom_attributes.plan', '"Pro"', /is in quotes; write Pro$/],
  ['contacts', 'email', 'mailto:ada@x.example', /write ada@x\.example$/],
  ['contacts', 'email', 'Ada <ada@x.example>', /write ada@x\.example$/],
  ['contacts', 'email', 'ada@x.example.', /write ada@x\.example$/],
  ['contacts', 'email', 'a\u200bda@x.example', /write ada@x\.example$/],
  ['contacts', 'email', 'ada＠x.example', /write ada@x\.example$/],
  ['conversations', 'source.author.email', '<ada@x.example>', /write ada@x\.example$/],
  ['contacts', 'email_domain', 'ada@x.example', /takes what follows the @; write x\.example$/],
  ['contacts', 'email_domain', '@x.example', /write x\.example$/],
  ['contacts', 'external_id', 'A\u200b-1', /write A-1$/],
  ['contacts', 'phone', '+49\u202c 30', /write \+49 30$/],
  // A query, a list or nothing where one value goes.
  [
    'contacts',
    'email',
    '{"field":"email","operator":"=","value":"ada@x.example"}',
    /is a whole query; .* "AND" or "OR"/,
  ],
  ['contacts', 'email', '[{"field":"role","operator":"=","value":"lead"}]', /is a whole query/],
  ['contacts', 'name', '{"name":"Ada"}', /is a whole query/],
  ['conversations', 'state', '["open","closed"]', /is a list; lists go with query_operator "IN" or "NIN"/],
  ['contacts', 'email', 'email: ada@x.example', /repeats the field; write ada@x\.example/],
  ['conversations', 'state', 'state = open', /repeats the field; write open/],
  ['contacts', 'name', '', /is empty; to find what is unset|without empty items/],
  ['contacts', 'email', ' \n', /is empty/],
  ['contacts', 'custom_attributes.plan', '\u200b', /is empty/],
  ['contacts', 'external_id', 'undefined', /a missing value; to find what is unset/],
  ['contacts', 'email', 'null', /a missing value/],
  ['contacts', 'name', '[object Object]', /a missing value/],
  ['contacts', 'external_id', '{{ $json.id }}', /a missing value/],
  ['contacts', 'phone', '$' + '{phone}', /a missing value/],
]
for (const [search, field, value, problem] of refused) {
  test(`${search}: ${field} = ${JSON.stringify(value)} would find nothing: refused, wherever it stands`, () => {
    for (const [where, outcome] of everywhere(search, field, value)) {
      assert.equal(typeof outcome, 'string', `${where}: ${JSON.stringify(outcome)}`)
      assert.match(String(outcome), problem, where)
    }
  })
}

const taken: [search: Search, field: string, value: string, sent: unknown][] = [
  ['contacts', 'tag_id', ' 42\n', '42'],
  ['contacts', 'id', `\t${id} `, id],
  ['contacts', 'owner_id', '42', 42],
  ['contacts', 'role', 'Lead', 'lead'],
  ['contacts', 'email', 'ada@x.example\r\n', 'ada@x.example'],
  ['contacts', 'email', 'jose\u0301@x.example', 'jos\u00e9@x.example'],
  ['contacts', 'email', 'Marta', 'Marta'], // Intercom searches it; the answer says what was searched
  ['contacts', 'name', ' Marta ', 'Marta'],
  ['contacts', 'name', '"Weird Al" Yankovic', '"Weird Al" Yankovic'],
  ['contacts', 'name', "O'Brien", "O'Brien"],
  ['contacts', 'name', '[x]', '[x]'],
  ['contacts', 'external_id', 'user-42', 'user-42'],
  ['contacts', 'custom_attributes.code', ' 007 ', '007'],
  ['conversations', 'contact_ids', id, id],
  ['conversations', 'state', 'OPEN', 'open'],
  ['conversations', 'open', 'True', true],
  ['conversations', 'source.author.id', '42', '42'],
  ['conversations', 'source.author.id', id, id],
  ['conversations', 'source.id', '403918396', '403918396'],
]
for (const [search, field, value, sent] of taken) {
  test(`${search}: ${field} = ${JSON.stringify(value)} is sent as ${JSON.stringify(sent)}`, () => {
    const leaves = (query: { value: unknown }): unknown[] =>
      [query.value]
        .flat()
        .flatMap((one) => (one instanceof Object ? leaves(one as { value: unknown }) : [one]))
    for (const [where, outcome] of everywhere(search, field, value)) {
      assert.notEqual(typeof outcome, 'string', `${where}: ${outcome}`)
      assert.deepEqual(leaves(outcome as { value: unknown }), [sent], where)
    }
  })
}

test('an id in a filter may be a number, unless it may have been rounded', () => {
  const filter = (value: number) => ({
    query_operator: 'AND',
    query_value: JSON.stringify([{ field: 'tag_ids', operator: '=', value }]),
  })
  assert.deepEqual(checked('conversations', filter(42)), {
    operator: 'AND',
    value: [{ field: 'tag_ids', operator: '=', value: '42' }],
  })
  assert.match(String(checked('conversations', filter(2 ** 53))), /takes text/)
})

test('a number stands for its digits in a field of text; no address is a number', () => {
  const list = (query_field: string, query_operator = 'IN') =>
    checked('contacts', { query_field, query_operator, query_value: '[123,"a"]' })
  for (const field of ['phone', 'external_id', 'name'])
    assert.deepEqual(list(field), { field, operator: 'IN', value: ['123', 'a'] })
  for (const field of ['email', 'email_domain']) assert.match(String(list(field)), /takes text/)
})

test('several addresses in one text, and a domain for an address, are told how to search', () => {
  const problem = (query_value: string) => String(checked('contacts', { query_value }))
  for (const text of ['a@x.example,b@x.example', 'a@x.example; b@x.example', 'a@x.example b@x.example'])
    assert.match(problem(text), /takes one e-mail address; several go with query_operator "IN"/)
  assert.match(problem('@x.example'), /for all of a domain use query_operator "\$"/)
})

test('a body is searched for any word, also for one that programs write', () => {
  for (const value of ['null', 'undefined']) {
    const field = 'source.body'
    assert.deepEqual(
      checked('conversations', { query_field: field, query_operator: '=', query_value: value }),
      {
        field,
        operator: '=',
        value,
      },
    )
  }
})

test('a part of a value may be anything', () => {
  const part = (query_operator: string, query_value: string) =>
    checked('conversations', { query_field: 'state', query_operator, query_value })
  for (const [operator, value] of [
    ['~', 'pen'],
    ['^', 'op'],
    ['$', 'ed'],
    ['!~', 'null'],
  ] as const) {
    assert.deepEqual(part(operator, ` ${value} `), { field: 'state', operator, value })
  }
  assert.match(String(part('~', '"pen"')), /is in quotes; write pen/)
})

test('text that is long or hostile is checked in linear time', () => {
  const from = process.cpuUsage()
  for (const text of [
    ' '.repeat(1e6),
    '"'.repeat(1e6),
    `"${'\\'.repeat(1e6)}`,
    '{'.repeat(1e6),
    `state${' '.repeat(1e6)}`,
  ]) {
    checked('conversations', { query_field: 'source.subject', query_operator: '~', query_value: text })
    checked('conversations', { query_field: 'state', query_operator: '=', query_value: text })
  }
  const { user } = process.cpuUsage(from)
  assert.ok(user < 10_000_000, `${user} µs`)
})
