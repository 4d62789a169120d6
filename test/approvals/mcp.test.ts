import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { Client, InMemoryTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { type Approval, holding, openApprovals } from '../../src/approvals/index.ts'
import { createIntercom } from '../../src/index.ts'
import { mcpHttp, mcpServers } from '../../src/tools/mcp/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { correspondence } from '../support/correspondence.ts'

// What an MCP client gets where calls that need a person are recorded.
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { accessToken, dispatcher } = workspace
const plain = createIntercom({ accessToken, dispatcher })
const { conversation, bodies, reply } = await correspondence(plain)
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-mcp-approvals-'))
after(async () => {
  await workspace.close()
  rmSync(folder, { recursive: true })
})
let files = 0

type Fetch = (request: Request) => Promise<Response>
type Result = { [key: string]: unknown }

/** A process that serves MCP, on a file of approvals that others may share. */
function served(
  t: TestContext,
  name: string,
  { caller = 'mcp', link = false, ...more }: { caller?: string; link?: boolean; output?: 'full' } = {},
) {
  const store = openApprovals(join(folder, `${name}.approvals`))
  const intercom = createIntercom({ accessToken, dispatcher, journal: join(folder, `${name}.journal`) })
  const approvals = holding(store, {
    caller,
    link: link ? (id) => `https://desk.example.com/approvals/${id}` : undefined,
  })
  const options = { sends: 'confirm', approvals, ...more } as const
  const { fetch } = mcpHttp(intercom, options)
  t.after(async () => {
    await intercom.close()
    store.close()
  })
  return { store, fetch: fetch as Fetch, servers: mcpServers(intercom, options) }
}

/** One `tools/call` of the modern era. */
async function post(
  fetch: Fetch,
  params: object,
  elicitation: object | undefined = { form: {} },
): Promise<Result> {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'A host', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': elicitation === undefined ? {} : { elicitation },
  }
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': 'reply_to_conversation',
  }
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { ...params, _meta: meta },
  })
  const response = await fetch(new Request('http://localhost/mcp', { method: 'POST', headers, body }))
  const { result, error } = (await response.json()) as { result?: Result; error?: Result }
  return result ?? error ?? {}
}

async function fresh() {
  const conversation_id = await conversation()
  const body = `Recorded ${files}-${crypto.randomUUID()}`
  const input = reply(conversation_id, body)
  return { conversation_id, body, input, call: { name: 'reply_to_conversation', arguments: input } }
}

const timesIn = async (conversation_id: string, body: string) =>
  (await bodies(conversation_id)).filter((one) => one.includes(body)).length
const answer = (content: object, action = 'accept') => ({ confirm: { action, content } })
const yes = answer({ confirm: true })
const textOf = ({ content }: Result) => (content as { text: string }[]).map(({ text }) => text).join('\n')
const only = async (store: { list(): Promise<Approval[]> }) => {
  const [approval, ...others] = await store.list()
  assert.deepEqual(others, [])
  assert.ok(approval)
  return approval
}

test('a question is an approval: the answer to it counts in another process, once, and is told again', async (t) => {
  const name = `${++files}`
  const first = served(t, name)
  const { conversation_id, body, call } = await fresh()
  const asked = await post(first.fetch, call)
  assert.equal(asked['resultType'], 'input_required')
  const { requestState } = asked
  const waiting = await only(first.store)
  assert.deepEqual([waiting.state, waiting.caller, waiting.asked_by], ['waiting', 'mcp', 'A host'])
  const other = served(t, name)
  const results = await Promise.all([
    post(other.fetch, { ...call, inputResponses: yes, requestState }),
    post(first.fetch, { ...call, inputResponses: yes, requestState }),
  ])
  const replayed = await post(other.fetch, { ...call, inputResponses: yes, requestState })
  for (const result of [...results, replayed]) {
    assert.deepEqual([result['resultType'], result['isError']], ['complete', false])
    assert.match(textOf(result), /A person approved this call at \S+Z \(apr_\S+\); it is made once\./)
  }
  assert.equal(await timesIn(conversation_id, body), 1)
  const { state, decided_by, road } = await only(first.store)
  assert.deepEqual([state, decided_by, road], ['done', 'the user of A host', 'elicitation'])
  assert.equal(
    (await post(first.fetch, call))['resultType'],
    'input_required',
    'a new call is a new question',
  )
})

test('a state counts for its own call, caller and file, and not when it is forged', async (t) => {
  const { store, fetch } = served(t, `${++files}`)
  const { conversation_id, body, call } = await fresh()
  const { requestState } = await post(fetch, call)
  const altered = { ...call, arguments: { ...call.arguments, body: 'Other words' } }
  assert.equal(
    (await post(fetch, { ...altered, inputResponses: yes, requestState }))['resultType'],
    'input_required',
  )
  assert.equal((await post(fetch, { ...call, inputResponses: yes }))['resultType'], 'input_required')
  const stranger = served(t, `${files}`, { caller: 'another key' })
  assert.equal(
    (await post(stranger.fetch, { ...call, inputResponses: yes, requestState }))['resultType'],
    'input_required',
  )
  const elsewhere = served(t, `${++files}`)
  assert.equal((await post(elsewhere.fetch, { ...call, inputResponses: yes, requestState }))['code'], -32602)
  const forged = `${String(requestState).slice(0, -4)}AAAA`
  assert.equal((await post(fetch, { ...call, inputResponses: yes, requestState: forged }))['code'], -32602)
  assert.equal(await timesIn(conversation_id, body), 0)
  assert.ok((await store.list()).every(({ state }) => state === 'waiting'))
})

test('a user declines with a reason, and only an explicit answer decides', async (t) => {
  const { store, fetch } = served(t, `${++files}`)
  const { conversation_id, body, call } = await fresh()
  const { requestState } = await post(fetch, call)
  const robots = [
    answer({}),
    answer({ confirm: 'true' }),
    answer({}, 'cancel'),
    answer({ confirm: true }, 'cancel'),
  ]
  for (const inputResponses of robots) {
    const result = await post(fetch, { ...call, inputResponses, requestState })
    assert.equal(result['isError'], true)
    assert.match(textOf(result), /held: a person has to approve this call; nothing was sent/)
  }
  assert.equal((await only(store)).state, 'waiting')
  const no = answer({ confirm: false, reason: 'Wrong tone' })
  const declined = await post(fetch, { ...call, inputResponses: no, requestState })
  assert.match(textOf(declined), /not_confirmed: .*They said: "Wrong tone"/)
  const changed = await post(fetch, { ...call, inputResponses: yes, requestState })
  assert.match(textOf(changed), /not_confirmed/, 'a decision holds')
  assert.equal(await timesIn(conversation_id, body), 0)
  assert.equal((await post(fetch, call))['resultType'], 'input_required', 'the user can be asked anew')
})

test('a decision made elsewhere while a form is open holds, and is told', async (t) => {
  const { store, fetch } = served(t, `${++files}`)
  const { conversation_id, body, call } = await fresh()
  const { requestState } = await post(fetch, call)
  await store.decide((await only(store)).id, { decline: 'Not today' }, 'Ann', 'cli')
  const result = await post(fetch, { ...call, inputResponses: yes, requestState })
  assert.match(textOf(result), /not_confirmed: .*They said: "Not today"/)
  assert.equal(await timesIn(conversation_id, body), 0)
})

for (const era of ['legacy', 'modern'] as const)
  test(`${era}, over stdio: what a user makes of the text in the form is sent, and the model is told`, async (t) => {
    const { store, servers } = served(t, `${++files}`)
    const { conversation_id, body, call } = await fresh()
    const client = new Client(
      { name: 'A host', version: '1' },
      {
        capabilities: { elicitation: { form: {} } },
        versionNegotiation: { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } },
      },
    )
    client.setRequestHandler('elicitation/create', () => ({
      action: 'accept',
      content: { confirm: true, text: 'In other words' },
    }))
    const [near, far] = InMemoryTransport.createLinkedPair()
    serveStdio(servers, { transport: far })
    await client.connect(near)
    const result = await client.callTool(call)
    assert.equal(result.isError, false)
    assert.match(textOf(result), /A person edited this call and approved it .*In other words/)
    assert.deepEqual(
      [await timesIn(conversation_id, body), await timesIn(conversation_id, 'In other words')],
      [0, 1],
    )
    const { state, road, asked_by } = await only(store)
    assert.deepEqual([state, road, asked_by], ['done', 'elicitation', 'A host'])
    await client.close()
  })

test('a process that dies after the answer and before the send leaves a call that is made once, and told', async (t) => {
  const name = `${++files}`
  const { store, fetch } = served(t, name)
  const { conversation_id, body, call } = await fresh()
  const { requestState } = await post(fetch, call)
  await store.decide((await only(store)).id, { approve: true }, 'the user of A host', 'elicitation')
  const successor = served(t, name)
  for (const repeated of [call, { ...call, inputResponses: yes, requestState }]) {
    const result = await post(successor.fetch, repeated)
    assert.equal(result['isError'], false)
    assert.match(textOf(result), /A person approved this call/)
  }
  assert.equal(await timesIn(conversation_id, body), 1)
})

test('what cannot succeed asks nobody', async (t) => {
  const { store, fetch } = served(t, `${++files}`)
  const { input } = await fresh()
  const result = await post(fetch, {
    name: 'reply_to_conversation',
    arguments: { ...input, conversation_id: '404404' },
  })
  assert.equal(result['isError'], true)
  assert.match(textOf(result), /not_found/)
  assert.deepEqual(await store.list(), [])
})

test('a client that cannot be asked is held, in both eras, and learns the outcome by calling again', async (t) => {
  for (const [mode, output] of [
    ['legacy', undefined],
    [{ pin: '2026-07-28' }, 'full'],
  ] as const) {
    const { store, fetch } = served(t, `${++files}`, { link: true, ...(output ? { output } : {}) })
    const { conversation_id, body, call } = await fresh()
    const client = new Client({ name: 'mute', version: '1' }, { versionNegotiation: { mode } })
    const url = new URL('http://localhost/mcp')
    await client.connect(
      new StreamableHTTPClientTransport(url, { fetch: (input, init) => fetch(new Request(input, init)) }),
    )
    const first = await client.callTool(call)
    const { id } = await only(store)
    assert.equal(first.isError, true)
    assert.match(
      textOf(first),
      new RegExp(`waits at https://desk\\.example\\.com/approvals/${id}\\. Call again`),
    )
    await client.callTool(call)
    await store.decide(id, { approve: true, edited: { body: `${body}, kindly` } }, 'Ann', 'page')
    const second = await client.callTool(call)
    assert.equal(second.isError, false)
    assert.match(
      textOf(second),
      /A person edited this call and approved it .* body is now \\?".*, kindly\\?"/,
    )
    assert.equal(await timesIn(conversation_id, `${body}, kindly`), 1)
    assert.deepEqual(textOf(await client.callTool(call)).match(/edited this call/g)?.length, 1)
    assert.equal(await timesIn(conversation_id, body), 1)
    await client.close()
  }
})

test('a client that opens pages gets the link; without a page it is held', async (t) => {
  const { store, fetch } = served(t, `${++files}`, { link: true })
  const { conversation_id, body, call } = await fresh()
  const asked = await post(fetch, call, { url: {} })
  const { id } = await only(store)
  const { open } = asked['inputRequests'] as { open: { params: { mode: string; url: string } } }
  assert.deepEqual([open.params.mode, open.params.url], ['url', `https://desk.example.com/approvals/${id}`])
  const opened = {
    ...call,
    inputResponses: { open: { action: 'accept' } },
    requestState: asked['requestState'],
  }
  assert.match(textOf(await post(fetch, opened, { url: {} })), /held: .*waits at https/)
  await store.decide(id, { approve: true }, 'Ann', 'page')
  assert.equal((await post(fetch, opened, { url: {} }))['isError'], false)
  assert.equal(await timesIn(conversation_id, body), 1)

  const without = served(t, `${++files}`)
  const result = await post(without.fetch, (await fresh()).call, { url: {} })
  assert.match(textOf(result), /held: .*waits at `modulex-intercom approvals`/)
})
