import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'
import { announce } from './announce.ts'
import { openWebhooks, secret } from './receiver.test.ts'

test('saving a subscription pings it with the words that Intercom sends', async (t) => {
  const { webhooks, receiver, store, clock } = await openWebhooks(t)
  webhooks.save({ url: receiver.url, secret })
  await webhooks.settled()
  assert.deepEqual(receiver.received[0]?.json, {
    type: 'notification_event',
    app_id: store.app.id_code,
    data: {
      type: 'notification_event_data',
      item: { type: 'ping', message: 'something something interzen' },
    },
    links: {},
    id: null,
    topic: 'ping',
    delivery_status: null,
    delivery_attempts: 1,
    delivered_at: 0,
    first_sent_at: clock.seconds,
    created_at: clock.seconds,
    self: null,
  })
})

test('a delivery has the headers, the signature and the envelope of the live sample', async (t) => {
  const { say, got, receiver } = await openWebhooks(t)
  say({ type: 'contact', name: 'Žofie ☕' })
  assert.deepEqual(await got(), ['contact.user.created'])
  const [{ method, headers, raw, json } = assert.fail()] = receiver.received
  assert.equal(method, 'POST')
  assert.equal(headers['user-agent'], 'intercom-parrot-service-client/1.0')
  assert.equal(headers['accept'], 'application/json')
  assert.equal(headers['content-type'], 'application/json')
  const expected = createHmac('sha1', secret).update(raw).digest('hex')
  assert.equal(headers['x-hub-signature'], `sha1=${expected}`)
  const order =
    'type app_id data links id topic delivery_status delivery_attempts delivered_at first_sent_at created_at self'
  assert.deepEqual(Object.keys(json), order.split(' '))
  assert.match(json.id, /^notif_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.equal(json.delivery_status, 'pending')
  assert.equal(json.data.item.name, 'Žofie ☕')
})

test('the signature is one that openssl computes too', async () => {
  const { deliveryHeaders } = await import('./envelope.ts')
  // printf '{"a":1}' | openssl dgst -sha1 -hmac key
  const headers = deliveryHeaders(Buffer.from('{"a":1}'), 'key')
  assert.equal(headers['X-Hub-Signature'], 'sha1=b5557a4b8f3cc308d19eb4f69f336392a31eef7b')
})

test('an item is not built when nobody is subscribed to its topic', async (t) => {
  const { store } = openDesk()
  announce({ store }, 'company.created', () => assert.fail('built in vain'))
  const opened = await openWebhooks(t, {}, ['contact.archived'])
  announce(opened, 'company.created', () => assert.fail('built in vain'))
  announce(opened, 'contact.archived', () => ({ type: 'contact' }))
  assert.deepEqual(await opened.got(), ['contact.archived'])
})

test('nothing leaves before the write is committed, and nothing when it is undone', async (t) => {
  const { store, say, got, only } = await openWebhooks(t)
  assert.throws(() =>
    store.write(() => {
      say()
      throw new Error('no')
    }),
  )
  assert.deepEqual(await got(), [])
  store.write(() => {
    say()
    assert.equal(only().queued, 1)
  })
  assert.deepEqual(await got(), ['contact.user.created'])
  assert.equal(only().queued, 0)
})

test('notifications leave in order', async (t) => {
  const { say, got, receiver } = await openWebhooks(t)
  for (let n = 0; n < 50; n++) say({ n })
  await got()
  assert.deepEqual(
    receiver.received.map(({ json }) => json.data.item.n),
    Array.from({ length: 50 }, (_, n) => n),
  )
})
