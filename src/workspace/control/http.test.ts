import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { unvalidated } from '../../../test/openapi-validator/unvalidated.ts'
import { createWorkspace } from '../index.ts'
import { endpoints } from './endpoints.ts'

const adminKey = 'an-admin-key'

async function open(t: TestContext, key: string | undefined = adminKey, data?: string) {
  const workspace = await createWorkspace({ adminKey: key, data })
  t.after(() => workspace.close())
  const send = async (method: string, path: string, body?: unknown, token = adminKey) => {
    const headers = { authorization: `Bearer ${token}` }
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const init = { method, headers, ...(body !== undefined && { body: text }) }
    const answer = await workspace.fetch(new Request(`http://local${path}`, init))
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
    return { status: answer.status, json: JSON.parse(await answer.text()) as any }
  }
  const done = async (method: string, path: string, body?: unknown) => {
    const { status, json } = await send(method, `/_workspace${path}`, body)
    assert.equal(status, 200, JSON.stringify(json))
    return json
  }
  return { workspace, send, done }
}

test('without an admin key there is nothing below /_workspace', async (t) => {
  const workspace = await createWorkspace()
  t.after(() => workspace.close())
  for (const token of [workspace.accessToken, adminKey, undefined]) {
    for (const path of ['', '/', '/clock', '/reset']) {
      const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` }
      const request = new Request(`http://local/_workspace${path}`, { ...(headers && { headers }) })
      assert.equal((await workspace.fetch(request)).status, 404)
    }
  }
})

test('the key opens the control plane only, and tokens of Intercom only the rest', async (t) => {
  const { workspace, send } = await open(t)
  assert.equal((await send('GET', '/_workspace/clock')).status, 200)
  for (const wrong of [workspace.accessToken, `${adminKey}x`, adminKey.slice(1), '']) {
    const { status, json } = await send('GET', '/_workspace/clock', undefined, wrong)
    assert.equal(status, 401)
    assert.match(json.error, /admin key/)
  }
  assert.equal((await send('GET', '/me')).status, 401)
  assert.equal((await send('GET', '/_workspaces')).status, 401)
})

test('every endpoint is listed, and answers JSON', async (t) => {
  const { done } = await open(t)
  const { endpoints: listed } = await done('GET', '')
  assert.deepEqual(
    listed.map(({ method, path }: { method: string; path: string }) => `${method} ${path}`),
    endpoints.map(({ method, path }) => `${method} /_workspace${path}`),
  )
  await done('POST', '/seed', { seed: 3 })
  await done('POST', '/snapshots', { name: 'a' })
  assert.deepEqual(await done('GET', '/snapshots'), { snapshots: ['a'] })
  assert.deepEqual(await done('POST', '/restore', { name: 'a' }), { restored: 'a' })
  assert.deepEqual(await done('DELETE', '/snapshots?name=a'), { snapshots: [] })
  assert.equal((await done('POST', '/clock', { offset: 86_400, frozen: true })).frozen, true)
  assert.equal((await done('POST', '/clock', { advance: 60 })).offset, 86_460)
  assert.equal((await done('GET', '/clock')).frozen, true)
  assert.equal((await done('POST', '/clock', { skew: -30 })).skew, -30)
  const token = await done('POST', '/tokens', { scopes: ['read'], app: 'reader' })
  assert.deepEqual(token.scopes, ['read'])
  assert.deepEqual(await done('DELETE', '/tokens', { access_token: token.access_token }), { revoked: true })
  const fault = await done('POST', '/faults', { kind: 'delay', ms: 5, route: 'GET /me' })
  assert.deepEqual(await done('GET', '/faults'), { faults: [fault] })
  assert.deepEqual(await done('DELETE', `/faults?id=${fault.id}`), { cleared: 1 })
  assert.deepEqual(await done('PUT', '/search_lag', { seconds: 5 }), { seconds: 5 })
  assert.deepEqual(await done('GET', '/search_lag'), { seconds: 5 })
  const foreign = { share: 0.5, seed: 7, app: 'local' }
  const limits = { app: 100, workspace: false, phase: 3, reset: 'ahead', foreign }
  assert.deepEqual(await done('PUT', '/rate_limit', limits), limits)
  assert.deepEqual(await done('GET', '/rate_limit'), limits)
  assert.equal((await done('DELETE', '/rate_limit')).app, 1_667)
  assert.deepEqual(await done('GET', '/rate_windows'), { windows: [] })
  assert.deepEqual(await done('PUT', '/rewrite', { kinds: ['wrap'] }), { kinds: ['wrap'] })
  assert.deepEqual(await done('GET', '/rewrite'), { kinds: ['wrap'] })
  assert.deepEqual(await done('GET', '/requests?limit=5'), { requests: [] })
  assert.deepEqual(await done('DELETE', '/requests'), { requests: [] })
  assert.ok((await done('GET', '/outbox')).messages.length > 0)
  assert.deepEqual(await done('GET', '/webhooks'), { webhooks: [] })
  const webhook = { url: 'http://127.0.0.1:1/', secret: 'hush', topics: ['contact.deleted'] }
  const saved = await done('PUT', '/webhooks', webhook)
  assert.ok(!JSON.stringify(saved).includes('hush'))
  assert.deepEqual(await done('DELETE', '/webhooks'), { removed: true })
  assert.ok(Array.isArray((await done('GET', '/deliveries')).deliveries))
  assert.deepEqual(await done('POST', '/reset', { seed: 'empty' }), { reset: true })
})

test('what is asked for wrongly is a 400 that says what to do', async (t) => {
  const { workspace, send } = await open(t)
  const wrong: [method: string, path: string, body: unknown, says: RegExp][] = [
    ['POST', '/faults', { kind: 'explode' }, /kind: .*'hang'/],
    ['POST', '/faults', { kind: 'hang', route: 'POST /contact' }, /no operation POST \/contact/],
    ['POST', '/faults', { kind: 'hang', probability: 2 }, /probability: /],
    ['POST', '/clock', { now: 1, advance: 1 }, /one of now/],
    ['POST', '/clock', { now: -5 }, /Unix second/],
    ['POST', '/restore', { name: 'x' }, /no snapshot 'x'/],
    ['POST', '/reset', { seed: 'huge' }, /seed/],
    ['POST', '/reset', { seed: 9_007_199_254_740_991 }, /up to 10000000/],
    ['POST', '/seed', { seed: 10_000_001 }, /up to 10000000/],
    ['PUT', '/search_lag', { seconds: -1 }, /0 to 86400/],
    ['PUT', '/rate_limit', { phase: 10 }, /phase: /],
    ['PUT', '/rate_limit', { foreign: { share: 2 } }, /foreign/],
    ['PUT', '/rewrite', { kinds: ['shout'] }, /kinds/],
    ['POST', '/clock', { skew: 1e9 }, /skew/],
    ['PUT', '/webhooks', { url: 'http://example.com', secret: 's' }, /./],
    ['GET', '/requests?limit=0', undefined, /limit: /],
    ['PUT', '/rate_limit', { app: 'many' }, /app: takes a whole number from 1, or false/],
    ['PUT', '/rate_limit', { foreign: 'yes' }, /foreign: takes false, or/],
    ['POST', '/tokens', { admin_id: null }, /admin_id: takes the id/],
    ['POST', '/reset', { fixtures: 5 }, /fixtures: takes an object, or a text/],
    ['GET', '/changes?since=yesterday', undefined, /since: takes the id of a change, or a date/],
    ['GET', '/changes?entity=contacts', undefined, /"contacts"; did you mean "contact"\?$/],
    ['POST', '/tokens', '{', /must be JSON/],
    ['POST', '/tokens', '[]', /JSON object/],
    ['POST', '/tokens', { admin_id: 'x' }, /no admin x/],
  ]
  for (const [method, path, body, says] of wrong) {
    const { status, json } = await send(method, `/_workspace${path}`, body)
    assert.equal(status, 400, `${method} ${path}`)
    assert.match(json.error, says)
  }
  assert.equal((await send('GET', '/me', undefined, workspace.accessToken)).status, 200)
  assert.equal((await send('GET', '/_workspace/nothing')).status, 404)
  assert.match((await send('PATCH', '/_workspace/clock')).json.error, /allows GET, POST/)
})

test('neither faults nor limits nor the log touch the control plane', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const { workspace, done } = await open(t)
  workspace.control.addFault({ kind: 'reset' })
  workspace.control.setRateLimit({ app: 1 })
  for (let i = 0; i < 3; i++) await done('GET', '/clock')
  assert.deepEqual(workspace.control.requests(), [])
})

test('a mistake of our own is a 500 that tells the caller nothing, and the log everything but the token', async (t) => {
  const data = join(mkdtempSync(join(tmpdir(), 'faulty-')), 'data.db')
  await (await createWorkspace({ data })).close()
  const broken = new DatabaseSync(data)
  broken.exec('DROP TABLE tags')
  broken.close()
  const { workspace, send } = await open(t, adminKey, data)
  const { accessToken } = workspace
  workspace.control.snapshot = () => {
    throw new TypeError(`${adminKey} of undefined ${'x'.repeat(5_000)}`)
  }
  const route = await unvalidated(() => send('GET', '/tags', undefined, accessToken))
  assert.deepEqual([route.status, route.json.errors[0].message], [500, 'An unexpected error occurred'])
  const { status, json } = await send('POST', `/_workspace/snapshots?name=${accessToken}`, { name: 'hush' })
  assert.deepEqual([status, json], [500, { error: 'An unexpected error occurred.' }])
  await send('GET', '/me', undefined, accessToken)
  const [fine, control, tags] = workspace.control.requests()
  assert.equal(fine?.error, null)
  assert.deepEqual([tags?.path, tags?.status], ['/tags', 500])
  assert.match(tags?.error?.message ?? '', /no such table/)
  assert.match(tags?.error?.stack ?? '', /^at .+\nat /)
  assert.deepEqual([control?.path, control?.status, control?.body], ['/_workspace/snapshots', 500, ''])
  assert.equal(control?.error?.name, 'TypeError')
  assert.match(control?.error?.message ?? '', /^\[token\] of undefined x{1000,2000}$/)
  assert.ok(!new RegExp(`${adminKey}|${accessToken}|hush`).test(JSON.stringify(workspace.control.requests())))
})

test('bad keys and limits are refused in words', async () => {
  await assert.rejects(createWorkspace({ adminKey: 'with blank' }), /adminKey must/)
  await assert.rejects(createWorkspace({ adminKey: '' }), /adminKey must/)
  await assert.rejects(createWorkspace({ rateLimit: 0 }), /rateLimit must/)
})

test('a reset takes a fixture as text, YAML or JSON, and tells its mistakes with their place', async (t) => {
  const { workspace, send, done } = await open(t)
  const names = async () =>
    (await send('GET', '/contacts', undefined, workspace.accessToken)).json.data.map(
      ({ name }: { name: string }) => name,
    )
  await done('POST', '/reset', {
    fixtures: 'contacts:\n  - { key: mia, email: mia@example.com, name: Mia }\n',
  })
  assert.deepEqual(await names(), ['Mia'])
  const wrong = await send('POST', '/_workspace/reset', {
    fixtures: 'contacts:\n  - { emial: a@example.com }\n',
  })
  assert.equal(wrong.status, 400)
  assert.match(wrong.json.error, /2:\d+ contacts\[0\].*did you mean "email"/)
  assert.deepEqual(await names(), ['Mia'])
  await done('POST', '/reset', { fixtures: '{ "contacts": [{ "email": "jo@example.com", "name": "Jo" }] }' })
  assert.deepEqual(await names(), ['Jo'])
})
