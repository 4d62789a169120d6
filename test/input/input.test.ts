// Every kind of input over every edge: docs/input.md.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { isBlank } from '../../src/core/blanks.ts'
import { createIntercom } from '../../src/index.ts'
import { type Case, cases, type Expected } from './cases.ts'
import { type Edge, edgesOf, type Outcome, outcomesOf } from './edges.ts'

/** The requests of each edge, by its token. */
const requests = new Map<string, string[]>()

const contact = { type: 'contact', id: '6762f0dd1bb69f9f2193bb83', role: 'lead', email: 'ada@example.com' }
const answers: Record<string, object> = {
  '/contacts/search': { type: 'list', data: [contact], total_count: 1, pages: { type: 'pages' } },
  '/conversations/search': { type: 'conversation.list', conversations: [], total_count: 0 },
  '/conversations': { type: 'conversation.list', conversations: [] },
  '/data_attributes': { type: 'list', data: [] },
  '/tags': { type: 'list', data: [] },
  '/messages': { type: 'admin_message', id: '1' },
}
const conversation = { type: 'conversation', id: '7', conversation_parts: { conversation_parts: [] } }

const server = createServer(async (request, response) => {
  const { method, url = '', headers } = request
  const body = await text(request)
  requests.get(String(headers.authorization).slice('Bearer '.length))?.push(`${method} ${url} ${body}`.trim())
  const { pathname } = new URL(url, 'http://localhost')
  const json = answers[pathname] ?? (pathname.startsWith('/contacts') ? contact : conversation)
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json))
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
after(() => {
  server.closeAllConnections()
  server.close()
})

const tokenOf = (edge: string) => Buffer.from(`of ${edge}`).toString('base64')
const edges = edgesOf((edge) => ({ baseUrl, accessToken: tokenOf(edge) }))

function canSay({ action, texts, whole }: Case, { takes, has, skipsBlanks }: Edge): boolean {
  if (has?.(action) === false) return false
  if (
    skipsBlanks &&
    Object.values(texts ?? {})
      .flat()
      .every(isBlank)
  )
    return false
  if (takes === 'texts') return texts !== null
  return takes === 'json' || whole !== true
}

function isAsExpected({ error, sent }: Outcome, expected: Expected): boolean {
  if ('sent' in expected) return error === null && sent.includes(expected.sent)
  const wrote = sent.some((request) => /^PUT |\/reply\b|^POST \/messages/.test(request))
  return error !== null && expected.refused.test(error) && !wrote
}

test('code that calls the client is not read by the rule', async () => {
  const seen: string[] = []
  requests.set(tokenOf('code'), seen)
  const intercom = createIntercom({ baseUrl, accessToken: tokenOf('code') })
  const strict: [action: string, input: unknown, error: RegExp][] = [
    ['get_conversation', { conversation_id: 7 }, /conversation_id must be a string, not a number/],
    ['get_contact', { contact_id: null }, /contact_id must be a string, not null/],
    ['get_contact', '{"contact_id":"7"}', /the input must be an object, not a string/],
    ['get_contact', null, /the input must be an object, not null/],
    ['get_contact', { contact_id: '7', toolCallId: 'x' }, /unknown parameter "toolCallId"/],
    ['list_conversations', { per_page: '50' }, /per_page must be a number, not a string/],
    ['list_conversations', { per_page: null }, /per_page must be a number, not null/],
    ['upsert_contact', { email: 'a@b.example', role: 'User' }, /role must be "user" or "lead"/],
    ['upsert_contact', { email: 'a@b.example', clear: 'name' }, /clear must be an array, not a string/],
    ['upsert_contact', { email: 'a@b.example', user_id: '1' }, /Did you mean "external_id"\?/],
  ]
  for (const [action, input, error] of strict)
    assert.match(String((await intercom.run(action, input as never)).error), error, action)
  assert.deepEqual(seen, [])
})

let cells = 0
for (const edge of edges) {
  test(`${edge.name} reads every kind of input by the rule`, async (t) => {
    const seen: string[] = []
    requests.set(tokenOf(edge.name), seen)
    const said = cases.filter((one) => canSay(one, edge))
    const outcomes = await outcomesOf(edge, said, seen)
    const wrong = said.flatMap((one) => {
      const expected = edge.spreadsheet === true ? (one.spreadsheet ?? one.expected) : one.expected
      const outcome = outcomes.get(one) ?? { error: 'no outcome', sent: [] }
      return isAsExpected(outcome, expected) ? [] : [{ kind: one.kind, ...outcome, expected }]
    })
    cells += said.length
    t.diagnostic(`${said.length} cells, ${cells} with the edges before`)
    assert.deepEqual(wrong, [])
  })
}
