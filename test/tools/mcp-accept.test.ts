import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { mcpMount } from '../../src/server/mounts.ts'
import { mcpHttp } from '../../src/tools/mcp/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { caller, served } from '../support/served.ts'

const workspace = await createWorkspace({ seed: 2, rateLimit: false })
const { accessToken, dispatcher } = workspace
const intercom = createIntercom({ accessToken, dispatcher })
after(() => workspace.close())

const eras = ['legacy', 'modern'] as const
type Era = (typeof eras)[number]

function request(
  era: Era,
  accept: string | null,
  { name = 'list_tags', method = 'tools/call' } = {},
): Request {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const _meta = { progressToken: 1, ...(era === 'modern' ? meta : {}) }
  const modern = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, 'mcp-name': name }
  return new Request('http://localhost/mcp', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(accept === null ? {} : { accept }),
      ...(era === 'modern' ? modern : {}),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { name, arguments: {}, _meta } }),
  })
}

/** The last message of an answer, in whichever form it came. */
async function lastOf(answer: Response): Promise<{ result?: unknown; error?: { message: string } }> {
  const text = await answer.text()
  const data = text.split('\n').filter((line) => line.startsWith('data: '))
  return JSON.parse(data.at(-1)?.slice(6) ?? text)
}

const json = 'application/json'
const events = 'text/event-stream'
const accepts: [accept: string | null, form: string | null][] = [
  [null, json],
  ['', json],
  ['*/*', json],
  ['application/json', json],
  ['Application/JSON; charset=utf-8', json],
  ['application/*', json],
  ['text/html, */*;q=0.8', json],
  [`${json}, ${events};q=0`, json],
  ['json', json],
  ['text/event-stream', events],
  ['TEXT/EVENT-STREAM;q=0.5', events],
  ['text/*', events],
  [`${json};q=0, ${events}`, events],
  [`${json};q=0, ${events}, */*`, events],
  [`${json}, ${events}`, null],
  [`${events};q=0.9, ${json}`, null],
  [`${events}, */*;q=0.1`, null],
  ['text/*, application/*', null],
]

for (const era of eras) {
  test(`${era}: each Accept is answered in a form that it names`, async () => {
    const { fetch } = mcpHttp(intercom)
    for (const [accept, form] of accepts) {
      for (const name of ['list_tags', 'no_such_tool']) {
        const answer = await fetch(request(era, accept, { name }))
        const type = String(answer.headers.get('content-type')).split(';')[0]
        assert.ok(form === null ? [json, events].includes(type ?? '') : type === form, `${accept}: ${type}`)
        const { result, error } = await lastOf(answer)
        if (name === 'list_tags') assert.match(JSON.stringify(result), /"isError":false/, String(accept))
        else assert.match(String(error?.message), /^Unknown tool/, String(accept))
      }
    }
  })

  test(`${era}: an Accept that names neither form is refused in words`, async () => {
    const { fetch } = mcpHttp(intercom)
    for (const accept of ['text/html', 'application/xml;q=1, image/*', '*/*;q=0', `${json};q=0.0`]) {
      const answer = await fetch(request(era, accept))
      assert.equal(answer.status, 406)
      assert.match(await answer.text(), /Accept names neither application\/json nor text\/event-stream/)
    }
  })

  test(`${era}: over the server, too`, async (t) => {
    const { url } = await served(t, () => new Response(), {
      mounts: [mcpMount({ bodyBytes: 1_000_000 })],
      callers: [caller(null, { intercom: createIntercom({ accessToken, dispatcher }) })],
    })
    for (const accept of ['*/*', json, events]) {
      const { headers, body, method } = request(era, accept)
      const answer = await fetch(`${url}/mcp`, { method, headers, body: await new Response(body).text() })
      assert.equal(answer.status, 200)
      assert.ok(answer.headers.get('content-type')?.startsWith(accept === '*/*' ? json : accept))
      assert.match(JSON.stringify((await lastOf(answer)).result), /"isError":false/)
    }
  })
}

test('a subscription, which has no end, is not promised as JSON', async () => {
  const { fetch } = mcpHttp(intercom)
  const answer = await fetch(request('modern', json, { method: 'subscriptions/listen' }))
  assert.equal(answer.status, 406)
})

test('a notification has no answer in either form', async () => {
  const { fetch } = mcpHttp(intercom)
  for (const accept of [json, events, '*/*']) {
    const answer = await fetch(
      new Request('http://localhost/mcp', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
      }),
    )
    assert.deepEqual([answer.status, await answer.text()], [202, ''])
  }
})
