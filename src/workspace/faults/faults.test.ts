import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createWorkspace } from '../index.ts'
import type { FaultRule } from './fault.ts'

type Send = (method: string, path: string, body?: object, init?: RequestInit) => Promise<Response>

/** A workspace twice: over a socket and in memory. Every fault must look alike from both. */
async function open(t: TestContext, way: 'socket' | 'memory') {
  const workspace = await createWorkspace()
  t.after(() => workspace.close())
  const { url } = await workspace.listen()
  const headers = { authorization: `Bearer ${workspace.accessToken}`, 'content-type': 'application/json' }
  const send: Send = (method, path, body, init = {}) => {
    const all = { method, headers, ...(body && { body: JSON.stringify(body) }), ...init }
    return way === 'socket' ? fetch(url + path, all) : workspace.fetch(new Request(url + path, all))
  }
  const contacts = async () => {
    const list = await workspace.fetch(new Request(`${url}/contacts`, { headers }))
    return ((await list.json()) as { total_count: number }).total_count
  }
  const create = (rule: FaultRule, init?: RequestInit) => {
    workspace.control.clearFaults()
    workspace.control.addFault({ route: 'POST /contacts', ...rule })
    return send('POST', '/contacts', { role: 'lead' }, init)
  }
  const injected = () => until(() => workspace.control.faults()[0]?.injected === 1)
  /** A caller that leaves once the fault has its request. */
  const leave = async (rule: FaultRule) => {
    const leaving = new AbortController()
    const left = assert.rejects(create(rule, { signal: leaving.signal }), { name: 'AbortError' })
    await injected()
    leaving.abort()
    await left
  }
  return { workspace, send, contacts, create, injected, leave }
}

async function until(reached: () => boolean | Promise<boolean>) {
  const end = performance.now() + 20_000
  while (!(await reached())) {
    assert.ok(performance.now() < end, 'waited for twenty seconds')
    await sleep(5)
  }
}

const codeOf = (error: unknown) => {
  assert.ok(
    error instanceof TypeError && error.cause instanceof Error && 'code' in error.cause,
    String(error),
  )
  return error.cause.code
}
const resets = async (request: Promise<Response>) =>
  assert.equal(await request.then(() => 'answered', codeOf), 'ECONNRESET')
const breaks = async (response: Response) =>
  assert.equal(await response.text().then(() => 'whole', codeOf), 'UND_ERR_SOCKET')

for (const way of ['socket', 'memory'] as const) {
  test(`${way}: statuses come with their bodies, and nothing is done`, async (t) => {
    const { create, contacts, workspace } = await open(t, way)
    for (const [status, code] of [
      [500, 'server_error'],
      [503, 'service_unavailable'],
      [429, 'rate_limit_exceeded'],
      [403, 'api_plan_restricted'],
    ] as const) {
      const response = await create({ kind: 'status', status })
      const { errors, request_id } = (await response.json()) as {
        errors: { code: string }[]
        request_id: string
      }
      assert.deepEqual([response.status, errors[0]?.code], [status, code])
      assert.equal(response.headers.get('x-request-id'), request_id)
    }
    const bad = await create({ kind: 'status', status: 400 })
    assert.equal(bad.headers.get('status'), '400 Bad Request')
    assert.match(await bad.text(), /"code":"parameter_invalid"/)
    const unacceptable = await create({ kind: 'status', status: 406 })
    const message = 'The Accept header should send a media type of application/json'
    assert.deepEqual(await unacceptable.json(), {
      type: 'error.list',
      errors: [{ code: 'media_type_not_acceptable', message }],
    })
    const own = await create({ kind: 'status', status: 418, code: 'teapot', message: 'Short and stout' })
    assert.equal(own.headers.get('status'), "418 I'm a Teapot")
    assert.match(await own.text(), /"code":"teapot","message":"Short and stout"/)
    assert.equal(await contacts(), 0)
    assert.equal(workspace.control.requests(2)[1]?.fault, 'status')
  })

  test(`${way}: a 429 may have its Reset in the window, in the past or far away`, async (t) => {
    const { create } = await open(t, way)
    const ahead = async (reset: 'window' | 'past' | 'far') => {
      const { status, headers } = await create({ kind: 'rate_limited', reset })
      assert.deepEqual([status, headers.get('x-ratelimit-remaining')], [429, '0'])
      return Number(headers.get('x-ratelimit-reset')) - Date.now() / 1000
    }
    assert.ok(Math.abs(await ahead('window')) <= 11)
    assert.ok((await ahead('past')) < -20)
    assert.ok((await ahead('far')) > 86_000)
  })

  test(`${way}: rate headers may be missing or wrong on an answer that is right`, async (t) => {
    const { create, contacts } = await open(t, way)
    const told = async (value: 'absent' | 'stale' | 'past' | 'far' | 'absurd') => {
      const { status, headers } = await create({ kind: 'rate_headers', value })
      assert.equal(status, 200)
      const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
        headers.get(`x-ratelimit-${name}`),
      )
      return { limit, remaining, reset, ahead: Number(reset) - Date.parse(headers.get('date') ?? '') / 1000 }
    }
    const none = { limit: null, remaining: null, reset: null }
    const absent = await told('absent')
    assert.deepEqual(absent, { ...none, ahead: absent.ahead })
    const stale = await told('stale')
    assert.equal(stale.remaining, stale.limit)
    const past = await told('past')
    assert.deepEqual([past.ahead, Number(past.limit) > Number(past.remaining)], [-30, true])
    assert.equal((await told('far')).ahead, 86_400)
    assert.equal((await told('absurd')).reset, 'soon')
    assert.equal(await contacts(), 5)
  })

  test(`${way}: a gateway's page, a connection reset before reading, a request that hangs: nothing is done`, async (t) => {
    const { create, contacts, workspace, leave } = await open(t, way)
    const page = await create({ kind: 'html' })
    assert.deepEqual([page.status, page.headers.get('content-type')], [502, 'text/html'])
    assert.equal(page.headers.get('x-request-id'), null)
    assert.match(await page.text(), /<h1>502 Bad Gateway<\/h1>/)
    await resets(create({ kind: 'reset' }))
    await leave({ kind: 'hang' })
    assert.equal(await contacts(), 0)
    const faults = workspace.control.requests().map(({ fault, status }) => [fault, status])
    assert.deepEqual(faults.slice(1, 4), [
      ['hang', null],
      ['reset', null],
      ['html', null],
    ])
  })

  test(`${way}: it is done, and the caller learns nothing of it`, async (t) => {
    const { create, contacts } = await open(t, way)
    await resets(create({ kind: 'commit_reset' }))
    assert.equal(await contacts(), 1)
    const page = await create({ kind: 'commit_502' })
    assert.deepEqual([page.status, await contacts()], [502, 2])
    await breaks(await create({ kind: 'commit_cut' }))
    assert.equal(await contacts(), 3)
    const cut = await create({ kind: 'cut_json' })
    await assert.rejects(cut.json(), SyntaxError)
    assert.deepEqual([cut.status, await contacts()], [200, 4])
  })

  test(`${way}: the connection breaks at once, and it is done a moment later`, async (t) => {
    const { create, contacts } = await open(t, way)
    await resets(create({ kind: 'cut_commit', ms: 1_000 }))
    assert.equal(await contacts(), 0)
    await until(async () => (await contacts()) === 1)
  })

  test(`${way}: a delay delays, also for a caller that has left`, async (t) => {
    const { create, contacts, leave } = await open(t, way)
    const started = performance.now()
    assert.equal((await create({ kind: 'delay', ms: 80 })).status, 200)
    assert.ok(performance.now() - started >= 75)
    await leave({ kind: 'delay', ms: 1_000 })
    assert.equal(await contacts(), 1)
    await until(async () => (await contacts()) === 2)
  })

  test(`${way}: headers then nothing, and drop by drop`, async (t) => {
    const { create } = await open(t, way)
    const leaving = new AbortController()
    const stalled = await create({ kind: 'stall' }, { signal: leaving.signal })
    assert.equal(stalled.status, 200)
    const body = stalled.text().then(
      () => 'whole',
      ({ name }: Error) => name,
    )
    assert.equal(await Promise.race([body, sleep(50, 'nothing yet')]), 'nothing yet')
    leaving.abort()
    assert.equal(await body, 'AbortError')
    const started = performance.now()
    const dripping = await create({ kind: 'drip', ms: 10, bytes: 200 })
    assert.equal(((await dripping.json()) as { type: string }).type, 'contact')
    assert.ok(performance.now() - started >= 40)
  })

  test(`${way}: a huge body is still JSON; types may be wrong and headers come twice`, async (t) => {
    const { create } = await open(t, way)
    const huge = await (await create({ kind: 'huge', bytes: 3_000_000 })).text()
    assert.equal(huge.length - huge.trimEnd().length, 3_000_000)
    assert.equal(JSON.parse(huge).type, 'contact')
    const left = await create({ kind: 'huge', bytes: 1_000_000_000 })
    await left.body?.cancel()
    const typed = await create({ kind: 'content_type', value: 'text/plain' })
    assert.deepEqual(
      [typed.headers.get('content-type'), ((await typed.json()) as { type: string }).type],
      ['text/plain', 'contact'],
    )
    const twice = await create({ kind: 'duplicate_headers' })
    assert.match(twice.headers.get('x-ratelimit-reset') ?? '', /^(\d+), \1$/)
    assert.match(twice.headers.get('content-type') ?? '', /json.*, .*json/)
    assert.equal(((await twice.json()) as { type: string }).type, 'contact')
  })

  test(`${way}: a workspace that closes ends what hangs`, async (t) => {
    const { create, workspace, injected } = await open(t, way)
    const hanging = create({ kind: 'hang' })
    await injected()
    const stalled = await create({ kind: 'stall' })
    t.mock.method(Server.prototype, 'closeAllConnections', () => {}) // which would end them a second later
    await Promise.all([resets(hanging), assert.rejects(stalled.text(), TypeError), workspace.close()])
  })

  for (const how of ['resetting', 'closing'] as const)
    test(`${way}: ${how} drops what was put off`, async (t) => {
      const { create, workspace, contacts } = await open(t, way)
      // Not dropped, it would hold this process for five seconds, and no longer.
      await resets(create({ kind: 'cut_commit', ms: 5_000 }))
      if (how === 'closing') await workspace.close()
      else workspace.control.reset()
      await new Promise(setImmediate)
      const [last] = workspace.control.requests()
      assert.deepEqual([last?.fault, last?.status], ['cut_commit', null])
      if (how === 'closing') return
      assert.equal(await contacts(), 0)
      assert.equal((await create({ kind: 'delay', ms: 1 })).status, 200) // what comes later is not dropped
    })
}

test('in memory the caller gets the first half of a body before the connection breaks', async (t) => {
  const { create } = await open(t, 'memory')
  const { body } = await create({ kind: 'commit_cut' })
  assert.ok(body)
  const reader = body.getReader()
  const { value } = await reader.read()
  assert.match(Buffer.from(value ?? []).toString(), /^\{"type":"contact",/)
  await assert.rejects(reader.read(), TypeError)
})

test('a caller that hangs up at the moment the workspace closes leaves no socket open', async (t) => {
  const { workspace, injected } = await open(t, 'socket')
  const { port } = new URL((await workspace.listen()).url)
  const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
  const before = sockets()
  const closed = Promise.withResolvers<void>()
  const onSocket = (message: unknown) => {
    const { socket } = message as { socket: Socket }
    socket.once('end', () => void workspace.close().then(closed.resolve))
  }
  subscribe('net.server.socket', onSocket)
  t.after(() => unsubscribe('net.server.socket', onSocket))
  workspace.control.addFault({ kind: 'hang' })
  const caller = connect(Number(port), '127.0.0.1')
  caller.write('GET /me HTTP/1.1\r\nHost: local\r\n\r\n')
  await injected()
  caller.end()
  await Promise.all([once(caller.resume(), 'close'), closed.promise])
  await until(() => sockets() === before)
})

test('a token that is unknown is told so before any refusal that was asked for', async (t) => {
  const { workspace } = await open(t, 'memory')
  workspace.control.addFault({ kind: 'status', status: 500 })
  const answer = await workspace.fetch(
    new Request('http://local/me', { headers: { authorization: 'Bearer x' } }),
  )
  assert.equal(answer.status, 401)
})
