import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actions } from '../../src/index.ts'
import { rootHandler } from '../../src/server/rest/root.ts'

const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
const get = (handler: ReturnType<typeof rootHandler>, init: RequestInit = {}) =>
  handler.fetch(new Request('http://127.0.0.1:8321/', init))

test('/ shows a browser the reference page, and others an index', async () => {
  const handler = rootHandler()
  const page = await get(handler, { headers: browser })
  assert.match(String(page.headers.get('content-type')), /^text\/html/)
  assert.match(String(page.headers.get('content-security-policy')), /default-src 'none'/)
  const html = await page.text()
  for (const { name } of actions) assert.ok(html.includes(`id="${name}"`), name)
  assert.match(html, /curl http:\/\/127\.0\.0\.1:8321\/actions/)
  assert.match(html, /pre \{[^}]*white-space: pre-wrap/)
  for (const accept of ['*/*', 'application/json']) {
    const index = (await (await get(handler, { headers: { accept } })).json()) as Record<string, string>
    assert.deepEqual([index['mcp'], index['docs'], index['health']], ['/mcp', '/docs', '/healthz'])
  }
  assert.equal((await get(handler, { method: 'POST' })).status, 405)
})

test('where everybody may call, / shows what they may call, and nothing that is switched off', async () => {
  const call = async () => assert.fail('nothing is called')
  const handler = rootHandler({ intercom: { call } as never, access: { only: ['list_tags'] } })
  const html = await (await get(handler, { headers: browser })).text()
  assert.deepEqual(
    [...html.matchAll(/<section id="(\w+)"/g)].map(([, name]) => name),
    ['list_tags'],
  )
})
