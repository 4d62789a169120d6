import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { tokenBucket } from '../../src/server/call-limits.ts'
import { serveCaller } from '../../src/server/caller.ts'
import { boundedLog, type LogLine } from '../../src/server/log.ts'
import { healthMount } from '../../src/server/mounts.ts'
import { caller, exchange, request, served } from '../support/served.ts'

const ok = () => Response.json({ done: true })
const code = (body: string) => (JSON.parse(body) as { code: string }).code
const bearer = (key: string) => `Authorization: Bearer ${key}`

/** A handler that answers when it is let, and says how many calls it holds. */
function gate() {
  const held: (() => void)[] = []
  const signals: AbortSignal[] = []
  const fetch = ({ signal }: Request) =>
    new Promise<Response>((resolve) => {
      signals.push(signal)
      held.push(() => resolve(ok()))
    })
  const holds = async (count: number) => {
    for (const until = performance.now() + 10_000; held.length < count; await setImmediate()) {
      assert.ok(performance.now() < until, `${held.length} of ${count} calls have come`)
    }
  }
  const open = () => {
    for (const answer of held.splice(0)) answer()
  }
  return { fetch, signals, holds, open }
}

test('a body that is declared too large is refused before it comes, a chunked one when it is', async (t) => {
  let reached = 0
  const { url } = await served(
    t,
    () => {
      reached += 1
      return ok()
    },
    { limits: { bodyBytes: 1000 } },
  )
  const declared = await exchange(
    url,
    'POST /work HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n',
  )
  assert.deepEqual([declared.status, code(declared.body)], [413, 'body_too_large'])
  const huge = request('POST /work', ['Content-Length: 99999999999999999999'])
  assert.equal((await exchange(url, huge)).status, 400)
  const expects = request('POST /work', ['Content-Length: 1001', 'Expect: 100-continue'])
  assert.equal((await exchange(url, expects)).status, 413)
  const chunk = `1f4\r\n${'x'.repeat(500)}\r\n`
  const chunked = ['Transfer-Encoding: chunked']
  const over = await exchange(url, request('POST /work', chunked), chunk, chunk, '1\r\nx\r\n')
  assert.deepEqual([over.status, code(over.body)], [413, 'body_too_large'])
  assert.equal(reached, 0)
  const whole = await exchange(url, request('POST /work', chunked), chunk, chunk, '0\r\n\r\n')
  assert.equal(whole.status, 200)
  assert.equal((await exchange(url, request('POST /work', [], 'x'.repeat(1000)))).status, 200)
})

test('a client that asks to close the connection and sends its refused body first still gets the answer', async (t) => {
  const { url } = await served(t, ok, { limits: { bodyBytes: 1000 } })
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  socket.pause()
  socket.write(request('POST /work', ['Connection: close', 'Content-Length: 300000']))
  for (let sent = 0; sent < 30; sent++) {
    await setTimeout(5) // the server has long answered before the last piece
    socket.write('x'.repeat(10_000))
  }
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  assert.match(answer, /^HTTP\/1\.1 413 .*"body_too_large"/s)
})

test('a client that goes on sending a refused body is told so, and cut off', {
  timeout: 20_000,
}, async (t) => {
  const { url, lines } = await served(t, ok, { limits: { bodyBytes: 1000, requestSeconds: 600 } })
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let received = ''
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    received += text
  })
  socket.on('error', () => {})
  socket.write(request('POST /work', ['Transfer-Encoding: chunked']))
  const timer = setInterval(() => socket.write(`3e8\r\n${'x'.repeat(1000)}\r\n`), 5)
  t.after(() => {
    clearInterval(timer)
    socket.destroy()
  })
  await new Promise((resolve) => socket.once('close', resolve))
  assert.match(received, /^HTTP\/1\.1 413 [\s\S]*"code":"body_too_large"/)
  assert.deepEqual(
    lines.map(({ status, error }) => [status, error]),
    [[413, 'body_too_large']],
  )
})

test('slow headers and slow bodies end, each by its own limit, and hold no place for a call after that', {
  timeout: 30_000,
}, async (t) => {
  const concurrentCalls = 1
  const [hasty, patient] = await Promise.all([
    served(t, ok, { limits: { headerSeconds: 1, requestSeconds: 600, concurrentCalls } }),
    served(t, ok, { limits: { headerSeconds: 6, requestSeconds: 1, concurrentCalls } }),
  ])
  const [headers, body] = await Promise.all([
    exchange(hasty.url, 'POST /work HTTP/1.1\r\nHost: localhost\r\nX-Slow: '),
    exchange(patient.url, request('POST /work', ['Content-Length: 10']), '{'),
  ])
  for (const answer of [headers, body]) {
    assert.deepEqual([answer.status, code(answer.body)], [408, 'too_slow'])
  }
  for (const [{ url, lines }, statuses] of [
    [hasty, [200]],
    [patient, [408, 200]],
  ] as const) {
    assert.equal((await exchange(url, request('POST /work', [], '{}'))).status, 200)
    assert.deepEqual(
      lines.map(({ status }) => status),
      statuses,
    )
  }
})

test('headers that are too large are refused', async (t) => {
  const { url } = await served(t, ok)
  const { status, body } = await exchange(url, request('GET /work', [`X-Large: ${'x'.repeat(17_000)}`]))
  assert.deepEqual([status, code(body)], [431, 'headers_too_large'])
})

test('a key that has called as often as it may waits for its own turn, not for others', async (t) => {
  const callers = [caller('a'.repeat(24), { callsPerMinute: 2 }), caller('b'.repeat(24))]
  const { url } = await served(t, ok, { callers })
  const call = (key: string) => exchange(url, request('POST /work', [bearer(key.repeat(24))], '{}'))
  assert.equal((await call('a')).status, 200)
  assert.equal((await call('a')).status, 200)
  const refused = await call('a')
  assert.deepEqual([refused.status, code(refused.body)], [429, 'rate_limited'])
  assert.match(refused.head, /\r\nRetry-After: (29|30)\r\n/)
  assert.equal((await call('b')).status, 200)
})

test('a call is refused also where its turn comes within a second', () => {
  const { acquire } = serveCaller(caller(null, { callsPerMinute: 120 }), [], new Map())
  const take = () => {
    const slot = acquire()
    if (typeof slot === 'function') slot()
    return slot
  }
  for (let call = 0; call < 120; call += 1) assert.equal(typeof take(), 'function')
  const refused = take()
  assert.ok(typeof refused !== 'function')
  assert.deepEqual([refused.code, refused.headers], ['rate_limited', { 'Retry-After': '1' }])
})

test('a bucket is refilled evenly and never beyond its size', () => {
  let now = 0
  const bucket = tokenBucket(60, () => now)
  for (let call = 0; call < 60; call++) assert.equal(bucket.take(), 0)
  assert.equal(bucket.take(), 1)
  now = 999
  assert.equal(bucket.take(), 1)
  now = 1001
  assert.equal(bucket.take(), 0)
  now = 10_000_000
  for (let call = 0; call < 60; call++) assert.equal(bucket.take(), 0)
  assert.equal(bucket.take(), 1)
})

test('calls under way are bounded, by key and in all; a place is free when its call has ended', {
  timeout: 20_000,
}, async (t) => {
  const { fetch, holds, open } = gate()
  const callers = [caller('a'.repeat(24), { concurrentCalls: 1 }), caller('b'.repeat(24))]
  const { url } = await served(t, fetch, { callers, limits: { concurrentCalls: 2 } })
  const call = (key: string) => exchange(url, request('POST /work', [bearer(key.repeat(24))], '{}'))
  const first = call('a')
  await holds(1)
  const own = await call('a')
  assert.deepEqual([own.status, code(own.body)], [429, 'too_many_calls'])
  assert.match(own.head, /\r\nRetry-After: 1\r\n/)
  const second = call('b')
  await holds(2)
  const all = await call('b')
  assert.deepEqual([all.status, code(all.body)], [503, 'server_busy'])
  assert.match(all.head, /\r\nRetry-After: 1\r\n/)
  open()
  assert.deepEqual([(await first).status, (await second).status], [200, 200])
  const again = call('a')
  await holds(1)
  open()
  assert.equal((await again).status, 200)
})

test('a client that leaves ends its call and frees its place', async (t) => {
  const { fetch, signals, holds, open } = gate()
  const { url, lines } = await served(t, fetch, { limits: { concurrentCalls: 1 } })
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(request('POST /work', [], '{}'))
  await holds(1)
  socket.destroy()
  while (!signals[0]?.aborted) await setImmediate()
  open()
  const next = exchange(url, request('POST /work', [], '{}'))
  await holds(1)
  open()
  assert.equal((await next).status, 200)
  assert.deepEqual(
    lines.map(({ status }) => status),
    [null, 200],
  )
})

test('a server that is asked to end finishes the running call and takes no other', async (t) => {
  const { fetch, holds, open } = gate()
  const { url, close } = await served(t, fetch, { limits: { shutdownSeconds: 60 } })
  const running = exchange(url, request('POST /work', [], '{}'))
  await holds(1)
  const idle = connect(Number(new URL(url).port), '127.0.0.1')
  await once(idle, 'connect')
  const closed = close()
  await assert.rejects(exchange(url, request('POST /work', [], '{}')))
  open()
  const { status, head } = await running
  assert.equal(status, 200)
  assert.match(head, /\r\nConnection: close/)
  await closed
})

test('a call that does not end is cut off when its time is over', async (t) => {
  const { fetch, signals, holds } = gate()
  const { url, close } = await served(t, fetch, { limits: { shutdownSeconds: 1 } })
  const running = assert.rejects(exchange(url, request('POST /work', [], '{}')), /no whole answer/)
  await holds(1)
  await close()
  await running
  while (!signals[0]?.aborted) await setImmediate()
})

test('a thousand calls at once are each answered, by the work or by a refusal that says when to come again', async (t) => {
  const { fetch, holds, open } = gate()
  const limits = { concurrentCalls: 2000, headerSeconds: 60, requestSeconds: 60 } // a busy machine may take as long
  const one = caller('a'.repeat(24), { concurrentCalls: 200 })
  const { url, lines } = await served(t, fetch, { callers: [one], limits })
  const refused: string[] = []
  const call = async () => {
    const { status, head } = await exchange(url, request('POST /work', [bearer('a'.repeat(24))], '{}'))
    if (status === 429) refused.push(head)
    return status
  }
  const calls = Array.from({ length: 1000 }, call)
  await holds(200)
  while (refused.length < 800) await setImmediate()
  open()
  const statuses = await Promise.all(calls)
  assert.equal(statuses.filter((status) => status === 200).length, 200)
  assert.equal(refused.length, 800)
  assert.ok(refused.every((head) => /\r\nRetry-After: 1\r\n/.test(head)))
  const next = call()
  await holds(1)
  open()
  assert.equal(await next, 200)
  assert.equal(lines.length, 1001)
  assert.ok(lines.every(({ key }) => key === 'a'.repeat(24)))
  assert.equal(new Set(lines.map(({ request_id }) => request_id)).size, lines.length)
})

test('strangers have places of their own, each free when its call has ended', {
  timeout: 20_000,
}, async (t) => {
  const { fetch, holds, open } = gate()
  const mounts = [
    { path: '/work', open: { fetch }, bodyBytes: 100 },
    { path: '/up', open: { fetch: ok } },
  ]
  const { url } = await served(t, fetch, { mounts, limits: { concurrentCalls: 1 } })
  assert.equal((await exchange(url, request('GET /up'))).status, 200) // without a body it takes no place, and frees none
  const call = () => exchange(url, request('POST /work', [], '{}'))
  for (let round = 0; round < 2; round++) {
    const first = call()
    await holds(1)
    const second = await call()
    assert.deepEqual([second.status, code(second.body)], [503, 'server_busy'])
    open()
    assert.equal((await first).status, 200)
  }
})

test('one address cannot take all connections, unless keys come over them or it is a proxy', async (t) => {
  const callers = [caller('one')]
  const limits = { connectionsPerAddress: 2 }
  const start = async (own: object = {}) => (await served(t, ok, { callers, limits, ...own })).url
  const url = await start()
  const opened = async (to: string) => {
    const socket = connect(Number(new URL(to).port), '127.0.0.1')
    t.after(() => socket.destroy())
    await once(socket, 'connect')
    socket.write(request('GET /healthz'))
    const [answer] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => ['closed'])])
    return { socket, isOpen: String(answer).startsWith('HTTP/1.1 200') }
  }
  const keyed = async ({ socket }: { socket: Socket }) => {
    socket.write(request('GET /work', [bearer('one')]))
    assert.match(String(await once(socket, 'data')), /^HTTP\/1\.1 200/)
  }
  const [first, second] = [await opened(url), await opened(url)]
  assert.deepEqual([first.isOpen, second.isOpen, (await opened(url)).isOpen], [true, true, false])
  await keyed(first)
  await keyed(first) // it is given back once
  assert.deepEqual([(await opened(url)).isOpen, (await opened(url)).isOpen], [true, false])
  second.socket.destroy()
  for (const until = performance.now() + 10_000; !(await opened(url)).isOpen; )
    assert.ok(performance.now() < until, 'a connection that has ended counts no more')
  assert.equal((await opened(url)).isOpen, false)
  const behind = await start({ proxies: ['::ffff:127.0.0.1'] })
  for (let count = 0; count < 4; count++) assert.equal((await opened(behind)).isOpen, true)
})

test('strangers that send nothing, or little at a time, keep nobody out', async (t) => {
  const mounts = [{ path: '/work', open: { fetch: ok }, bodyBytes: 100 }]
  const { url, lines } = await served(t, ok, { mounts, limits: { concurrentCalls: 20 } })
  const { port } = new URL(url)
  const head = request('POST /work', ['Content-Length: 50'])
  const sockets = Array.from({ length: 60 }, (_, at) =>
    connect(Number(port), '127.0.0.1', function (this: Socket) {
      this.write(at % 2 === 0 ? head : `${head}{`)
    }).on('error', () => {}),
  )
  t.after(() => {
    for (const socket of sockets) socket.destroy()
  })
  // Twenty may wait: the others have given way.
  while (lines.length < 40) await setImmediate()
  assert.deepEqual(new Set(lines.map(({ error }) => error)), new Set(['server_busy']))
  for (let call = 0; call < 5; call++)
    assert.equal((await exchange(url, request('POST /work', [], '{}'))).status, 200)
})

test('a stranger is judged by the head, and has the seconds of the mount for a body', async (t) => {
  const judged: string[] = []
  const mount = {
    path: '/work',
    open: { fetch: ok },
    bodyBytes: 100,
    bodySeconds: 1,
    judge(method: string, headers: { authorization?: string }) {
      judged.push(method)
      return headers.authorization === 'good' ? null : { status: 401, code: 'unsigned', error: 'Sign it.' }
    },
  }
  const { url } = await served(t, ok, { mounts: [mount, healthMount], limits: { requestSeconds: 600 } })
  const unsigned = await exchange(url, request('POST /work', ['Content-Length: 50']))
  assert.deepEqual([unsigned.status, code(unsigned.body)], [401, 'unsigned'])
  const slow = await exchange(url, request('POST /work', ['Content-Length: 50', 'Authorization: good']), '{')
  assert.deepEqual([slow.status, code(slow.body)], [408, 'too_slow'])
  const chunked = await exchange(url, request('GET /healthz', ['Transfer-Encoding: chunked']))
  assert.deepEqual([chunked.status, code(chunked.body)], [413, 'body_too_large'])
  assert.equal((await exchange(url, request('POST /work', ['Authorization: good'], '{}'))).status, 200)
  assert.deepEqual(judged, ['POST', 'POST', 'POST'])
})

/** Sends bytes over one connection, and collects what comes back until it is closed. */
async function sent(url: string, ...pieces: string[]): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {})
  let received = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text
  })
  for (const piece of pieces) socket.write(piece)
  await new Promise((resolve) => socket.once('close', resolve)) // also after a reset
  return received
}

test('JSON with very many values, or nested very deeply, reaches no handler', async (t) => {
  let reached = 0
  const work = () => {
    reached += 1
    return ok()
  }
  const { url } = await served(t, work, { limits: { bodyBytes: 10_000_000 } })
  const many = (count: number) => `{${Array.from({ length: count }, (_, n) => `"k${n}":1`).join()}}`
  const deep = (depth: number) => `${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}`
  const inText = JSON.stringify({ body: `${',[{'.repeat(20_000)}\\"`, other: '\\' })
  for (const body of [many(350_000), many(10_001), `{"a":[${'1,'.repeat(10_000)}1]}`, `{"a":${deep(65)}}`]) {
    const { status, body: refused } = await exchange(url, request('POST /work', [], body))
    assert.deepEqual([status, code(refused)], [400, 'body_too_complex'])
  }
  assert.equal(reached, 0)
  for (const body of [many(10_000), `{"a":${deep(64)}}`, inText, '', 'no json'])
    assert.equal((await exchange(url, request('POST /work', [], body))).status, 200, body.slice(0, 40))
  const mounts = [{ path: '/work', open: { fetch: ok }, bodyBytes: 10_000_000 }]
  const open = await served(t, ok, { mounts })
  assert.equal((await exchange(open.url, request('POST /work', [], many(20_000)))).status, 200)
})

test('a body in another encoding than UTF-8 reaches no handler, but one that judges bytes itself', async (t) => {
  let reached = 0
  const work = () => {
    reached += 1
    return ok()
  }
  const { url } = await served(t, work)
  const sent = async (to: string, body: Uint8Array<ArrayBuffer>) =>
    await fetch(`${to}/work`, { method: 'POST', body })
  const latin1 = new Uint8Array(Buffer.from('{"body":"café"}', 'latin1'))
  const refused = await sent(url, latin1)
  assert.deepEqual([refused.status, code(await refused.text()), reached], [400, 'body_not_utf8', 0])
  assert.equal((await sent(url, new TextEncoder().encode('{"body":"café"}'))).status, 200)
  const open = await served(t, ok, { mounts: [{ path: '/work', open: { fetch: ok }, bodyBytes: 1000 }] })
  assert.equal((await sent(open.url, latin1)).status, 200)
})

test('requests of one connection are answered one at a time and in order, and not sent thousands ahead', async (t) => {
  let running = 0
  const most: number[] = []
  const fetch = async ({ url }: Request) => {
    running += 1
    most.push(running)
    await setImmediate()
    running -= 1
    return new Response(new URL(url).search)
  }
  const mounts = [{ path: '/work', open: { fetch } }]
  const { url, lines } = await served(t, ok, { mounts })
  const numbered = (n: number) => request(`GET /work?n=${n}`, n === 9 ? ['Connection: close'] : [])
  const answers = await sent(url, Array.from({ length: 10 }, (_, n) => numbered(n)).join(''))
  assert.deepEqual(
    [...answers.matchAll(/\?n=(\d)/g)].map(([, n]) => Number(n)),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  )
  assert.equal(Math.max(...most), 1)
  most.length = 0
  lines.length = 0
  await sent(url, request('GET /work').repeat(3000))
  assert.ok(most.length <= 11, `${most.length} were begun`)
  assert.ok(lines.length <= 11, `${lines.length} were logged`)
})

test('a connection is closed after a thousand requests', async (t) => {
  const { url } = await served(t, ok, { mounts: [healthMount] })
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {})
  t.after(() => socket.destroy())
  socket.setEncoding('utf8')
  for (let sent = 1; sent <= 1000; sent++) {
    socket.write(request('GET /healthz'))
    const [answer] = (await once(socket, 'data')) as [string]
    assert.equal(/\r\nConnection: close\r\n/.test(answer), sent === 1000, String(sent))
  }
})

test('a call that junk follows is answered by its result, and is the last of its connection', async (t) => {
  const { fetch, holds, open } = gate()
  const { url, lines } = await served(t, fetch)
  for (const [begun, junk] of [
    [request('POST /work', [], '{}'), 'junk\r\n\r\n'],
    [request('POST /work', ['Content-Length: 2']), '{}GET / HTTP/9.9\r\n\r\n'],
    [request('POST /work', ['Transfer-Encoding: chunked']), '2\r\n{}\r\n0\r\n\r\n\x00\x01'],
  ] as const) {
    const answer = sent(url, begun, junk, 'more junk\r\n')
    await holds(1)
    open()
    const text = await answer
    assert.match(text, /^HTTP\/1\.1 200 [\s\S]*"done":true/)
    assert.match(text, /\r\nConnection: close\r\n/)
    assert.doesNotMatch(text, /malformed_request/)
  }
  assert.deepEqual(
    lines.map(({ status }) => status),
    [200, 200, 200],
  )
  const unfinished = await sent(url, request('POST /work', ['Transfer-Encoding: chunked']), 'junk\r\n')
  assert.match(unfinished, /^HTTP\/1\.1 400 [\s\S]*malformed_request/)
})

test('strangers cannot fill the log: what is left out is counted', () => {
  let now = 0
  const lines: LogLine[] = []
  const log = boundedLog(
    (line) => lines.push(line),
    () => now,
  )
  const line = { key: null, status: 401, bytes: 0 } as LogLine
  for (let count = 0; count < 1000; count++) log(line)
  assert.equal(lines.splice(0).length, 200)
  log({ ...line, key: 'support' })
  log({ ...line, status: 200, bytes: 9 }) // a notification that was taken
  assert.equal(lines.splice(0).length, 2)
  now = 100
  log(line)
  log(line)
  assert.deepEqual(
    lines.map(({ left_out }) => left_out),
    [800],
  )
  now = 1_000_000
  lines.length = 0
  for (let count = 0; count < 1000; count++) log(line)
  assert.deepEqual([lines.length, lines[0]?.left_out, lines[1]?.left_out], [200, 1, undefined])
})

test('a server that has ended has closed its handlers and its clients', async (t) => {
  const closed: string[] = []
  const close = (what: string) => async () => void closed.push(what)
  const mounts = [{ path: '/work', handler: () => ({ fetch: ok, close: close('handler') }) }]
  const one = caller(null)
  const callers = [{ ...one, intercom: { ...one.intercom, close: close('client') } }]
  await (await served(t, ok, { mounts, callers })).close()
  assert.deepEqual(closed, ['handler', 'client'])
})
