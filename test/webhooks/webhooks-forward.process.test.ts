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
import type { Notification } from '../../src/webhooks/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { childEnv } from '../openapi-validator/child-env.ts'
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
