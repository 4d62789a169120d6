import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Context, RestatePromise } from '@restatedev/restate-sdk'
import { fakeObject } from '../../test/support/fake-object.ts'
import { scriptedIntercom } from '../../test/support/scripted-intercom.ts'
import { createNote } from '../actions/create-note.ts'
import { failureOf, IntercomError } from '../errors.ts'
import { AttemptJournal } from './attempt-journal.ts'
import { ConcurrencyLimit } from './concurrency-limit.ts'
import { maxTries, pauseMs, runWrites } from './run-writes.ts'
import type { Runtime } from './write-attempt.ts'

/** A Restate that takes so many ms to acknowledge each `begin`; tells which pauses were asked for. */
async function writtenOn(t: TestContext, acknowledgements: number[]) {
  let now = performance.now() // however slow this machine is, no time passes by itself
  t.mock.method(performance, 'now', () => now)
  const pauses: string[] = []
  const run = async (name: string, step: () => Promise<unknown>) => {
    const result = await step()
    if (name === 'begin') now += acknowledgements.shift() ?? 0
    return result
  }
  const ctx = {
    run: (name: string, step: () => Promise<unknown>) => RestatePromise.resolve(run(name, step)),
    sleep: async (_: number, why: string) => void pauses.push(why),
    rand: { random: () => 0 },
    request: () => ({ attemptCompletedSignal: new AbortController().signal }),
    objectSendClient: () => ({ claim: () => {} }),
  } as unknown as Context // what `runWrites` uses of it
  const journal = new AttemptJournal(async () => [])
  const made = { type: 'note', id: '7', body: '<p>Hello</p>', author: { type: 'admin', id: '1' } }
  const server = await scriptedIntercom([{ json: made }], { journal })
  t.after(() => server.close())
  const input = async () => ({ contact_id: 'abc', body: 'Hello' })
  const runtime = {
    intercom: server.intercom,
    journal,
    concurrency: new ConcurrencyLimit(),
    files: undefined,
  }
  const [result] = await runWrites(ctx, runtime, [
    { operation: 'x', action: createNote, input, earlier: null },
  ])
  return { result, pauses, sent: server.received.length }
}

test('a write is sent once, at once where its beginning is acknowledged in time', async (t) => {
  const { result, pauses, sent } = await writtenOn(t, [4000])
  assert.deepEqual([result?.failure, pauses, sent], [null, [], 1])
})

test('a write whose beginning is acknowledged late begins again: the next attempt counts from when it was recorded', async (t) => {
  const { result, pauses, sent } = await writtenOn(t, [6000, 6000, 100])
  assert.deepEqual([result?.failure, pauses.length, sent], [null, 2, 1])
})

test('what a write finds is claimed while others still look, who may find their own by it', async (t) => {
  const claimed = Promise.withResolvers<void>()
  const owners: string[] = []
  const ctx = {
    run: (_: string, step: () => Promise<unknown>) => RestatePromise.resolve(step()),
    request: () => ({ attemptCompletedSignal: new AbortController().signal }),
    objectClient: () => ({
      claim: ({ item, operation }: { item: string; operation: string }) => {
        owners.push(`${item} of ${operation}`)
        claimed.resolve()
        return RestatePromise.resolve(Promise.resolve(true))
      },
    }),
  } as unknown as Context // what `runWrites` uses of it
  const note = (id: string) => ({
    type: 'note',
    id,
    body: '<p>Hello</p>',
    created_at: Math.floor(Date.now() / 1000),
    author: { type: 'admin', id: '1' },
  })
  const journal = new AttemptJournal(async () => [])
  const server = await scriptedIntercom(
    ({ path }) => {
      if (path === '/me') return { json: { type: 'admin', id: '1' } }
      const of = path.split('/')[2] ?? ''
      if (of === 'quick') return { json: { data: [note('7')] } }
      return (response) => {
        const body = JSON.stringify({ data: [note('8')] })
        response.writeHead(200, { 'content-type': 'application/json' })
        void claimed.promise.then(() => response.end(body))
      }
    },
    { journal },
  )
  t.after(() => server.close())
  const runtime = {
    intercom: server.intercom,
    journal,
    concurrency: new ConcurrencyLimit(),
    files: undefined,
  }
  const earlier = { sent_at: Date.now(), alive_at: Date.now(), unknown: false }
  const write = (id: string) => ({
    operation: id,
    action: createNote,
    input: async () => ({ contact_id: id, body: 'Hello' }),
    earlier,
  })
  const results = await runWrites(ctx, runtime, [write('slow'), write('quick')])
  assert.deepEqual(owners, ['7 of quick', '8 of slow'])
  assert.deepEqual(
    results.map(({ failure }) => failure),
    [null, null],
  )
})

test('a write that finds what another has claimed looks again without it, and is sent', async (t) => {
  const { ctx } = fakeObject()
  const claim = ({ item }: { item: string }) => RestatePromise.resolve(Promise.resolve(item !== '7'))
  Object.assign(ctx, { objectClient: () => ({ claim }) })
  const past = Date.now() - 4000
  const author = { type: 'admin', id: '1' }
  const theirs = { type: 'note', id: '7', body: 'Hello', created_at: Math.floor(past / 1000), author }
  const journal = new AttemptJournal(async () => [])
  const { intercom, received, close } = await scriptedIntercom(
    ({ method, path }) => {
      if (method === 'POST') return { json: { ...theirs, id: '8' } }
      return { json: path === '/me' ? author : { data: [theirs] } }
    },
    { journal, settleMs: [1], onUnknown: 'verify' },
  )
  t.after(close)
  const runtime = { intercom, journal, concurrency: new ConcurrencyLimit(), files: undefined }
  const input = async () => ({ contact_id: 'abc', body: 'Hello' })
  const earlier = { sent_at: past, alive_at: past, unknown: false }
  const [result] = await runWrites(ctx, runtime, [{ operation: 'x', action: createNote, input, earlier }])
  assert.deepEqual(result?.output['result'], { type: 'note', id: '8' })
  assert.equal(received.filter(({ method }) => method === 'POST').length, 1)
})

test('another attempt that has the lease may have sent until that expired, or this one began', async (t) => {
  t.mock.method(Date, 'now', () => 1_000_000)
  for (const [at, alive_at] of [
    [880_000, 885_000],
    [999_000, 1_000_000],
  ] as const) {
    const { ctx } = fakeObject()
    let begun = 0
    const run = async (name: string, step: () => Promise<unknown>) =>
      name === 'begin' && begun++ === 0 ? { owner: 'another', at } : await step()
    Object.assign(ctx, {
      run: (name: string, step: () => Promise<unknown>) => RestatePromise.resolve(run(name, step)),
    })
    const journal = new AttemptJournal(async () => [])
    const seen: unknown[] = []
    const late = failureOf(new IntercomError('late', { code: 'idempotency_key_taken_over', retryable: true }))
    const call = async (_: string, __: unknown, { idempotencyKey: key }: { idempotencyKey: string }) => {
      seen.push(await journal.acquire({ key, action: 'create_note', input_hash: '' }))
      const failure = seen.length === 1 ? late : null
      return { output: { success: failure === null }, failure, trace: { waits: [], verified_by: null } }
    }
    const runtime = { intercom: { call }, journal, concurrency: new ConcurrencyLimit() } as unknown as Runtime
    const input = async () => ({ contact_id: 'abc', body: 'Hello' })
    await runWrites(ctx, runtime, [{ operation: 'x', action: createNote, input, earlier: null }])
    const earlier = { sent_at: at, alive_at, unknown: false }
    assert.deepEqual(seen[0], { state: 'acquired', earlier, begun_at: at })
  }
})

test('pauses double from a second up to a minute, each longer or shorter by up to half', () => {
  const pauses = (random: number) => {
    const ctx = { rand: { random: () => random } } as unknown as Context // what is used of it
    return [0, 1, 2, 5, 6, 20, 2000].map((before) => pauseMs(ctx, before))
  }
  assert.deepEqual(pauses(0.5), [1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000])
  assert.deepEqual([pauses(0)[0], pauses(1)[0]], [500, 1500])
})

test('a failure that may pass is retried so often and no more, with a durable pause between', async () => {
  const { ctx, pauses } = fakeObject()
  const failure = failureOf(new IntercomError('no', { code: 'connection_refused', retryable: true }))
  let calls = 0
  const call = async () => {
    calls += 1
    const output = { success: false, error: 'no' }
    return { output, failure, trace: { waits: [], verified_by: null } }
  }
  const journal = new AttemptJournal(async () => [])
  const runtime = { intercom: { call }, journal, concurrency: new ConcurrencyLimit() } as unknown as Runtime
  const input = async () => ({ contact_id: 'abc', body: 'Hello' })
  const [result] = await runWrites(ctx, runtime, [
    { operation: 'x', action: createNote, input, earlier: null },
  ])
  assert.deepEqual([calls, result?.failure], [maxTries, failure])
  assert.deepEqual(pauses, Array(maxTries - 1).fill('retrying after a failure')) // none after the last try
})
