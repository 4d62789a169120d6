import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Context, type ObjectContext, TerminalError } from '@restatedev/restate-sdk'
import { correspondence } from '../../test/support/correspondence.ts'
import { fakeObject, handlersOf } from '../../test/support/fake-object.ts'
import { openApprovals } from '../approvals/index.ts'
import { inputHash } from '../core/journal.ts'
import { createIntercom } from '../intercom.ts'
import { toolsOf } from '../tools/policy.ts'
import { createWorkspace } from '../workspace/index.ts'
import { openAsking } from './asking.ts'
import { AttemptJournal } from './attempt-journal.ts'
import { intercomBulk } from './bulk.ts'
import { chunkService } from './bulk-chunk.ts'
import { ConcurrencyLimit } from './concurrency-limit.ts'
import { intercomOnce } from './once.ts'
import type { DurableResult } from './response.ts'
import { intercomService } from './service.ts'
import { startWorker } from './worker.ts'

const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { accessToken, dispatcher } = workspace
const plain = createIntercom({ accessToken, dispatcher })
const { conversation, bodies, reply } = await correspondence(plain)
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-restate-'))
const name = 'reply_to_conversation'
after(async () => {
  await workspace.close()
  rmSync(folder, { recursive: true })
})

type Handlers = Record<string, (ctx: ObjectContext, input?: unknown) => Promise<DurableResult>>

/** A worker whose calls wait in a file; without one it asks nobody. */
function worker(file?: string) {
  const path = join(folder, String(file))
  const held =
    file === undefined ? undefined : createIntercom({ accessToken, dispatcher, journal: `${path}.journal` })
  const asking = held && openAsking(toolsOf({ sends: 'confirm' }), path, held)
  after(() => asking?.close())
  const journal = new AttemptJournal(async () => [])
  const intercom = createIntercom({ accessToken, dispatcher, journal })
  return { intercom, journal, concurrency: new ConcurrencyLimit(), files: undefined, asking }
}

/** A call under a key, on one worker or another. */
async function keyed() {
  const faked = fakeObject('the key')
  const input = reply(await conversation(), 'Held words')
  const call = (runtime: ReturnType<typeof worker>, more = {}) =>
    (handlersOf(intercomOnce(runtime)) as unknown as Handlers)[name]?.(faked.ctx, { ...input, ...more })
  const sent = async () =>
    (await bodies(input.conversation_id)).filter((body) => body.includes('Held words')).length
  return { ...faked, call, sent, input }
}

const isRefusal = (code: string) => (error: unknown) =>
  error instanceof TerminalError && error.metadata?.['code'] === code

test('a call under a key is held, and made once when a person has approved it', async () => {
  const runtime = worker('once.db')
  const store = openApprovals(join(folder, 'once.db'))
  const { call, sent, kept } = await keyed()
  const first = await call(runtime)
  const id = String(first?.failure?.approval?.id)
  assert.deepEqual(
    [first?.success, first?.failure?.code, first?.failure?.outcome],
    [false, 'held', 'not_sent'],
  )
  assert.deepEqual((await call(runtime))?.failure?.approval, { id, url: null })
  assert.doesNotMatch(JSON.stringify(kept()), /Held words/)
  await assert.rejects(async () => call(runtime, { body: 'Others' }), isRefusal('idempotency_key_mismatch'))
  assert.equal(await sent(), 0)
  await store.decide(id, { approve: true }, 'Ada', 'cli')
  for (const _ of ['makes it', 'has it']) {
    const made = await call(runtime)
    assert.deepEqual([made?.success, Object.keys(Object(made?.['result'])).includes('source')], [true, false])
    assert.match(String(made?.note), /^A person approved this call/)
    assert.equal(await sent(), 1)
  }
  // The same worker, which asks nobody any more.
  assert.equal((await call(worker()))?.failure?.outcome, 'unknown')
  assert.equal(await sent(), 1)
  store.close()
})

test('a declined call is refused with the reason, and one that could not succeed asks nobody', async () => {
  const runtime = worker('declined.db')
  const store = openApprovals(join(folder, 'declined.db'))
  const { call, sent } = await keyed()
  await store.decide(String((await call(runtime))?.failure?.approval?.id), { decline: 'No' }, 'Ada', 'cli')
  await assert.rejects(async () => call(runtime), isRefusal('not_confirmed'))
  assert.equal(await sent(), 0)
  const other = await keyed()
  await assert.rejects(async () => other.call(runtime, { conversation_id: '999999999' }), TerminalError)
  assert.deepEqual([(await store.list()).length, Object.keys(other.kept())], [1, ['timer']])
  store.close()
})

test('a worker with another file does not ask again, nor one whose policy has changed', async () => {
  const { call, sent } = await keyed()
  await call(worker('here.db'))
  const elsewhere = await call(worker('there.db'))
  assert.deepEqual([elsewhere?.failure?.code, elsewhere?.failure?.outcome], ['approval_elsewhere', 'unknown'])
  assert.deepEqual(await openApprovals(join(folder, 'there.db')).list(), [])
  assert.equal(await sent(), 0)
  // Begun by a worker that asked nobody, and ended by an operator: it may have been sent.
  const before = await keyed()
  const input_hash = await inputHash(name, before.input)
  before.ctx.set('operation', { action: name, input_hash, at: 0, unresolved: null, result: null })
  assert.equal((await before.call(worker('asks.db')))?.failure?.code, 'approval_elsewhere')
  assert.deepEqual(await openApprovals(join(folder, 'asks.db')).list(), [])
})

test('a call of a handler is held too, a note is not; jobs ask nobody and are refused', async () => {
  const runtime = worker('service.db')
  const { ctx } = fakeObject()
  const { service } = intercomService(runtime) as unknown as {
    service: Record<string, (ctx: Context, input: unknown) => Promise<DurableResult>>
  }
  const input = reply(await conversation(), 'Held words')
  assert.equal((await service[name]?.(ctx, input))?.failure?.code, 'held')
  assert.equal((await service[name]?.(ctx, { ...input, message_type: 'note' }))?.success, true)
  const bulk = handlersOf(intercomBulk(runtime)) as unknown as Handlers
  const job = { action: name, rows: [input] }
  await assert.rejects(async () => bulk['start']?.(ctx, job), isRefusal('confirmation_unavailable'))
  const { service: chunk } = chunkService(runtime) as unknown as {
    service: { run(ctx: Context, request: object): Promise<{ remaining: number[]; stopped: string }> }
  }
  const request = { job: 'a', action: name, chunk: { first: 1, count: 2, rows: [input, input] } }
  const { remaining, stopped } = await chunk.run(ctx, request)
  assert.deepEqual([remaining, /^confirmation_unavailable/.test(stopped)], [[1, 2], true])
})

test('a worker that has to ask people needs a file for it', async () => {
  await assert.rejects(startWorker({ accessToken, sends: 'confirm' }), /need approvals, the file/)
})
