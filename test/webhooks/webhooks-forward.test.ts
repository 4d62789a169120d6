import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { defaultLimits } from '../../src/server/config.ts'
import { startServer, webhooksMount } from '../../src/server/index.ts'
import { forwardTo, type Notification } from '../../src/webhooks/index.ts'
import { commandLine } from '../support/command-line.ts'
import { clientSecret, sample } from '../support/deliveries.ts'
import { scriptedToken } from '../support/scripted-intercom.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-forward-'))
after(() => rmSync(folder, { recursive: true }))

type Got = { path: string; key: string | undefined; body: string }

/** Where notifications are passed on to; answers with the given statuses first, then 202. */
async function host(t: TestContext, ...statuses: number[]) {
  const got: Got[] = []
  const server = createServer(async (request, response) => {
    const body = String(await buffer(request))
    got.push({ path: request.url ?? '', key: request.headersDistinct['idempotency-key']?.join(), body })
    response.writeHead(statuses.shift() ?? 202, { Location: '/elsewhere' }).end('accepted')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test('strangers have places of their own, and too many are asked to come again', async (t) => {
  const gate = Promise.withResolvers<void>()
  let entered = 0
  const slow = webhooksMount({
    async fetch() {
      entered += 1
      await gate.promise
      return new Response()
    },
  })
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    hosts: [],
    origins: [],
    callers: [],
    mounts: [slow],
    limits: { ...defaultLimits, concurrentCalls: 1 },
    log: () => {},
  })
  t.after(() => server.close())
  const send = () => fetch(`${server.url}/webhooks`, { method: 'POST', body: '{}' })
  const first = send()
  while (entered < 1) await sleep(2)
  const second = await send()
  assert.deepEqual([second.status, second.headers.get('retry-after')], [503, '1'])
  gate.resolve()
  assert.equal((await first).status, 200)
  assert.equal((await send()).status, 200)
})

test('the flags go together, and a URL that would carry notifications in the open is refused', async () => {
  const env = { INTERCOM_ACCESS_TOKEN: scriptedToken, INTERCOM_CLIENT_SECRET: clientSecret }
  const store = join(folder, 'refused.db')
  for (const [flags, given, message] of [
    [['--webhooks', store], env, /--webhooks needs --forward URL/],
    [['--forward', 'http://127.0.0.1/'], env, /--forward needs --webhooks FILE/],
    [
      ['--webhooks', store, '--forward', 'http://127.0.0.1/'],
      { INTERCOM_ACCESS_TOKEN: scriptedToken },
      /CLIENT_SECRET/,
    ],
    [
      ['--webhooks', store, '--forward', 'http://example.test/'],
      env,
      /must be https, or http on this machine/,
    ],
  ] as const) {
    const { code, stdout, stderr } = await commandLine(['serve', '--port', '0', ...flags], { env: given })
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, message)
    assert.ok(!stderr.includes(clientSecret))
  }
})

test('URLs that cannot be used are refused, and not quoted', () => {
  for (const url of [
    'nowhere',
    'ftp://127.0.0.1/',
    'http://127.0.0.1.example.test/',
    'https://user:secret@example.test/',
    'https://example.test/#a',
    'https://{item.id}.example.test/',
    'https://example.test/{item.name}',
    'https://example.test:{id}/',
    'https://example.test{id}/',
    'https://{id}',
    'https:/{item.id}/x',
    'https:{item.id}/x',
    'https:///{item.id}/x',
    'https:\\\\{item.id}\\x',
    'https:/\\{item.id}/x',
    'https:\\/example.test\\@{item.id}/x',
    'https:\n//{item.id}/x',
    ' https:/{item.id}/x',
    'https:/example.test/x',
  ]) {
    assert.throws(
      () => forwardTo(url),
      { name: 'IntercomError', message: /^(?!.*(example|secret)).*forward URL/ },
      url,
    )
  }
})

test('an id in the path stays one segment, whatever it is, and starts a Restate workflow without the header', async (t) => {
  const { got, url } = await host(t)
  const pass = async (template: string, item: Record<string, unknown>) => {
    const notification = sample({}, item)
    const context = { key: 'k', attempt: 1, signal: new AbortController().signal, body: '{}' }
    await forwardTo(url + template)(notification as unknown as Notification, context) // items of every shape
    return got.at(-1)
  }
  assert.deepEqual(await pass('/support/{item.id}/run/send', { id: '17' }), {
    path: '/support/17/run/send',
    key: undefined,
    body: '{}',
  })
  for (const type of ['contact_tag', 'contact_unsubscribe']) {
    const item = { id: undefined, type, contact: { type: 'contact', id: '6a' } }
    assert.equal((await pass('/a/{item.id}/b', item))?.path, '/a/6a/b', type)
  }
  assert.deepEqual(await pass('/support/{item.id}/heard/send', { id: 17 }), {
    path: '/support/17/heard/send',
    key: 'k',
    body: '{}',
  })
  for (const [id, path] of [
    ['../admin', '/a/..%2Fadmin/b'],
    ['%2e%2e', '/a/%252e%252e/b'],
    ['x?y#z', '/a/x%3Fy%23z/b'],
    ['a\\b\r\nHost: c', '/a/a%5Cb%0D%0AHost%3A%20c/b'],
    ['…', '/a/%E2%80%A6/b'],
  ] as const) {
    assert.equal((await pass('/a/{item.id}/b', { id }))?.path, path)
  }
  const sent = got.length
  for (const id of ['', '.', '..', null, {}, [], '\ud800', 'x'.repeat(201)]) {
    await assert.rejects(pass('/a/{item.id}/b', { id }), /no item\.id that fits in a URL/)
  }
  assert.equal(got.length, sent)
})
