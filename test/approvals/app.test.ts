import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { Client, InMemoryTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { type Approval, holding, openApprovals } from '../../src/approvals/index.ts'
import type { Approval as Drawn } from '../../src/composer/approval.ts'
import { createIntercom } from '../../src/index.ts'
import { type McpOptions, mcpHttp, mcpServers } from '../../src/tools/mcp/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { correspondence } from '../support/correspondence.ts'

// The app that shows approvals (MCP Apps), and what it takes to decide by it.
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { accessToken, dispatcher } = workspace
const { contact_id, conversation, bodies, reply } = await correspondence(
  createIntercom({ accessToken, dispatcher }),
)
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-app-'))
after(async () => {
  await workspace.close()
  rmSync(folder, { recursive: true })
})
let files = 0

const ui = { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } }
const appUri = 'ui://modulex-intercom/approval.html'
type Era = 'legacy' | 'modern'
type Told = Drawn & { url: string | null; seal?: string }

/** A session of a client with a server process, on a file that others may share. */
async function session(
  t: TestContext,
  file: string,
  {
    era = 'modern',
    extensions = ui,
    caller = 'mcp',
    ...options
  }: { era?: Era; extensions?: Record<string, never> | typeof ui; caller?: string } & McpOptions = {},
) {
  const store = openApprovals(join(folder, `${file}.approvals`))
  const intercom = createIntercom({ accessToken, dispatcher, journal: join(folder, `${file}.journal`) })
  const approvals = holding(store, { caller, link: (id) => `https://desk.example.com/approvals/${id}` })
  const client = new Client(
    { name: 'A host', version: '1' },
    {
      capabilities: { extensions },
      versionNegotiation: { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } },
    },
  )
  const [near, far] = InMemoryTransport.createLinkedPair()
  serveStdio(mcpServers(intercom, { sends: 'confirm', approvals, ...options }), { transport: far })
  await client.connect(near)
  t.after(async () => {
    await client.close()
    await intercom.close()
    store.close()
  })
  return { client, store }
}

async function fresh() {
  const conversation_id = await conversation()
  const body = `In the app ${crypto.randomUUID()}`
  const input = reply(conversation_id, body)
  const sent = async () => (await bodies(conversation_id)).filter((one) => one.includes(body)).length
  return { call: { name: 'reply_to_conversation', arguments: input }, sent }
}

const toldIn = ({ _meta }: { _meta?: object | undefined }) =>
  (_meta as Record<string, Told> | undefined)?.['modulex-intercom/approval']
const decide = async (client: Client, given: object) =>
  await client.callTool({ name: 'decide_approval', arguments: { decision: 'approve', ...given } })

for (const era of ['legacy', 'modern'] as const) {
  test(`${era}: a client with apps finds the app at what may wait, and gets what it draws`, async (t) => {
    const { client } = await session(t, `${++files}`, { era })
    assert.deepEqual(client.getServerCapabilities()?.extensions, { 'io.modelcontextprotocol/ui': {} })
    const { tools } = await client.listTools()
    const withApp = tools.filter(({ _meta }) => _meta !== undefined)
    assert.deepEqual(
      withApp.map(({ name, _meta }) => [name, _meta]),
      ['send_incoming_message', 'send_message_to_contact', 'reply_to_conversation'].map((name) => [
        name,
        { ui: { resourceUri: appUri } },
      ]),
    )
    assert.deepEqual(
      (await client.listResources()).resources.map(({ uri, mimeType }) => [uri, mimeType]),
      [[appUri, 'text/html;profile=mcp-app']],
    )
    const { contents } = await client.readResource({ uri: appUri })
    assert.match(JSON.stringify(contents[0]), /"mimeType":"text\/html;profile=mcp-app".*<!doctype html>/)
    const { call, sent } = await fresh()
    const held = await client.callTool(call)
    const told = toldIn(held)
    assert.equal(held.isError, true)
    assert.match(JSON.stringify(held.content), /held/)
    assert.deepEqual(
      [told?.state, told?.title, told?.caller, told?.asked_by, told?.seal],
      ['waiting', 'Reply to conversation', 'mcp', 'A host', undefined],
    )
    assert.equal(told?.url, `https://desk.example.com/approvals/${told?.id}`)
    assert.ok(told?.preview?.text?.startsWith('In the app'))
    assert.ok(told?.preview?.to[0]?.name ?? told?.preview?.to[0]?.email)
    assert.equal(await sent(), 0)
  })

  test(`${era}: a client without apps sees nothing of it`, async (t) => {
    const { client } = await session(t, `${++files}`, { era, extensions: {}, confirmBy: ['app'] })
    const { tools } = await client.listTools()
    assert.ok(tools.every(({ name, _meta }) => _meta === undefined && name !== 'decide_approval'))
    const { call, sent } = await fresh()
    assert.equal(toldIn(await client.callTool(call)), undefined)
    await assert.rejects(
      decide(client, { approval_id: 'apr_x', seal: 'x' }),
      /Unknown tool: "decide_approval"/,
    )
    assert.equal(await sent(), 0)
  })

  test(`${era}: an app decides only where the operator says so, and its tool is for apps alone`, async (t) => {
    const off = await session(t, `${++files}`, { era })
    assert.ok((await off.client.listTools()).tools.every(({ name }) => name !== 'decide_approval'))
    await assert.rejects(decide(off.client, { approval_id: 'apr_x', seal: 'x' }), /Unknown tool/)
    const { client, store } = await session(t, `${++files}`, { era, confirmBy: ['app'] })
    const tool = (await client.listTools()).tools.find(({ name }) => name === 'decide_approval')
    assert.deepEqual(tool?._meta, { ui: { visibility: ['app'] } })
    const { call, sent } = await fresh()
    const { id = '', seal } = toldIn(await client.callTool(call)) ?? {}
    const result = await decide(client, { approval_id: id, seal })
    assert.deepEqual([result.isError ?? false, toldIn(result)?.state, await sent()], [false, 'done', 1])
    const { road, decided_by } = (await store.get(id)) as Approval
    assert.deepEqual([road, decided_by], ['app', 'the user of A host'])
    assert.equal(toldIn(result)?.decided_by, undefined)
  })
}

test('over stateless HTTP of the old era, where clients declare nothing, the app is named and decides nothing', async (t) => {
  const store = openApprovals(join(folder, `${++files}.approvals`))
  const intercom = createIntercom({ accessToken, dispatcher, journal: join(folder, `${files}.journal`) })
  t.after(async () => {
    await intercom.close()
    store.close()
  })
  const approvals = holding(store, { caller: 'a key' })
  const { fetch } = mcpHttp(intercom, { sends: 'confirm', approvals, confirmBy: ['app'] })
  const client = new Client({ name: 'A host', version: '1' }, { capabilities: { extensions: ui } })
  const ours = async (url: string | URL, init?: RequestInit) => await fetch(new Request(url, init))
  await client.connect(new StreamableHTTPClientTransport(new URL('http://localhost/mcp'), { fetch: ours }))
  const { tools } = await client.listTools()
  assert.deepEqual(
    tools.filter(({ _meta }) => _meta !== undefined).map(({ name }) => name),
    ['send_incoming_message', 'send_message_to_contact', 'reply_to_conversation'],
  )
  const { call, sent } = await fresh()
  const told = toldIn(await client.callTool(call))
  assert.deepEqual([told?.state, told?.url, told?.seal, await sent()], ['waiting', null, undefined, 0])
  await client.close()
})

test('a seal counts once, for its approval, text, caller and session; a model without it decides nothing', async (t) => {
  const file = `${++files}`
  const { client, store } = await session(t, file, { confirmBy: ['app'] })
  const [first, second] = [await fresh(), await fresh()]
  const one = toldIn(await client.callTool(first.call))
  const other = toldIn(await client.callTool(second.call))
  const { id: approval_id, seal } = one ?? {}
  assert.ok(seal)
  const elsewhere = await session(t, file, { confirmBy: ['app'] })
  const stranger = await session(t, file, { confirmBy: ['app'], caller: 'another key' })
  const refused: [string, Client, object][] = [
    ['no seal', client, { approval_id }],
    ['an invented one', client, { approval_id, seal: 'A'.repeat(43) }],
    ['a forged one', client, { approval_id, seal: `${seal.slice(0, -1)}${seal.endsWith('A') ? 'B' : 'A'}` }],
    ['of another approval', client, { approval_id, seal: other?.seal }],
    ['for another approval', client, { approval_id: other?.id, seal }],
    ['for none', client, { seal }],
    ['no text', client, { approval_id, seal: { seal } }],
    ['a decision that is none', client, { approval_id, seal, decision: 'yes' }],
    ['in another session', elsewhere.client, { approval_id, seal }],
    ['of another key', stranger.client, { approval_id, seal }],
  ]
  for (const [what, from, given] of refused) {
    const result = await decide(from, given)
    assert.deepEqual([result.isError, toldIn(result)], [true, undefined], what)
    assert.match(JSON.stringify(result.content), /Nothing was decided/)
  }
  const again = toldIn(await client.callTool(first.call))
  assert.deepEqual([again?.id, again?.seal === seal], [approval_id, false])
  assert.equal((await decide(client, { approval_id, seal })).isError, true, 'a newer card ends it')
  assert.ok((await store.list()).every(({ state }) => state === 'waiting'))
  assert.deepEqual([await first.sent(), await second.sent()], [0, 0])
  const both = await Promise.all([1, 2].map(() => decide(client, { approval_id, seal: again?.seal })))
  assert.deepEqual(both.map(({ isError }) => isError ?? false).toSorted(), [false, true])
  assert.equal((await decide(client, { approval_id, seal: again?.seal })).isError, true, 'used up')
  assert.equal(await first.sent(), 1)
})

test('a declined call is told with its reason, and a seal of what somebody decided meanwhile decides nothing', async (t) => {
  const { client, store } = await session(t, `${++files}`, { confirmBy: ['app'] })
  const { call, sent } = await fresh()
  const { id: approval_id, seal } = toldIn(await client.callTool(call)) ?? {}
  const declined = await decide(client, { approval_id, seal, decision: 'decline', reason: 'Refund first' })
  assert.deepEqual([toldIn(declined)?.state, toldIn(declined)?.reason], ['declined', 'Refund first'])
  const { call: next, sent: sentNext } = await fresh()
  const told = toldIn(await client.callTool(next))
  await store.decide(String(told?.id), { decline: null }, 'Mia', 'page')
  const late = await decide(client, { approval_id: told?.id, seal: told?.seal })
  assert.equal(late.isError, true)
  assert.deepEqual([await sent(), await sentNext()], [0, 0])
})

test('the app reads the state of its caller’s approvals, and of nobody else’s', async (t) => {
  const file = `${++files}`
  const { client, store } = await session(t, file, { confirmBy: ['app'] })
  const { call } = await fresh()
  const { id } = toldIn(await client.callTool(call)) ?? {}
  const read = async (from: Client) => {
    const [content] = (await from.readResource({ uri: `intercom://approvals/${id}` })).contents
    return JSON.parse(String(content && 'text' in content ? content.text : '')) as Told
  }
  assert.deepEqual([(await read(client)).state, (await read(client)).seal], ['waiting', undefined])
  await store.decide(String(id), { decline: 'No' }, 'Mia', 'page')
  const { state, reason, decided_by } = await read(client)
  assert.deepEqual([state, reason, decided_by], ['declined', 'No', undefined])
  const stranger = await session(t, file, { caller: 'another key' })
  await assert.rejects(read(stranger.client))
})

test('a caller that may not read contacts and conversations is not told of them by the app either', async (t) => {
  const only = ['reply_to_conversation', 'send_incoming_message'] as const
  const reads = ['get_contact', 'get_conversation'] as const
  for (const access of [
    { only: [...only] },
    { only: [...only, ...reads], approve: [...only, ...reads] }, // reads that a person is asked about
  ]) {
    const { client } = await session(t, `${++files}`, access)
    const { call } = await fresh()
    const { preview } = toldIn(await client.callTool(call)) ?? {}
    assert.deepEqual(preview?.conversation?.last, [])
    assert.deepEqual(
      preview?.to.map(({ name, email, company }) => [name, email, company]),
      [[null, null, null]],
    )
    const body = `As the contact ${crypto.randomUUID()}`
    const speaking = { name: 'send_incoming_message', arguments: { contact_id, body } }
    const { from } = toldIn(await client.callTool(speaking))?.preview ?? {}
    assert.deepEqual([from?.id, from?.name, from?.email], [contact_id, null, null])
  }
})
