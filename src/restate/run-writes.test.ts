import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Context, RestatePromise } from '@restatedev/restate-sdk'
import { fakeObject } from '../../test/support/fake-object.ts'
import { scriptedIntercom } from '../../test/support/scripted-intercom.ts'
import { createNote } from '../actions/create-note.ts'
import { failureOf, IntercomError } from '../errors.ts'
import type { Engine } from './engine.ts'
import { LiveSteps } from './live-steps.ts'
import { act, mostTries, pauseMs } from './run-writes.ts'
import { Slots } from './slots.ts'

/** An engine that takes so many ms for each `begin` until it says so; tells which pauses were asked for. */
async function actedOn(t: TestContext, acknowledgements: number[]) {
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
  } as unknown as Context // what `act` uses of it
  const steps = new LiveSteps(async () => [])
  const made = { type: 'note', id: '7', body: '<p>Hello</p>', author: { type: 'admin', id: '1' } }
  const server = await scriptedIntercom([{ json: made }], { journal: steps })
  t.after(() => server.close())
  const input = async () => ({ contact_id: 'abc', body: 'Hello' })
  const engine = { intercom: server.intercom, steps, slots: new Slots(), files: undefined }
  const [done] = await act(ctx, engine, [{ id: 'x', action: createNote, input, open: null }])
  return { done, pauses, sent: server.received.length }
}

test('a write leaves once, at once where its beginning is acknowledged in time', async (t) => {
  const { done, pauses, sent } = await actedOn(t, [4000])
  assert.deepEqual([done?.failure, pauses, sent], [null, [], 1])
})

test('a beginning that is acknowledged late is none: whoever follows counts from when it was said', async (t) => {
  const { done, pauses, sent } = await actedOn(t, [6000, 6000, 100])
  assert.deepEqual([done?.failure, pauses.length, sent], [null, 2, 1])
})

test('what a write finds is claimed while others still look: their own may be told by it', async (t) => {
  const claimed = Promise.withResolvers<void>()
  const ids: string[] = []
  const ctx = {
    run: (_: string, step: () => Promise<unknown>) => RestatePromise.resolve(step()),
    request: () => ({ attemptCompletedSignal: new AbortController().signal }),
    objectClient: () => ({
      claim: ({ item, id }: { item: string; id: string }) => {
        ids.push(`${item} of ${id}`)
        claimed.resolve()
        return RestatePromise.resolve(Promise.resolve(true))
      },
    }),
  } as unknown as Context // what `act` uses of it
  const note = (id: string) => ({
    type: 'note',
    id,
    body: '<p>Hello</p>',
    created_at: Math.floor(Date.now() / 1000),
    author: { type: 'admin', id: '1' },
  })
  const steps = new LiveSteps(async () => [])
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
    { journal: steps },
  )
  t.after(() => server.close())
  const engine = { intercom: server.intercom, steps, slots: new Slots(), files: undefined }
  const left = { at: Date.now(), seen_at: Date.now(), unclear: false }
  const deed = (id: string) => ({
    id,
    action: createNote,
    input: async () => ({ contact_id: id, body: 'Hello' }),
    open: left,
  })
  const dones = await act(ctx, engine, [deed('slow'), deed('quick')])
  assert.deepEqual(ids, ['7 of quick', '8 of slow'])
  assert.deepEqual(
    dones.map(({ failure }) => failure),
    [null, null],
  )
})

test('pauses double from a second up to a minute, each by half as much more or less', () => {
  const pauses = (random: number) => {
    const ctx = { rand: { random: () => random } } as unknown as Context // what is used of it
    return [0, 1, 2, 5, 6, 20, 2000].map((before) => pauseMs(ctx, before))
  }
  assert.deepEqual(pauses(0.5), [1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000])
  assert.deepEqual([pauses(0)[0], pauses(1)[0]], [500, 1500])
})

test('what may pass is tried so often and no more, and the engine is asked to wait between', async () => {
  const { ctx, pauses } = fakeObject()
  const failure = failureOf(new IntercomError('no', { code: 'connection_refused', retryable: true }))
  let calls = 0
  const call = async () => {
    calls += 1
    const output = { success: false, error: 'no' }
    return { output, failure, trace: { waits: [], verified_by: null } }
  }
  const slots = new Slots()
  const engine = { intercom: { call }, steps: new LiveSteps(async () => []), slots } as unknown as Engine
  const input = async () => ({ contact_id: 'abc', body: 'Hello' })
  const [done] = await act(ctx, engine, [{ id: 'x', action: createNote, input, open: null }])
  assert.deepEqual([calls, done?.failure], [mostTries, failure])
  assert.ok(pauses.length >= mostTries - 1)
})
