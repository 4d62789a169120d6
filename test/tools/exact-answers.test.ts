import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { intercomTools } from '../../src/tools/functions.ts'
import { createWebhooks } from '../../src/webhooks/index.ts'
import { parseEvent } from '../../src/webhooks/notification.ts'
import { commandLine } from '../support/command-line.ts'
import { clientSecret, delivery, sample } from '../support/deliveries.ts'
import { rest } from '../support/rest.ts'
import { scriptedIntercom, scriptedToken } from '../support/scripted-intercom.ts'
import { overMcp } from '../trajectories/transports.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-exact-'))
const contact =
  '{"type":"contact","id":"7","role":"user","email":"ada@example.com","owner_id":9007199254740993,"created_at":1732871000,"custom_attributes":{"ext":1234567890123456789,"low":-9007199254740995,"seats":9007199254740991,"share":0.1234567890123456789,"note":"call 9007199254740993"}}'
const list = `{"type":"list","data":[${contact}],"total_count":1,"pages":{}}`
const server = await scriptedIntercom(
  ({ path }) =>
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(path === '/contacts/search' ? list : contact)
    },
  { journal: join(folder, 'journal.db') },
)
const { intercom } = server
const mcp = await overMcp(intercom)
after(async () => {
  await mcp.close()
  await intercom.close()
  await server.close()
  rmSync(folder, { recursive: true })
})

const read = { contact_id: '7' }
const upsert = { email: 'ada@example.com', name: 'Ada' }

/** An answer as its edge shows it, in JSON or in words. */
const edges: Record<string, () => Promise<string>> = {
  code: async () => JSON.stringify(await intercom.getContact(read)),
  'a search in code': async () =>
    JSON.stringify(await intercom.searchContacts({ query_value: 'ada@example.com' })),
  'a write in code': async () => JSON.stringify(await intercom.upsertContact(upsert)),
  'an answer from the journal': async () => {
    const key = { idempotencyKey: 'once' }
    await intercom.upsertContact(upsert, key)
    return JSON.stringify(await intercom.upsertContact(upsert, key))
  },
  REST: async () => JSON.stringify((await rest(intercom).call('get_contact', read)).body),
  'compact REST': async () =>
    JSON.stringify((await rest(intercom, { output: 'compact' }).call('get_contact', read)).body),
  'structured content over MCP': async () => JSON.stringify((await mcp.call('get_contact', read)).result),
  'text over MCP': async () => (await mcp.call('get_contact', read)).text,
  'a list over MCP': async () => (await mcp.call('search_contacts', { query_value: 'ada@example.com' })).text,
  'a tool': async () => JSON.stringify((await intercomTools(intercom).call('get_contact', read)).structured),
  'a whole answer of a tool': async () =>
    (await intercomTools(intercom, { output: 'full' }).call('get_contact', read)).text,
  'the command line': async () => {
    const env = { INTERCOM_ACCESS_TOKEN: scriptedToken, INTERCOM_API_BASE_URL: server.url }
    return (await commandLine(['run', 'get_contact', '--contact-id', '7'], { env })).stdout
  },
}

for (const [edge, answer] of Object.entries(edges)) {
  test(`${edge} shows whole numbers beyond 2^53 exactly`, async () => {
    const text = (await answer()).replaceAll(/[" ]/g, '')
    for (const number of ['9007199254740993', '1234567890123456789', '-9007199254740995', '9007199254740991'])
      assert.ok(text.includes(number), `${number}: ${text}`)
    assert.doesNotMatch(text, /9007199254740992|1234567890123456800|9007199254740996/)
  })
}

test('only a number that would be wrong is text; all others stay numbers', async () => {
  const { result } = await intercom.getContact(read)
  assert.deepEqual(result?.custom_attributes, {
    ext: '1234567890123456789',
    low: '-9007199254740995',
    seats: 9_007_199_254_740_991,
    share: 0.123_456_789_012_345_68,
    note: 'call 9007199254740993',
  })
})

test('a notification shows them, too, and two conversations whose ids are near are two', async (t) => {
  const webhooks = createWebhooks({ clientSecret, store: join(folder, 'inbox.db') })
  t.after(() => webhooks.close())
  const heard = Promise.withResolvers<unknown>()
  webhooks.on('*', ({ data }) => heard.resolve(data.item))
  const event = JSON.stringify(sample()).replace(/"id":"5"/, '"id":9007199254740993')
  assert.match(event, /9007199254740993/)
  const subjects = [event, event.replace('0993', '0992')].map(
    (body) => parseEvent(Buffer.from(body))?.subject,
  )
  assert.deepEqual(subjects, ['conversation:9007199254740993', 'conversation:9007199254740992'])
  await webhooks.fetch(delivery(event))
  assert.partialDeepStrictEqual(await heard.promise, { id: '9007199254740993' })
})
