import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Context, type ServiceDefinition, TerminalError } from '@restatedev/restate-sdk'
import { fakeObject } from '../../test/support/fake-object.ts'
import { errorList, scriptedIntercom } from '../../test/support/scripted-intercom.ts'
import { type Failure, failureOf, IntercomError } from '../errors.ts'
import { LiveSteps } from './live-steps.ts'
import { type Outcome, receipt } from './receipt.ts'
import { outcomeOf, refusal } from './response.ts'
import { mostTries } from './run-writes.ts'
import { intercomService } from './service.ts'
import { Slots } from './slots.ts'

/** The service of a worker, on an Intercom that answers as scripted. */
async function opened(t: TestContext, script: Parameters<typeof scriptedIntercom>[0]) {
  const steps = new LiveSteps(async () => [])
  const { intercom, received, close } = await scriptedIntercom(script, { journal: steps, deadlineMs: 1000 })
  t.after(close)
  const service = intercomService({ intercom, steps, slots: new Slots(), files: undefined })
  type Handlers = Record<string, (ctx: Context, input: unknown) => Promise<Outcome>>
  const { service: handlers } = service as ServiceDefinition<string, unknown> as unknown as {
    service: Handlers
  }
  const { ctx, pauses } = fakeObject()
  const results: unknown[] = []
  const run = ctx.run.bind(ctx) as (name: string, step: () => Promise<unknown>) => unknown
  const journal = (name: string, step: () => Promise<unknown>) =>
    run(name, async () => {
      const result = await step()
      results.push(result)
      return result
    })
  Object.assign(ctx, { run: journal })
  const call = async (name: string, input: unknown) => await handlers[name]?.(ctx, input)
  return { call, received, pauses, results, ctx }
}

const tags = { json: { type: 'list', data: [{ type: 'tag', id: '1', name: 'canary' }] } }

test('a read answers what Intercom shows, and the engine keeps nothing of it', async (t) => {
  const { call, results, received } = await opened(t, [tags])
  assert.match(JSON.stringify(await call('list_tags', {})), /canary/)
  assert.deepEqual([results, received.length], [[false], 1])
})

test('a read that an earlier attempt has made is made again', async (t) => {
  const { call, ctx, received } = await opened(t, [tags])
  Object.assign(ctx, { run: async () => false }) // as replayed
  assert.match(JSON.stringify(await call('list_tags', {})), /canary/)
  assert.equal(received.length, 1)
})

test('a read that may succeed later is repeated after a pause of the engine, and no other', async (t) => {
  const missing = { status: 404, json: errorList('not_found', 'User Not Found') }
  const { call, pauses } = await opened(t, [missing])
  await assert.rejects(
    call('get_contact', { contact_id: 'abc' }),
    (error) => error instanceof TerminalError && error.code === 404,
  )
  assert.deepEqual(pauses, [])
})

test('a read is given up after as many tries as a write', async (t) => {
  const { call, pauses, ctx } = await opened(t, [{ status: 401, json: errorList('unauthorized', 'no') }])
  Object.assign(ctx, { run: async () => true }) // each try says that it may pass
  await assert.rejects(call('list_tags', {}), TerminalError)
  assert.equal(pauses.length, mostTries - 1)
})

test('a write is made once and answered by its ids', async (t) => {
  const note = { type: 'note', id: '7', body: '<p>Words</p>', author: { type: 'admin', id: '1' } }
  const { call, received } = await opened(t, [{ json: note }])
  const made = await call('create_note', { contact_id: 'abc', body: 'Words' })
  assert.deepEqual([made?.['result'], received.length], [{ type: 'note', id: '7' }, 1])
})

const failureBy = (told: Partial<Failure> & { code: string }) => failureOf(new IntercomError('so', told))
const output = { success: false, error: 'so it failed' }

test('an outcome that nobody knows is a result, as success is, since an error would invite to send again', () => {
  const good = { success: true, error: null, result: { id: '7' } }
  assert.deepEqual(outcomeOf(good, null), { ...good, failure: null })
  const failure = failureBy({ code: 'timeout', outcome: 'unknown', retryable: true })
  assert.deepEqual(outcomeOf(output, failure), { ...output, failure })
})

test('a refusal is a terminal error whose status says whose it is', () => {
  for (const [told, status] of [
    [{ code: 'not_allowed' }, 403],
    [{ code: 'unauthorized', status: 401, outcome: 'rejected' }, 403],
    [{ code: 'forbidden', status: 403, outcome: 'rejected' }, 403],
    [{ code: 'server_error', status: 503, outcome: 'rejected', retryable: true }, 503],
    [{ code: 'rate_limit_exceeded', status: 429, outcome: 'rejected', retryable: true }, 503],
    [{ code: 'connection_refused', outcome: 'not_sent', retryable: true }, 503],
    [{ code: 'not_found', status: 404, outcome: 'rejected' }, 404],
    [{ code: 'invalid_input', outcome: 'not_sent' }, 400],
    [{ code: 'server_error', status: 501, outcome: 'rejected' }, 502],
  ] as const) {
    const failure = failureBy(told)
    assert.throws(
      () => outcomeOf(output, failure),
      (error) => {
        assert.ok(error instanceof TerminalError)
        assert.deepEqual([error.code, error.message], [status, 'so it failed'], told.code)
        assert.deepEqual({ ...error.metadata }, { code: told.code, outcome: failure.outcome })
        return true
      },
    )
  }
  const own = refusal(409, 'idempotency_key_mismatch', 'another input')
  assert.deepEqual([own.code, own.message], [409, 'idempotency_key_mismatch: another input'])
})

test('a receipt holds ids alone, and what was made inside an object where that is another', () => {
  const reply = { type: 'conversation', id: '5', title: 'Words', conversation_id: '5' }
  const envelope = { success: true, error: null, items: ['a'] }
  assert.deepEqual(receipt({ ...envelope, result: reply }, 'conversation 5 34'), {
    ...envelope,
    result: { type: 'conversation', id: '5', conversation_id: '5', item_id: '34' },
  })
  const note = { type: 'note', id: '7', body: 'Words' }
  for (const claimed of ['notes of abc 7', null]) {
    assert.deepEqual(receipt({ ...envelope, result: note }, claimed), {
      ...envelope,
      result: { type: 'note', id: '7' },
    })
  }
})
