// What `serve --webhooks` receives, as operators are told of it.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { receivingOf } from '../../src/cli/commands/receiving.ts'
import { type NotificationRow, notificationsLog, notificationsMount } from '../../src/server/notifications.ts'
import { openInbox } from '../../src/webhooks/inbox.ts'
import { bearer, keys, operators } from '../support/approvals-desk.ts'
import { caller, served } from '../support/served.ts'

const secret = 'a-client-secret'
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-notifications-'))
let answering = 200
const target = createServer((request, response) => {
  request.resume()
  if (answering === 0) request.socket.destroy()
  else response.writeHead(answering).end()
})
before(async () => {
  process.env['INTERCOM_CLIENT_SECRET'] = `${secret}\n`
  await once(target.listen(0, '127.0.0.1'), 'listening')
})
after(() => {
  delete process.env['INTERCOM_CLIENT_SECRET']
  target.close()
  rmSync(folder, { recursive: true })
})

let made = 0
const notification = (topic: string, email = 'ada@example.com') => {
  made += 1
  const created_at = Math.floor(Date.now() / 1000)
  const data = { type: 'notification_event_data', item: { type: 'contact', id: `c${made}`, email } }
  return JSON.stringify({ type: 'notification_event', id: `notif_${made}`, topic, created_at, data })
}
const signed = (body: string, key = secret) => ({
  method: 'POST',
  headers: { 'x-hub-signature': `sha1=${createHmac('sha1', key).update(body).digest('hex')}` },
  body,
})

/** `earlier`: what an earlier process took, and what has become of it since. */
async function receiving(t: TestContext, earlier?: { body: string; since: string }) {
  made += 1
  const log = notificationsLog()
  const { port } = target.address() as AddressInfo
  const store = join(folder, `${made}.db`)
  if (earlier !== undefined) {
    const { body, since } = earlier
    const { id, topic, created_at: createdAt } = JSON.parse(body)
    const inbox = openInbox(store, { keptMs: 1e9, maxWaiting: 10, leaseMs: 1000 })
    await inbox.receive({ id, topic, subject: null, createdAt, body }, true)
    inbox.db.exec(`UPDATE events SET ${since}`)
    inbox.close()
  }
  const received = await receivingOf({ webhooks: store, forward: `http://127.0.0.1:${port}/` }, log)
  assert.ok(received)
  t.after(() => received.close())
  const mount = notificationsMount(log, received.retry, operators)
  const { url } = await served(t, () => new Response(), {
    callers: [{ ...caller(keys.agent), name: 'agent' }],
    mounts: [mount],
  })
  const ask = async (key: string, path = '', method = 'GET') => {
    const response = await fetch(`${url}/notifications${path}`, { method, headers: bearer(key) })
    return { status: response.status, body: await response.json() }
  }
  const list = async () => {
    const { body } = await ask(keys.ada)
    return (body as { notifications: NotificationRow[] }).notifications
  }
  return {
    log,
    ask,
    list,
    start: received.start,
    judge: received.judge,
    receives: async (body: RequestInit) =>
      (await received.fetch(new Request('http://local/webhooks', body))).status,
    /** Until the newest one is so. */
    async until(state: NotificationRow['state']): Promise<NotificationRow> {
      for (let tries = 0; tries < 400; tries += 1) {
        const [newest] = await list()
        if (newest?.state === state) return newest
        await sleep(25)
      }
      return assert.fail(`it never was ${state}: ${JSON.stringify(await list())}`)
    },
  }
}

test('what came, whether it was vouched for, and what became of it', async (t) => {
  const { ask, list, receives, until } = await receiving(t)
  const body = notification('contact.user.created')
  answering = 500
  assert.equal(await receives(signed(body)), 200)
  const failed = await until('will_retry')
  assert.deepEqual(
    [failed.topic, failed.notification_id, failed.verified, failed.status, failed.attempts, failed.error],
    ['contact.user.created', `notif_${made}`, true, 200, 1, 'the forward URL answered 500'],
  )
  answering = 200
  const handled = await until('handled')
  assert.deepEqual([handled.id, handled.attempts, handled.error], [failed.id, 2, null])
  assert.equal(await receives(signed(body)), 200) // Intercom sends it once more
  assert.equal((await list()).length, 1)
  const { body: whole } = await ask(keys.ada, `/${handled.id}`)
  assert.deepEqual((whole as { payload: unknown }).payload, JSON.parse(body))

  assert.equal(
    await receives(signed(notification('contact.user.created', 'eve@example.com'), 'another')),
    401,
  )
  const [refused] = await list()
  assert.deepEqual(
    [refused?.state, refused?.code, refused?.status, refused?.verified, refused?.topic],
    ['refused', 'wrong_signature', 401, false, null],
  )
  const { body: nothing } = await ask(keys.ada, `/${refused?.id}`)
  assert.equal((nothing as { payload: unknown }).payload, null)
  assert.equal((await ask(keys.ada, `/${handled.id}/retry`, 'POST')).status, 409)
})

test('what has failed for good is handled again when an operator asks for it', async (t) => {
  const said: string[] = []
  t.mock.method(console, 'error', (text: string) => void said.push(text))
  const body = notification('contact.user.created')
  const { ask, start, until } = await receiving(t, { body, since: 'attempts = 14' })
  answering = 0
  start()
  const failed = await until('failed')
  assert.deepEqual([failed.attempts, failed.error], [15, 'fetch failed: UND_ERR_SOCKET'])
  assert.deepEqual([failed.received_at, failed.status, failed.verified], [null, null, true])
  assert.match(said.join('\n'), /"givenUp":true.*"fetch failed: UND_ERR_SOCKET"/)
  for (const [path, method] of [
    [`/${failed.id}`, 'POST'],
    [`/${failed.id}/retry`, 'GET'],
  ] as const)
    assert.equal((await ask(keys.ada, path, method)).status, 405)
  answering = 200
  const again = await ask(keys.ada, `/${failed.id}/retry`, 'POST')
  assert.deepEqual([again.status, (again.body as NotificationRow).state], [200, 'waiting'])
  assert.equal((await until('handled')).attempts, 1)
})

test('what an earlier process took and comes once more is told as such, and so is what no body was read of', async (t) => {
  const body = notification('contact.user.created')
  const { judge, list, receives } = await receiving(t, { body, since: "state = 'done'" })
  assert.equal(await receives(signed(body)), 200)
  assert.equal(judge('POST', {})?.status, 401)
  assert.equal(judge('POST', { 'x-hub-signature': `sha1=${'0'.repeat(40)}` }), null)
  assert.deepEqual(
    (await list()).map(({ state, code, verified }) => [state, code, verified]),
    [
      ['refused', 'missing_signature', false],
      ['duplicate', null, true],
    ],
  )
})

test('the times of a notification are those of what has become of it', () => {
  let now = 1
  const log = notificationsLog(() => now)
  const body = notification('contact.user.created')
  const { id: key } = JSON.parse(body) as { id: string }
  const told = () => log.list(9).map((row) => [row.state, row.attempts, row.received_at, row.changed_at])
  const steps: [step: () => void, row: unknown[]][] = [
    [() => log.received(body, 200, false), ['waiting', 0, 1, 1]],
    [() => log.handled(key, body, 1, 'no'), ['will_retry', 1, 1, 2]],
    [() => log.received(body, 200, true), ['will_retry', 1, 1, 2]],
    [() => log.failed(key), ['failed', 1, 1, 4]],
    [() => log.waiting(key), ['waiting', 1, 1, 5]],
    [() => log.handled(key, body, 1, null), ['handled', 1, 1, 6]],
  ]
  for (const [step, row] of steps) {
    step()
    assert.deepEqual(told(), [row])
    now += 1
  }
})

test('an operator of all keys alone sees them', async (t) => {
  const { ask, receives, until } = await receiving(t)
  await receives(signed(notification('contact.user.created')))
  const { id } = await until('handled')
  const limited = Object.entries(keys).filter(([name]) => !['ada', 'agent'].includes(name))
  for (const [who, key] of [['agent', keys.agent] as const, ...limited])
    for (const path of ['', `/${id}`]) {
      const { status, body } = await ask(key, path)
      assert.ok(status === 403 || status === 401, `${who} ${path}: ${status}`)
      assert.doesNotMatch(JSON.stringify(body), /ada@example|contact\.user/)
    }
  const wrong: [path: string, status: number, method?: string][] = [
    ['?limit=0', 400],
    ['?limit=1000', 400],
    ['?state=x', 400],
    ['?limit=1&limit=2', 400],
    ['/999', 404],
    ['/999/retry', 404, 'POST'],
    [`/${id}`, 405, 'DELETE'],
  ]
  for (const [path, status, method] of wrong)
    assert.equal((await ask(keys.ada, path, method)).status, status, path)
})

test('who is an operator no more sees nothing, also by a request that has begun', async () => {
  const ended = new AbortController()
  const mount = notificationsMount(notificationsLog(), async () => false)
  const { handler } = mount.visitBy({ name: 'ada', keyHash: null, callers: null, ended })
  const status = async () => (await handler.fetch(new Request('http://localhost/notifications'))).status
  assert.equal(await status(), 200)
  ended.abort()
  assert.equal(await status(), 401)
})

test('strangers push nothing out, and payloads take a bounded space', () => {
  const log = notificationsLog()
  log.received(notification('contact.user.created'), 200, false)
  for (let n = 0; n < 1000; n += 1) log.refused(401, 'missing_signature')
  assert.deepEqual(
    log.list(2).map(({ id }) => id),
    ['1001', '1000'],
  )
  const all = log.list(2000)
  assert.equal(all.length, 201)
  const first = all.at(-1)?.id ?? ''
  assert.equal(all.at(-1)?.topic, 'contact.user.created')
  assert.notEqual(log.get(first)?.payload, null)
  for (let n = 0; n < 12; n += 1)
    log.received(notification('contact.user.updated', 'x'.repeat(1024 * 1024)), 200, false)
  assert.equal(log.get(first)?.payload, null)
  const kept = log.list(2000).filter(({ id }) => log.get(id)?.payload !== null).length
  assert.ok(kept >= 7 && kept < 12, `${kept}`)
  for (let n = 0; n < 600; n += 1) log.received(notification('contact.user.updated'), 200, false)
  assert.equal(log.list(2000).filter(({ verified }) => verified).length, 500)
  for (let n = 0; n < 600; n += 1)
    log.received(notification('contact.user.updated', 'x'.repeat(15_000)), 200, false)
  assert.ok(
    log.list(500).every(({ id }) => log.get(id)?.payload !== null),
    'what is gone takes no space',
  )
})
