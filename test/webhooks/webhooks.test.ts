import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openInbox } from '../../src/webhooks/inbox.ts'
import { createWebhooks, type WebhookProblem, type WebhooksOptions } from '../../src/webhooks/index.ts'
import { topics } from '../../src/workspace/webhooks/topics.ts'
import { clientSecret, delivery, sample, signatureOf } from '../support/deliveries.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-webhooks-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0
const file = () => join(folder, `${++files}.db`)

/** Webhooks of a test, closed at its end. */
function opened(t: TestContext, options: Partial<WebhooksOptions> = {}) {
  const problems: WebhookProblem[] = []
  const store = options.store ?? file()
  const onProblem = (problem: WebhookProblem) => problems.push(problem)
  const webhooks = createWebhooks({ clientSecret, store, onProblem, retryMs: 5, ...options })
  t.after(() => webhooks.close())
  return { webhooks, problems, store }
}

/** Waits until something is so; the test's own time limit ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(2)
}

const statusOf = async (answer: Promise<Response>) => {
  const response = await answer
  return [response.status, ((await response.json()) as { code?: string }).code]
}

test('a signed notification is answered with 200 and handled with its own key, byte for byte', async (t) => {
  const { webhooks } = opened(t)
  const heard: unknown[] = []
  webhooks.on('conversation.user.created', (notification, { key, attempt, body }) => {
    heard.push([notification.data.item.id, notification.data.item.title, key, attempt, body])
  })
  const event = sample()
  const body = JSON.stringify(event, null, 1)
  assert.equal((await webhooks.fetch(delivery(body))).status, 200)
  await until(() => heard.length > 0)
  assert.deepEqual(heard, [['5', 'Grüße ✓', event.id, 1, body]])
})

test('what is not signed by the app is refused, whatever the header looks like', async (t) => {
  const { webhooks } = opened(t)
  let handled = 0
  webhooks.on('*', () => void handled++)
  const body = JSON.stringify(sample())
  const right = signatureOf(body)
  const other = createOther(right)
  for (const [header, code] of [
    [null, 'missing_signature'],
    ['', 'missing_signature'],
    ['sha1=', 'missing_signature'],
    [right.slice(5), 'missing_signature'],
    [right.slice(0, -1), 'missing_signature'],
    [`${right}0`, 'missing_signature'],
    [right.replace('sha1', 'sha256'), 'missing_signature'],
    [right.replace('sha1', 'SHA1'), 'missing_signature'],
    [`${right}, ${right}`, 'missing_signature'],
    [`sha1=${'g'.repeat(40)}`, 'missing_signature'],
    [`sha1=${'ü'.repeat(40)}`, 'missing_signature'],
    [`sha1=${'0'.repeat(40)}`, 'wrong_signature'],
    [other, 'wrong_signature'],
    [signatureOf(body, `${clientSecret}2`), 'wrong_signature'],
    [signatureOf(body, clientSecret.toUpperCase()), 'wrong_signature'],
    [signatureOf(''), 'wrong_signature'],
  ] as const) {
    const answer = webhooks.fetch(delivery(body, { 'X-Hub-Signature': header }))
    assert.deepEqual(await statusOf(answer), [401, code], String(header))
  }
  const twice = delivery(body)
  twice.headers.append('X-Hub-Signature', right)
  assert.deepEqual(await statusOf(webhooks.fetch(twice)), [401, 'missing_signature'])
  for (const altered of [
    `${body} `,
    body.replace('ü', 'u'),
    Buffer.from(body, 'latin1'),
    `\ufeff${body}`,
    '',
  ]) {
    const answer = webhooks.fetch(delivery(altered, { 'X-Hub-Signature': right }))
    assert.deepEqual(await statusOf(answer), [401, 'wrong_signature'], String(altered))
  }
  assert.equal((await webhooks.fetch(delivery(body))).status, 200)
  await until(() => handled > 0)
  assert.equal(handled, 1)
})

/** The same signature with its last digit changed. */
function createOther(right: string): string {
  return right.slice(0, -1) + (right.endsWith('0') ? '1' : '0')
}

test('what is signed but no notification is refused with 400', async (t) => {
  const { webhooks } = opened(t)
  const { data: _, ...dataless } = sample()
  for (const body of [
    '',
    'hello',
    '{"type":"notification_event"',
    'null',
    '[]',
    '"notification_event"',
    Buffer.from([0xff, 0xfe, 0x7b]),
    `\ufeff${JSON.stringify(sample())}`,
    { ...sample(), type: 'conversation' },
    sample({ id: null }),
    sample({ id: 'with a blank' }),
    sample({ id: 7 }),
    sample({ topic: '' }),
    sample({ topic: '../x' }),
    sample({ created_at: '1700000000' }),
    sample({ data: { type: 'notification_event_data', item: [] } }),
    dataless,
  ]) {
    assert.deepEqual(
      await statusOf(webhooks.fetch(delivery(body))),
      [400, 'not_a_notification'],
      String(body),
    )
  }
})

test('an event that came before is not handled again; a second event of the same conversation is', async (t) => {
  const { webhooks, store } = opened(t)
  const keys: string[] = []
  webhooks.on('*', (_, { key }) => void keys.push(key))
  const [one, two] = [sample(), sample()]
  await Promise.all([one, one, one, two].map((event) => webhooks.fetch(delivery(event))))
  await until(() => keys.length > 1)
  assert.equal((await webhooks.fetch(delivery({ ...one, delivery_attempts: 2 }))).status, 200)
  await webhooks.close()
  const { webhooks: later } = opened(t, { store })
  later.on('*', (_, { key }) => void keys.push(`again ${key}`))
  assert.equal((await later.fetch(delivery(one))).status, 200)
  await later.close()
  assert.deepEqual(keys.sort(), [one.id, two.id].sort())
})

test('events that are too old are refused, and ids are remembered until their event is', async (t) => {
  const { webhooks, store } = opened(t, { maxAgeSeconds: 600 })
  const runs: string[] = []
  webhooks.on('*', (_, { key }) => void runs.push(key))
  const now = Math.floor(Date.now() / 1000)
  const [old, older] = [sample({ created_at: now - 590 }), sample({ created_at: now - 601 })]
  assert.equal((await webhooks.fetch(delivery(old))).status, 200)
  assert.deepEqual(await statusOf(webhooks.fetch(delivery(older))), [400, 'too_old'])
  await until(() => runs.length > 0)
  t.mock.timers.enable({ apis: ['Date'], now: (now + 4000) * 1000 })
  const inbox = openInbox(store, { keptMs: (600 + 3600) * 1000, maxWaiting: 10 })
  t.after(() => inbox.close())
  const rows = () => inbox.db.prepare('SELECT id FROM events').all().length
  inbox.prune()
  assert.equal(rows(), 1)
  t.mock.timers.setTime((now + 4300) * 1000)
  const sooner = openInbox(store, { keptMs: (600 + 3600) * 1000, maxWaiting: 10 })
  t.after(() => sooner.close())
  sooner.prune()
  assert.equal(rows(), 0)
})

test('an event from the future is remembered until it too would be too old', async (t) => {
  const inbox = openInbox(file(), { keptMs: 1000, maxWaiting: 10 })
  t.after(() => inbox.close())
  const event = {
    id: 'a',
    topic: 'x',
    subject: null,
    createdAt: Math.floor(Date.now() / 1000) + 60,
    body: '{}',
  }
  await inbox.receive(event, false)
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 30_000 })
  inbox.prune()
  assert.equal(await inbox.receive(event, false), 'duplicate')
})

test('a body beyond the limit is refused by its announced and by its counted size', async (t) => {
  const { webhooks } = opened(t, { maxBytes: 2000 })
  let pulled = 0
  const endless = new ReadableStream({
    pull: (controller) => {
      pulled += 1
      controller.enqueue(new Uint8Array(500))
    },
  })
  const headers = { 'X-Hub-Signature': signatureOf('') }
  const streamed = new Request('http://local/', { method: 'POST', headers, body: endless, duplex: 'half' })
  assert.deepEqual(await statusOf(webhooks.fetch(streamed)), [413, 'too_large'])
  assert.ok(pulled < 10, `${pulled}`)
  const announced = delivery('{}', { 'Content-Length': '2001' })
  assert.deepEqual(await statusOf(webhooks.fetch(announced)), [413, 'too_large'])
  assert.equal((await webhooks.fetch(delivery(sample({}, { body: 'x'.repeat(1300) })))).status, 200)
})

test('other methods are told which are right, and looking is harmless', async (t) => {
  const { webhooks } = opened(t)
  for (const method of ['GET', 'HEAD'])
    assert.equal((await webhooks.fetch(new Request('http://local/', { method }))).status, 200)
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const response = await webhooks.fetch(new Request('http://local/', { method }))
    assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET, HEAD, POST'])
  }
})

test('one handler gets an event, the one whose pattern says most', async (t) => {
  const { webhooks } = opened(t)
  const heard: string[] = []
  const named = (name: string) => (notification: { topic: string }) =>
    void heard.push(`${name}: ${notification.topic}`)
  webhooks.on('*', named('*'))
  webhooks.on('conversation.*', named('conversation.*'))
  webhooks.on('conversation.admin.*', named('conversation.admin.*'))
  webhooks.on('conversation.user.created', named('exact'))
  const topics = [
    'conversation.user.created',
    'conversation.admin.open.assigned',
    'conversation.read',
    'conversation_part.redacted',
    'ticket.created',
    'something.new',
  ]
  for (const topic of topics) await webhooks.fetch(delivery(sample({ topic })))
  await webhooks.fetch(delivery(sample({ topic: 'ping', id: null, data: { item: { type: 'ping' } } })))
  await until(() => heard.length === 7)
  assert.deepEqual(heard.toSorted(), [
    '*: conversation_part.redacted',
    '*: ping',
    '*: something.new',
    '*: ticket.created',
    'conversation.*: conversation.read',
    'conversation.admin.*: conversation.admin.open.assigned',
    'exact: conversation.user.created',
  ])
})

test('every topic that the workspace sends has a name here, and its item a type', async (t) => {
  const { webhooks } = opened(t)
  for (const topic of topics) webhooks.on(topic, () => {})
  const { webhooks: typed } = opened(t)
  typed.on('conversation.user.replied', ({ data }) => {
    const body: string | null | undefined = data.item.conversation_parts.conversation_parts[0]?.body
    return void body
  })
  typed.on('contact.user.tag.created', ({ data }) => void data.item.tag.name.length)
  // @ts-expect-error: a conversation has no e-mail
  typed.on('conversation.read', ({ data }) => void data.item.email)
  typed.on('contact.lead.tag.*', ({ topic }) => {
    const one: 'contact.lead.tag.created' | 'contact.lead.tag.deleted' = topic
    return void one
  })
})

test('patterns that match nothing or twice, late handlers and impossible options are refused', async (t) => {
  const { webhooks } = opened(t)
  webhooks.on('conversation.*', () => {})
  // @ts-expect-error: no such topic
  assert.throws(() => webhooks.on('conversation.user.craeted', () => {}), /matches no topic/)
  assert.throws(() => webhooks.on('conversations.*', () => {}), /matches no topic/)
  assert.throws(() => webhooks.on('conversation.*', () => {}), /already has a handler/)
  webhooks.start()
  assert.throws(() => webhooks.on('*', () => {}), /before start\(\), fetch\(\) and poll\(\)/)
  const store = file()
  for (const [options, message] of [
    [{ store }, /clientSecret is missing/],
    [{ store, clientSecret: '' }, /clientSecret is missing/],
    [{ store, clientSecret: `${clientSecret}\n` }, /starts or ends with whitespace/],
    [{ store, clientSecret, verify: false }, /mutually exclusive/],
    [{ store, clientSecret, verify: 0 }, /verify must be/],
    [{ clientSecret }, /store must be/],
    [{ store, clientSecret, maxAgeSeconds: Number.NaN }, /maxAgeSeconds must be a whole number/],
    [{ store: folder, clientSecret }, /not a file/],
  ] as const) {
    const wrong = options as unknown as WebhooksOptions // wrong on purpose
    assert.throws(() => createWebhooks(wrong), { name: 'IntercomError', message })
  }
})

test('without verification, said so, an unsigned notification is taken', async (t) => {
  const store = file()
  const webhooks = createWebhooks({ store, verify: false })
  t.after(() => webhooks.close())
  assert.equal((await webhooks.fetch(delivery(sample(), { 'X-Hub-Signature': null }))).status, 200)
})

test('a handler that throws is tried again under the same key, and said', async (t) => {
  const { webhooks, problems } = opened(t)
  const seen: [string, number][] = []
  webhooks.on('*', (_, { key, attempt }) => {
    seen.push([key, attempt])
    if (attempt < 3) throw new Error('not yet')
  })
  const event = sample()
  await webhooks.fetch(delivery(event))
  await until(() => seen.length === 3)
  assert.deepEqual(
    seen,
    [1, 2, 3].map((attempt) => [event.id, attempt]),
  )
  const told = problems.map((problem) => problem.kind === 'handler' && [problem.attempt, problem.givenUp])
  assert.deepEqual(told, [
    [1, false],
    [2, false],
  ])
})

test('an event that fails for good is kept, shown, and handled again when asked', async (t) => {
  const { webhooks, problems, store } = opened(t, { maxAttempts: 2 })
  let broken = true
  let handled = 0
  webhooks.on('*', () => {
    if (broken) throw new Error('broken')
    handled += 1
  })
  const event = sample()
  await webhooks.fetch(delivery(event))
  await until(() => webhooks.failed().length > 0)
  assert.deepEqual(
    problems.map((problem) => problem.kind === 'handler' && problem.givenUp),
    [false, true],
  )
  const [failed] = webhooks.failed()
  assert.deepEqual([failed?.key, failed?.attempts, failed?.notification], [event.id, 2, event])
  broken = false
  assert.equal(await webhooks.retry('notif_none'), false)
  assert.equal(await webhooks.retry(event.id), true)
  await until(() => handled === 1)
  await webhooks.close()
  assert.ok(!readFileSync(store).includes(clientSecret))
  for (const end of ['', '-wal', '-shm']) {
    if (statSync(store + end, { throwIfNoEntry: false }))
      assert.equal(statSync(store + end).mode & 0o777, 0o600)
  }
})

test('events of one conversation run one at a time, oldest first, and do not hold up others', async (t) => {
  const { webhooks } = opened(t)
  const now = Math.floor(Date.now() / 1000)
  const gate = Promise.withResolvers<void>()
  const order: string[] = []
  webhooks.on('*', async ({ created_at, data }) => {
    const { id } = data.item as { id: string }
    order.push(`${id} ${now - created_at}`)
    if (created_at === now) await gate.promise
  })
  const send = (id: string, age: number) =>
    webhooks.fetch(delivery(sample({ created_at: now - age }, { id })))
  await send('1', 0)
  await until(() => order.length === 1)
  for (const age of [10, 30, 20]) await send('1', age)
  await send('2', 5)
  await until(() => order.length === 2)
  await sleep(20)
  assert.deepEqual(order, ['1 0', '2 5'])
  gate.resolve()
  await until(() => order.length === 5)
  assert.deepEqual(order, ['1 0', '2 5', '1 30', '1 20', '1 10'])
})

test('an event that waits to be tried again holds up no other of its conversation', async (t) => {
  const { webhooks } = opened(t, { retryMs: 3_600_000 })
  const order: string[] = []
  webhooks.on('*', (_, { key }) => {
    order.push(key)
    if (order.length === 1) throw new Error('later')
  })
  const [one, two] = [sample(), sample()]
  await webhooks.fetch(delivery(one))
  await until(() => order.length === 1)
  await webhooks.fetch(delivery(two))
  await until(() => order.length === 2)
  assert.deepEqual(order, [one.id, two.id])
})

test('no more run at once than allowed, and when too many wait the sender is asked to come again', async (t) => {
  const { webhooks } = opened(t, { concurrency: 2, maxWaiting: 4 })
  const gate = Promise.withResolvers<void>()
  let running = 0
  let most = 0
  webhooks.on('*', async () => {
    running += 1
    most = Math.max(most, running)
    await gate.promise
    running -= 1
  })
  const events = [1, 2, 3, 4, 5].map((id) => sample({}, { id: String(id) }))
  const send = (event: object | undefined) => statusOf(webhooks.fetch(delivery(event ?? {})))
  for (const event of events.slice(0, 4)) assert.deepEqual(await send(event), [200, undefined])
  const full = await webhooks.fetch(delivery(events[4] ?? {}))
  assert.deepEqual([full.status, full.headers.get('retry-after')], [503, '60'])
  assert.deepEqual(await send(events[0]), [200, undefined])
  await until(() => running === 2)
  gate.resolve()
  await until(() => running === 0)
  assert.deepEqual(await send(events[4]), [200, undefined])
  assert.equal(most, 2)
})

test('closing lets a handler end, then refuses; what waits is handled by the next', async (t) => {
  const { webhooks, store } = opened(t, { concurrency: 1 })
  const gate = Promise.withResolvers<void>()
  const ended: string[] = []
  let begun = 0
  webhooks.on('*', async (_, { key }) => {
    begun += 1
    await gate.promise
    ended.push(key)
  })
  const [one, two] = [sample(), sample()]
  await webhooks.fetch(delivery(one))
  await until(() => begun === 1)
  await webhooks.fetch(delivery(two))
  const closed = webhooks.close()
  assert.deepEqual(await statusOf(webhooks.fetch(delivery(sample()))), [503, 'closed'])
  gate.resolve()
  await closed
  assert.deepEqual(ended, [one.id])
  const { webhooks: later } = opened(t, { store })
  later.on('*', (_, { key }) => void ended.push(`later ${key}`))
  later.start()
  await until(() => ended.length === 2)
  assert.deepEqual(ended[1], `later ${two.id}`)
})

test('an event whose holder says nothing goes to the next, and the first is told that it lost it', async (t) => {
  const store = file()
  const options = { keptMs: 1e9, maxWaiting: 10, leaseMs: 5000 }
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const pass = (ms: number) => t.mock.timers.setTime(Date.now() + ms)
  const [one, two] = [openInbox(store, options), openInbox(store, options)]
  const event = { id: 'a', topic: 'x', subject: 'conversation:1', createdAt: 1, body: '{}' }
  await one.receive(event, true)
  await one.receive({ ...event, id: 'b' }, true)
  const first = await one.take('first')
  assert.equal(first?.attempts, 1)
  assert.equal(await two.take('second'), undefined)
  pass(4900)
  assert.ok(first && one.renew(first))
  pass(4900)
  assert.equal(await two.take('second'), undefined)
  pass(200)
  const second = await two.take('second')
  assert.deepEqual([second?.id, second?.attempts], ['a', 2])
  assert.equal(one.renew(first), false)
  assert.equal(await one.finish(first, 'done'), false)
  assert.ok(second && (await two.finish(second, 'done')))
  assert.equal((await one.take('third'))?.id, 'b')
  one.close()
  two.close()
})

test('an event that ended its process each time is given up without being handled', async (t) => {
  const store = file()
  const inbox = openInbox(store, { keptMs: 1e9, maxWaiting: 10, leaseMs: 1 })
  const event = sample()
  const now = Math.floor(Date.now() / 1000)
  const body = JSON.stringify(event)
  await inbox.receive({ id: event.id, topic: event.topic, subject: null, createdAt: now, body }, true)
  for (const each of ['1', '2']) {
    assert.ok(await inbox.take(each))
    await sleep(5)
  }
  inbox.db.exec('UPDATE events SET lease_until = 0')
  inbox.close()
  const { webhooks, problems } = opened(t, { store, maxAttempts: 2 })
  webhooks.on('*', () => assert.fail('it was handled'))
  webhooks.start()
  await until(() => problems.length > 0)
  assert.partialDeepStrictEqual(problems, [{ kind: 'handler', id: event.id, error: null, givenUp: true }])
  assert.equal(webhooks.failed().length, 1)
})

test('without a hook an event that was given up is warned of, without what a customer wrote', async (t) => {
  const warned = Promise.withResolvers<Error>()
  process.once('warning', warned.resolve)
  const webhooks = createWebhooks({ store: file(), clientSecret, maxAttempts: 1 })
  t.after(() => webhooks.close())
  webhooks.on('*', () => {
    throw new Error('canary of a customer')
  })
  const event = sample()
  await webhooks.fetch(delivery(event))
  const { message } = await warned.promise
  assert.match(message, new RegExp(event.id))
  assert.doesNotMatch(message, /canary/)
})
