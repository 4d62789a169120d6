import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TerminalError } from '@restatedev/restate-sdk'
import { fakeIngress, fakeObject, handlersOf } from '../../test/support/fake-object.ts'
import { claims, othersBy, placeOf } from './claims.ts'

const day = 24 * 3600 * 1000
const { claim, others, forget } = handlersOf(claims)

test('an item belongs to the first intent that claims it, and an intent’s own claim is its own', async () => {
  const { ctx } = fakeObject()
  assert.equal(await claim(ctx, { item: '7', id: 'ada' }), true)
  assert.equal(await claim(ctx, { item: '7', id: 'bob' }), false)
  assert.equal(await claim(ctx, { item: '7', id: 'ada' }), true)
})

test('of several items in one place every one is remembered', async () => {
  const { ctx } = fakeObject()
  for (const item of ['7', '8', '9']) assert.equal(await claim(ctx, { item, id: `of ${item}` }), true)
  for (const item of ['7', '8', '9']) assert.equal(await claim(ctx, { item, id: 'late' }), false, item)
  assert.deepEqual(await others(ctx, { items: ['9', '6', '7', '8'], id: 'of 8' }), ['9', '7'])
})

test('a question for something else than items is refused for good', async () => {
  const { ctx } = fakeObject()
  const wrong = { id: 'ada' } as unknown as { items: string[]; id: string } // wrong on purpose
  await assert.rejects(others(ctx, wrong), (error) => error instanceof TerminalError && error.code === 400)
})

test('each claim is kept for thirty days, by one timer that follows the oldest', async () => {
  const { ctx, sent, time, kept } = fakeObject('place')
  await claim(ctx, { item: '7', id: 'ada' })
  time.now += 10 * day
  await claim(ctx, { item: '8', id: 'bob' })
  const timer = { object: 'intercom_claims', key: 'place', handler: 'forget', input: undefined }
  assert.deepEqual(sent.splice(0), [{ ...timer, delay: 30 * day }])
  time.now += 20 * day
  await forget(ctx)
  assert.deepEqual(sent.splice(0), [{ ...timer, delay: 10 * day }])
  assert.deepEqual(await others(ctx, { items: ['7', '8'], id: 'eve' }), ['8'])
  time.now += 10 * day
  await forget(ctx)
  assert.deepEqual([kept(), sent], [{}, []])
})

test('the place of what was found is a hash, and the item what follows the last blank', () => {
  const { key, item } = placeOf('messages to ada@example.test 34')
  assert.equal(item, '34')
  assert.match(key, /^[0-9a-f]{32}$/)
  assert.equal(placeOf('messages to ada@example.test 35').key, key)
  assert.notEqual(placeOf('messages to bob@example.test 34').key, key)
})

test('a worker asks the engine which of its finds others have, and asks nothing about none', async (t) => {
  const { url, received } = fakeIngress(t, [
    { json: ['8'] },
    { json: { items: ['8'] } },
    { status: 503, json: ['8'] },
  ])
  const ask = othersBy(url)
  assert.deepEqual([await ask([], 'ada'), received.length], [[], 0])
  const found = ['notes of abc 7', 'notes of abc 8']
  assert.deepEqual(await ask(found, 'ada'), ['notes of abc 8'])
  const { key } = placeOf('notes of abc 7')
  assert.partialDeepStrictEqual(received, [
    { method: 'POST', path: `/intercom_claims/${key}/others`, body: { items: ['7', '8'], id: 'ada' } },
  ])
  await assert.rejects(ask(found, 'ada'), /something else/)
  await assert.rejects(ask(found, 'ada'), /answers 503/)
})
