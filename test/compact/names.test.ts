import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IntercomOptions } from '../../src/index.ts'
import { intercomTools, type ToolOptions } from '../../src/tools/functions.ts'
import { type Received, type Reply, scriptedIntercom } from '../support/scripted-intercom.ts'

const user = { type: 'user', id: 'c1', name: 'Ann Lee', email: 'ann@example.com' }
const conversation = (own: object = {}) => ({
  type: 'conversation',
  id: '9',
  state: 'open',
  created_at: 1_767_225_600,
  updated_at: 1_767_225_600,
  waiting_since: 1_767_229_200,
  source: { body: '<p>First</p>', author: user },
  contacts: { contacts: [{ type: 'contact', id: 'c1' }] },
  ...own,
})
const contact = (own: object = {}) => ({ type: 'contact', id: 'a1', role: 'user', name: 'Ann', ...own })

const lists: Record<string, object> = {
  '/admins': { type: 'admin.list', admins: [{ type: 'admin', id: '7', name: 'Bo Berg' }] },
  '/teams': { type: 'team.list', teams: [{ type: 'team', id: '3', name: 'Billing', admin_ids: [7] }] },
  '/tags': { type: 'list', data: [{ type: 'tag', id: '5', name: 'VIP' }] },
}

async function desk(rows: object, options: IntercomOptions = {}, lookup?: Reply) {
  const answer = ({ path }: Received): Reply => {
    const list = Object.hasOwn(lists, path) ? lists[path] : undefined
    return list === undefined ? { json: rows } : (lookup ?? { json: list })
  }
  const server = await scriptedIntercom(answer, options)
  const asked = () => server.received.filter(({ path }) => Object.hasOwn(lists, path)).map(({ path }) => path)
  const tool = (name: string, input: object, own: ToolOptions = {}) =>
    intercomTools(server.intercom, own).call(name, input)
  return { ...server, asked, tool }
}

const found = (...conversations: object[]) => ({
  conversations,
  total_count: conversations.length,
  pages: {},
})
const search = { query_value: '0' }

test('names stand beside ids of admins, teams and tags, and each list is read once', async () => {
  const assigned = conversation({
    admin_assignee_id: 7,
    team_assignee_id: 3,
    statistics: { last_closed_by_id: '7', last_close_at: 1_767_232_800 },
  })
  const { tool, asked, close } = await desk(found(assigned))
  const [one] = await Promise.all([1, 2, 3].map(() => tool('search_conversations', search)))
  assert.partialDeepStrictEqual(one?.structured['conversations'], [
    {
      admin_assignee_id: 7,
      admin_assignee: 'Bo Berg',
      team_assignee_id: 3,
      team_assignee: 'Billing',
      last_closed_by: 'Bo Berg',
      last_close_at: '2026-01-01T02:00Z',
    },
  ])
  await tool('list_conversations', {})
  assert.deepEqual(asked().sort(), ['/admins', '/teams'])
  await close()
})

test('a contact has its owner and its tags by name', async () => {
  const tags = {
    data: [
      { type: 'tag', id: '5' },
      { type: 'tag', id: '6' },
    ],
    total_count: 2,
  }
  const { tool, close } = await desk({ data: [contact({ owner_id: 7, tags })], total_count: 1, pages: {} })
  const { structured } = await tool('search_contacts', { query_value: 'a@example.com' })
  assert.partialDeepStrictEqual(structured['contacts'], [{ owner: 'Bo Berg', tags: ['VIP (5)', '6'] }])
  await close()
})

for (const [what, rows, input, options] of [
  ['nothing refers to one', found(conversation()), search, {}],
  ['ids are none', found(conversation({ admin_assignee_id: null, team_assignee_id: 0 })), search, {}],
  ['the output is full', found(conversation({ admin_assignee_id: 7 })), search, { output: 'full' }],
  ['the call is refused', found(conversation({ admin_assignee_id: 7 })), { query_value: '' }, {}],
] as const)
  test(`nothing is looked up when ${what}`, async () => {
    const { tool, asked, close } = await desk(rows)
    await tool('search_conversations', input, options)
    assert.deepEqual(asked(), [])
    await close()
  })

for (const lookup of [
  { status: 403, json: { errors: [{ code: 'forbidden', message: 'No' }] } },
  { status: 200, json: { admins: 'none' } },
  { status: 200, json: [] },
] satisfies Reply[])
  test(`a lookup that answers ${lookup.status} ${JSON.stringify(lookup.json)} leaves ids as they are`, async () => {
    const { tool, asked, close } = await desk(found(conversation({ admin_assignee_id: 7 })), {}, lookup)
    const times: number[] = []
    for (const _ of [1, 2]) {
      const { structured, isError } = await tool('search_conversations', search)
      const [row] = structured['conversations'] as Record<string, unknown>[]
      assert.deepEqual([isError, row?.['admin_assignee_id'], row?.['admin_assignee']], [false, 7, undefined])
      times.push(asked().length)
    }
    assert.deepEqual(times, [times[0], times[0]], 'nor is it asked for again at once')
    await close()
  })

test('a policy that offers no list_admins still reads names: they belong to the answer', async () => {
  const { tool, asked, close } = await desk(found(conversation({ admin_assignee_id: 7 })), {
    only: ['search_conversations'],
  })
  const { text } = await tool('search_conversations', search)
  assert.match(text, /admin_assignee "Bo Berg"/)
  assert.deepEqual(asked(), ['/admins'])
  await close()
})

const at = (minutes: number) => 1_767_225_600 + minutes * 60
for (const [what, statistics, expected] of [
  [
    'a customer',
    { last_contact_reply_at: at(9), last_admin_reply_at: at(5) },
    ['customer', '2026-01-01T00:09Z'],
  ],
  [
    'a teammate',
    { last_contact_reply_at: at(1), last_admin_reply_at: at(5) },
    ['teammate', '2026-01-01T00:05Z'],
  ],
  ['only a customer', { last_contact_reply_at: at(1) }, ['customer', '2026-01-01T00:01Z']],
  ['nobody', { last_contact_reply_at: null, last_admin_reply_at: 'x' }, [undefined, undefined]],
] as const)
  test(`who spoke last: ${what}`, async () => {
    const { tool, close } = await desk(
      found(conversation({ statistics: { ...statistics, first_admin_reply_at: at(5) } })),
    )
    const [row] = (await tool('search_conversations', search)).structured['conversations'] as Record<
      string,
      unknown
    >[]
    assert.deepEqual([row?.['last_reply_by'], row?.['last_reply_at']], expected)
    assert.equal(row?.['first_admin_reply_at'], '2026-01-01T00:05Z')
    await close()
  })

for (const rows of [1, 150])
  test(`each of ${rows} conversations has its name, state, waiting_since and what was searched and sorted by`, async () => {
    const statistics = { count_reopens: 4, time_to_admin_reply: 90 }
    const custom_attributes = { Topic: 'Refund', Note: 'x'.repeat(100) }
    const one = conversation({ statistics, custom_attributes, read: false, admin_assignee_id: 7 })
    const { tool, close } = await desk(found(...Array.from({ length: rows }, () => one)))
    const filters = [
      { field: 'custom_attributes.Topic', operator: '=', value: 'Refund' },
      { field: 'read', operator: '=', value: false },
      { field: 'admin_assignee_id', operator: '=', value: 7 },
    ]
    const input = {
      query_operator: 'AND',
      query_value: JSON.stringify(filters),
      sort_field: 'statistics.time_to_admin_reply',
      per_page: 150,
    }
    const { structured, text } = await tool('search_conversations', input)
    const [row] = structured['conversations'] as Record<string, unknown>[]
    assert.partialDeepStrictEqual(row, {
      state: 'open',
      waiting_since: '2026-01-01T01:00Z',
      admin_assignee: 'Bo Berg',
      read: false,
      'statistics.time_to_admin_reply': 90,
    })
    assert.match(String(text.split('\n')[1]), /Ann Lee/)
    assert.match(String(text.split('\n')[1]), /Topic"?\)? \(?"?Refund/)
    await close()
  })

const long = `<p>${'Some words before it. '.repeat(40)}We want a Refund for May.${' And more after it.'.repeat(40)}</p>`
for (const [what, input, shows] of [
  ['a word', { query_field: 'source.body', query_operator: '=', query_value: 'refund' }, true],
  ['part of a word', { query_field: 'source.body', query_operator: '~', query_value: 'efun' }, true],
  ['another field', { query_field: 'state', query_operator: '=', query_value: 'open' }, false],
  [
    'a word it must not hold',
    { query_field: 'source.body', query_operator: '!=', query_value: 'refund' },
    false,
  ],
] as const)
  test(`a search for ${what} shows ${shows ? 'where it stands' : 'the beginning'}`, async () => {
    const { tool, close } = await desk(found(conversation({ source: { body: long, author: user } })))
    const { text } = await tool('search_conversations', input)
    assert.equal(text.includes('a Refund for'), shows)
    assert.equal(text.includes('>Some words before'), !shows)
    assert.match(text, /more characters left out/)
    await close()
  })

test('an excerpt that begins within hidden text is marked as hidden', async () => {
  const body = `<p>Hi</p><p style="display:none">${'word '.repeat(100)}refund the secret ${'more '.repeat(90)}</p>`
  const { tool, close } = await desk(found(conversation({ source: { body, author: user } })))
  const input = { query_field: 'source.body', query_operator: '=', query_value: 'refund' }
  const { text } = await tool('search_conversations', input)
  assert.match(text, /… ⟦hidden: [^⟧]*refund the secret[^⟧]*⟧/)
  await close()
})

test('a page of twenty says of each who has it and who acted last, where it does not say all', async () => {
  const statistics = { last_contact_reply_at: at(9), last_admin_reply_at: at(5), first_admin_reply_at: at(5) }
  const source = { body: long, author: user }
  const custom_attributes = { Note: 'some words '.repeat(9), Topic: 'Refund and its reasons', Plan: 'Pro' }
  const one = conversation({
    statistics,
    source,
    custom_attributes,
    admin_assignee_id: 7,
    team_assignee_id: 3,
  })
  const { tool, close } = await desk(found(...Array.from({ length: 20 }, () => one)))
  const { structured } = await tool('search_conversations', search)
  const rows = structured['conversations'] as Record<string, unknown>[]
  assert.deepEqual([rows.length, 'first_message' in (rows[0] ?? {})], [20, false])
  for (const row of rows)
    assert.partialDeepStrictEqual(row, {
      name: 'Ann Lee',
      admin_assignee: 'Bo Berg',
      last_reply_by: 'customer',
      first_admin_reply_at: '2026-01-01T00:05Z',
    })
  await close()
})
