import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createNote } from '../actions/create-note.ts'
import type { AttemptResult } from '../core/journal.ts'
import { failureOf, IntercomError } from '../errors.ts'
import { AttemptJournal } from './attempt-journal.ts'
import { ConcurrencyLimit } from './concurrency-limit.ts'
import { attemptWrite, type Runtime } from './write-attempt.ts'

const earlier = { sent_at: 100, alive_at: 200, unknown: true }
const { signal } = new AbortController()
const takenOver = { code: 'idempotency_key_taken_over', retryable: true }

/** One attempt whose call sends, where it holds the lease, and ends like this. */
async function attempted(
  {
    result = 'unknown',
    failure = null,
    waits = [],
  }: {
    result?: AttemptResult
    failure?: { code: string; outcome?: 'unknown'; retryable?: boolean } | null
    waits?: { ms: number; reason: string }[]
  },
  before: typeof earlier | null,
  holdsLease: (() => boolean) | null = () => true,
  input: () => Promise<unknown> = async () => ({ contact_id: 'abc', body: 'Hello' }),
) {
  const journal = new AttemptJournal(async () => [])
  const call = async (_: string, __: unknown, { idempotencyKey: key }: { idempotencyKey: string }) => {
    await journal.acquire({ key, action: 'create_note', input_hash: '' })
    await journal.recordSend(key, '', 5000)
    await journal.finish(key, '', result)
    const told = failure && failureOf(new IntercomError('no', failure))
    return { output: { success: told === null }, failure: told, trace: { waits, verified_by: null } }
  }
  const runtime = { intercom: { call }, journal, concurrency: new ConcurrencyLimit() } as unknown as Runtime
  const write = { operation: 'x', action: createNote, input, earlier: before, foreign: [], result: null }
  return await attemptWrite(runtime, write, { earlier: before, holdsLease, signal })
}

test('what is looked for next is what the first attempt may have sent, and it stays unknown', async () => {
  const { result, lookAgainFor } = await attempted({}, earlier)
  assert.deepEqual([lookAgainFor, result.unresolved], [earlier, earlier])
  const first = await attempted({}, null)
  assert.deepEqual([first.lookAgainFor.sent_at, first.lookAgainFor.unknown], [5000, false])
  assert.equal(first.result.unresolved?.unknown, true)
})

test('an attempt that changed nothing leaves what an earlier one left', async () => {
  for (const before of [earlier, null]) {
    assert.deepEqual((await attempted({ result: 'unchanged' }, before)).result.unresolved, before)
    assert.deepEqual((await attempted({ failure: takenOver }, before)).result.unresolved, before)
    assert.equal((await attempted({ result: 'no_effect' }, before)).result.unresolved, null)
  }
})

test('why an attempt is late tells what follows', async () => {
  const permit = { ms: 3000, reason: 'rate_limit' }
  const next = async (waits: { ms: number; reason: string }[], lease: (() => boolean) | null) =>
    (await attempted({ failure: takenOver, waits }, null, lease)).next
  assert.equal(await next([permit], null), 'lease_taken')
  assert.equal(await next([permit], () => false), 'permit_late')
  assert.equal(await next([{ ...permit, reason: 'concurrency' }], () => false), 'turn_late')
})

test('without its input nothing is sent, and what an earlier attempt may have sent stays unknown', async () => {
  const gone = async () => {
    throw new IntercomError('the file has changed', { code: 'file_changed' })
  }
  for (const [before, outcome] of [
    [null, 'not_sent'],
    [earlier, 'unknown'],
  ] as const) {
    const { result, next } = await attempted({}, before, null, gone)
    assert.deepEqual([result.failure?.outcome, result.unresolved, next], [outcome, before, 'done'])
  }
})
