import assert from 'node:assert/strict'
import { after, type TestContext, test } from 'node:test'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { actions, createIntercom } from '../../src/index.ts'
import type { Caller } from '../../src/server/caller.ts'
import { mcpMount } from '../../src/server/mounts.ts'
import { mcpHttp } from '../../src/tools/mcp/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { heldCall } from '../support/held-call.ts'
import { caller, served } from '../support/served.ts'

const key = 'key-of-the-support-agent-0001'
const other = 'key-of-the-billing-agent-0002'
const mounts = [mcpMount({ bodyBytes: 4 * 1024 * 1024 })]
const eras = [
  ['2025-11-25', {}],
  ['2026-07-28', { versionNegotiation: { mode: 'auto' } }],
] as const

const workspaces = await Promise.all(
  (['small', 'empty'] as const).map((seed) => createWorkspace({ seed, rateLimit: false })),
)
after(() => Promise.all(workspaces.map((workspace) => workspace.close())))
const [small, empty] = await Promise.all(
  workspaces.map(async (workspace) => {
    const { url: baseUrl, accessToken } = await workspace.listen()
    return { baseUrl, accessToken }
  }),
)

/** A caller of one of the two workspaces. */
function keyed(secret: string | null, connection = small, own: Partial<Caller> = {}): Caller {
  return caller(secret, { intercom: createIntercom(connection), ...own })
}

async function connected(url: string, secret: string, options: object = {}): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, options)
  const requestInit = { headers: { Authorization: `Bearer ${secret}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }))
  return client
}

type Structured = { success: boolean; error: string | null }
const structured = (result: { structuredContent?: unknown }) => result.structuredContent as Structured

/** A call in the new era, as its bytes. */
async function post(url: string, name: string, args: string, headers: Record<string, string> = {}) {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'tools/call',
      'Mcp-Name': name,
      Authorization: `Bearer ${key}`,
      ...headers,
    },
    body: `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":${JSON.stringify(name)},"arguments":${args},"_meta":${JSON.stringify(meta)}}}`,
  })
  return { status: response.status, text: await response.text() }
}

for (const [version, options] of eras) {
  test(`the official client lists and calls the tools over HTTP, in the protocol of ${version}`, async (t) => {
    const { url, lines } = await served(t, () => new Response(), { mounts, callers: [keyed(key)] })
    const client = await connected(url, key, options)
    assert.equal(client.getNegotiatedProtocolVersion(), version)
    const { tools } = await client.listTools()
    assert.deepEqual(
      tools.map(({ name }) => name),
      actions.map(({ name }) => name),
    )
    const tags = await client.callTool({ name: 'list_tags', arguments: {} })
    assert.equal(structured(tags).success, true)
    const lost = await client.callTool({
      name: 'get_contact',
      arguments: { contact_id: '0123456789abcdef01234567' },
    })
    assert.equal(lost.isError, true)
    await assert.rejects(client.callTool({ name: 'list_tag', arguments: {} }), /Unknown tool.*list_tags/)
    await client.close()
    const ran = lines.filter((line) => line.actions.length > 0)
    assert.deepEqual(
      ran.map(({ key: name, actions: ran }) => [name, ...ran]),
      [
        [key, 'list_tags: ok'],
        [key, 'get_contact: not_found'],
      ],
    )
  })
}

/** A server whose one call is held, and a client that has begun it. */
async function holding(t: TestContext, options: object) {
  const { intercom, begun, ended } = heldCall()
  const one = caller(key, { intercom: { ...intercom, close: async () => {} } })
  const { url } = await served(t, () => new Response(), { mounts, callers: [one] })
  const client = await connected(url, key, options)
  const cancel = new AbortController()
  const call = client.callTool({ name: 'list_tags', arguments: {} }, { signal: cancel.signal })
  call.catch(() => {})
  await begun
  return { client, cancel, call, ended }
}

test('cancelling a call over HTTP ends it', { timeout: 20_000 }, async (t) => {
  const { client, cancel, call, ended } = await holding(t, eras[1][1])
  cancel.abort()
  await Promise.all([ended, assert.rejects(call)])
  await client.close()
})

for (const [version, options] of eras) {
  test(`a client that leaves ends its call, in the protocol of ${version}`, {
    timeout: 20_000,
  }, async (t) => {
    const { client, call, ended } = await holding(t, options)
    await client.close()
    await Promise.all([ended, assert.rejects(call)])
  })
}

test('a client without a key, or with the access token for one, does not connect', async (t) => {
  const { url } = await served(t, () => new Response(), { mounts, callers: [keyed(key)] })
  for (const secret of ['', small?.accessToken ?? '']) {
    for (const [, options] of eras)
      await assert.rejects(connected(url, secret, options), /missing_key|wrong_key|HTTP 401/)
  }
})

test('two keys see two workspaces, each under its own policy', async (t) => {
  const policy = {
    sends: 'off' as const,
    deny: ['list_admins'],
  }
  const callers = [keyed(key, small, { access: policy }), keyed(other, empty, { access: { readOnly: true } })]
  const { url } = await served(t, () => new Response(), { mounts, callers })
  const [support, billing] = await Promise.all([connected(url, key), connected(url, other)])
  const [full, bare] = await Promise.all(
    [support, billing].map((client) => client.callTool({ name: 'list_tags', arguments: {} })),
  )
  assert.match(JSON.stringify(full), /"success":true.*VIP/)
  assert.match(JSON.stringify(bare), /"success":true/)
  assert.doesNotMatch(JSON.stringify(bare), /VIP/)

  const namesOf = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name)
  assert.deepEqual(
    await namesOf(support),
    actions.filter(({ name, effect }) => effect !== 'send' && name !== 'list_admins').map(({ name }) => name),
  )
  assert.deepEqual(
    await namesOf(billing),
    actions.filter(({ effect }) => effect === 'read').map(({ name }) => name),
  )
  for (const [client, name] of [
    [support, 'reply_to_conversation'],
    [support, 'list_admins'],
    [billing, 'create_note'],
  ] as const) {
    await assert.rejects(client.callTool({ name, arguments: {} }), /Unknown tool/)
  }
  await Promise.all([support.close(), billing.close()])
})

test('a parameter that the operator has set is not shown, and refused', async (t) => {
  const access = {
    parameterOverrides: {
      reply_to_conversation: { admin_id: '1' },
      list_conversations: { starting_after: null },
    },
  }
  const { url } = await served(t, () => new Response(), { mounts, callers: [keyed(key, small, { access })] })
  const client = await connected(url, key)
  const { tools } = await client.listTools()
  const shown = (name: string) =>
    Object.keys(tools.find((tool) => tool.name === name)?.inputSchema.properties ?? {})
  assert.ok(
    shown('reply_to_conversation').includes('body') && !shown('reply_to_conversation').includes('admin_id'),
  )
  assert.ok(!shown('list_conversations').includes('starting_after'))
  for (const [name, parameters] of [
    ['reply_to_conversation', { conversation_id: '1', body: 'hello', admin_id: '2' }],
    ['list_conversations', { starting_after: 'x' }],
  ] as const) {
    const refused = await client.callTool({ name, arguments: parameters })
    assert.equal(refused.isError, true)
    assert.match(structured(refused).error ?? '', /is set by the operator of this server; leave it out/)
  }
  const listed = await client.callTool({ name: 'list_conversations', arguments: {} })
  assert.equal(listed.isError, false)
  await client.close()
})

test('names of the language itself in a call are only names', async (t) => {
  const { url } = await served(t, () => new Response(), { mounts, callers: [keyed(key)] })
  for (const args of [
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"contact_id":{"__proto__":{"polluted":1}}}',
    '{"toString":1,"valueOf":1,"hasOwnProperty":1}',
  ]) {
    const { status, text } = await post(url, 'get_contact', args)
    assert.equal(status, 200, args)
    assert.match(text, /"isError":true/)
  }
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const { text } = await post(url, name, '{}')
    assert.match(text, /Unknown tool/, name)
  }
  assert.equal(({} as { polluted?: number }).polluted, undefined)
  assert.match((await post(url, 'list_tags', '{}')).text, /"isError":false/)
})

test('an answer never holds the access token or the key, nor does the log', async (t) => {
  const token = small?.accessToken ?? ''
  const { url, lines } = await served(t, () => new Response(), { mounts, callers: [keyed(key)] })
  const answers = [
    await post(url, 'get_contact', JSON.stringify({ contact_id: token })),
    await post(url, token, '{}'),
    await post(url, 'list_tags', '{', {}),
    await post(url, 'list_tags', '{}', { Authorization: `Bearer ${token}` }),
  ]
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 400, 401],
  )
  const seen =
    JSON.stringify(lines) +
    answers
      .map(({ text }) => text)
      .join('')
      .replaceAll(`Unknown tool: \\"${token}`, '')
  assert.ok(!seen.includes(token))
  assert.ok(!seen.replaceAll(`"key":"${key}"`, '').includes(key))
})

test('a thousand calls at once are all answered', async (t) => {
  const callers = [keyed(key, small, { concurrentCalls: 1000 })]
  const { url, lines } = await served(t, () => new Response(), {
    mounts,
    callers,
    limits: { concurrentCalls: 1000, headerSeconds: 60, requestSeconds: 60 }, // a busy machine may take as long
  })
  const answers = await Promise.all(Array.from({ length: 1000 }, () => post(url, 'list_tags', '{}')))
  assert.equal(answers.filter(({ text }) => text.includes('"isError":false')).length, 1000)
  while (lines.length < 1000) await new Promise(setImmediate)
  assert.ok(lines.every(({ actions }) => actions.join() === 'list_tags: ok'))
})

test('mounted by itself it refuses a larger body too, and lets nobody but its client keep the list of tools', async () => {
  const { fetch } = mcpHttp(createIntercom(small), { maxRequestBytes: 2000 })
  const list = async (padding: string) => {
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
      padding,
    }
    const headers = {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'tools/list',
    }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: meta } })
    return await fetch(new Request('http://localhost/mcp', { method: 'POST', headers, body }))
  }
  const { result } = (await (await list('')).json()) as { result: Record<string, unknown> }
  assert.deepEqual([result['cacheScope'], result['ttlMs']], ['private', 3_600_000])
  assert.equal((await list('x'.repeat(2000))).status, 413)
})
