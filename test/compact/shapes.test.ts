import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatterOf } from '../../src/tools/invoke.ts'
import { assertFits, compact, part, success, thread } from '../support/compact-output.ts'

test('items that do not fit are counted, and the cursor that would skip them gives way to the way there', () => {
  const contact = (n: number) => ({
    type: 'contact',
    id: String(n),
    name: `Name ${n}`,
    custom_attributes: { text: 'x'.repeat(100) },
  })
  const pages = { type: 'pages', page: 1, total_pages: 2, next: { page: 2, starting_after: 'abc' } }
  const few = assertFits(
    'search_contacts',
    success({ contacts: [contact(1), null, 5], total_count: 3, pages }),
  )
  assert.deepEqual((few.structured['pages'] as { next: object }).next, { starting_after: 'abc' })
  const brief = assertFits(
    'search_contacts',
    success({ contacts: Array.from({ length: 100 }, (_, n) => contact(n)), total_count: 900, pages }),
  )
  assert.equal((brief.structured['contacts'] as object[]).length, 100)
  assert.partialDeepStrictEqual(brief.structured['pages'], {
    next: { starting_after: 'abc' },
    left_out: 'all but the names of each: get_contact has them',
  })
  const many = assertFits(
    'search_contacts',
    success({ contacts: Array.from({ length: 600 }, (_, n) => contact(n)), total_count: 900, pages }),
  )
  const shown = (many.structured['contacts'] as object[]).length
  const { next, left_out } = many.structured['pages'] as { next?: object; left_out: string }
  assert.equal(next, undefined)
  assert.ok(shown > 50 && shown < 600)
  assert.match(left_out, new RegExp(`the last ${600 - shown} of 600 .* per_page ${shown}\\b`))
})

test('what every conversation has says nothing while it is false or 0; what a workspace declared stays', () => {
  const conversation = (custom_attributes: object) => {
    const { structured } = compact(thread([], { custom_attributes }))
    return (structured['result'] as { custom_attributes?: object }).custom_attributes
  }
  const system = { 'Copilot used': false, 'QA Notes Count': 0, 'Auto-translated': true }
  assert.deepEqual(conversation({ ...system, vip: false, seats: 0 }), {
    'Auto-translated': true,
    vip: false,
    seats: 0,
  })
  assert.equal(conversation({ 'Copilot used': false, 'Has attachments': false }), undefined)
})

test('a huge attribute, a thousand tags and a thousand contacts stay within the budget and are counted', () => {
  const custom_attributes = Object.fromEntries(
    Array.from({ length: 900 }, (_, n) => [`attribute ${n}`, 'x'.repeat(400)]),
  )
  const contact = assertFits(
    'get_contact',
    success({ result: { type: 'contact', id: '1', custom_attributes } }),
  )
  assert.match(
    contact.text,
    /left out: for space: "attribute \d+", .* and \d+ more; only the full output, which the operator sets, has them/,
  )
  const tags = Array.from({ length: 1_000 }, (_, n) => ({ type: 'tag', id: String(n), name: `Tag ${n}` }))
  const listed = assertFits('list_tags', success({ result: { type: 'list', data: tags } }))
  assert.match(listed.text, /left out: for space: \d+ of 1000 data; list_tags with name_contains finds them/)
  const contacts = tags.map(({ id }) => ({ id: `contact${id}` }))
  const group = assertFits('get_conversation', thread([], { contacts: { contacts }, custom_attributes }))
  assert.match(group.text, /First/)
  assert.match(group.text, /left out: .*of 1001 contacts/)
  const parts = Array.from({ length: 400 }, (_, n) =>
    part(n, { part_type: 'comment', body: 'x '.repeat(200) }),
  )
  const long_tags = { tags: tags.map(({ id }) => ({ id, name: `A tag with a long name ${id}` })) }
  assertFits('get_conversation', thread(parts, { custom_attributes, tags: long_tags }))
  const long = assertFits('get_conversation', thread(parts, { contacts: { contacts }, custom_attributes }))
  assert.match(long.text, /left out: \d+ parts of the thread .*; for space: .*of 1001 contacts/)
})

test('shapes nobody expects are read, never thrown at', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`)
  const odd: unknown[] = [
    'constructor',
    '__proto__',
    null,
    0,
    '',
    'text',
    true,
    [],
    {},
    [null],
    [[1]],
    { type: 'conversation' },
    { type: 'contact' },
    deep,
    { type: 'list', data: [null, 1, 'x'] },
  ]
  const keys = [
    'id',
    'source',
    'contacts',
    'conversation_parts',
    'tags',
    'custom_attributes',
    'location',
    'admins',
    'author',
    'created_at',
    'conversation_rating',
    'title',
  ]
  for (const value of odd) {
    for (const type of ['conversation', 'contact', 'admin.list', 'list', 'note', 'user_message', 'else', 7]) {
      for (const key of keys) {
        compact(success({ result: { type, [key]: value } }))
        compact(
          success({
            conversations: [value, { [key]: value }],
            contacts: value,
            pages: value,
            total_count: value,
          }),
        )
        compact(thread([{ [key]: value }], { [key]: value }))
      }
    }
    compact(success({ result: value, unknown: value }))
    compact({ success: false, error: value })
  }
})

test('times are ISO where nothing takes the number; attributes keep what an update would take', () => {
  const result = {
    type: 'contact',
    id: '1',
    created_at: 1_767_225_600,
    last_seen_at: 1_767_225_661,
    custom_attributes: {
      seats: 1_767_225_600,
      renewal_date: 1_767_225_600,
      'Renewal Date': 1_767_225_600,
      trial_ends_at: 1_767_225_600,
    },
  }
  const { structured } = compact(success({ result }))
  assert.deepEqual(structured['result'], {
    id: '1',
    created_at: '2026-01-01T00:00Z',
    last_seen_at: '2026-01-01T00:01:01Z',
    custom_attributes: {
      seats: 1_767_225_600,
      renewal_date: '1767225600 (2026-01-01T00:00Z)',
      'Renewal Date': '1767225600 (2026-01-01T00:00Z)',
      trial_ends_at: '1767225600 (2026-01-01T00:00Z)',
    },
  })
})

test('an answer nested deeper than JSON can be written is null in full, never thrown at', async () => {
  let deep: unknown = 'bottom'
  for (let depth = 0; depth < 50_000; depth++) deep = { deep }
  const format = await formatterOf('full')
  const expected = { success: true, error: null, result: null } as const
  const { structured, text } = await format({ ...expected, result: { id: '7', deep } })
  assert.deepEqual([structured, JSON.parse(text)], [expected, expected])
})

test('lists within a thing are cut where they say so: ten ids, twenty tags, three contacts of a brief conversation', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, n) => ({ id: String(n), name: `N${n}` }))
  const short = (data: object[]) => ({ data, total_count: data.length })
  const contact = { type: 'contact', id: '1', tags: short(ids(12)), companies: short(ids(10)), is_odd: false }
  const { tags, companies, ...others } = compact(success({ result: contact })).structured['result'] as Record<
    string,
    string[]
  >
  assert.deepEqual([tags?.length, tags?.at(-1)], [11, '2 more'])
  assert.deepEqual(
    companies,
    ids(10).map(({ id, name }) => `${name} (${id})`),
  )
  assert.deepEqual(others, { id: '1' })
  const group = { contacts: { contacts: ids(5) }, tags: { tags: ids(25) } }
  const { tags: names } = compact(thread([], group)).structured['result'] as { tags: string[] }
  assert.equal(names.length, 20)
  const conversations = Array.from({ length: 100 }, (_, n) => ({
    type: 'conversation',
    id: String(n),
    source: { body: 'word '.repeat(100), author: { type: 'user', id: 'a' } },
    ...group,
  }))
  const { structured } = assertFits('list_conversations', success({ conversations, pages: null }))
  const [first] = structured['conversations'] as { contact_ids: string[] }[]
  assert.deepEqual(first?.contact_ids, ['0', '1', '2', '3 more'])
  const three = conversations.map((one) => ({ ...one, source: null, contacts: { contacts: ids(3) } }))
  const all = compact(success({ conversations: three, pages: null })).structured['conversations']
  assert.deepEqual((all as { contact_ids: string[] }[])[0]?.contact_ids, ['0', '1', '2'])
})

test('what an item of a list leaves out is named, the first three of it', () => {
  const custom_attributes = Object.fromEntries(
    Array.from({ length: 9 }, (_, n) => [`a${n}`, 'x'.repeat(118)]),
  )
  const contacts = [
    { type: 'contact', id: '1', custom_attributes: { ...custom_attributes, big: custom_attributes } },
  ]
  const { structured } = compact(success({ contacts, pages: null, total_count: 1 }))
  const [contact] = structured['contacts'] as { left_out: string }[]
  assert.match(String(contact?.left_out), /^\w+, \w+, \w+ and \d+ more$/)
})

test('a long text is tagged wherever it stands, a message of a contact always; six levels are shown', () => {
  const custom_attributes = {
    long: 'y'.repeat(121),
    short: 'z'.repeat(120),
    lines: 'one\ntwo',
    a: { b: { c: { d: 'deep' } } },
  }
  const { structured } = compact(success({ result: { type: 'contact', id: '1', custom_attributes } }))
  const shown = (structured['result'] as { custom_attributes: Record<string, unknown> }).custom_attributes
  assert.match(String(shown['long']), /^<customer-text id="\d+">y{121}</)
  assert.equal(shown['short'], 'z'.repeat(120))
  assert.match(String(shown['lines']), /^<customer-text id="\d+">one\n> two</)
  assert.deepEqual(shown['a'], { b: { c: { d: 'deep' } } })
  for (const type of ['user_message', 'note']) {
    const result = { type, id: '5', body: 'Hi', author: { type: 'admin', id: '1', name: 'Bo' } }
    const { body } = compact(success({ result })).structured['result'] as { body: string }
    assert.equal(body.startsWith('<customer-text'), type === 'user_message', body)
  }
  for (const by of ['user', 'lead', 'contact', 'admin']) {
    const result = { type: 'ticket_part', id: '5', body: 'Hi', author: { type: by, id: '1', name: 'Bo' } }
    const { body } = compact(success({ result })).structured['result'] as { body: string }
    assert.equal(body.startsWith('<customer-text'), by !== 'admin', by)
  }
  const unsigned = compact(success({ result: { type: 'note', id: '5', body: 'Hi', author: null } }))
  assert.match((unsigned.structured['result'] as { body: string }).body, /^<customer-text/)
  const early = compact(success({ result: { type: 'contact', id: '1', created_at: 500_000_000 } }))
  assert.equal((early.structured['result'] as { created_at: string }).created_at, '1985-11-05T00:53:20Z')
})
