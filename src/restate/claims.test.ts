import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TerminalError } from '@restatedev/restate-sdk'
import { fakeIngress, fakeObject, handlersOf } from '../../test/support/fake-object.ts'
import { claimAddress, claimLookup, claims } from './claims.ts'

const day = 24 * 3600 * 1000
const { claim, claimedByOthers, expire } = handlersOf(claims)

test('an item belongs to the first operation that claims it, which may claim it again', async () => {
  const { ctx } = fakeObject()
  assert.equal(await claim(ctx, { item: '7', operation: 'ada' }), true)
  assert.equal(await claim(ctx, { item: '7', operation: 'bob' }), false)
  assert.equal(await claim(ctx, { item: '7', operation: 'ada' }), true)
})

test('of several items of one conversation every claim is remembered', async () => {
  const { ctx } = fakeObject()
  for (const item of ['7', '8', '9']) assert.equal(await claim(ctx, { item, operation: `of ${item}` }), true)
  for (const item of ['7', '8', '9']) assert.equal(await claim(ctx, { item, operation: 'late' }), false, item)
  assert.deepEqual(await claimedByOthers(ctx, { items: ['9', '6', '7', '8'], operation: 'of 8' }), ['9', '7'])
})

test('a malformed question is a terminal error, which is not retried', async () => {
  const { ctx } = fakeObject()
  const wrong = { operation: 'ada' } as unknown as { items: string[]; operation: string } // wrong on purpose
  await assert.rejects(
    claimedByOthers(ctx, wrong),
    (error) => error instanceof TerminalError && error.code === 422,
  )
})

test('each claim is kept for thirty days, by one timer that follows the oldest claim', async () => {
  const { ctx, sent, time, kept } = fakeObject('the key')
  await claim(ctx, { item: '7', operation: 'ada' })
  time.now += 10 * day
  await claim(ctx, { item: '8', operation: 'bob' })
  const timer = { object: 'intercom_claims', key: 'the key', handler: 'expire', input: undefined }
  assert.deepEqual(sent.splice(0), [{ ...timer, delay: 30 * day }])
  time.now += 20 * day
  await expire(ctx)
  assert.deepEqual(sent.splice(0), [{ ...timer, delay: 10 * day }])
  assert.deepEqual(await claimedByOthers(ctx, { items: ['7', '8'], operation: 'eve' }), ['8'])
  time.now += 10 * day
  await expire(ctx)
  assert.deepEqual([kept(), sent], [{}, []])
})

test('the key of what was found is a hash, and its item what follows the last space', () => {
  const { key, item } = claimAddress('messages to ada@example.test 34')
  assert.equal(item, '34')
  assert.match(key, /^[0-9a-f]{32}$/)
  assert.equal(claimAddress('messages to ada@example.test 35').key, key)
  assert.notEqual(claimAddress('messages to bob@example.test 34').key, key)
})

test('a worker asks through the ingress which of its finds others own, and does not ask about none', async (t) => {
  const { url, received } = fakeIngress(t, [
    { json: ['8'] },
    { json: { items: ['8'] } },
    { status: 503, json: ['8'] },
  ])
  const ask = claimLookup(url)
  assert.deepEqual([await ask([], 'ada'), received.length], [[], 0])
  const found = ['notes of abc 7', 'notes of abc 8']
  assert.deepEqual(await ask(found, 'ada'), ['notes of abc 8'])
  const { key } = claimAddress('notes of abc 7')
  assert.partialDeepStrictEqual(received, [
    {
      method: 'POST',
      path: `/intercom_claims/${key}/claimedByOthers`,
      body: { items: ['7', '8'], operation: 'ada' },
    },
  ])
  await assert.rejects(ask(found, 'ada'), /unexpected answer/)
  await assert.rejects(ask(found, 'ada'), /answered 503/)
})
