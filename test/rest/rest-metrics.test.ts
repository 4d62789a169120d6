import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { createIntercom } from '../../src/index.ts'
import { mcpMount, restMounts } from '../../src/server/mounts.ts'
import { paths, trafficOf } from '../../src/server/rest/index.ts'
import { sendsMount } from '../../src/server/sends-mount.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { rest } from '../support/rest.ts'
import { caller, served } from '../support/served.ts'

const workspace = await createWorkspace({ seed: 'small' })
const { url: baseUrl, accessToken } = await workspace.listen()
/** A client that ends with its server. */
const own = () => createIntercom({ accessToken, baseUrl, settleMs: [20] })
const intercom = own()
after(() => workspace.close())

const [one, two] = ['key-of-the-support-agent-0001', 'key-of-the-billing-agent-0002']
const mounts = [mcpMount({ bodyBytes: 1_000_000 }), ...restMounts(), sendsMount()]

/** Samples by name and labels; fails on a line that is not Prometheus' text format. */
function samples(text: string): Map<string, number> {
  const found = new Map<string, number>()
  const typed = new Set<string>()
  assert.ok(text.endsWith('\n'))
  for (const line of text.slice(0, -1).split('\n')) {
    const [, family] = /^# TYPE (\w+) (?:counter|gauge|histogram)$/.exec(line) ?? []
    if (family !== undefined) typed.add(family)
    if (line.startsWith('#')) {
      assert.match(line, /^# (?:HELP \w+ \S.*|TYPE \w+ \w+)$/)
      continue
    }
    const [, name = '', value] = /^(\w+(?:\{(?:\w+="[^"\\\n]*",?)+\})?) (\S+)$/.exec(line) ?? []
    assert.ok(Number.isFinite(Number(value)), line)
    assert.ok(typed.has(name.replace(/\{.*/, '').replace(/_(bucket|sum|count)$/, '')), line)
    assert.ok(!found.has(name), line)
    found.set(name, Number(value))
  }
  return found
}

test('calls are counted by action and outcome, with attempts, pauses, durations and the rate limit', async () => {
  const { call, send } = rest(intercom)
  const metrics = async () => samples(await (await send('/metrics')).text())
  const { result } = await intercom.listAdmins()
  const { contacts } = await intercom.searchContacts({ query_field: 'role', query_value: 'user' })
  const note = { contact_id: String(contacts[0]?.id), body: 'Secret words of canary@example.com' }
  await call('create_note', note)
  workspace.control.addFault({ kind: 'reset', route: 'POST /contacts/{id}/notes', count: 1 })
  await call('create_note', note)
  await call('get_contact', {})
  await call('no_such_action', {})
  const found = await metrics()
  const of = (name: string) => found.get(`modulex_intercom_${name}`)
  assert.equal(of('calls_total{action="create_note",outcome="success"}'), 1)
  assert.equal(of('calls_total{action="create_note",outcome="unknown"}'), 1)
  assert.equal(of('calls_total{action="get_contact",outcome="not_sent"}'), 1)
  assert.equal(of('attempts_total{action="get_contact"}'), 0)
  assert.ok(Number(of('attempts_total{action="create_note"}')) >= 3)
  assert.equal(of('waits_total{reason="settle"}'), 1)
  assert.ok(Number(of('wait_seconds_total{reason="settle"}')) >= 0.02)
  assert.equal(of('call_duration_seconds_count{action="create_note"}'), 2)
  assert.equal(of('call_duration_seconds_bucket{action="create_note",le="+Inf"}'), 2)
  assert.equal(of('call_duration_seconds_bucket{action="create_note",le="60"}'), 2)
  assert.ok(Number(of('call_duration_seconds_sum{action="create_note"}')) > 0.02)
  assert.ok(Number(of('rate_limit')) > Number(of('rate_limit_remaining')))
  assert.equal(of('calls_in_flight'), 0)
  const text = await (await send('/metrics')).text()
  for (const word of [
    note.contact_id,
    'canary',
    'no_such_action',
    accessToken,
    String(result?.admins[0]?.id),
  ])
    assert.ok(!text.includes(word), word)
})

test('buckets hold all that took at most as long', async () => {
  const { call, send } = rest(intercom)
  await Promise.all(Array.from({ length: 5 }, () => call('list_tags')))
  const found = samples(await (await send('/metrics')).text())
  const buckets = [...found].filter(([name]) => name.includes('_bucket{action="list_tags"')).map(([, n]) => n)
  assert.equal(buckets.length, 11)
  assert.deepEqual(
    buckets,
    buckets.toSorted((a, b) => a - b),
  )
  assert.equal(buckets.at(-1), 5)
})

test('a call is in flight until it has ended', async () => {
  const ended = Promise.withResolvers<never>()
  const { call, send } = rest({ call: () => ended.promise })
  const inFlight = async () =>
    samples(await (await send('/metrics')).text()).get('modulex_intercom_calls_in_flight')
  const running = call('list_tags')
  await new Promise(setImmediate)
  assert.equal(await inFlight(), 1)
  const output = { success: true, error: null, result: null }
  ended.resolve({ output, failure: null, trace: { attempts: 1, waits: [], rate_limit: null } } as never)
  await running
  assert.equal(await inFlight(), 0)
})

test('on a server each key counts its own calls, those over MCP too', async (t) => {
  const callers = [one, two].map((secret) => caller(secret, { intercom: own() }))
  const { url } = await served(t, () => new Response(), { mounts, callers })
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  const requestInit = { headers: { Authorization: `Bearer ${one}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }))
  await client.callTool({ name: 'list_tags', arguments: {} })
  await client.close()
  await fetch(`${url}/actions/list_tags`, { method: 'POST', ...requestInit })
  const counted = async (secret: string) => {
    const response = await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${secret}` } })
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
    return samples(await response.text()).get(
      'modulex_intercom_calls_total{action="list_tags",outcome="success"}',
    )
  }
  assert.deepEqual([await counted(one), await counted(two)], [2, undefined])
})

test('every path asks for the key, and answers within the access of that key', async (t) => {
  const callers = [
    caller(one, { intercom: own(), traffic: trafficOf(), access: { readOnly: true } }),
    caller(two, { intercom: own(), traffic: trafficOf() }),
  ]
  const { url } = await served(t, () => new Response(), { mounts, callers })
  const as = (secret: string) => ({ headers: { Authorization: `Bearer ${secret}` } })
  for (const path of [...paths, '/actions/list_tags']) {
    const method = path === '/actions/list_tags' ? 'POST' : 'GET'
    assert.equal((await fetch(url + path, { method })).status, 401, path)
    assert.equal((await fetch(url + path, { method, ...as('a-key-that-nobody-has-given') })).status, 401)
    assert.equal((await fetch(url + path, { method, ...as(one) })).status, 200, path)
  }
  const bodies = await Promise.all(
    [one, two].map(async (key) => await (await fetch(`${url}/docs`, as(key))).text()),
  )
  assert.deepEqual(
    bodies.map((body) => body.includes('create_note')),
    [false, true],
  )
})

test('pauses are told in seconds, a duration stands in its bucket, the rate limit stays as last seen', async (t) => {
  let now = 0
  t.mock.method(performance, 'now', () => now)
  const limit = { limit: 100, remaining: 40, reset: 1_800_000_000 }
  const traces = [
    { attempts: 2, waits: [{ reason: 'rate_limit', ms: 1500 }], rate_limit: limit },
    { attempts: 1, waits: [], rate_limit: null },
  ]
  const output = { success: true, error: null, result: null }
  const call = async () => {
    now += 300
    return { output, failure: null, trace: traces.shift() } as never
  }
  const { call: calls, send } = rest({ call })
  await calls('list_tags')
  await calls('list_tags')
  const found = samples(await (await send('/metrics')).text())
  const of = (name: string) => found.get(`modulex_intercom_${name}`)
  assert.equal(of('wait_seconds_total{reason="rate_limit"}'), 1.5)
  assert.equal(of('attempts_total{action="list_tags"}'), 3)
  assert.equal(of('rate_limit_remaining'), 40)
  assert.equal(of('call_duration_seconds_bucket{action="list_tags",le="0.25"}'), 0)
  assert.equal(of('call_duration_seconds_bucket{action="list_tags",le="0.5"}'), 2)
  assert.equal(of('call_duration_seconds_sum{action="list_tags"}'), 0.6)
})

test("an operator's key sees the numbers of all keys, told apart by their names, and others only their own", async (t) => {
  const operator = 'key-of-the-operator-00000003'
  const callers = [
    caller(one, { name: 'support', intercom: own() }),
    caller(two, { name: 'billing', intercom: own() }),
    caller(operator, { name: 'operator', intercom: own(), access: { only: [] }, metrics: 'all' }),
  ]
  const { url } = await served(t, () => new Response(), { mounts, callers })
  const as = (secret: string) => ({ headers: { Authorization: `Bearer ${secret}` } })
  const call = (secret: string) => fetch(`${url}/actions/list_tags`, { method: 'POST', ...as(secret) })
  await call(one)
  await call(one)
  await call(two)
  assert.equal((await call(operator)).status, 403)
  const text = await (await fetch(`${url}/metrics`, as(operator))).text()
  const found = samples(text)
  const of = (key: string) =>
    found.get(`modulex_intercom_calls_total{key="${key}",action="list_tags",outcome="success"}`)
  assert.deepEqual([of('support'), of('billing'), of('operator')], [2, 1, undefined])
  for (const key of ['support', 'billing', 'operator'])
    assert.equal(found.get(`modulex_intercom_calls_in_flight{key="${key}"}`), 0)
  assert.equal(
    found.get('modulex_intercom_call_duration_seconds_bucket{key="support",action="list_tags",le="+Inf"}'),
    2,
  )
  for (const secret of [one, two, operator, accessToken]) assert.ok(!text.includes(secret))
  const ownText = await (await fetch(`${url}/metrics`, as(two))).text()
  assert.doesNotMatch(ownText, /key=|support|operator/)
  assert.equal(samples(ownText).get('modulex_intercom_calls_total{action="list_tags",outcome="success"}'), 1)
})
