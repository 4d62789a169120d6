import assert from 'node:assert/strict'
import { getEventListeners, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { bounded, type Call, note, pause } from '../../src/client/call.ts'
import { createClient } from '../../src/client/client.ts'
import { credentials } from '../../src/client/credentials.ts'
import { answerResult, brokenResult, maxAnswerBytes } from '../../src/client/http-result.ts'
import { path } from '../../src/client/path.ts'
import type { Semantics } from '../../src/client/request.ts'
import { backoffMs } from '../../src/client/retry-decision.ts'
import { createIntercom } from '../../src/index.ts'
import { errorList, type Reply, scriptedIntercom, scriptedToken } from '../support/scripted-intercom.ts'

// What a request comes to that was tried more than once, and what an attempt gives back.
const tag = ['add_tag_to_contact', { contact_id: '1', tag_id: '7' }] as const
const read = ['get_contact', { contact_id: '1' }] as const
const contact = { type: 'contact', id: '1', role: 'user' }
const lost: Reply = (_, socket) => socket.destroy()
const limited: Reply = { status: 429, json: {}, headers: { 'retry-after': '0' } }
const notFound: Reply = { status: 404, json: errorList('not_found', 'User Not Found') }

/** Between the first request, which it loses, and the last, which it does not find, this server is away. */
async function awayServer() {
  let requests = 0
  const server = createServer((request) => {
    request.resume().on('end', () => {
      requests += 1
      if (requests > 1) {
        const headers = { 'content-type': 'application/json', connection: 'close' }
        request.socket.end(
          `HTTP/1.1 404 Not Found\r\n${Object.entries(headers)
            .map((pair) => pair.join(': '))
            .join('\r\n')}\r\n\r\n{}`,
        )
        return
      }
      server.close()
      request.socket.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const comeBack = async () => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  return { server, port, comeBack, requests: () => requests }
}

test('unknown, then a refused connection, then a 404 stays unknown for a write', async () => {
  for (const [[name, input], outcome] of [
    [tag, 'unknown'],
    [read, 'rejected'],
  ] as const) {
    const { server, port, comeBack, requests } = await awayServer()
    const codes: string[] = []
    const intercom = createIntercom({
      accessToken: `${scriptedToken}${port}`,
      baseUrl: `http://127.0.0.1:${port}`,
      onRetry: async ({ code }) => {
        codes.push(code)
        if (code === 'connection_refused') await comeBack()
      },
    })
    const { failure, trace } = await intercom.call(name as string, input)
    server.close()
    assert.deepEqual(codes, ['connection_lost', 'connection_refused'])
    assert.deepEqual([failure?.status, failure?.outcome, requests(), trace.attempts], [404, outcome, 2, 3])
  }
})

test('a write that may have taken effect stays unknown whatever comes of its later attempts', async () => {
  const unavailable: Reply = { status: 503, json: {} }
  const sequences: [Reply[], number | string | undefined, string | undefined][] = [
    [[lost, limited, notFound], 404, 'unknown'],
    [[unavailable, limited, limited, notFound], 404, 'unknown'],
    [[limited, notFound], 404, 'rejected'],
    [[limited, lost, { json: { type: 'tag' } }], undefined, undefined],
    [[lost, { status: 401, json: {} }], 401, 'unknown'],
  ]
  for (const [script, status, outcome] of sequences) {
    const server = await scriptedIntercom(script)
    const { failure } = await server.intercom.call(...tag)
    assert.deepEqual([failure?.status ?? failure?.code, failure?.outcome], [status, outcome])
    assert.equal(server.received.length, script.length)
    await server.close()
  }
})

test('a call that ends after an unknown attempt is unknown: by its deadline, its abort, or a hook', async () => {
  let abort = new AbortController()
  const ends = {
    'Retry-After beyond the deadline': [{ status: 503, json: {}, headers: { 'retry-after': '60' } }, {}],
    'an abort while it waits': [
      { status: 503, json: {}, headers: { 'retry-after': '30' } },
      { onWait: () => abort.abort(), deadlineMs: 60_000 },
    ],
    'a hook before the pause': [lost, { onRetry: () => assert.fail('no') }],
    'a hook before the repetition': [
      lost,
      { onRequest: ({ attempt }: { attempt: number }) => assert.equal(attempt, 1) },
    ],
    'the pause for the rate limit beyond the deadline': [
      [lost, { status: 429, json: {}, headers: { 'retry-after': '60' } }],
      {},
    ],
  } satisfies Record<string, [Reply | Reply[], object]>
  for (const [what, [reply, options]] of Object.entries(ends)) {
    const script = [reply].flat() as Reply[]
    const accessToken = `${scriptedToken}${what.length}`
    const server = await scriptedIntercom(script, { accessToken, deadlineMs: 20_000, ...options })
    abort = new AbortController()
    const { failure } = await server.intercom.call(...tag, { signal: abort.signal })
    assert.equal(failure?.outcome, 'unknown', what)
    assert.equal(server.received.length, script.length, what)
    if (what.endsWith('deadline')) {
      const hint =
        /^It may have taken effect; repeating it is safe\. The deadline would pass first\. Wait (5\d|6[01]) s, then repeat\.$/
      assert.match(String(failure?.hint), hint, what)
    }
    await server.close()
  }
})

test('back-off grows from one repetition to the next', async () => {
  const pauses: number[] = []
  const onRetry = ({ ms }: { ms: number }) => void pauses.push(ms)
  const server = await scriptedIntercom([{ status: 503, json: {} }], { onRetry })
  const { random } = Math
  Math.random = () => 0.01
  await server.intercom.call(...read)
  Math.random = random
  assert.deepEqual(pauses, [5, 10, 20])
  await server.close()
})

test('what the rate headers of an outage say is no pause for it; only Retry-After is', async () => {
  const reset = String(Math.ceil(Date.now() / 1000) + 9)
  const headers = {
    'x-ratelimit-limit': '1666',
    'x-ratelimit-remaining': '1600',
    'x-ratelimit-reset': reset,
  }
  const pauses: number[] = []
  const onRetry = ({ ms }: { ms: number }) => void pauses.push(ms)
  const server = await scriptedIntercom([{ status: 503, json: {}, headers }, { json: contact }], { onRetry })
  assert.equal((await server.intercom.call(...read)).failure, null)
  assert.deepEqual(pauses, [0])
  await server.close()
})

test('the rate limit of an earlier attempt is kept where a later one has no answer', async () => {
  const reset = Math.ceil(Date.now() / 1000) + 9
  const headers = {
    'x-ratelimit-limit': '1666',
    'x-ratelimit-remaining': '1600',
    'x-ratelimit-reset': String(reset),
  }
  const server = await scriptedIntercom([{ status: 503, json: {}, headers }, lost])
  const { trace } = await server.intercom.call(...read)
  assert.deepEqual(trace.rate_limit, { limit: 1666, remaining: 1600, reset })
  await server.close()
})

// Of one token at most 64 permits are out: what 70 calls kept would leave none.
const many = 70

test('a permit is given back when what is to be recorded before a request is transmitted cannot be', async () => {
  const server = await scriptedIntercom([{ json: contact }])
  const accessToken = `${scriptedToken}before`
  const client = createClient({
    credentials: credentials({ accessToken, baseUrl: server.url }),
    timeoutMs: 5000,
    hooks: {},
    rateLimitFile: undefined,
  })
  const request = { method: 'GET', path: path`/contacts/${'1'}`, semantics: 'safe' } as const
  const beforeSend = async () => assert.fail('not recorded')
  for (let call = 0; call < many; call++) {
    const { send } = client.open(10_000, undefined)
    await assert.rejects(send({ ...request, beforeSend }), /not recorded/)
  }
  assert.deepEqual(await client.open(10_000, undefined).send(request), contact)
  assert.equal(server.received.length, 1)
  await server.close()
})

test('a permit is given back when the hook that is told of its wait throws, and when the call is aborted', async () => {
  const abort = new AbortController()
  const held = Promise.withResolvers<void>()
  const server = await scriptedIntercom(
    [
      async (response) => {
        await held.promise
        response.end(JSON.stringify(contact))
      },
      { json: contact },
    ],
    {
      accessToken: `${scriptedToken}waiting`,
      deadlineMs: 10_000,
      onWait: () => {
        throw new Error('no waiting')
      },
    },
  )
  const first = server.intercom.call(...read)
  const gone = Array.from({ length: many }, () => server.intercom.call(...tag, { signal: abort.signal }))
  const waiting = Array.from({ length: many }, () => server.intercom.call(...tag))
  await new Promise((resolve) => setImmediate(resolve))
  abort.abort()
  for (const { failure } of await Promise.all(gone)) assert.equal(failure?.code, 'aborted')
  held.resolve()
  assert.equal((await first).failure, null)
  for (const { failure } of await Promise.all(waiting)) {
    assert.deepEqual([failure?.code, failure?.outcome], ['internal', 'not_sent'])
  }
  assert.equal((await server.intercom.call(...read)).failure, null)
  assert.equal(server.received.length, 2)
  await server.close()
})

test('a token is found in an id also where a path would have it percent-encoded', async () => {
  const accessToken = 'tok/with+signs==/canary:1~2'
  const server = await scriptedIntercom([{ json: contact }], { accessToken })
  for (const contact_id of [accessToken, `x${accessToken}`]) {
    const { failure } = await server.intercom.call('get_contact', { contact_id })
    assert.deepEqual([failure?.code, failure?.outcome], ['invalid_input', 'not_sent'])
  }
  assert.equal(server.received.length, 0)
  await server.close()
})

test('back-off doubles from half a second to twenty seconds, and any part of it may be the pause', (t) => {
  const { mock } = t.mock.method(Math, 'random', () => 1)
  const longest = [0, 1, 2, 3, 5, 6, 60].map(backoffMs)
  assert.deepEqual(longest, [500, 1000, 2000, 4000, 16_000, 20_000, 20_000])
  mock.mockImplementation(() => 0)
  assert.equal(backoffMs(3), 0)
})

test('what an abort ended, or is too large, is not asked for again; a non-idempotent one that was transmitted never', async () => {
  type Code = 'aborted' | 'answer_too_large' | 'timeout'
  const route = { origin: 'https://api.intercom.io', proxy: null }
  const retry = (broken: Code, transmitted: boolean, semantics: Semantics) => {
    const result = brokenResult({ broken, transmitted }, semantics, route)
    return 'retry' in result && result.retry
  }
  const all = ['safe', 'idempotent', 'non-idempotent'] as const
  for (const broken of ['aborted', 'answer_too_large'] as const) {
    for (const semantics of all) assert.equal(retry(broken, true, semantics), 'no')
  }
  assert.deepEqual(
    all.map((semantics) => retry('timeout', true, semantics)),
    ['back_off', 'back_off', 'no'],
  )
  assert.equal(retry('timeout', false, 'non-idempotent'), 'back_off')
  const clock = { observe: () => {}, at: (local: number) => local }
  const headers = { 'content-encoding': 'gzip' }
  const bomb = { status: 200, headers, headAt: 0, body: gzipSync(Buffer.alloc(maxAnswerBytes + 1)) }
  const result = await answerResult(bomb, 'safe', clock, JSON.parse)
  assert.deepEqual('retry' in result && [result.error.code, result.retry], ['answer_too_large', 'no'])
  for (const status of [300, 304, 399]) {
    const redirected = await answerResult({ ...bomb, status }, 'safe', clock, JSON.parse)
    assert.equal('error' in redirected && redirected.error.code, 'redirect_refused')
  }
})

function callOf(signal: AbortSignal, ms: number): Call {
  const trace = { attempts: 0, waits: [], rate_limit: null, request_id: null, verified_by: null }
  const now = performance.now()
  return { trace, hooks: {}, signal, until: now + ms, sentAt: now, span: undefined }
}

test('a wait ends with an abort, also one that came before, and leaves nothing with the signal', async () => {
  const abort = new AbortController()
  const call = callOf(abort.signal, 10_000)
  await bounded(call, Promise.resolve(), false)
  assert.equal(getEventListeners(abort.signal, 'abort').length, 0)
  const never = new Promise<void>(() => {})
  const waiting = bounded(call, never, true)
  abort.abort()
  await assert.rejects(waiting, { code: 'aborted', outcome: 'unknown' })
  await assert.rejects(bounded(call, never, false), { code: 'aborted', outcome: 'not_sent' })
  assert.equal(getEventListeners(abort.signal, 'abort').length, 0)
})

test('a pause that would outlast the call is none; those of one reason in a row are one in the trace', async () => {
  const call = callOf(new AbortController().signal, 5000)
  await assert.rejects(pause(call, 60_000, 'retry', true), { code: 'deadline_exceeded', outcome: 'unknown' })
  assert.deepEqual(call.trace.waits, [])
  for (const [ms, reason] of [
    [1, 'retry'],
    [2, 'retry'],
    [3, 'rate_limit'],
    [4, 'retry'],
  ] as const) {
    note(call.trace, { ms, reason })
  }
  const [first, second, third, ...more] = call.trace.waits
  assert.deepEqual(
    [first, second, third],
    [
      { ms: 3, reason: 'retry' },
      { ms: 3, reason: 'rate_limit' },
      { ms: 4, reason: 'retry' },
    ],
  )
  assert.deepEqual(more, [])
})

test('clients of one token take turns: one that has many waiting holds another’s call up by one', async () => {
  const held = Promise.withResolvers<void>()
  const server = await scriptedIntercom([
    async (response) => {
      await held.promise
      response.end(JSON.stringify(contact))
    },
    { json: contact },
  ])
  const credential = credentials({ accessToken: `${scriptedToken}turns`, baseUrl: server.url })
  const order: string[] = []
  const client = (name: string) => {
    const made = createClient({
      credentials: credential,
      timeoutMs: 5000,
      hooks: {},
      rateLimitFile: undefined,
    })
    return () => {
      const beforeSend = async () => void order.push(name)
      const { send } = made.open(10_000, undefined)
      return send({ method: 'GET', path: path`/contacts/${'1'}`, semantics: 'safe', beforeSend })
    }
  }
  const [first, many, one] = [client('first'), client('many'), client('one')]
  const calls = [first()]
  while (server.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  for (let call = 0; call < 20; call++) calls.push(many())
  calls.push(one())
  await new Promise((resolve) => setImmediate(resolve))
  held.resolve()
  await Promise.all(calls)
  assert.deepEqual(order.slice(0, 4), ['first', 'many', 'one', 'many'])
  await server.close()
})

test('a 404 on the repeat of a DELETE whose first answer was lost is a success, on a first attempt it is not', async () => {
  const conversation = { json: { type: 'conversation', id: '5', tags: { tags: [{ id: '7' }] } } }
  const gone: Reply = { status: 404, json: errorList('tag_not_found', 'Tag not found') }
  const page: Reply = (response) =>
    response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>No such page</h1>')
  for (const [replies, success, sent] of [
    [[lost, gone], true, 2],
    [[gone], false, 1],
    [[{ status: 503, json: {} }, gone], true, 2],
    [[lost, page], false, 2],
    [[limited, gone], false, 2],
  ] as const) {
    const server = await scriptedIntercom([conversation, ...replies], { toolsets: ['desk'] })
    const output = await server.intercom.run('remove_tag_from_conversation', {
      conversation_id: '5',
      tag_id: '7',
      admin_id: '9',
    })
    assert.equal(output.success, success, String(output.error))
    assert.equal(server.received.filter(({ method }) => method === 'DELETE').length, sent)
    await server.close()
  }
})

test('an empty 202 is an answer, an empty 200 is not', async () => {
  const clock = { at: () => 0 } as unknown as Parameters<typeof answerResult>[2]
  const answer = (status: number, body: string) =>
    answerResult({ status, headers: {}, headAt: 0, body: Buffer.from(body) }, 'idempotent', clock, JSON.parse)
  assert.deepEqual(await answer(202, ''), { json: {} })
  assert.deepEqual(await answer(202, ' \n'), { json: {} })
  for (const [status, body] of [
    [200, ''],
    [202, 'taken'],
    [204, ''],
  ] as const)
    assert.ok('error' in (await answer(status, body)), `${status} ${body}`)
})
