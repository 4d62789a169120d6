import assert from 'node:assert/strict'
import { test } from 'node:test'
import { delivery, sample } from '../../test/support/deliveries.ts'
import type { Inbox } from './inbox.ts'
import { parseEvent, readNotification } from './notification.ts'
import { readRequest, receive } from './receive.ts'

const rules = { clientSecret: null, maxAgeSeconds: 600, maxBytes: 10_000, hasHandler: () => true }

test('an event that could not be stored is asked for again, and nothing is said of why', async () => {
  for (const [received, code] of [
    [Promise.reject(new Error('disk I/O error: canary')), 'not_stored'],
    [Promise.resolve('full'), 'full'],
  ] as const) {
    const inbox = { receive: () => received } as unknown as Inbox // what `receive` uses of it
    const response = await receive(delivery(sample()), rules, inbox)
    assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '60'])
    const text = await response.text()
    assert.deepEqual([JSON.parse(text).code, text.includes('canary')], [code, false])
  }
})

const posted = (body: string | ReadableStream | null, headers: Record<string, string> = {}) =>
  new Request('http://local/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit)

test('a body of as many bytes as there may be is taken, in whatever pieces, and one more is not', async () => {
  const pieces = (...sizes: number[]) =>
    posted(ReadableStream.from(sizes.map((size) => new Uint8Array(size).fill(size))))
  const whole = await readRequest(pieces(3, 4, 3), 10, 1000)
  assert.deepEqual(whole, Buffer.from([3, 3, 3, 4, 4, 4, 4, 3, 3, 3]))
  assert.equal(await readRequest(pieces(3, 4, 4), 10, 1000), 'too_large')
  assert.deepEqual(
    await readRequest(posted('ten bytes!', { 'content-length': '10' }), 10, 1000),
    Buffer.from('ten bytes!'),
  )
  assert.equal(await readRequest(posted('short', { 'content-length': '11' }), 10, 1000), 'too_large')
  assert.deepEqual(await readRequest(posted(null), 10, 1000), new Uint8Array())
})

test('a body that does not come in time, or breaks off, is told apart, and is read no further', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const cancelled = Promise.withResolvers<void>()
  const slow = new ReadableStream({ cancel: () => cancelled.resolve() })
  const reading = readRequest(posted(slow), 10, 5000)
  t.mock.timers.tick(4999)
  assert.equal(
    await Promise.race([reading, new Promise((resolve) => setImmediate(resolve, 'waits'))]),
    'waits',
  )
  t.mock.timers.tick(1)
  assert.equal(await reading, 'too_slow')
  await cancelled.promise
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) })
  assert.equal(await readRequest(posted(broken), 10, 5000), 'broken')
})

const event = {
  type: 'notification_event',
  id: 'notif_1',
  topic: 'conversation.user.created',
  data: { item: { type: 'conversation', id: '5' } },
  created_at: 1_800_000_000,
}
const read = (changes: object = {}) => parseEvent(Buffer.from(JSON.stringify({ ...event, ...changes })))
const subject = (item: object) => read({ data: { item } })?.subject

test('events of one conversation, and tags of one contact with its own events, are about the same', () => {
  assert.equal(subject({ type: 'conversation', id: '5' }), 'conversation:5')
  assert.equal(subject({ type: 'conversation', id: 5 }), 'conversation:5')
  assert.equal(subject({ type: 'contact', id: '5' }), 'contact:5')
  const tag = { type: 'contact_tag', tag: { type: 'tag', id: '9' } }
  assert.equal(subject({ ...tag, contact: { type: 'user', id: '5' } }), 'contact:5')
  assert.equal(subject({ ...tag, contact: null }), null)
  const choice = { type: 'contact_unsubscribe', contact: { type: 'contact', id: '5' }, created_at: 1 }
  assert.equal(subject(choice), 'contact:5')
  assert.equal(subject({ type: 'contact', id: '5', deleted: true }), 'contact:5')
  for (const item of [{}, { type: 'ping' }, { id: '5' }, { type: 'company', id: null }]) {
    assert.equal(subject(item), null)
  }
  assert.equal(subject({ type: 'x', id: 'y'.repeat(400) })?.length, 300)
})

test('a ping has no id: the same one again is the same event, another one is another', () => {
  const ping = { id: null, topic: 'ping', data: { item: { type: 'ping' } } }
  const first = read(ping)?.id
  assert.match(String(first), /^ping_[0-9a-f]{64}$/)
  assert.equal(read(ping)?.id, first)
  assert.notEqual(read({ ...ping, created_at: 1_800_000_001 })?.id, first)
  assert.equal(read({ ...ping, topic: 'conversation.read' }), null)
})

test('ids and topics have a length, and a second is whole', () => {
  assert.equal(read({ id: 'x'.repeat(200), topic: 'x'.repeat(200) })?.id.length, 200)
  assert.equal(read({ id: 'x'.repeat(201) }), null)
  assert.equal(read({ topic: 'x'.repeat(201) }), null)
  assert.equal(read({ created_at: 1.9 })?.createdAt, 1)
  for (const created_at of [1e300, -1e300, 1e11, 1_800_000_000_000, 2 ** 63])
    assert.equal(read({ created_at }), null, String(created_at))
})

/** What handlers get of an item. */
const handled = (item: object, more: object = {}) =>
  readNotification(JSON.stringify({ ...event, ...more, data: { item } })) as unknown as typeof event & {
    data: { item: Record<string, unknown> }
  }

test('times that come as ISO text are seconds for handlers, as those that come as seconds are', () => {
  for (const [sent, expected] of [
    ['2023-08-15T18:49:35.016+00:00', 1_692_125_375],
    ['2023-08-15T18:49:35.999+00:00', 1_692_125_375],
    ['2023-08-15T18:49:35Z', 1_692_125_375],
    ['2023-08-15T20:49:35.000+02:00', 1_692_125_375],
    [1_692_125_375, 1_692_125_375],
    [null, null],
    ['yesterday', 'yesterday'],
    ['2023-08-15', '2023-08-15'],
    ['2023-99-15T18:49:35.016+00:00', '2023-99-15T18:49:35.016+00:00'],
  ] as const) {
    const contact = { type: 'contact', id: '5', created_at: sent, ios_last_seen_at: sent }
    for (const [item, at] of [
      [contact, (got: Record<string, unknown>) => got],
      [{ type: 'contact_tag', contact }, ({ contact: got }: Record<string, unknown>) => got],
      [
        { type: 'contact_unsubscribe', contact, created_at: 1 },
        ({ contact: got }: Record<string, unknown>) => got,
      ],
      [
        { type: 'x', list: [{ contact }] },
        ({ list }: Record<string, unknown>) => (list as { contact: unknown }[])[0]?.contact,
      ],
    ] as const) {
      assert.deepEqual(at(handled(item).data.item), {
        ...contact,
        created_at: expected,
        ios_last_seen_at: expected,
      })
    }
  }
})

test('what the workspace named itself stays as it was sent, and so does text', () => {
  const sent = '2023-08-15T18:49:35.016+00:00'
  const item = {
    type: 'contact',
    name: sent,
    custom_attributes: { renewed_at: sent },
    metadata: { ordered_at: sent },
    deep: [[{ body: sent, updated_at: sent }]],
  }
  assert.deepEqual(handled(item).data.item, { ...item, deep: [[{ body: sent, updated_at: 1_692_125_375 }]] })
})

test('an event that was created at an ISO time is taken', () => {
  const created_at = '2027-01-15T08:00:00.250+00:00'
  assert.equal(read({ created_at })?.createdAt, 1_800_000_000)
  assert.equal(handled({}, { created_at }).created_at, 1_800_000_000)
  for (const wrong of ['x', '', true, null, '1800000000']) assert.equal(read({ created_at: wrong }), null)
})
