import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Context, type ServiceDefinition, TerminalError } from '@restatedev/restate-sdk'
import { fakeObject } from '../../test/support/fake-object.ts'
import { errorList, scriptedIntercom } from '../../test/support/scripted-intercom.ts'
import { AttemptJournal } from './attempt-journal.ts'
import { ConcurrencyLimit } from './concurrency-limit.ts'
import type { DurableResult } from './response.ts'
import { maxTries } from './run-writes.ts'
import { intercomService } from './service.ts'
import type { serviceOptions } from './service-options.ts'

/** The service of a worker, on an Intercom that answers as scripted. */
async function opened(t: TestContext, script: Parameters<typeof scriptedIntercom>[0]) {
  const attempts = new AttemptJournal(async () => [])
  const { intercom, received, close } = await scriptedIntercom(script, {
    journal: attempts,
    deadlineMs: 1000,
  })
  t.after(close)
  const service = intercomService({
    intercom,
    journal: attempts,
    concurrency: new ConcurrencyLimit(),
    files: undefined,
  })
  const { options } = service as { options?: typeof serviceOptions }
  type Handlers = Record<string, (ctx: Context, input: unknown) => Promise<DurableResult>>
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
  return { call, received, pauses, results, ctx, serde: options?.serde }
}

const tags = { json: { type: 'list', data: [{ type: 'tag', id: '1', name: 'canary' }] } }

test('every handler takes its input with whole numbers as they are, or not at all', async (t) => {
  const { serde } = await opened(t, [])
  const input = (n: string) => new TextEncoder().encode(`{"custom_attributes":{"n":${n}}}`)
  assert.throws(() => serde?.deserialize(input('9007199254740993')), /would be rounded; send it as text/)
  assert.deepEqual(serde?.deserialize(input('9007199254740991')), { custom_attributes: { n: 2 ** 53 - 1 } })
  assert.equal(serde?.deserialize(new Uint8Array()), undefined)
  assert.throws(() => serde?.deserialize(Buffer.from('{"body":"é"}', 'latin1')), /the request is not UTF-8/)
})

test('a read returns what Intercom answers, and Restate keeps nothing of it', async (t) => {
  const { call, results, received } = await opened(t, [tags])
  assert.match(JSON.stringify(await call('list_tags', {})), /canary/)
  assert.deepEqual([results, received.length], [[false], 1])
})

test('what an earlier attempt has read is read again', async (t) => {
  const { call, ctx, received } = await opened(t, [tags])
  Object.assign(ctx, { run: async () => false }) // as replayed
  assert.match(JSON.stringify(await call('list_tags', {})), /canary/)
  assert.equal(received.length, 1)
})

test('a read that failed for good is not retried', async (t) => {
  const missing = { status: 404, json: errorList('not_found', 'User Not Found') }
  const { call, pauses } = await opened(t, [missing])
  await assert.rejects(
    call('get_contact', { contact_id: 'abc' }),
    (error) => error instanceof TerminalError && error.code === 404,
  )
  assert.deepEqual(pauses, [])
})

test('a read whose failure may pass is retried after a durable pause, as often as a write', async (t) => {
  const { call, pauses, ctx } = await opened(t, [{ status: 401, json: errorList('unauthorized', 'no') }])
  Object.assign(ctx, { run: async () => true }) // each try reports that it may pass
  await assert.rejects(call('list_tags', {}), TerminalError)
  assert.equal(pauses.length, maxTries - 1)
})

test('a write is sent once, and its result has ids alone', async (t) => {
  const note = { type: 'note', id: '7', body: '<p>Words</p>', author: { type: 'admin', id: '1' } }
  const { call, received } = await opened(t, [{ json: note }])
  const made = await call('create_note', { contact_id: 'abc', body: 'Words' })
  assert.deepEqual([made?.['result'], received.length], [{ type: 'note', id: '7' }, 1])
})
