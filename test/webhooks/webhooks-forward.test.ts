import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buffer, text } from 'node:stream/consumers'
import { after, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createIntercom } from '../../src/index.ts'
import { defaultLimits } from '../../src/server/config.ts'
import { startServer, webhooksMount } from '../../src/server/index.ts'
import { forwardTo, type Notification } from '../../src/webhooks/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { childEnv } from '../openapi-validator/child-env.ts'
import { commandLines } from '../support/command-lines.ts'
import { clientSecret, sample, signatureOf } from '../support/deliveries.ts'
import { scriptedToken } from '../support/scripted-intercom.ts'
import { exchange, request } from '../support/served.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
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

async function served(t: TestContext, forward: string, store = join(folder, 'webhooks.db')) {
  const env = childEnv({ INTERCOM_ACCESS_TOKEN: scriptedToken, INTERCOM_CLIENT_SECRET: clientSecret })
  const flags = ['serve', '--port', '0', '--webhooks', store, '--forward', forward]
  const child = spawn(process.execPath, [bin, ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => child.kill('SIGKILL'))
  const stderr = text(child.stderr)
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { child, stderr, url: `${(JSON.parse(line) as { url: string }).url}/webhooks` }
}

test('serve --webhooks passes on what the workspace sends, each once, and again after a failure', async (t) => {
  const { got, url: target } = await host(t, 500, 302)
  const { url, child, stderr } = await served(t, `${target}/Events/handle/send`)
  const workspace = await createWorkspace({ webhooks: { url, secret: clientSecret } })
  t.after(() => workspace.close())
  const { url: baseUrl, accessToken } = await workspace.listen()
  const intercom = createIntercom({ baseUrl, accessToken })
  await intercom.upsertContact({ email: 'a@example.test', name: 'Ünï' })
  await workspace.webhooks.settled()
  assert.deepEqual(
    workspace.webhooks.deliveries().map(({ topic, status }) => [topic, status]),
    [
      ['ping', 200],
      ['contact.user.created', 200],
    ],
  )
  while (got.length < 3) await sleep(10)
  assert.deepEqual(new Set(got.map(({ path }) => path)), new Set(['/Events/handle/send']))
  assert.equal(new Set(got.map(({ key, body }) => key + body)).size, 1)
  const { id, topic } = JSON.parse(got[0]?.body ?? '') as Notification
  assert.deepEqual([topic, got[0]?.key], ['contact.user.created', id])
  child.kill('SIGTERM')
  const said = await stderr
  assert.match(said, /the forward URL answered 500/)
  assert.match(said, /the forward URL answered 302/)
  assert.doesNotMatch(said, new RegExp(`${clientSecret}|Ünï`))
})

test('behind the server the raw body is judged, needs no key, and has a limit of its own', async (t) => {
  const { got, url: target } = await host(t)
  const { url } = await served(t, target, join(folder, 'raw.db'))
  const odd = `{ "type":"notification_event",${JSON.stringify(sample()).slice(1)}\n`
  const send = async (body: string, headers: Record<string, string> = {}) => {
    const all = { 'X-Hub-Signature': signatureOf(body), Host: 'hooks.example.test', ...headers }
    return (await fetch(url, { method: 'POST', headers: all, body })).status
  }
  assert.equal(await send(odd), 200)
  assert.equal(await send(`${odd} `, { 'X-Hub-Signature': signatureOf(odd) }), 401)
  assert.equal(await send('x'.repeat(1024 * 1024 + 1)), 413)
  assert.equal(await send(JSON.stringify(sample({}, { body: 'x'.repeat(1024 * 1024 - 2000) }))), 200)
  assert.equal((await fetch(url)).status, 200)
  const head = (...headers: string[]) =>
    exchange(url, request('POST /webhooks', [...headers, 'Content-Length: 9']))
  for (const headers of [
    [],
    ['X-Hub-Signature: sha1=12'],
    ['X-Hub-Signature: sha256=1', 'X-Hub-Signature: sha1=2'],
  ]) {
    const { status, body: refusal } = await head(...headers)
    assert.deepEqual([status, (JSON.parse(refusal) as { code: string }).code], [401, 'missing_signature'])
  }
  assert.equal((await exchange(url, request('PUT /webhooks', ['Content-Length: 9']))).status, 405)
  while (got.length < 2) await sleep(10)
  assert.ok(got.some(({ body }) => body === odd))
})

test('what waited when the server was killed is passed on by the next, under the same key', async (t) => {
  const { got, url: target } = await host(t, 500)
  const store = join(folder, 'killed.db')
  const { url, child } = await served(t, target, store)
  const body = JSON.stringify(sample())
  const { status } = await fetch(url, {
    method: 'POST',
    headers: { 'X-Hub-Signature': signatureOf(body) },
    body,
  })
  assert.equal(status, 200)
  while (got.length < 1) await sleep(5)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await served(t, target, store)
  while (got.length < 2) await sleep(10)
  assert.deepEqual(got[1], got[0])
})

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

const lines = commandLines()

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
    const { code, stdout, stderr } = await lines(['serve', '--port', '0', ...flags], { env: given })
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
