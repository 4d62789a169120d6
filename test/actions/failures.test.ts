import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { createIntercom, type Intercom } from '../../src/index.ts'
import { errorList, type Reply, scriptedIntercom, scriptedToken } from '../support/scripted-intercom.ts'

process.env['NO_PROXY'] = '*' // a developer's own proxy would answer for hosts that do not exist

const contact = { type: 'contact', id: '6762f0dd1bb69f9f2193bb83', role: 'user' }
const read = ['get_contact', { contact_id: contact.id }] as const
const note = ['create_note', { contact_id: contact.id, body: 'Hello' }] as const
const tag = ['add_tag_to_contact', { contact_id: contact.id, tag_id: '7' }] as const

const refusals = [
  [401, 'unauthorized', 'Access Token Invalid', false],
  [403, 'api_plan_restricted', 'Active subscription needed.', false],
  [404, 'not_found', 'User Not Found', false],
  [409, 'conflict', 'Already there', false],
  [422, 'parameter_invalid', 'Not this', false],
  [429, 'rate_limit_exceeded', 'The rate limit for the App has been exceeded', true],
] as const

for (const [status, code, message, retryable] of refusals) {
  test(`a ${status} is an envelope with Intercom's code, message and request id, and nothing was done`, async () => {
    const accessToken = `${scriptedToken}${status}` // what is paused after a 429 is this token alone
    for (const [name, input] of [read, note]) {
      const reply = { status, json: errorList(code, message), headers: { 'retry-after': '60' } }
      const server = await scriptedIntercom([reply], { accessToken, deadlineMs: 20_000 })
      const { output, failure } = await server.intercom.call(name as string, input)
      const end = message.replace(/\.$/, '')
      assert.ok(
        output.error?.startsWith(`${name}: ${status} ${code}: ${end} (request req0000000000000001).`),
        String(output.error),
      )
      assert.deepEqual(
        { ...failure, hint: null },
        {
          code,
          status,
          field: null,
          request_id: 'req0000000000000001',
          retryable,
          outcome: 'rejected',
          hint: null,
        },
      )
      assert.equal(output.success, false)
      assert.equal(output['result'], null)
      assert.equal(server.received.length, 1)
      await server.close()
    }
  })
}

for (const status of [408, 500, 502, 503, 504]) {
  test(`a ${status} leaves a read unharmed, a note unknown, a tag unknown but safe to repeat`, async () => {
    const server = await scriptedIntercom([
      (response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Oops</h1>'),
    ])
    const outcomes = await outcomesOf(server.intercom)
    assert.deepEqual(outcomes, [
      [status, 'rejected', true],
      [status, 'unknown', false],
      [status, 'unknown', true],
    ])
    assert.deepEqual(
      server.received.map(({ path }) => path.split('/').at(-1)),
      [...Array(4).fill(contact.id), 'notes', ...Array(4).fill('tags')],
      'what acts twice is sent once, all else four times',
    )
    await server.close()
  })
}

async function outcomesOf(intercom: Pick<Intercom, 'call'>) {
  const results = []
  for (const [name, input] of [read, note, tag]) {
    const { failure } = await intercom.call(name as string, input)
    results.push([failure?.status ?? failure?.code, failure?.outcome, failure?.retryable])
  }
  return results
}

const unreadable: Record<string, Reply> = {
  'HTML instead of JSON': (response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hi</p>'),
  'cut JSON': (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"type":"con'),
  'an empty body': (response) => response.writeHead(200).end(),
  'a JSON array': { json: [contact] },
  'JSON null': { json: null },
  'text that is not UTF-8': (response) =>
    response.end(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
  'an unknown encoding': (response) => response.writeHead(200, { 'content-encoding': 'zstd-ish' }).end('{}'),
  'broken gzip': (response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end('{"type":"contact"}'),
}

for (const [what, reply] of Object.entries(unreadable)) {
  test(`${what} with a 200 is a failure that says what may have happened`, async () => {
    const server = await scriptedIntercom([reply])
    for (const [name, outcome, retryable] of [
      [read, 'rejected', true],
      [note, 'unknown', false],
    ] as const) {
      const { output, failure } = await server.intercom.call(name[0] as string, name[1])
      assert.equal(failure?.code, 'unreadable_answer')
      assert.deepEqual([failure.outcome, failure.retryable, output.success], [outcome, retryable, false])
    }
    assert.equal(server.received.filter(({ method }) => method === 'POST').length, 1)
    await server.close()
  })
}

test('gzip, deflate and brotli answers are read', async () => {
  const json = JSON.stringify({ ...contact, name: 'Zoë 🐝' })
  for (const [encoding, compress] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const) {
    const server = await scriptedIntercom([
      (response) => response.writeHead(200, { 'content-encoding': encoding }).end(compress(json)),
    ])
    const { result } = await server.intercom.getContact(read[1])
    assert.equal(result?.name, 'Zoë 🐝')
    assert.match(String(server.received[0]?.headers['accept-encoding']), new RegExp(encoding))
    await server.close()
  }
})

test('an answer over 20 MiB is refused while it arrives, compressed or not', async () => {
  const size = 21 * 1024 * 1024
  const huge = Buffer.alloc(size, 0x20)
  for (const reply of [
    (response) => response.end(huge),
    (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(huge)),
    (response) => response.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync(huge)),
  ] satisfies Reply[]) {
    const server = await scriptedIntercom([reply])
    const { failure } = await server.intercom.call(...read)
    assert.equal(failure?.code, 'answer_too_large')
    await server.close()
  }
})

test('an answer just under 20 MiB is read', async () => {
  const text = 'x'.repeat(19 * 1024 * 1024)
  const server = await scriptedIntercom([{ json: { ...contact, text } }])
  const { success } = await server.intercom.getContact(read[1])
  assert.equal(success, true)
  await server.close()
})

test('a redirect is refused, and the token is not carried to its target', async () => {
  const target = await scriptedIntercom([{ json: contact }])
  for (const status of [301, 302, 303, 307, 308]) {
    const server = await scriptedIntercom([
      { status, json: {}, headers: { location: `${target.url}/contacts/1` } },
    ])
    const { failure } = await server.intercom.call(...note)
    assert.deepEqual([failure?.code, failure?.outcome], ['redirect_refused', 'unknown']) // a 303 may follow a success
    assert.equal(server.received.length, 1)
    await server.close()
  }
  assert.equal(target.received.length, 0)
  await target.close()
})

test('a refused connection and an unknown host are "not sent", for writes too', async () => {
  const closed = await scriptedIntercom([])
  await closed.close()
  const { output, failure } = await closed.intercom.call(...note)
  assert.deepEqual(
    [failure?.code, failure?.outcome, failure?.retryable],
    ['connection_refused', 'not_sent', true],
  )
  const { host } = new URL(closed.url)
  assert.match(String(failure?.hint), /Nothing was sent\. Check that it is running/)
  assert.ok(
    output.error?.includes(`connection_refused: ${host} refused the connection`),
    String(output.error),
  )
  const nowhere = createIntercom({
    accessToken: scriptedToken,
    baseUrl: 'https://nowhere.invalid',
    allowCustomHost: true,
  })
  const { output: named, failure: unresolved, trace } = await nowhere.call(...note)
  assert.match(
    String(named.error),
    /nowhere\.invalid could not be resolved\. Nothing was sent\. .*HTTPS_PROXY/,
  )
  assert.deepEqual(
    [unresolved?.code, unresolved?.outcome, unresolved?.retryable, trace.attempts],
    ['dns_failed', 'not_sent', true, 4],
  )
})

test('a host that does not speak TLS is "not sent"', async () => {
  const server = await scriptedIntercom([{ json: contact }])
  const { output, failure, trace } = await createIntercom({
    accessToken: scriptedToken,
    baseUrl: server.url.replace('http:', 'https:'),
  }).call(...note)
  assert.deepEqual(
    [failure?.code, failure?.outcome, failure?.retryable, trace.attempts],
    ['tls_failed', 'not_sent', true, 4],
  )
  assert.match(String(output.error), /tls_failed: 127\.0\.0\.1:\d+ does not speak TLS\./)
  assert.equal(server.received.length, 0)
  await server.close()
})

test('a reset after the request was transmitted makes a note unknown', async () => {
  const server = await scriptedIntercom([(_, socket) => socket.resetAndDestroy()])
  const { failure, trace } = await server.intercom.call(...note)
  assert.deepEqual(
    [failure?.code, failure?.outcome, failure?.retryable],
    ['connection_lost', 'unknown', false],
  )
  assert.match(String(failure?.hint), /Do not send it again/)
  assert.equal(trace.attempts, 1)
  assert.equal(server.received.length, 1)
  await server.close()
})

test('an answer that is not HTTP is a failure', async () => {
  const raw = createServer((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n')))
  raw.listen(0, '127.0.0.1')
  await once(raw, 'listening')
  const address = raw.address()
  const port = typeof address === 'object' ? address?.port : 0
  const intercom = createIntercom({
    accessToken: scriptedToken,
    baseUrl: `http://127.0.0.1:${port}`,
    onUnknown: 'report',
  })
  const { failure } = await intercom.call(...note)
  raw.close()
  assert.deepEqual([failure?.code, failure?.outcome], ['unreadable_answer', 'unknown'])
})

test('silence, a stalled body and a slow drip all end at the time limit', async () => {
  const head = { 'content-type': 'application/json', 'content-length': '5000' }
  const replies: Reply[] = [
    () => {},
    (response) => response.writeHead(200, head).write('{'),
    (response) => {
      response.writeHead(200, head).write('{')
      const drip = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
    },
  ]
  const ends = async (reply: Reply) => {
    const server = await scriptedIntercom([reply], { timeoutMs: 1000 })
    const started = performance.now()
    const { failure } = await server.intercom.call(...note)
    assert.deepEqual([failure?.code, failure?.outcome], ['timeout', 'unknown'])
    assert.ok(performance.now() - started < 5000)
    await server.close()
  }
  await Promise.all(replies.map(ends))
})

test('a call ends at its deadline, not later for each part of an answer', async () => {
  const server = await scriptedIntercom(
    [
      (response) => {
        setTimeout(() => response.writeHead(200, { 'content-length': '2' }).flushHeaders(), 1000)
        setTimeout(() => response.end('{}'), 2500)
      },
    ],
    { deadlineMs: 1500 },
  )
  const { failure } = await server.intercom.call(...note)
  assert.deepEqual([failure?.code, failure?.outcome], ['timeout', 'unknown'])
  await server.close()
})

test('a call aborted before it begins sends nothing; one aborted under way is unknown if it writes', async () => {
  const server = await scriptedIntercom([() => controller.abort()])
  let controller = new AbortController()
  const before = await server.intercom.call(...note, { signal: AbortSignal.abort() })
  assert.deepEqual([before.failure?.code, before.failure?.outcome], ['aborted', 'not_sent'])
  assert.equal(server.received.length, 0)
  const under = await server.intercom.call(...note, { signal: controller.signal })
  assert.deepEqual(
    [under.failure?.code, under.failure?.outcome, under.failure?.retryable],
    ['aborted', 'unknown', false],
  )
  controller = new AbortController()
  const reading = await server.intercom.call(...read, { signal: controller.signal })
  assert.deepEqual([reading.failure?.code, reading.failure?.outcome], ['aborted', 'rejected'])
  await server.close()
})

test('an exception in a hook or in the input is an envelope, and nothing is sent', async () => {
  const server = await scriptedIntercom([{ json: contact }], {
    onRequest: () => {
      throw new TypeError(`hook saw ${scriptedToken}`)
    },
  })
  const { output, failure } = await server.intercom.call(...note)
  assert.deepEqual([output.success, failure?.code, failure?.outcome], [false, 'internal', 'not_sent'])
  assert.doesNotMatch(String(output.error), /dG9r/)
  const trap = {
    get contact_id(): string {
      throw new Error('trap')
    },
  }
  for (const name of ['get_contact', 'create_note'] as const) {
    const { output, failure } = await server.intercom.call(name as string, trap)
    assert.deepEqual([output.success, failure?.code, failure?.outcome], [false, 'invalid_input', 'not_sent'])
  }
  assert.equal(server.received.length, 0)
  await server.close()
})

test('a hook is awaited: its rejection stops the request, and nothing is left unhandled', async () => {
  const server = await scriptedIntercom([{ json: contact }], {
    onRequest: async () => {
      throw new Error('not today')
    },
  })
  const { failure } = await server.intercom.call(...note)
  assert.deepEqual([failure?.code, failure?.outcome], ['internal', 'not_sent'])
  assert.equal(server.received.length, 0)
  await server.close()
})

test('a hook that never ends holds a call up until its deadline or its abort, and nothing is sent', async () => {
  const onRequest = () => new Promise<void>(() => {})
  const server = await scriptedIntercom([{ json: contact }], { onRequest, deadlineMs: 100 })
  const late = await server.intercom.call(...note)
  assert.deepEqual([late.failure?.code, late.failure?.outcome], ['deadline_exceeded', 'not_sent'])
  const signal = AbortSignal.timeout(20)
  const aborted = await server.intercom.call(...note, { signal })
  assert.deepEqual([aborted.failure?.code, aborted.failure?.outcome], ['aborted', 'not_sent'])
  assert.equal(server.received.length, 0)
  await server.close()
})

test('what is about to be transmitted when the deadline has passed is not', async () => {
  const onRequest = () => {
    for (const until = performance.now() + 60; performance.now() < until; );
  }
  const server = await scriptedIntercom([{ json: contact }], { onRequest, deadlineMs: 30 })
  const { failure } = await server.intercom.call(...note)
  assert.deepEqual([failure?.code, failure?.outcome], ['deadline_exceeded', 'not_sent'])
  assert.equal(server.received.length, 0)
  await server.close()
})

test('a write that may have taken effect stays unknown when its repetition is refused', async () => {
  const server = await scriptedIntercom([
    (_, socket) => socket.destroy(),
    { status: 422, json: errorList('parameter_invalid', 'no') },
  ])
  const { failure } = await server.intercom.call('add_tag_to_contact', { contact_id: '1', tag_id: '2' })
  assert.deepEqual([failure?.status, failure?.outcome, failure?.retryable], [422, 'unknown', true])
  assert.equal(server.received.length, 2)
  await server.close()
})

test('an unreadable answer is asked for again where that is safe, and only there', async () => {
  for (const [[name, input], requests] of [
    [read, 2],
    [note, 1],
  ] as const) {
    const garbled = (response: ServerResponse) => response.end('<html>')
    const server = await scriptedIntercom([garbled, { json: contact }])
    const { failure } = await server.intercom.call(name as string, input)
    assert.deepEqual(
      [failure?.code, server.received.length],
      [requests === 1 ? 'unreadable_answer' : undefined, requests],
    )
    await server.close()
  }
})

test('an outage is not multiplied: all calls of a token together repeat fifty times, and more after successes', async () => {
  let up = false
  const server = await scriptedIntercom(() => (up ? { json: contact } : { status: 503, json: {} }), {
    accessToken: 'a_token_of_its_own',
  })
  const requests = async (calls: number) => {
    const before = server.received.length
    for (let call = 0; call < calls; call++) await server.intercom.call(...read)
    return server.received.length - before
  }
  assert.equal(await requests(30), 80)
  up = true
  await requests(20)
  up = false
  assert.equal(await requests(5), 7)
  await server.close()
})

test('whoever gives up for the deadline says how long to wait', async () => {
  const slow = await scriptedIntercom([{ status: 503, json: {}, headers: { 'retry-after': '7' } }], {
    deadlineMs: 1000,
  })
  assert.match(String((await slow.intercom.call(...read)).failure?.hint), /Wait 7 s, then repeat\.$/)
  await slow.close()
  const limited = await scriptedIntercom([{ status: 429, json: {}, headers: { 'retry-after': '9' } }], {
    accessToken: 'another_token_of_its_own',
    deadlineMs: 1000,
  })
  for (const of429 of ['refused', 'held back']) {
    const { failure } = await limited.intercom.call(...note)
    assert.match(String(failure?.hint), /Wait (9|10) s, then repeat\.$/, of429)
  }
  assert.equal(limited.received.length, 1)
  await limited.close()
})

test('a repetition comes after what Retry-After asks and a random time more, so that callers do not wake together', async () => {
  const server = await scriptedIntercom([
    { status: 503, json: {}, headers: { 'retry-after': '1' } },
    { json: contact },
  ])
  const { random } = Math
  Math.random = () => 0.5
  const { trace } = await server.intercom.call(...read)
  Math.random = random
  assert.deepEqual(trace.waits, [{ ms: 1250, reason: 'retry' }])
  await server.close()
})

test('onWait is told of waits for the rate limit too, with what the trace says', async () => {
  const seen: unknown[] = []
  const headers = { 'retry-after': '0' }
  const server = await scriptedIntercom([{ status: 429, json: {}, headers }, { json: contact }], {
    onWait: (wait) => void seen.push(wait),
  })
  const { failure, trace } = await server.intercom.call(...note)
  assert.equal(failure, null)
  assert.equal(trace.waits.length, 1)
  assert.deepEqual(seen, trace.waits)
  await server.close()
})

test('names, signals and options that are none are answers, not exceptions', async () => {
  const server = await scriptedIntercom([{ json: contact }])
  for (const name of [undefined, null, 123, {}, Symbol('x'), '__proto__'] as never[]) {
    assert.equal((await server.intercom.run(name, {})).success, false)
  }
  const trap = {
    get signal(): never {
      throw new Error('trap')
    },
  }
  for (const options of [{ signal: {} }, trap] as never[]) {
    const { failure } = await server.intercom.call('get_contact', read[1], options)
    assert.deepEqual([failure?.code, failure?.outcome], ['invalid_input', 'not_sent'])
  }
  assert.equal(server.received.length, 0)
  await server.close()
})

test('an answer that keeps announcing itself ends at the time limit', async () => {
  const server = await scriptedIntercom(
    [
      (response, socket) => {
        const early = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 100)
        response.on('close', () => clearInterval(early))
      },
    ],
    { timeoutMs: 1000 },
  )
  const { failure } = await server.intercom.call(...note)
  assert.deepEqual([failure?.code, failure?.outcome], ['timeout', 'unknown'])
  await server.close()
})

test('the trace shows attempts and the rate limit as Intercom states it', async () => {
  const reset = Math.ceil(Date.now() / 1000) + 5
  const headers = {
    'x-ratelimit-limit': '1666',
    'x-ratelimit-remaining': '1600',
    'x-ratelimit-reset': String(reset),
  }
  const server = await scriptedIntercom([
    { json: contact, headers: { ...headers, 'x-request-id': 'first' } },
    { json: contact, headers: { ...headers, 'x-ratelimit-limit': 'x' } },
  ])
  const expected = { limit: 1666, remaining: 1600, reset }
  assert.deepEqual((await server.intercom.call(...read)).trace, {
    attempts: 1,
    waits: [],
    rate_limit: expected,
    request_id: 'first',
    verified_by: null,
  })
  assert.equal((await server.intercom.call(...read)).trace.rate_limit, null)
  await server.close()
})

test('clients of one host share their connections', async () => {
  const sockets = new Set<unknown>()
  const server = await scriptedIntercom([
    (response, socket) => {
      sockets.add(socket)
      response.end(JSON.stringify(contact))
    },
  ])
  for (let timeoutMs = 1000; timeoutMs < 1010; timeoutMs++) {
    const other = createIntercom({
      accessToken: `${scriptedToken}${timeoutMs}`,
      baseUrl: server.url,
      timeoutMs,
    })
    assert.equal((await other.getContact(read[1])).success, true)
  }
  // One, or a second while the first is being handed back; ten if each client had its own.
  assert.ok(sockets.size <= 2, `${sockets.size} connections`)
  await server.close()
})

test('what an answer lacks or adds does not turn a success into a failure', async () => {
  const server = await scriptedIntercom([{ json: { surprise: [1, { deep: true }] } }])
  assert.deepEqual(await server.intercom.createNote(note[1]), {
    success: true,
    error: null,
    result: { surprise: [1, { deep: true }] },
  })
  await server.close()
})

test('a search answer without its list is a failure, not "nothing found"', async () => {
  const server = await scriptedIntercom([
    { json: { type: 'list' } },
    { json: { type: 'list', total_count: 0 } },
  ])
  const first = await server.intercom.searchContacts({ query_value: 'a@b.c' })
  assert.equal(first.success, false)
  const second = await server.intercom.searchContacts({ query_value: 'a@b.c' })
  assert.deepEqual([second.success, second.contacts, second.total_count], [true, [], 0])
  await server.close()
})

test('the token stands in the Authorization header and nowhere else', async () => {
  const decoded = Buffer.from(scriptedToken, 'base64').toString()
  const pieces = [
    scriptedToken,
    scriptedToken.slice(0, 12),
    scriptedToken.slice(20, 32),
    decoded,
    decoded.slice(4, 20),
  ]
  const echo = pieces.join(' | ')
  const replies: Reply[] = [
    { status: 401, json: errorList('unauthorized', `bad token ${echo}`) },
    { status: 400, json: { errors: [{ code: scriptedToken, message: echo }], request_id: scriptedToken } },
    { status: 400, json: { errors: [{ code: scriptedToken.slice(0, 20), message: 'x' }] } },
    {
      status: 500,
      json: { echo },
      headers: { 'content-type': scriptedToken, 'x-request-id': scriptedToken },
    },
    { json: { ...contact, name: `Mr ${scriptedToken} or ${decoded}`, [scriptedToken]: 1 } },
    { json: { ...contact, custom_attributes: { a: [scriptedToken.slice(3, 19), decoded.slice(9, 25)] } } },
    (response) => response.end(`{"type":"contact","name":"\\u0064${scriptedToken.slice(1)}"}`),
  ]
  for (const reply of replies) {
    const server = await scriptedIntercom([reply])
    const result = await server.intercom.call(...read)
    assert.equal(server.received[0]?.headers['authorization'], `Bearer ${scriptedToken}`)
    for (const text of [
      JSON.stringify(result),
      inspect(result, { depth: 9 }),
      inspect(server.intercom, { depth: 9, showHidden: true }),
    ]) {
      for (const secret of [scriptedToken, decoded]) {
        for (let at = 0; at + 8 <= secret.length; at++) {
          assert.ok(!text.includes(secret.slice(at, at + 8)), `${secret.slice(at, at + 8)} in ${text}`)
        }
      }
    }
    await server.close()
  }
})

test('an input that holds the token is refused before it can end up in a path or a body', async () => {
  const server = await scriptedIntercom([{ json: contact }])
  for (const [name, input] of [
    ['get_contact', { contact_id: scriptedToken }],
    ['create_note', { contact_id: '1', body: `keep ${scriptedToken}` }],
    [`get_contact ${scriptedToken}`, {}],
    ['get_contact', { contact_id: '1', [scriptedToken]: 1 }],
  ] as const) {
    const { output } = await server.intercom.call(name as string, input)
    assert.equal(output.success, false)
    assert.doesNotMatch(String(output.error), /dG9rOm/)
  }
  assert.equal(server.received.length, 0)
  await server.close()
})

test('no input leads to a path other than the action’s own', async () => {
  const server = await scriptedIntercom([{ json: contact }])
  for (const id of ['../admins', 'a/b', 'a?x=1', 'a#b', '%2e%2e', '..%2f', 'a;b', 'ä', 'a b', '\\..\\x']) {
    await server.intercom.getContact({ contact_id: id })
  }
  for (const { path } of server.received) assert.match(path, /^\/contacts\/[^/?#;\\ ]+$/)
  assert.equal(server.received.length, 10)
  for (const id of ['', '.', '..', ' ', ' a', 'a\nb', 'a\u0000', '\ud800']) {
    const { success } = await server.intercom.getContact({ contact_id: id })
    assert.equal(success, false, JSON.stringify(id))
  }
  assert.equal(server.received.length, 10)
  await server.close()
})

test('closing one client leaves the pool to the others', async () => {
  const server = await scriptedIntercom([{ json: contact }])
  const other = createIntercom({ accessToken: scriptedToken, baseUrl: server.url })
  await server.intercom.close()
  assert.equal((await server.intercom.call(...read)).failure?.code, 'client_closed')
  assert.equal((await other.getContact(read[1])).success, true)
  await server.close()
})
