import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { actions, createIntercom, describe, type Intercom } from '../src/index.ts'
import { resultTokens, tokensOf } from '../src/reading/allowance.ts'
import { readingOf } from '../src/reading/reading.ts'
import { createWorkspace } from '../src/workspace/index.ts'
import { assertGolden } from './support/golden.ts'

type Envelope = Parameters<typeof readingOf>[0]

let workspace: Awaited<ReturnType<typeof createWorkspace>>
let intercom: Intercom
const conversations: Envelope[] = []
const untouched: Record<string, Envelope> = {}

before(async () => {
  workspace = await createWorkspace({ seed: 'small', rateLimit: 1_000_000 })
  workspace.control.clock.set(new Date('2026-11-01T12:00:00Z'))
  workspace.control.clock.freeze()
  const { url, accessToken } = await workspace.listen()
  intercom = createIntercom({ accessToken, baseUrl: url })
  let starting_after: string | undefined
  do {
    const page = await intercom.listConversations({
      per_page: 150,
      ...(starting_after && { starting_after }),
    })
    for (const { id } of page.conversations) {
      conversations.push(await intercom.getConversation({ conversation_id: id }))
    }
    starting_after = page.pages?.next?.starting_after
  } while (starting_after !== undefined)
  const found = await intercom.searchContacts({ query_field: 'role', query_value: 'user', per_page: 3 })
  const snoozed = { query_field: 'state', query_operator: '=', query_value: 'snoozed', per_page: 3 }
  untouched['search_contacts'] = found
  untouched['get_contact'] = await intercom.getContact({ contact_id: String(found.contacts[0]?.id) })
  untouched['get_conversation'] = await intercom.getConversation({ conversation_id: '215474207000239' })
  untouched['search_conversations'] = await intercom.searchConversations(snoozed)
  untouched['list_admins'] = await intercom.listAdmins()
  untouched['list_tags'] = await intercom.listTags()
})
after(() => workspace.close())

const compact = (output: object) => readingOf(output as Envelope, 'compact')
const success = (own: object) => ({ success: true, error: null, ...own })
const tokens = (value: unknown) => encode(typeof value === 'string' ? value : JSON.stringify(value)).length
const ajv = new Ajv2020({ strict: false })
const validators = new Map(
  actions.map((one) => [one.name as string, ajv.compile(describe(one).output_schema)]),
)

function assertFits(name: string, output: object) {
  const reading = compact(output)
  const validate = validators.get(name)
  assert.ok(validate?.(JSON.parse(JSON.stringify(reading.structured))), JSON.stringify(validate?.errors))
  assert.ok(tokensOf(reading.text) <= resultTokens, `${name}: text ${tokensOf(reading.text)}`)
  const structured = tokensOf(JSON.stringify(reading.structured))
  assert.ok(structured <= resultTokens, `${name}: structured ${structured}`)
  return reading
}

/** Every string and number of the structured content. */
function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves)
  return typeof value === 'number' ? [String(value)] : []
}

test('full is the envelope, untouched', () => {
  const [output] = conversations
  assert.ok(output)
  const { structured, text } = readingOf(output, 'full')
  assert.equal(structured, output)
  assert.deepEqual(JSON.parse(text), output)
})

test('a compact conversation costs at most a quarter of the full one, in text and in structured content', () => {
  assert.equal(conversations.length, 300)
  for (const output of conversations) {
    const full = tokens(output)
    const { structured, text } = compact(output)
    const shares = [tokens(text) / full, tokens(structured) / full]
    for (const share of shares)
      assert.ok(share <= 0.25, `${JSON.stringify(output['result']).slice(0, 60)}: ${share}`)
  }
})

test('ten found contacts cost at most 1,500 tokens, and no page more than the budget', async () => {
  for (const [per_page, most] of [
    [10, 1_500],
    [50, resultTokens],
    [150, resultTokens],
  ] as const) {
    const { structured, text } = compact(
      await intercom.searchContacts({ query_field: 'role', query_value: 'user', per_page }),
    )
    assert.ok(tokens(text) <= most && tokens(structured) <= most, `${per_page}: ${tokens(structured)}`)
    const listed = compact(await intercom.listConversations({ per_page }))
    assert.ok(tokens(listed.structured) <= resultTokens, `${per_page}: ${tokens(listed.structured)}`)
  }
})

test('every action reads within the budget and its own output schema, and its text says all of it', async () => {
  const contact_id = String(
    (await intercom.searchContacts({ query_field: 'role', query_value: 'user', per_page: 1 })).contacts[0]
      ?.id,
  )
  const admin = (await intercom.listAdmins()).result?.admins.find((one) => one.has_inbox_seat)
  const { result } = await intercom.sendIncomingMessage({ contact_id, body: 'Help' })
  const admin_id = String(admin?.id)
  const inputs: Record<string, object> = {
    get_contact: { contact_id },
    search_contacts: { query_field: 'role', query_value: 'lead', per_page: 5 },
    upsert_contact: { email: 'new@example.com', name: 'New' },
    create_note: { contact_id, body: '<p>A <b>note</b></p>' },
    add_tag_to_contact: { contact_id, tag_id: '10420001' },
    list_tags: {},
    list_admins: {},
    get_conversation: { conversation_id: result?.conversation_id },
    list_conversations: { per_page: 5 },
    search_conversations: { query_field: 'state', query_operator: '=', query_value: 'open', per_page: 5 },
    send_incoming_message: { contact_id, body: 'Help again' },
    send_message_to_contact: {
      from_admin_id: admin_id,
      to_contact_id: contact_id,
      subject: '',
      body: 'Hello',
    },
    reply_to_conversation: {
      conversation_id: result?.conversation_id,
      reply_type: 'admin',
      admin_id,
      body: 'Yes?',
    },
  }
  for (const { name } of actions) {
    const output = await intercom.run(name, inputs[name] as never)
    assert.equal(output.success, true, `${name}: ${output.error}`)
    const { structured, text } = assertFits(name, output)
    for (const leaf of leaves({ ...structured, success: null })) {
      const said = text.includes(leaf) || text.includes(JSON.stringify(leaf))
      assert.ok(said, `${name}: the text lacks ${leaf}`)
    }
    assert.doesNotMatch(text, /\bnull\b|undefined|\[object/)
    assert.deepEqual(assertFits(name, output), { structured, text }, 'twice the same')
  }
})

test('a failure reads as its error line', async () => {
  const output = await intercom.getContact({ contact_id: '0123456789abcdef01234567' })
  const { structured, text } = compact(output)
  assert.deepEqual([structured, text], [output, output.error])
})

const thread = (parts: object[], own: object = {}) =>
  success({
    result: {
      type: 'conversation',
      id: '9',
      state: 'open',
      created_at: 1_767_225_600,
      source: { body: '<p>First</p>', author: { type: 'user', id: 'a', name: 'Ann' } },
      contacts: { contacts: [{ id: 'a' }] },
      conversation_parts: { conversation_parts: parts, total_count: parts.length },
      ...own,
    },
  })
const part = (at: number, own: object) => ({
  created_at: 1_767_225_600 + at,
  author: { type: 'admin', id: '1', name: 'Bo' },
  ...own,
})

test('a long thread keeps its first message and its newest entries, and counts and names what it leaves out', () => {
  const parts = Array.from({ length: 500 }, (_, n) =>
    part(n * 60, {
      part_type: n % 5 ? 'comment' : 'note',
      body: `<p>Message ${n} ${'word '.repeat(30)}</p>`,
    }),
  )
  const { structured, text } = assertFits(
    'get_conversation',
    thread(parts, { conversation_parts: { conversation_parts: parts, total_count: 720 } }),
  )
  const { transcript, left_out } = structured['result'] as { transcript: string[]; left_out: string }
  assert.match(String(transcript[0]), /^2026-01-01 00:00 customer: <customer-text id="\d+">First</)
  const missing = Number(/^\((\d+) parts not shown\)$/.exec(String(transcript[1]))?.[1])
  assert.equal(transcript.length, 2 + 500 - missing)
  assert.match(String(transcript.at(-1)), /Message 499/)
  assert.match(
    left_out,
    new RegExp(`^${missing} parts of the thread \\(\\d+ notes, \\d+ messages\\) from 2026-`),
  )
  assert.match(left_out, /220 older parts, which Intercom does not give/)
  assert.ok(text.endsWith(`left out: ${left_out}`))
})

test('a long thread is read to its beginning by what each answer says is left out', async () => {
  const contact_id = String(
    (await intercom.searchContacts({ query_field: 'role', query_value: 'user' })).contacts[0]?.id,
  )
  const begun = await intercom.sendIncomingMessage({ contact_id, body: 'First' })
  const conversation_id = String(begun.result?.conversation_id)
  const wanted = Array.from({ length: 120 }, (_, n) => `Message ${n} ${'word '.repeat(60)}`)
  for (const body of wanted) {
    await intercom.replyToConversation({
      conversation_id,
      reply_type: 'user',
      intercom_user_id: contact_id,
      body,
    })
  }
  const read: string[] = []
  let pages = 0
  let parts_before: string | undefined
  do {
    const { text } = assertFits(
      'get_conversation',
      await intercom.getConversation({ conversation_id, ...(parts_before && { parts_before }) }),
    )
    assert.match(text, />First</)
    read.unshift(...(text.match(/Message \d+/g) ?? []))
    parts_before = /get_conversation with parts_before (\d+) has them/.exec(text)?.[1]
    pages += 1
  } while (parts_before !== undefined)
  assert.ok(pages > 1)
  assert.deepEqual(
    read,
    wanted.map((_, n) => `Message ${n}`),
  )
})

test('a long message is cut, and says by how much', () => {
  for (const body of ['word '.repeat(20_000), '退款'.repeat(20_000), '"\n'.repeat(20_000)]) {
    const { structured } = assertFits(
      'get_conversation',
      thread([part(1, { part_type: 'comment', body }), part(2, { part_type: 'comment', body: 'Last' })]),
    )
    const { transcript } = structured['result'] as { transcript: string[] }
    assert.match(transcript.join('\n'), /\[\d+ more characters left out\]/)
    assert.match(String(transcript.at(-1)), /Bo: Last$/)
  }
})

test('two customers are told apart; a bot is named, but its words may be a customer’s; so are those of an unknown author', () => {
  const said = [
    part(60, { part_type: 'comment', body: 'b', author: { type: 'lead', id: 'b', name: 'Ben' } }),
    part(120, { part_type: 'comment', body: 'c', author: { type: 'bot', id: '2', name: 'Fin' } }),
    part(180, { part_type: 'comment', body: 'd', author: { type: 'alien', id: '3', name: 'Zed' } }),
    part(240, {
      part_type: 'comment',
      body: 'e',
      attachments: [{ name: 'a.pdf', url: 'https://x.example/a' }],
    }),
    part(300, { part_type: 'comment', body: 'f', redacted: true }),
  ]
  const { structured } = compact(thread(said))
  const { transcript, contacts } = structured['result'] as { transcript: string[]; contacts: object[] }
  assert.deepEqual(contacts, [
    { id: 'a', name: 'Ann' },
    { id: 'b', name: 'Ben' },
  ])
  assert.deepEqual(
    transcript.map((line) => line.replaceAll(/ id="\d+"| \d+(?=>)/g, '')),
    [
      '2026-01-01 00:00 customer 1: <customer-text>First</customer-text>',
      '00:01 customer 2: <customer-text>b</customer-text>',
      '00:02 Fin: <customer-text>c</customer-text>',
      '00:03 alien: <customer-text>d</customer-text>',
      '00:04 Bo: e\n> [attachment a.pdf https://x.example/a]',
      '00:05 Bo: [redacted]',
    ],
  )
})

test('entries without text are one line, with who did what', () => {
  const entries = [
    part(60, { part_type: 'assignment', assigned_to: { type: 'admin', id: '1' } }),
    part(61, { part_type: 'conversation_tags_updated' }),
    part(62, {
      part_type: 'assignment',
      assigned_to: { type: 'team', id: '7' },
      author: { type: 'bot', id: '2', name: 'Fin' },
    }),
    part(120, { part_type: 'note', body: '<p>Careful</p>' }),
    part(180, { part_type: 'snoozed' }),
    part(86_400, { part_type: 'close' }),
    part(86_460, { part_type: 'something_new' }),
  ]
  const { structured } = compact(thread(entries))
  const { transcript } = structured['result'] as { transcript: string[] }
  assert.deepEqual(transcript.slice(1), [
    '00:01 [Bo took it, tags changed; Fin assigned to team 7]',
    '00:02 Bo (note): Careful',
    '00:03 [Bo snoozed]',
    '01-02 00:00 [Bo closed, something new]',
  ])
})

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
    custom_attributes: { seats: 1_767_225_600, renewal_date: 1_767_225_600, trial_ends_at: 1_767_225_600 },
  }
  const { structured } = compact(success({ result }))
  assert.deepEqual(structured['result'], {
    id: '1',
    created_at: '2026-01-01T00:00Z',
    last_seen_at: '2026-01-01T00:01:01Z',
    custom_attributes: {
      seats: 1_767_225_600,
      renewal_date: '1767225600 (2026-01-01T00:00Z)',
      trial_ends_at: '1767225600 (2026-01-01T00:00Z)',
    },
  })
})

test('results read as their golden files say', () => {
  for (const [name, output] of Object.entries(untouched)) {
    const { structured, text } = compact(output)
    assertGolden(`readings/${name}.txt`, `${text}\n\n${JSON.stringify(structured, null, 2)}\n`)
  }
})

test('an answer nested deeper than JSON can be written is read compactly, never thrown at', () => {
  let deep: unknown = 'bottom'
  for (let depth = 0; depth < 50_000; depth++) deep = { deep }
  const { text } = readingOf({ success: true, error: null, result: { id: '7', deep } }, 'full')
  assert.match(text, /7/)
})
