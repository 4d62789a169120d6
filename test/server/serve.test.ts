import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { once } from 'node:events'
import { syncBuiltinESMExports } from 'node:module'
import { connect } from 'node:net'
import { test } from 'node:test'
import { hostGuard } from '../../src/server/host-guard.ts'
import { caller, exchange, request, served } from '../support/served.ts'

const key = 'key-of-the-support-agent-0001'
const other = 'key-of-the-billing-agent-0002'
const ok = () => Response.json({ done: true })
const code = (body: string) => (JSON.parse(body) as { code: string }).code

test('a foreign Host is refused, whatever it looks like', async (t) => {
  const { url } = await served(t, ok)
  for (const host of [
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    'localhost.',
    'localhost:1:2',
    '[::2]',
    '',
  ]) {
    const { status, body } = await exchange(url, request('POST /work', [`Host: ${host}`], '{}'))
    assert.deepEqual([status, code(body)], [403, 'wrong_host'], host)
  }
  const none = await exchange(url, 'POST /work HTTP/1.1\r\nContent-Length: 0\r\n\r\n')
  assert.equal(code(none.body), 'wrong_host')
  const twice = await exchange(url, request('GET /work', ['Host: localhost', 'Host: evil.example']))
  assert.deepEqual([twice.status, code(twice.body)], [400, 'malformed_request'])
  for (const host of ['localhost:9', '127.0.0.1', 'LOCALHOST', '[::1]:80']) {
    assert.equal((await exchange(url, request('POST /work', [`Host: ${host}`], '{}'))).status, 200, host)
  }
})

test('a foreign Origin is refused; none, and pages of this machine, may call', async (t) => {
  const { url } = await served(t, ok)
  const origins = ['https://evil.example', 'null', 'http://localhost.evil.example', 'file://', 'localhost']
  for (const origin of origins) {
    const { status, body } = await exchange(url, request('POST /work', [`Origin: ${origin}`], '{}'))
    assert.deepEqual([status, code(body)], [403, 'wrong_origin'], origin)
  }
  for (const origin of ['http://localhost:6274', 'http://127.0.0.1', 'https://[::1]:3']) {
    assert.equal((await exchange(url, request('POST /work', [`Origin: ${origin}`], '{}'))).status, 200)
  }
})

test('another address answers to its configured names and origins alone', () => {
  const guard = hostGuard({
    host: '0.0.0.0',
    hosts: ['MCP.example.com'],
    origins: ['https://app.example.com'],
  })
  const judged = (host: string, origin?: string) => guard({ host, origin })?.code
  assert.equal(judged('mcp.example.com:443', 'https://app.example.com'), undefined)
  assert.equal(judged('mcp.example.com'), undefined)
  assert.equal(judged('localhost'), 'wrong_host')
  assert.equal(judged('0.0.0.0'), 'wrong_host')
  assert.equal(judged('mcp.example.com', 'http://app.example.com'), 'wrong_origin')
  assert.equal(judged('mcp.example.com', 'http://localhost'), 'wrong_origin')
  assert.equal(
    hostGuard({ host: '10.1.2.3', hosts: [], origins: [] })({ host: '10.1.2.3:80', origin: undefined }),
    undefined,
  )
})

test('without a key nothing that a proxy passed on is answered, with one everything', async (t) => {
  const keyless = await served(t, ok)
  const keyed = await served(t, ok, { callers: [caller(key)] })
  const passed = [
    'Forwarded: for=192.0.2.1',
    'forwarded:',
    'Via: 1.1 proxy',
    'X-Forwarded-For: 192.0.2.1',
    'X-Forwarded-Proto: https',
    'X-FORWARDED-HOST: mcp.example.com',
    'x-forwarded-anything: 1',
    'X-Forwarded: 1',
    'X-Real-IP: 192.0.2.1',
    'X-Original-Host: mcp.example.com',
    'X-Original-URL: /',
    'X-Client-IP: 192.0.2.1',
    'X-Cluster-Client-IP: 192.0.2.1',
    'True-Client-IP: 192.0.2.1',
    'Client-IP: 192.0.2.1',
    'CF-Connecting-IP: 192.0.2.1',
    'CF-Ray: 1',
    'CDN-Loop: cdn',
    'Fly-Client-IP: 192.0.2.1',
    'Fastly-Client-IP: 192.0.2.1',
    'X-Azure-ClientIP: 192.0.2.1',
    'X-Envoy-External-Address: 192.0.2.1',
    'Tailscale-User-Login: ada@x.example',
  ]
  for (const header of passed) {
    const refused = await exchange(keyless.url, request('POST /work', [header], '{}'))
    assert.deepEqual([refused.status, code(refused.body)], [403, 'forwarded_without_key'], header)
    const health = await exchange(keyless.url, request('GET /healthz', [header]))
    assert.equal(health.status, 200, header)
    const headers = [header, `Authorization: Bearer ${key}`]
    assert.equal((await exchange(keyed.url, request('POST /work', headers, '{}'))).status, 200, header)
  }
  for (const header of ['X-Client-Info: app/1', 'traceparent: 00-1-1-01', 'X-Request-Id: 1', 'X-Forward: 1'])
    assert.equal((await exchange(keyless.url, request('POST /work', [header], '{}'))).status, 200, header)
})

test('without a key, and with a wrong one, nothing is reached', async (t) => {
  let reached = 0
  const work = () => {
    reached += 1
    return ok()
  }
  const { url } = await served(t, work, { callers: [caller(key), caller(other)] })
  const tried = async (...headers: string[]) => await exchange(url, request('POST /work', headers, '{}'))
  const missing = await tried()
  assert.equal(missing.status, 401)
  assert.match(missing.head, /\r\nWWW-Authenticate: Bearer realm="modulex-intercom"\r\n/)
  assert.match(missing.body, /Authorization: Bearer KEY/)
  for (const given of [`${key}x`, key.slice(1), key.toUpperCase(), '', `${key} ${other}`]) {
    assert.equal((await tried(`Authorization: Bearer ${given}`)).status, 401, given)
  }
  assert.equal((await tried(`Authorization: Basic ${key}`)).status, 401)
  assert.equal((await tried(`X-API-Key: ${key}`)).status, 401)
  const twice = await tried('Authorization: Bearer wrong', `Authorization: Bearer ${key}`)
  assert.equal(twice.status, 400)
  const wrong = await tried('Authorization: Bearer wrong')
  assert.match(wrong.head, /error="invalid_token"/)
  assert.equal(reached, 0)
  assert.equal((await tried(`authorization: bearer ${other}`)).status, 200)
  assert.equal(reached, 1)
})

test('every key is compared in constant time, whether one fitted before or not', async (t) => {
  const { url } = await served(t, ok, { callers: [caller(key), caller(other)] })
  const compared = t.mock.method(crypto, 'timingSafeEqual')
  syncBuiltinESMExports()
  t.after(() => syncBuiltinESMExports())
  for (const given of [key, 'wrong']) {
    await exchange(url, request('POST /work', [`Authorization: Bearer ${given}`], '{}'))
  }
  assert.deepEqual(
    compared.mock.calls.map(({ arguments: [left] }) => left.byteLength),
    [32, 32, 32, 32],
  )
  compared.mock.restore()
})

test('a request id is taken when it is well-formed and made otherwise; nothing is injected by it', async (t) => {
  const { url, lines } = await served(t, ok)
  const idOf = async (given: string) => {
    const { head } = await exchange(url, request('POST /work?secret=1', [`X-Request-Id: ${given}`], '{}'))
    assert.doesNotMatch(head, /set-cookie/i)
    return /^X-Request-Id: (.*)\r$/m.exec(head)?.[1] ?? ''
  }
  assert.equal(await idOf('run-7.step_2'), 'run-7.step_2')
  for (const given of ['a%0d%0aSet-Cookie: x', 'a b', '"a"', 'a'.repeat(65), '{"a":1}', 'é']) {
    assert.match(await idOf(given), /^[\da-f-]{36}$/, given)
  }
  const bare = await exchange(
    url,
    'POST /work HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: a\rSet-Cookie: x\r\n\r\n',
  )
  assert.deepEqual([bare.status, code(bare.body)], [400, 'malformed_request'])
  await exchange(url, request('GET /work/%0a{"status":1}'))
  await exchange(url, request(`GET /work/${'x'.repeat(300)}`))
  assert.equal(lines[0]?.request_id, 'run-7.step_2')
  const unseen = /[^\x20-\x7e]/
  assert.ok(lines.every(({ request_id, path }) => !unseen.test(request_id + path)))
  assert.deepEqual(
    lines.slice(-2).map(({ path }) => path),
    ['/work/%0a{"status":1}', `/work/${'x'.repeat(194)}`],
  )
  assert.deepEqual([...new Set(lines.slice(0, -2).map(({ path }) => path))], ['/work'])
})

test('what is no call of this server is refused with what to do', async (t) => {
  const { url } = await served(t, ok)
  for (const [start, status] of [
    ['GET /', 404],
    ['GET /workshop', 404],
    ['GET /other/work/it', 404],
    ['GET /../work', 404],
    ['GET //localhost/work', 404],
    ['GET http://localhost/work', 400],
    ['TRACE /work', 400],
    ['POST *', 400],
  ] as const) {
    const answer = await exchange(url, request(start))
    assert.equal(answer.status, status, start)
    const { success, error, request_id } = JSON.parse(answer.body) as Record<string, unknown>
    assert.equal(success, false)
    assert.match(String(error), /\.$/)
    assert.match(String(request_id), /^[\da-f-]{36}$/)
  }
  for (const before of ['', ' \n\t', '\ufeff', '\ufeff ']) {
    const batch = await exchange(url, request('POST /work', [], `${before}[{"jsonrpc":"2.0"}]`))
    assert.deepEqual([batch.status, code(batch.body)], [400, 'no_batches'], JSON.stringify(before))
  }
  const smuggled = request('POST /work', ['Content-Length: 4', 'Transfer-Encoding: chunked'])
  assert.equal((await exchange(url, smuggled)).status, 400)
})

test('an error of the server itself is told without a stack, and logged without its message', async (t) => {
  const { url, lines } = await served(t, () => {
    throw new TypeError('quotes a body: canary-1')
  })
  const { status, head, body } = await exchange(url, request('POST /work', [], '{"a":"canary-2"}'))
  assert.equal(status, 500)
  assert.equal(code(body), 'internal_error')
  assert.doesNotMatch(head + body, /canary|TypeError|at /)
  assert.match(lines[0]?.error ?? '', /^TypeError at /)
  assert.doesNotMatch(JSON.stringify(lines), /canary/)
})

test('health is answered to anybody, without a key and whatever the Host', async (t) => {
  const { url } = await served(t, ok, { callers: [caller(key)] })
  const { status, body } = await exchange(url, request('GET /healthz', ['Host: 10.0.0.1:8080']))
  assert.deepEqual([status, body], [200, '{"status":"ok"}'])
  for (const own of [['Content-Length: 9'], ['Transfer-Encoding: chunked']]) {
    const fed = await exchange(url, request('POST /healthz', own), '1\r\nx\r\n')
    assert.deepEqual([fed.status, code(fed.body)], [413, 'body_too_large'])
  }
  for (const host of ['a b', 'user@host', 'a/b']) {
    assert.equal((await exchange(url, request('GET /healthz', [`Host: ${host}`]))).status, 400, host)
  }
})

test('of mounts that lie within each other the nearest one answers', async (t) => {
  const mounts = ['/work', '/work/below'].map((path) => ({
    path,
    handler: () => ({ fetch: () => Response.json({ path }) }),
  }))
  const { url } = await served(t, ok, { mounts })
  for (const [path, nearest] of [
    ['/work', '/work'],
    ['/work/belowground', '/work'],
    ['/work/below/it', '/work/below'],
  ]) {
    assert.deepEqual(JSON.parse((await exchange(url, request(`GET ${path}`))).body), { path: nearest })
  }
})

test('the socket belongs to the server, whatever a handler says of the connection', async (t) => {
  const { url } = await served(t, () => Response.json({}, { headers: { Connection: 'upgrade' } }))
  const { head } = await exchange(url, request('POST /work', [], '{}'))
  assert.doesNotMatch(head, /upgrade/)
})

/** A handler that begins a stream of events and does not end it. */
function endless() {
  const cancelled = Promise.withResolvers<void>()
  const fetch = () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')),
      cancel: () => cancelled.resolve(),
    })
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } })
  }
  return { fetch, cancelled: cancelled.promise }
}

test('a stream ends when its reader leaves', async (t) => {
  const { fetch: stream, cancelled } = endless()
  const { url } = await served(t, stream)
  const reading = new AbortController()
  const { body } = await fetch(`${url}/work`, { signal: reading.signal })
  const { value } = (await body?.getReader().read()) ?? {}
  assert.equal(new TextDecoder().decode(value), 'data: 1\n\n')
  reading.abort()
  await cancelled
})

test('no refusal is written into an answer that has begun', async (t) => {
  const { fetch } = endless()
  const { url } = await served(t, fetch)
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let received = ''
  socket.setEncoding('utf8')
  socket.write(request('GET /work'))
  socket.on('data', (text: string) => {
    if (!received.includes('data: 1') && (received + text).includes('data: 1'))
      socket.write('no request\r\n\r\n')
    received += text
  })
  await once(socket, 'close')
  assert.match(received, /^HTTP\/1\.1 200 /)
  assert.doesNotMatch(received, /malformed_request/)
})

test('only an action makes a dry run: elsewhere who asks for one is refused before anything is done', async (t) => {
  let reached = 0
  const handler = () => ({
    fetch: () => {
      reached += 1
      return Response.json({})
    },
  })
  const paths = ['/mcp', '/actions', '/approvals', '/connect']
  const { url } = await served(t, () => Response.json({}), {
    mounts: paths.map((path) => ({ path, handler })),
  })
  const asked = async (method: string, path: string) => (await fetch(`${url}${path}`, { method })).status
  for (const query of [
    'dry_run=true',
    'dry_run',
    'dry-run=1',
    'dryRun=true',
    'DRY_RUN=0',
    'x=1&%64ry_run=true',
  ])
    for (const path of ['/mcp', '/mcp/', '/actions', '/approvals/apr_1/approve', '/actions/create_note/x'])
      assert.equal(await asked('POST', `${path}?${query}`), 400, `${path}?${query}`)
  assert.equal(await asked('DELETE', '/connect/workspaces/abc?dry_run=true'), 400)
  assert.equal(reached, 0)
  assert.equal(await asked('POST', '/actions/create_note?dry_run=true'), 200)
  assert.equal(await asked('GET', '/actions?dry_run=true'), 200)
  assert.equal(await asked('POST', '/mcp?laundry_run=true'), 200)
})

test('no answer lets a browser run or load anything, except a page by its own policy', async (t) => {
  const own = "default-src 'none'; style-src 'self'"
  const { url } = await served(t, ({ url }) =>
    url.endsWith('page')
      ? new Response('<p>', { headers: { 'Content-Security-Policy': own } })
      : Response.json({}),
  )
  const policy = async (path: string) => (await fetch(`${url}${path}`)).headers.get('content-security-policy')
  for (const path of ['/work', '/nothing', '/healthz', '/work?access_token=x'])
    assert.equal(await policy(path), "default-src 'none'; frame-ancestors 'none'", path)
  assert.equal(await policy('/work?page'), own)
})
