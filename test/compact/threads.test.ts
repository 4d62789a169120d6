import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { estimateJsonTokens } from '../../src/tools/compact/token-budget.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { assertFits, compact, part, thread } from '../support/compact-output.ts'

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
  assert.match(String(transcript[2]), /^2026-01-01 \d\d:/, 'after a gap the day is shown again')
  assert.match(String(transcript.at(-1)), /Message 499/)
  assert.match(
    left_out,
    new RegExp(`^${missing} parts of the thread \\(\\d+ notes, \\d+ messages\\) from 2026-`),
  )
  assert.match(left_out, /220 older parts, which Intercom does not give/)
  assert.ok(text.endsWith(`left out: ${left_out}`))
})

test('a long thread is read to its beginning by what each answer says is left out', async (t) => {
  const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
  t.after(() => workspace.close())
  const { url: baseUrl, accessToken } = await workspace.listen()
  const intercom = createIntercom({ baseUrl, accessToken })
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
      attachments: [{ name: 'R&D <1.pdf', url: 'https://x.example/a' }],
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
      '00:04 Bo: e\n> [attachment R&D <1.pdf https://x.example/a]',
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
    part(86_520, { part_type: 'assignment', assigned_to: { type: 'nobody_admin', id: null } }),
  ]
  const { structured } = compact(thread(entries))
  const { transcript } = structured['result'] as { transcript: string[] }
  assert.deepEqual(transcript.slice(1), [
    '00:01 [Bo took it, tags changed; Fin assigned to team 7]',
    '00:02 Bo (note): Careful',
    '00:03 [Bo snoozed]',
    '01-02 00:00 [Bo closed, something new, unassigned]',
  ])
})

test('no message takes it all: of many long ones, in lines or not, each shown one says enough', () => {
  for (const body of ['word '.repeat(20_000), 'one\n'.repeat(20_000), '"'.repeat(20_000)]) {
    const parts = Array.from({ length: 12 }, (_, n) => part(n, { part_type: 'comment', body }))
    const source = { body, author: { type: 'user', id: 'a', name: 'Ann' } }
    const { structured } = assertFits('get_conversation', thread(parts, { source }))
    const { transcript } = structured['result'] as { transcript: string[] }
    const [opening, gap, ...newest] = transcript
    assert.match(String(gap), /^\(\d+ parts not shown\)$/)
    assert.ok(newest.length >= 5, String(newest.length))
    const costs = [opening, ...newest].map(estimateJsonTokens)
    assert.ok(Math.max(...costs) <= 1250, String(costs))
    assert.ok(Math.min(...costs) >= 60, String(costs))
  }
})

test('what a contact says in a remark or as a visitor is tagged, what a teammate names is not', () => {
  const visitor = part(60, {
    part_type: 'comment',
    body: 'v',
    author: { type: 'visitor', id: 'b', name: 'Vi' },
  })
  const { structured, text } = compact(
    thread([visitor], { conversation_rating: { rating: 2, remark: 'slow' }, priority: 'priority' }),
  )
  const { rating_remark, priority, contacts } = structured['result'] as Record<string, unknown>
  assert.match(String(rating_remark), /^<customer-text id="(\d+)">slow<\/customer-text \1>$/)
  assert.equal(priority, 'priority')
  assert.deepEqual(contacts, [
    { id: 'a', name: 'Ann' },
    { id: 'b', name: 'Vi' },
  ])
  assert.match(text, /customer 2: <customer-text/)
  assert.equal(
    'priority' in (compact(thread([], { priority: 'not_priority' })).structured['result'] as object),
    false,
  )
})
