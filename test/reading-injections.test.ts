import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createIntercom, type Intercom } from '../src/index.ts'
import { resultTokens, tokensOf } from '../src/reading/allowance.ts'
import { type Reading, readingOf } from '../src/reading/reading.ts'
import { createWorkspace } from '../src/workspace/index.ts'
import { injections, marker } from './injections.ts'

let workspace: Awaited<ReturnType<typeof createWorkspace>>
let intercom: Intercom

before(async () => {
  workspace = await createWorkspace({ seed: 'small', rateLimit: 1_000_000 })
  const { url, accessToken } = await workspace.listen()
  intercom = createIntercom({ accessToken, baseUrl: url })
})
after(() => workspace.close())

const fence = /<customer-text id="(\d+)">((?:(?!<\/?customer-text).)*)<\/customer-text \1>/gs
const unseen = /[\p{Cf}\p{Co}\p{Default_Ignorable_Code_Point}]|[^\n\P{Cc}]/u
const word = new RegExp(marker, 'i')

/** The hostile text stands in fences only, each closed once and last, and nothing in them can pass for more. */
function assertHarmless({ structured, text }: Reading, quoted = false): void {
  for (const shown of [text, ...strings(structured)]) {
    const outside = shown.replaceAll(fence, '')
    assert.ok(!/customer-?text/i.test(outside.normalize('NFKC')), `a fence is open: ${shown.slice(0, 500)}`)
    if (!quoted) assert.doesNotMatch(outside, word)
    assert.doesNotMatch(shown, unseen)
    assert.doesNotMatch(outside, /<[/!|]?\p{L}/u)
    for (const [, id = '', inside = ''] of shown.matchAll(fence)) {
      assert.ok(!inside.includes(id), 'the number occurs inside')
      assert.doesNotMatch(inside, /<\s*[/!|\\?]?\s*\p{L}|\]\(|!\[|```/u)
      assert.doesNotMatch(inside, /\n(?!> )/)
    }
  }
  assert.ok(tokensOf(text) <= resultTokens && tokensOf(JSON.stringify(structured)) <= resultTokens)
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => [key, ...strings(item)])
}

/** A conversation as Intercom might answer it, when its own cleaning of HTML misses something. */
function uncleaned(body: string) {
  const author = { type: 'user', id: '1', name: body, email: 'a@example.com' }
  const part = {
    id: '2',
    part_type: 'comment',
    body,
    created_at: 1767225600,
    author,
    attachments: [{ name: body }],
  }
  const source = { type: 'email', subject: body, body, author, url: body }
  const contacts = { contacts: [{ id: '1' }, { id: '3' }] }
  const result = {
    type: 'conversation',
    id: '9',
    title: body,
    state: 'open',
    created_at: 1767225600,
    source,
    contacts,
    conversation_rating: { rating: 1, remark: body },
    conversation_parts: { conversation_parts: [part] },
  }
  return { success: true, error: null, result }
}

for (const [what, body] of Object.entries(injections)) {
  test(`${what}: fenced and harmless when it comes back from a customer`, async () => {
    const { contacts } = await intercom.searchContacts({
      query_field: 'role',
      query_value: 'user',
      per_page: 1,
    })
    const sent = await intercom.sendIncomingMessage({ contact_id: String(contacts[0]?.id), body })
    assert.equal(sent.error, null)
    assertHarmless(readingOf(sent, 'compact'))
    const conversation_id = String(sent.result?.conversation_id)
    await intercom.replyToConversation({
      conversation_id,
      reply_type: 'user',
      intercom_user_id: String(contacts[0]?.id),
      body,
    })
    const one = readingOf(await intercom.getConversation({ conversation_id }), 'compact')
    assertHarmless(one)
    assert.equal([...one.text.matchAll(fence)].length, 2)
    assert.match(one.text, word)
    const { transcript } = one.structured['result'] as { transcript: string[] }
    for (const line of transcript.filter((one) => !/^[\d: -]+\[Fin /.test(one)))
      assert.match(line, /^[\d: -]+customer: <customer-text id="\d+">.*<\/customer-text \d+>$/s)
    assertHarmless(readingOf(await intercom.listConversations({}), 'compact'))
  })

  test(`${what}: harmless as a name, quoted on one line`, async () => {
    const made = await intercom.call('upsert_contact', { email: `${hash(what)}@example.com`, name: body })
    if (!made.output.success) return assert.match(String(made.output.error), /name/) // Intercom takes no such name
    const { contact } = made.output
    for (const output of [
      made.output,
      await intercom.getContact({ contact_id: String(contact?.id) }),
      await intercom.searchContacts({ query_value: String(contact?.email) }),
    ]) {
      const reading = readingOf(output, 'compact')
      assertHarmless(reading, true)
      const line = reading.text.split('\n').find((one) => word.test(one))
      assert.match(String(line), /name:? "(?:[^"\\]|\\.)*"(?:,|$)/)
      assert.equal(reading.text.split('\n').filter((one) => word.test(one)).length, 1)
    }
  })

  test(`${what}: harmless wherever it stands in what Intercom did not clean`, () => {
    assertHarmless(readingOf(uncleaned(body), 'compact'), true)
    const { text } = readingOf(uncleaned(body), 'compact')
    const lines = text.replaceAll(fence, '').split('\n')
    for (const line of lines.filter((one) => word.test(one))) assert.match(line, /^(?:- id|subject|page)\b/)
  })
}

function hash(text: string): string {
  return Buffer.from(text).toString('hex')
}
