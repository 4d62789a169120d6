import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createIntercom, type Intercom } from '../../src/index.ts'
import { compactOutput, type FormattedOutput } from '../../src/tools/compact/format.ts'
import { estimateTokens, maxResultTokens } from '../../src/tools/compact/token-budget.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { injections, marker } from '../support/injections.ts'

let workspace: Awaited<ReturnType<typeof createWorkspace>>
let intercom: Intercom
let api: { url: string; accessToken: string }

before(async () => {
  workspace = await createWorkspace({ seed: 'small', rateLimit: 1_000_000 })
  api = await workspace.listen()
  intercom = createIntercom({ accessToken: api.accessToken, baseUrl: api.url })
})
after(() => workspace.close())

type Envelope = Parameters<typeof compactOutput>[0]

const tagged = /<customer-text id="(\d+)">((?:(?!<\/?customer-text).)*)<\/customer-text \1>/gs
const quotes = /"(?:[^"\\]|\\.)*"/g
const unseen = /[\p{Cf}\p{Co}\p{Default_Ignorable_Code_Point}]|[^\n\P{Cc}]/u
const word = new RegExp(marker, 'i')

/** The hostile text stands in <customer-text> tags only, each closed once and last, and nothing in them can pass for more. */
function assertHarmless({ structured, text }: FormattedOutput, quoted = false): void {
  if (quoted) assert.doesNotMatch(text.replaceAll(tagged, '').replaceAll(quotes, ''), word)
  for (const shown of [text, ...strings(structured)]) {
    const outside = shown.replaceAll(tagged, '')
    assert.ok(!/customer-?text/i.test(outside.normalize('NFKC')), `a tag is open: ${shown.slice(0, 500)}`)
    if (!quoted) assert.doesNotMatch(outside, word)
    assert.doesNotMatch(shown, unseen)
    assert.doesNotMatch(outside, /<[/!|]?\p{L}/u)
    for (const [, id = '', inside = ''] of shown.matchAll(tagged)) {
      assert.ok(!inside.includes(id), 'the number occurs inside')
      assert.doesNotMatch(inside, /<\s*[/!|\\?]?\s*\p{L}|\]\(|!\[|```/u)
      assert.doesNotMatch(inside, /\n(?!> )/)
    }
  }
  assert.ok(
    estimateTokens(text) <= maxResultTokens && estimateTokens(JSON.stringify(structured)) <= maxResultTokens,
  )
}

/** As customers do: our own action refuses tags that Intercom would drop. */
async function replyAsContact(conversationId: string, intercom_user_id: string, body: string): Promise<void> {
  const { ok } = await fetch(`${api.url}/conversations/${conversationId}/reply`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message_type: 'comment', type: 'user', intercom_user_id, body }),
  })
  assert.ok(ok)
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => [key, ...strings(item)])
}

/** Answers as Intercom might give them, should its own cleaning of HTML miss something: hostile text everywhere. */
function uncleaned(body: string): object[] {
  const author = { type: 'user', id: '1', name: body, email: body }
  const part = {
    id: '2',
    part_type: body,
    body,
    created_at: 1767225600,
    author,
    attachments: [{ name: body }],
  }
  const source = { type: 'email', subject: body, body, author, url: body }
  const conversation = {
    type: 'conversation',
    id: '9',
    title: body,
    state: 'open',
    created_at: 1767225600,
    source,
    contacts: { contacts: [{ id: '1' }, { id: '3' }] },
    custom_attributes: { [body]: body },
    conversation_rating: { rating: 1, remark: body },
    conversation_parts: { conversation_parts: [part, { ...part, author: { type: body, name: body } }] },
    [body]: body,
  }
  const contact = {
    type: 'contact',
    id: '1',
    name: body,
    email: body,
    phone: body,
    external_id: body,
    location: { city: body, region: body, country: body },
    custom_attributes: { [body]: body, nested: { [body]: [body, { [body]: body }] } },
    referrer: body,
    avatar: { image_url: body },
    [body]: body,
  }
  return [
    { result: conversation },
    { result: contact },
    { action_type: 'updated', contact },
    {
      conversations: [conversation, conversation],
      pages: { next: { starting_after: 'abc' } },
      total_count: 2,
    },
    { conversations: Array.from({ length: 50 }, () => conversation), pages: null },
    { contacts: [contact, contact], pages: null, total_count: 2 },
    { contacts: Array.from({ length: 50 }, () => contact), pages: null, total_count: 50 },
    { result: { type: 'user_message', id: '5', body } },
    { result: { type: 'something new', [body]: body, list: [body, [body]] } },
    { result: body },
  ].map((own) => ({ success: true, error: null, ...own }))
}

for (const [what, body] of Object.entries(injections)) {
  test(`${what}: tagged and harmless when it comes back from a customer`, async () => {
    const { contacts } = await intercom.searchContacts({
      query_field: 'role',
      query_value: 'user',
      per_page: 1,
    })
    const sent = await intercom.sendIncomingMessage({ contact_id: String(contacts[0]?.id), body })
    assert.equal(sent.error, null)
    assertHarmless(compactOutput(sent))
    const conversation_id = String(sent.result?.conversation_id)
    await replyAsContact(conversation_id, String(contacts[0]?.id), body)
    const one = compactOutput(await intercom.getConversation({ conversation_id }))
    assertHarmless(one)
    assert.equal([...one.text.matchAll(tagged)].length, 2)
    assert.match(one.text, word)
    const { transcript } = one.structured['result'] as { transcript: string[] }
    for (const line of transcript.filter((one) => !/^[\d: -]+\[Fin /.test(one)))
      assert.match(line, /^[\d: -]+customer: <customer-text id="\d+">.*<\/customer-text \d+>$/s)
    assertHarmless(compactOutput(await intercom.listConversations({})))
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
      const result = compactOutput(output)
      assertHarmless(result, true)
      const line = result.text.split('\n').find((one) => word.test(one))
      assert.match(String(line), /name:? "(?:[^"\\]|\\.)*"(?:,|$)/)
      assert.equal(result.text.split('\n').filter((one) => word.test(one)).length, 1)
    }
  })

  test(`${what}: neutralized in the words of an error`, () => {
    const error = `get_contact: 404 not_found: ${body} (request 002cora).`
    const { structured, text } = compactOutput({ success: false, error, result: null })
    assert.equal(structured.error, text)
    assert.doesNotMatch(text, unseen)
    assert.ok(!/customer-text/i.test(text.normalize('NFKC')))
    assert.doesNotMatch(text, /<\s*[/!|\\?]?\s*\p{L}|\]\(|!\[|```|\n(?!> )/u)
  })

  test(`${what}: harmless wherever it stands in what Intercom did not clean`, () => {
    for (const output of uncleaned(body)) assertHarmless(compactOutput(output as Envelope), true)
  })
}

function hash(text: string): string {
  return Buffer.from(text).toString('hex')
}
