import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ok, openReceiver, openWebhooks, secret, status } from './receiver.test.ts'

const day = 86_400

test('an endpoint that answers nothing but errors for more than seven days is suspended until it is saved again', async (t) => {
  const { say, got, receiver, clock, webhooks, only, outcomes, store } = await openWebhooks(t)
  receiver.answer = status(500)
  say()
  await got()
  const start = clock.seconds
  assert.equal(only().failing_since, start)
  clock.seconds = start + 7 * day
  await got()
  assert.deepEqual([only().active, only().failing_since], [true, start])
  say()
  say()
  clock.seconds += 1
  const sent = (await got()).length
  assert.deepEqual([only().active, only().queued], [false, 0])
  assert.equal(only().disabled_reason, 'only errors for more than 7 days')
  assert.equal(outcomes().at(-1), 'suspended')
  assert.equal(store.announcements, undefined)
  say()
  clock.seconds += day
  assert.equal((await got()).length, sent)
  receiver.answer = ok
  webhooks.save({ url: receiver.url, secret })
  say()
  assert.deepEqual((await got()).slice(sent), ['ping', 'contact.user.created'])
  assert.deepEqual([only().active, only().failing_since], [true, null])
})

test('one success ends the count of seven days; a 429 is neither an error nor a success', async (t) => {
  const { say, got, receiver, clock, only } = await openWebhooks(t)
  const answer = async (code: number, afterDays: number) => {
    clock.seconds += afterDays * day
    receiver.answer = status(code)
    say()
    await got()
    return only()
  }
  const first = clock.seconds
  assert.equal((await answer(500, 0)).failing_since, first)
  assert.equal((await answer(200, 6)).failing_since, null)
  assert.equal((await answer(429, 1)).failing_since, null)
  const again = await answer(500, 2)
  assert.equal(again.failing_since, clock.seconds)
  assert.equal((await answer(429, 6)).failing_since, again.failing_since)
  const last = await answer(500, 2)
  assert.equal(last.active, false)
})

test('a clock that goes back does not suspend anybody later', async (t) => {
  const { say, got, receiver, clock, webhooks, only } = await openWebhooks(t)
  receiver.answer = status(500)
  clock.seconds += 30 * day
  say()
  await got()
  clock.seconds -= 30 * day
  webhooks.wake()
  assert.equal(only().failing_since, clock.seconds)
})

test('an endpoint that took more than half a second is served after the others, until it is faster', async (t) => {
  let elapsed = 0
  t.mock.method(performance, 'now', () => elapsed)
  const { say, got, receiver, webhooks } = await openWebhooks(t)
  const arrived: string[] = []
  const other = await openReceiver((response) => {
    arrived.push('other')
    ok(response)
  })
  t.after(() => other.close())
  let takes = 501
  receiver.answer = (response) => {
    arrived.push('first')
    elapsed += takes
    ok(response)
  }
  say()
  await got()
  assert.deepEqual(
    webhooks.list().map(({ slow }) => slow),
    [true],
  )
  webhooks.save({ app: 'other', url: other.url, secret })
  await got()
  arrived.length = 0
  takes = 500
  say()
  say()
  await got()
  assert.deepEqual(arrived, ['other', 'other', 'first', 'first'])
  assert.deepEqual(
    webhooks.list().map(({ slow }) => slow),
    [false, false],
  )
})
