import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeObject } from '../../test/support/fake-object.ts'
import { type Failure, failureOf, IntercomError } from '../errors.ts'
import { AttemptJournal } from './attempt-journal.ts'
import { type ChunkService, chunkResult, chunkService } from './bulk-chunk.ts'
import { ConcurrencyLimit } from './concurrency-limit.ts'
import type { Runtime } from './write-attempt.ts'

const good = {
  output: { success: true as const, error: null },
  failure: null,
  isFinal: true,
  unresolved: null,
}

function bad(told: Partial<Failure> & { code: string }) {
  const failure = failureOf(new IntercomError('what ada@example.test wrote', told))
  return {
    output: { success: false as const, error: `${told.code}: ada@example.test` },
    failure,
    isFinal: false,
    unresolved: null,
  }
}

const rowsOf = (...results: (typeof good | ReturnType<typeof bad>)[]) =>
  chunkResult(results.map((result, n) => ({ row: n + 1, result })))

const missing = bad({ code: 'not_found', status: 404, outcome: 'rejected' })
const down = bad({ code: 'server_error', status: 503, outcome: 'rejected', retryable: true })
const lost = bad({ code: 'timeout', outcome: 'unknown', retryable: true })

for (const told of [
  { code: 'unauthorized', status: 401, outcome: 'rejected' },
  { code: 'forbidden', status: 403, outcome: 'rejected' },
  { code: 'not_allowed' },
] as const)
  test(`rows that fail by ${told.code} remain, and stop the job without quoting them`, () => {
    const { rows, problems, remaining, stopped } = rowsOf(good, bad(told), missing, bad(told))
    assert.deepEqual([rows, problems.map(({ row }) => row), remaining], [2, [3], [2, 4]])
    assert.match(String(stopped), new RegExp(told.code))
    assert.doesNotMatch(String(stopped), /ada/)
    assert.deepEqual(rowsOf(bad(told)).remaining, [1])
  })

test('a row that may have been transmitted does not remain to be sent again, whatever refuses it then', () => {
  const told = { status: 401, code: 'unauthorized' } as const
  const earlier = { sent_at: 1, alive_at: 1, unknown: false }
  for (const result of [bad({ ...told, outcome: 'unknown' }), { ...bad(told), unresolved: earlier }]) {
    const { remaining, problems, stopped } = chunkResult([{ row: 1, result }])
    assert.deepEqual([remaining, problems.length, stopped], [[], 1, null])
  }
})

test('when Intercom is down for all rows they remain; one among others, or alone, has failed', () => {
  const all = rowsOf(down, down, down)
  assert.deepEqual([all.rows, all.problems, all.remaining], [0, [], [1, 2, 3]])
  assert.match(String(all.stopped), /server_error/)
  assert.doesNotMatch(String(all.stopped), /ada/)
  for (const results of [[good, down], [missing, down], [lost, down], [down]]) {
    const { remaining, stopped, problems } = rowsOf(...results)
    assert.deepEqual([remaining, stopped], [[], null])
    assert.equal(problems.at(-1)?.outcome, 'failed')
  }
})

test('of a chunk the rows that are not done are sent, each with its own input', async () => {
  const sent: unknown[] = []
  const call = async (_: string, input: unknown) => {
    sent.push(input)
    return { output: good.output, failure: null, trace: { waits: [], verified_by: null } }
  }
  const journal = new AttemptJournal(async () => [])
  const runtime = { intercom: { call }, journal, concurrency: new ConcurrencyLimit() } as unknown as Runtime
  const { run } = (chunkService(runtime) as unknown as { service: ChunkService }).service // its type shows no handlers
  const rows = ['26', '27', '28'].map((body) => ({ contact_id: 'abc', body }))
  const chunk = { first: 26, count: 3, only: [26, 28], rows }
  const result = await run(fakeObject().ctx, { job: 'j', action: 'create_note', chunk })
  assert.deepEqual(sent, [rows[0], rows[2]])
  assert.deepEqual(result, { rows: 2, problems: [], remaining: [], stopped: null })
})
