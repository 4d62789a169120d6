import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWebhooks, secret, status } from './receiver.test.ts'
import { WorkspaceWebhooks } from './webhooks.ts'

test('a failed delivery is tried once more, a minute later on the clock of the workspace', async (t) => {
  const { say, got, receiver, clock, webhooks, outcomes } = await openWebhooks(t)
  receiver.answer = status(500)
  say()
  assert.equal((await got()).length, 1)
  clock.seconds += 59
  assert.equal((await got()).length, 1)
  clock.seconds += 1
  assert.equal((await got()).length, 2)
  clock.seconds += 3_600
  assert.equal((await got()).length, 2)
  const [first, second] = receiver.received.map(({ json }) => json)
  assert.equal(first.id, second.id)
  assert.deepEqual([first.delivery_attempts, second.delivery_attempts], [1, 2])
  assert.equal(second.first_sent_at, first.first_sent_at)
  assert.deepEqual(outcomes().slice(1), ['will_retry', 'failed'])
  assert.deepEqual(webhooks.deliveries().at(-1)?.status, 500)
})

test('a redirect is a failure and is not followed', async (t) => {
  const { say, got, receiver, outcomes } = await openWebhooks(t)
  receiver.answer = (response) => response.writeHead(302, { Location: receiver.url }).end()
  say()
  assert.equal((await got()).length, 1)
  assert.equal(outcomes().at(-1), 'will_retry')
})

test('410 disables the subscription until it is saved again', async (t) => {
  const { say, got, receiver, webhooks, only, store } = await openWebhooks(t)
  receiver.answer = status(410)
  say()
  say()
  assert.equal((await got()).length, 1)
  assert.deepEqual([only().active, only().disabled_reason, only().queued], [false, 'answered 410', 0])
  assert.equal(store.announcements, undefined)
  say()
  assert.equal((await got()).length, 1)
  receiver.answer = status(200)
  webhooks.save({ url: receiver.url, secret })
  say()
  assert.deepEqual((await got()).slice(1), ['ping', 'contact.user.created'])
  assert.equal(only().active, true)
})

test('429 throttles from one minute, doubling to two hours, and then drops', async (t) => {
  const { say, got, receiver, clock, only, outcomes } = await openWebhooks(t)
  receiver.answer = status(429)
  say()
  say()
  let sent = (await got()).length
  assert.equal(sent, 1)
  for (const minutes of [1, 2, 4, 8, 16, 32, 64, 120]) {
    assert.equal(only().throttle_minutes, minutes)
    assert.equal(only().paused_until, clock.seconds + minutes * 60)
    clock.seconds += minutes * 60 - 1
    assert.equal((await got()).length, sent, `sent during a throttle of ${minutes} minutes`)
    clock.seconds += 1
    sent += 1
    assert.equal((await got()).length, sent)
  }
  assert.equal(outcomes().at(-1), 'dropped')
  const first = receiver.received[0]?.json
  assert.deepEqual(
    receiver.received.map(({ json }) => [json.id, json.delivery_attempts, json.first_sent_at]),
    receiver.received.map((_, i) => [first.id, i + 1, first.first_sent_at]),
  )
  assert.equal(only().queued, 1)
  receiver.answer = status(200)
  clock.seconds += 7_200
  assert.equal((await got()).length, sent + 1)
  assert.deepEqual([only().throttle_minutes, only().paused_until, only().queued], [0, null, 0])
})

test('more than a thousand errors in a row within fifteen minutes bring a rest of fifteen', async (t) => {
  const { say, got, receiver, clock, only } = await openWebhooks(t)
  receiver.answer = status(500)
  for (let i = 0; i < 1_000; i++) say()
  assert.equal((await got()).length, 1_000)
  assert.equal(only().paused_until, null)
  say()
  say()
  assert.equal((await got()).length, 1_001)
  assert.equal(only().paused_until, clock.seconds + 900)
  clock.seconds += 899
  assert.equal((await got()).length, 1_001)
  receiver.answer = status(200)
  clock.seconds += 1
  assert.equal((await got()).length, 1_001 + 1_002)
  assert.equal(only().queued, 0)
})

test('a clock that goes back leaves nothing waiting for a far day', async (t) => {
  const { say, got, receiver, clock } = await openWebhooks(t)
  receiver.answer = status(500)
  clock.seconds += 86_400
  say()
  assert.equal((await got()).length, 1)
  clock.seconds -= 86_400
  receiver.answer = status(200)
  assert.equal((await got()).length, 2)
})

test('a clock that is behind at the next start leaves nothing waiting either', async (t) => {
  const { say, got, receiver, clock, webhooks, store } = await openWebhooks(t)
  receiver.answer = status(429)
  clock.seconds += 86_400
  say()
  assert.equal((await got()).length, 1)
  await webhooks.close()
  clock.seconds -= 86_400
  receiver.answer = status(200)
  const next = new WorkspaceWebhooks(store)
  await next.settled()
  assert.equal(receiver.received.length, 2)
  await next.close()
})

test('an endpoint that takes five seconds to answer has failed, and one that is away too', async (t) => {
  const { say, got, receiver, clock, webhooks, outcomes } = await openWebhooks(t)
  receiver.answer = () => undefined
  t.mock.timers.enable({ apis: ['setTimeout'] })
  say()
  while (receiver.received.length === 0) await new Promise(setImmediate)
  const before = webhooks.deliveries().length
  t.mock.timers.tick(4_999)
  for (let i = 0; i < 20; i++) await new Promise(setImmediate)
  assert.equal(webhooks.deliveries().length, before)
  t.mock.timers.tick(1)
  while (webhooks.deliveries().length === before) await new Promise(setImmediate)
  assert.equal(webhooks.deliveries().at(-1)?.error, 'no answer within 5000 ms')
  t.mock.timers.reset()
  await receiver.close()
  clock.seconds += 60
  await got()
  assert.equal(webhooks.deliveries().at(-1)?.error, 'ECONNREFUSED')
  assert.deepEqual(outcomes().slice(-2), ['will_retry', 'failed'])
})
