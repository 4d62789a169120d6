// A client that cannot ask anybody, over MCP to a server: held, decided by an operator, answered.
import assert from 'node:assert/strict'
import { after, type TestContext, test } from 'node:test'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { openApprovals } from '../../src/approvals/store.ts'
import { openJournal } from '../../src/core/sqlite-journal.ts'
import { createIntercom } from '../../src/index.ts'
import { servedApprovals } from '../../src/server/approvals/serving.ts'
import type { Caller } from '../../src/server/caller.ts'
import { hashKey } from '../../src/server/keys.ts'
import { mcpMount, restMounts } from '../../src/server/mounts.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { approvalsFile, ask, bearer, keys, operators } from '../support/approvals-desk.ts'
import { correspondence } from '../support/correspondence.ts'
import { caller, served } from '../support/served.ts'

const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { accessToken, dispatcher } = workspace
const { conversation, bodies, reply } = await correspondence(createIntercom({ accessToken, dispatcher }))
after(() => workspace.close())

async function server(t: TestContext, own: Partial<Caller> = {}) {
  const file = approvalsFile(t)
  const store = openApprovals(file)
  const journal = openJournal(`${file}.journal`)
  const approvals = servedApprovals({ store, operators })
  const agent = {
    ...caller(keys.agent),
    name: 'agent',
    keyHash: hashKey(keys.agent),
    intercom: createIntercom({ accessToken, dispatcher, journal, settleMs: [20] }),
    access: { sends: 'confirm' as const },
    approvals: approvals.heldBy('agent'),
    ...own,
  }
  const mounts = [mcpMount({ bodyBytes: 1_000_000 }), ...restMounts(), approvals.mount]
  const serving = await served(t, () => new Response(), { callers: [agent], mounts })
  approvals.start(serving.url)
  t.after(async () => {
    await approvals.close()
    journal.close()
  })
  return { ...serving, store }
}

for (const mode of ['2026-07-28', 'legacy'])
  test(`over MCP (${mode}) a client without forms gets a link, and the outcome when it calls again`, async (t) => {
    const { url, store } = await server(t)
    const versionNegotiation = mode === 'legacy' ? { mode } : { mode: { pin: mode } }
    const client = new Client({ name: 'chat', version: '1' }, { versionNegotiation } as never)
    const requestInit = { headers: bearer(keys.agent) }
    await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }))
    t.after(() => client.close())
    const conversation_id = await conversation()
    const call = () =>
      client.callTool({
        name: 'reply_to_conversation',
        arguments: reply(conversation_id, `Held over MCP ${mode}`),
      })
    const held = await call()
    const [approval] = await store.list()
    assert.equal(held.isError, true)
    assert.ok(JSON.stringify(held.content).includes(`${url}/approvals/${approval?.id}`))
    if (mode !== 'legacy') assert.equal(approval?.asked_by, 'chat')
    const path = `POST /approvals/${approval?.id}/decision`
    assert.equal((await ask(url, path, bearer(keys.agent), { decision: 'approve' })).status, 403)
    assert.deepEqual(await bodies(conversation_id), [])
    assert.equal((await ask(url, path, bearer(keys.ada), { decision: 'approve' })).status, 200)
    const done = await call()
    assert.equal(done.isError, false)
    assert.match(JSON.stringify(done.content), /A person approved this call/)
    assert.equal((await bodies(conversation_id)).length, 1)
  })

test('a decision of the command line is acted on by the server that holds the call', async (t) => {
  const { url, store } = await server(t)
  const conversation_id = await conversation()
  const input = reply(conversation_id, 'Decided on the file')
  const { headers } = await ask(url, 'POST /actions/reply_to_conversation', bearer(keys.agent), input)
  const id = headers.get('location')?.replace('/approvals/', '') ?? ''
  const other = openApprovals(store.file)
  await other.decide(id, { approve: true }, 'somebody', 'cli')
  other.close()
  const deadline = AbortSignal.timeout(30_000)
  while ((await store.get(id))?.state !== 'done') {
    deadline.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  assert.equal((await bodies(conversation_id)).length, 1)
  const { body } = await ask(url, `GET /approvals/${id}`, bearer(keys.agent))
  assert.deepEqual([body.state, body.output.success], ['done', true])
})

test('a key that takes no form of a client is decided on in the inbox alone', async (t) => {
  const { url, store } = await server(t, { confirmBy: [] })
  const versionNegotiation = { mode: { pin: '2026-07-28' } }
  const client = new Client({ name: 'says yes by itself', version: '1' }, {
    versionNegotiation,
    capabilities: { elicitation: { form: {} } },
  } as never)
  let asked = 0
  client.setRequestHandler('elicitation/create', () => {
    asked += 1
    return { action: 'accept', content: { confirm: true } }
  })
  const requestInit = { headers: bearer(keys.agent) }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }))
  t.after(() => client.close())
  const conversation_id = await conversation()
  const input = reply(conversation_id, 'Nobody was asked')
  const { isError, content } = await client.callTool({ name: 'reply_to_conversation', arguments: input })
  assert.deepEqual([isError, asked], [true, 0])
  assert.match(JSON.stringify(content), /waits at/)
  assert.deepEqual(await bodies(conversation_id), [])
  assert.equal((await store.counts()).waiting, 1)
})
