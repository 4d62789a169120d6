import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type ObjectContext, TerminalError } from '@restatedev/restate-sdk'
import { fakeObject, handlersOf } from '../../test/support/fake-object.ts'
import { errorList, type Received, scriptedIntercom } from '../../test/support/scripted-intercom.ts'
import { AttemptJournal } from './attempt-journal.ts'
import { ConcurrencyLimit } from './concurrency-limit.ts'
import { intercomOnce } from './once.ts'
import type { DurableResult } from './response.ts'

const day = 24 * 3600 * 1000
const input = { contact_id: 'abc', body: 'Words of a customer' }

/** The object of one key, on an Intercom that answers as scripted. */
async function opened(t: TestContext, script: Parameters<typeof scriptedIntercom>[0]) {
  const journal = new AttemptJournal(async () => [])
  const settings = { journal, settleMs: [1, 1], onUnknown: 'verify' } as const
  const { intercom, received, close } = await scriptedIntercom(script, settings)
  t.after(close)
  const runtime = { intercom, journal, concurrency: new ConcurrencyLimit(), files: undefined }
  type Handlers = Record<string, (ctx: ObjectContext, input?: unknown) => Promise<DurableResult>>
  const handlers = handlersOf(intercomOnce(runtime)) as unknown as Handlers // its type shows `expire` alone
  const faked = fakeObject('the key')
  const call = async (name: string, given?: unknown) => await handlers[name]?.(faked.ctx, given)
  const posts = () => received.filter(({ method }) => method === 'POST').length
  return { ...faked, call, posts }
}

const made = { type: 'note', id: '7', body: '<p>Words of a customer</p>', author: { type: 'admin', id: '1' } }
const refusedWith = (status: number, code: string) => (error: unknown) => {
  assert.ok(error instanceof TerminalError)
  assert.deepEqual([error.code, error.metadata?.['code']], [status, code])
  return true
}

test('a key is used once: later calls get the first result, and Restate keeps nothing that anybody wrote', async (t) => {
  const { call, posts, kept } = await opened(t, [{ json: made }])
  const first = await call('create_note', input)
  assert.deepEqual(first?.['result'], { type: 'note', id: '7' })
  assert.deepEqual(await call('create_note', input), first)
  assert.equal(posts(), 1)
  assert.doesNotMatch(JSON.stringify(kept()), /customer/)
})

test('the same key with another input, or for another action, is refused, and nothing is sent', async (t) => {
  const { call, posts } = await opened(t, [{ json: made }])
  await call('create_note', input)
  const mismatch = refusedWith(422, 'idempotency_key_mismatch')
  await assert.rejects(call('create_note', { ...input, body: 'Other words' }), mismatch)
  const message = {
    from_admin_id: '1',
    to_contact_id: 'abc',
    message_type: 'in_app',
    subject: '',
    body: 'Hello',
  }
  await assert.rejects(call('send_message_to_contact', message), mismatch)
  assert.equal(posts(), 1)
})

test('an input that the action does not take leaves nothing behind', async (t) => {
  const { call, kept, sent, posts } = await opened(t, [{ json: made }])
  await assert.rejects(call('create_note', { contact_id: 'abc' }), refusedWith(422, 'invalid_input'))
  assert.deepEqual([kept(), sent, posts()], [{}, [], 0])
})

test('what Intercom refuses for good is refused again, without asking Intercom', async (t) => {
  const missing = { status: 404, json: errorList('not_found', 'User Not Found') }
  const { call, posts } = await opened(t, [missing, { json: made }])
  for (const _ of [1, 2]) await assert.rejects(call('create_note', input), refusedWith(404, 'not_found'))
  assert.equal(posts(), 1)
})

test('a call that took no effect leaves its key free for another, under the one timer', async (t) => {
  const { call, kept, sent, posts } = await opened(t, [
    { status: 401, json: errorList('unauthorized', 'Access Token Invalid') },
    { json: made },
  ])
  await assert.rejects(call('create_note', { ...input, contact_id: 'nobody' }), TerminalError)
  assert.deepEqual(Object.keys(kept()), ['timer'])
  assert.equal((await call('create_note', input))?.success, true)
  assert.equal(posts(), 2)
  const timers = sent.filter(({ handler }) => handler === 'expire')
  assert.deepEqual(timers, [
    { object: 'intercom_once', key: 'the key', handler: 'expire', input: undefined, delay: 30 * day },
  ])
})

/** So old that its owner can be told without waiting for answers under way. */
const threeSecondsAgo = () => Math.floor(Date.now() / 1000) - 3

/** Intercom where each POST is answered by 502, and reading back finds the notes. */
function unknownAfterPost(notes: () => object[]) {
  return ({ method, path }: Received) => {
    if (method === 'POST') return { status: 502, json: {} }
    if (path === '/me') return { json: { type: 'admin', id: '1' } }
    return { json: { type: 'list', data: notes(), pages: { next: null } } }
  }
}

test('an unknown outcome stays unresolved: the next call reads back before it sends', async (t) => {
  const notes: object[] = []
  const { call, kept, posts } = await opened(
    t,
    unknownAfterPost(() => notes),
  )
  assert.equal((await call('create_note', input))?.failure?.outcome, 'unknown')
  assert.partialDeepStrictEqual(kept(), { operation: { unresolved: { unknown: true }, result: null } })
  notes.push({ ...made, created_at: threeSecondsAgo() })
  const later = await call('create_note', input)
  assert.deepEqual([later?.failure, later?.['result'], posts()], [null, { type: 'note', id: '7' }, 1])
})

test('after a run that an operator has ended the next one reads back before it sends', async (t) => {
  const note = () => ({ ...made, created_at: Math.floor(Date.now() / 1000) - 50 })
  const { call, ctx, kept, posts, time } = await opened(
    t,
    unknownAfterPost(() => [note()]),
  )
  time.now = Date.now() - 60_000
  // The run is ended where it first asks for room, with its operation recorded.
  const run = t.mock.method(ctx, 'run', () => {
    throw new TerminalError('ended by an operator')
  })
  await assert.rejects(call('create_note', input), /ended by an operator/)
  assert.partialDeepStrictEqual(kept(), { operation: { unresolved: null, result: null } })
  run.mock.restore()
  time.now = Date.now()
  const later = await call('create_note', input)
  assert.deepEqual([later?.failure, posts()], [null, 0])
})

test('a key expires thirty days after its first call, and not before', async (t) => {
  const { call, kept, sent, time } = await opened(t, [
    { status: 401, json: errorList('unauthorized', 'Access Token Invalid') },
    { json: made },
  ])
  await assert.rejects(call('create_note', input), TerminalError)
  time.now += 10 * day
  await call('create_note', input)
  time.now += 20 * day
  const timers = () => sent.splice(0).filter(({ handler }) => handler === 'expire')
  timers()
  await call('expire')
  assert.deepEqual([timers().map(({ delay }) => delay), 'operation' in kept()], [[10 * day], true])
  time.now += 10 * day
  await call('expire')
  assert.deepEqual([timers(), kept()], [[], {}])
})
