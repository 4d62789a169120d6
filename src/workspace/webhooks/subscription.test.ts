import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { openReceiver, openWebhooks, secret, status } from './receiver.test.ts'

test('a full queue refuses what comes, and says how much', async (t) => {
  const { say, got, receiver, only, store } = await openWebhooks(t, { queue: 3 })
  assert.throws(() =>
    store.write(() => {
      for (let i = 0; i < 3; i++) say()
      throw new Error('undone: these three never took a place')
    }),
  )
  for (let i = 0; i < 5; i++) say()
  assert.deepEqual([only().queued, only().refused], [3, 2])
  assert.equal((await got()).length, 3)
  say()
  assert.equal((await got()).length, 4)
  assert.equal(only().refused, 2)
  assert.equal(receiver.received.length, 4)
})

test('the log of deliveries keeps the latest', async (t) => {
  const { say, got, webhooks } = await openWebhooks(t, { log: 5 })
  for (let n = 0; n < 13; n++) say({ n })
  await got()
  assert.equal(webhooks.deliveries().length, 5)
  assert.equal(webhooks.deliveries().at(-1)?.topic, 'contact.user.created')
})

test('every app has its own endpoint and secret', async (t) => {
  const { webhooks, say, got, receiver } = await openWebhooks(t)
  const other = await openReceiver()
  t.after(() => other.close())
  webhooks.save({ app: 'other', url: other.url, secret: 'another', topics: ['contact.user.created'] })
  say()
  await got()
  assert.deepEqual(other.topics(), ['ping', 'contact.user.created'])
  const [, { raw, headers } = assert.fail()] = other.received
  assert.equal(headers['x-hub-signature'], `sha1=${createHmac('sha1', 'another').update(raw).digest('hex')}`)
  assert.notEqual(other.received[1]?.json.id, receiver.received[0]?.json.id)
  assert.equal(webhooks.remove('other'), true)
  assert.equal(webhooks.remove('other'), false)
  say()
  await got()
  assert.equal(other.received.length, 2)
  assert.equal(receiver.received.length, 2)
})

test('a subscription never leads off the machine, and its secret is not shown', async (t) => {
  const { webhooks, receiver } = await openWebhooks(t)
  const offMachine = /^RangeError: A webhook must be an http URL on this machine/
  for (const url of [
    'http://example.com/hook',
    'https://127.0.0.1/hook',
    'http://127.example.com/',
    'http://localhost.example.com/',
    'http://10.0.0.1/',
    'http://0.0.0.0/',
    'http://[::ffff:10.0.0.1]/',
    'file:///etc/passwd',
  ]) {
    assert.throws(() => webhooks.save({ url, secret }), offMachine, url)
  }
  for (const url of [
    'http://localhost:9/',
    'http://127.8.8.8:9/',
    'http://[::1]:9/',
    'http://2130706433:9/',
  ]) {
    assert.doesNotThrow(() => webhooks.save({ app: url, url, secret }))
    webhooks.remove(url)
  }
  assert.throws(() => webhooks.save({ url: 'nonsense', secret }), /needs a URL/)
  assert.throws(() => webhooks.save({ url: 'http://me:pw@localhost/', secret }), /a user name or password/)
  assert.throws(() => webhooks.save({ url: receiver.url, secret: '' }), /client secret/)
  assert.throws(() => webhooks.save({ url: receiver.url, secret, topics: [] }), /at least one/)
  assert.throws(
    () => webhooks.save({ url: receiver.url, secret, topics: ['contact.invented'] }),
    /Unknown webhook topics: contact\.invented\./,
  )
  assert.doesNotMatch(JSON.stringify(webhooks.list()), new RegExp(secret))
})

test('subscriptions outlive a reset of the data, what waited does not', async (t) => {
  const { webhooks, say, got, store, receiver, only } = await openWebhooks(t, {}, ['contact.user.created'])
  receiver.answer = status(500)
  say()
  await got()
  assert.equal(only().queued, 1)
  store.db.run('DELETE FROM webhook_subscriptions')
  webhooks.keep()
  assert.deepEqual([only().url, only().topics, only().queued], [receiver.url, ['contact.user.created'], 0])
  assert.deepEqual(webhooks.deliveries(), [])
  say()
  assert.equal((await got()).length, 2)
})

test('subscriptions that a restore took away are not called any more', async (t) => {
  const { webhooks, say, got, store } = await openWebhooks(t)
  store.db.run('DELETE FROM webhook_subscriptions')
  webhooks.reload()
  say()
  assert.deepEqual(await got(), [])
  assert.equal(store.announcements, undefined)
})
