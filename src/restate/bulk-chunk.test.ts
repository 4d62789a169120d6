import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Failure, failureOf, IntercomError } from '../errors.ts'
import { chunkResult } from './bulk-chunk.ts'

const good = { output: { success: true as const, error: null }, failure: null, kept: true, open: null }

function bad(told: Partial<Failure> & { code: string }) {
  const failure = failureOf(new IntercomError('what ada@example.test wrote', told))
  return {
    output: { success: false as const, error: `${told.code}: ada@example.test` },
    failure,
    kept: false,
    open: null,
  }
}

const rowsOf = (...dones: (typeof good | ReturnType<typeof bad>)[]) =>
  chunkResult(dones.map((done, n) => ({ row: n + 1, done })))

const missing = bad({ code: 'not_found', status: 404, outcome: 'rejected' })
const down = bad({ code: 'server_error', status: 503, outcome: 'rejected', retryable: true })
const lost = bad({ code: 'timeout', outcome: 'unknown', retryable: true })

for (const told of [
  { code: 'unauthorized', status: 401, outcome: 'rejected' },
  { code: 'forbidden', status: 403, outcome: 'rejected' },
  { code: 'not_allowed' },
] as const)
  test(`rows that fail by ${told.code} are left, and stop the job without a word of theirs`, () => {
    const { rows, problems, undone, stopped } = rowsOf(good, bad(told), missing, bad(told))
    assert.deepEqual([rows, problems.map(({ row }) => row), undone], [2, [3], [2, 4]])
    assert.match(String(stopped), new RegExp(told.code))
    assert.doesNotMatch(String(stopped), /ada/)
    assert.deepEqual(rowsOf(bad(told)).undone, [1])
  })

test('a row that may have left is not left to be begun again, whatever refuses it then', () => {
  const told = { status: 401, code: 'unauthorized' } as const
  const left = { sent_at: 1, alive_at: 1, unknown: false }
  for (const done of [bad({ ...told, outcome: 'unknown' }), { ...bad(told), open: left }]) {
    const { undone, problems, stopped } = chunkResult([{ row: 1, done }])
    assert.deepEqual([undone, problems.length, stopped], [[], 1, null])
  }
})

test('when Intercom is away for all rows they are left; one among others, or alone, has failed', () => {
  const all = rowsOf(down, down, down)
  assert.deepEqual([all.rows, all.problems, all.undone], [0, [], [1, 2, 3]])
  assert.match(String(all.stopped), /server_error/)
  assert.doesNotMatch(String(all.stopped), /ada/)
  for (const dones of [[good, down], [missing, down], [lost, down], [down]]) {
    const { undone, stopped, problems } = rowsOf(...dones)
    assert.deepEqual([undone, stopped], [[], null])
    assert.equal(problems.at(-1)?.outcome, 'failed')
  }
})
