import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { InMemoryTransport } from '@modelcontextprotocol/client'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { createIntercom } from '../../src/index.ts'
import { mcpHttp, mcpServers } from '../../src/tools/mcp/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'

const workspace = await createWorkspace({ seed: 2, rateLimit: false })
const { accessToken, dispatcher } = workspace
const intercom = createIntercom({ accessToken, dispatcher })
after(() => workspace.close())

type Era = 'legacy' | 'modern'
type Message = { id?: unknown; result?: Result; error?: { code: number; message: string } }
type Result = { isError?: boolean; content?: { text: string }[]; messages?: unknown }
type Params = { [name: string]: unknown }
type Ask = (method: string, params: Params | undefined) => Promise<Message>

const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

function request(era: Era, method: string, params: Params | undefined) {
  const all = era === 'modern' ? { ...params, _meta: envelope } : params
  return { jsonrpc: '2.0' as const, id: 7, method, ...(all ? { params: all } : {}) }
}

async function overStdio(era: Era): Promise<Ask> {
  const [near, far] = InMemoryTransport.createLinkedPair()
  const server = serveStdio(mcpServers(intercom), { transport: far })
  after(() => server.close())
  await near.start()
  const ask = (message: ReturnType<typeof request>) =>
    new Promise<Message>((resolve) => {
      near.onmessage = (answer) => resolve(answer as Message)
      void near.send(message)
    })
  if (era === 'legacy') {
    const clientInfo = { name: 'test', version: '1' }
    await ask(request(era, 'initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo }))
  }
  return (method, params) => ask(request(era, method, params))
}

function overHttp(era: Era): Ask {
  const { fetch } = mcpHttp(intercom)
  return async (method, params) => {
    const name = params?.['name']
    const modern = {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    }
    const answer = await fetch(
      new Request('http://localhost/mcp', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...(era === 'modern' ? modern : {}),
        },
        body: JSON.stringify(request(era, method, params)),
      }),
    )
    return (await answer.json()) as Message
  }
}

const tags = /Feature request|result/
const cases: [given: unknown, tool: string, isError: boolean, says: RegExp][] = [
  [undefined, 'list_tags', false, tags],
  [null, 'list_tags', false, tags],
  ['', 'list_tags', false, tags],
  ['{}', 'list_tags', false, tags],
  ['null', 'list_tags', false, tags],
  [{}, 'list_tags', false, tags],
  ['{"name_contains":"no such tag at all"}', 'list_tags', false, /data: 0|result/],
  [null, 'get_contact', true, /^get_contact: invalid_input: contact_id is required\. Nothing was sent\.$/],
  ['{"contact_id":"x y"}', 'get_contact', true, /^get_contact: (?!.*Invalid)/],
  [[], 'get_contact', true, /^get_contact: invalid_input: contact_id is required\. Nothing was sent\.$/],
  [[{ contact_id: '1' }], 'get_contact', true, /the input must be an object, not an array/],
  [7, 'get_contact', true, /the input must be an object, not a number/],
  [true, 'get_contact', true, /the input must be an object, not a boolean/],
  ['contact 7', 'get_contact', true, /the input must be an object, not a string/],
  ['{"contact_id":', 'get_contact', true, /the input must be an object, not a string/],
  ['["7"]', 'get_contact', true, /the input must be an object, not an array/],
]

for (const [transport, era, connect] of [
  ['stdio', 'legacy', overStdio],
  ['stdio', 'modern', overStdio],
  ['HTTP', 'legacy', overHttp],
  ['HTTP', 'modern', overHttp],
] as const) {
  test(`${transport}, ${era}: arguments of every kind reach the reader of the action`, async () => {
    const ask = await connect(era)
    for (const [given, name, isError, says] of cases) {
      const params = given === undefined ? { name } : { name, arguments: given }
      const { result, error } = await ask('tools/call', params)
      assert.equal(error, undefined, JSON.stringify([given, error]))
      assert.equal(result?.isError, isError, JSON.stringify([given, result]))
      assert.match(String(result?.content?.[0]?.text), says, JSON.stringify(given))
    }
  })

  test(`${transport}, ${era}: what is null in a request is absent, and a prompt takes what is no text`, async () => {
    const ask = await connect(era)
    const { error } = await ask('tools/list', { cursor: null })
    assert.equal(error, undefined)
    for (const [given, says] of [
      [{ conversation_id: 215474207000299, points: null }, /conversation \\?"215474207000299/],
      ['{"conversation_id":"12"}', /conversation \\?"12/],
      [null, /needs conversation_id/],
      [[], /needs conversation_id/],
    ] as const) {
      const answer = await ask('prompts/get', { name: 'draft_reply', arguments: given })
      assert.match(JSON.stringify(answer.result?.messages ?? answer.error?.message), says)
    }
  })
}

test('a call without the name of a tool is told so in words', async () => {
  const ask = await overStdio('legacy')
  for (const params of [undefined, {}, { name: null }, { name: 7, arguments: {} }]) {
    const { error } = await ask('tools/call', params)
    assert.match(String(error?.message), /^Unknown tool: "7?"/)
  }
})

test('a parameter of the wrong type is the fault of the request, over either transport', async () => {
  for (const connect of [overStdio, overHttp]) {
    const ask = await connect('legacy')
    const { error } = await ask('resources/read', { uri: [7] })
    assert.equal(error?.message, 'Invalid params: params.uri: Invalid input: expected string, received array')
  }
})

test('a name of a tool that cannot be made a text ends nothing, over either transport', async () => {
  for (const connect of [overStdio, overHttp]) {
    const ask = await connect('legacy')
    const { error } = await ask('tools/call', { name: { toString: 1, valueOf: null } })
    assert.match(String(error?.message), /^Unknown tool/)
  }
})
