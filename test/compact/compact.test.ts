import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { actions, createIntercom, type Intercom } from '../../src/index.ts'
import { maxResultTokens } from '../../src/tools/compact/token-budget.ts'
import { formatterOf } from '../../src/tools/invoke.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { assertFits, compact, type Envelope } from '../support/compact-output.ts'
import { assertGolden } from '../support/golden.ts'

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

const tokens = (value: unknown) => encode(typeof value === 'string' ? value : JSON.stringify(value)).length

/** Every string and number of the structured content. */
function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves)
  return typeof value === 'number' ? [String(value)] : []
}

test('full is the envelope, untouched', async () => {
  const [output] = conversations
  assert.ok(output)
  const { structured, text } = await (await formatterOf('full'))(output)
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
    [50, maxResultTokens],
    [150, maxResultTokens],
  ] as const) {
    const { structured, text } = compact(
      await intercom.searchContacts({ query_field: 'role', query_value: 'user', per_page }),
    )
    assert.ok(tokens(text) <= most && tokens(structured) <= most, `${per_page}: ${tokens(structured)}`)
    const listed = compact(await intercom.listConversations({ per_page }))
    assert.ok(tokens(listed.structured) <= maxResultTokens, `${per_page}: ${tokens(listed.structured)}`)
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

test('results read as their golden files say', () => {
  for (const [name, output] of Object.entries(untouched)) {
    const { structured, text } = compact(output)
    assertGolden(`results/${name}.txt`, `${text}\n\n${JSON.stringify(structured, null, 2)}\n`)
  }
})
