import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TerminalError } from '@restatedev/restate-sdk'
import { idsOnly } from '../core/receipt.ts'
import { type Failure, failureOf, IntercomError } from '../errors.ts'
import { respond, terminalError } from './response.ts'

const failed = (told: Partial<Failure> & { code: string }) =>
  respond({
    output: { success: false, error: 'it failed' },
    failure: failureOf(new IntercomError('it failed', told)),
  })

const refusals: [status: number, told: Partial<Failure> & { code: string }][] = [
  [422, { code: 'invalid_input' }],
  [422, { code: 'idempotency_key_mismatch' }],
  [403, { code: 'not_allowed' }],
  [403, { code: 'unauthorized', status: 401, outcome: 'rejected' }],
  [403, { code: 'forbidden', status: 403, outcome: 'rejected' }],
  [404, { code: 'not_found', status: 404, outcome: 'rejected' }],
  [503, { code: 'server_error', status: 500, outcome: 'rejected', retryable: true }],
  [503, { code: 'server_error', status: 503, outcome: 'rejected', retryable: true }],
  [503, { code: 'rate_limit_exceeded', status: 429, outcome: 'rejected', retryable: true }],
  [503, { code: 'connection_refused', outcome: 'not_sent', retryable: true }],
  [502, { code: 'server_error', status: 501, outcome: 'rejected' }],
  [502, { code: 'redirect_refused', status: 302, outcome: 'rejected' }],
]
for (const [status, told] of refusals)
  test(`${told.code}${told.status === undefined ? '' : ` (${told.status})`} without effect is a terminal error with status ${status}, as over REST`, () => {
    assert.throws(
      () => failed(told),
      (error) => {
        assert.ok(error instanceof TerminalError)
        assert.deepEqual([error.code, error.message], [status, 'it failed'])
        assert.deepEqual({ ...error.metadata }, { code: told.code, outcome: told.outcome ?? 'not_sent' })
        return true
      },
    )
  })

test('a success and an unknown outcome are results: an error would invite the caller to send again', () => {
  const output = { success: true as const, error: null, result: { id: '7' } }
  assert.deepEqual(respond({ output, failure: null }), { ...output, failure: null })
  const failure = failureOf(new IntercomError('so', { code: 'timeout', outcome: 'unknown', retryable: true }))
  const unknown = { success: false as const, error: 'it failed' }
  assert.deepEqual(respond({ output: unknown, failure }), { ...unknown, failure })
})

test("refusals of the services' own have the same statuses", () => {
  assert.deepEqual(
    ['invalid_input', 'job_mismatch', 'not_found'].map((code) => terminalError(code, 'no').code),
    [422, 422, 404],
  )
  const { message } = terminalError('idempotency_key_mismatch', 'another input')
  assert.equal(message, 'idempotency_key_mismatch: another input')
})

test('a result in ids holds nothing else of an object, and names what was made inside it', () => {
  const reply = { type: 'conversation', id: '5', title: 'Words', conversation_id: '5' }
  const envelope = { success: true as const, error: null, items: ['a'] }
  assert.deepEqual(idsOnly({ ...envelope, result: reply }, 'conversation 5 34'), {
    ...envelope,
    result: { type: 'conversation', id: '5', conversation_id: '5', item_id: '34' },
  })
  const note = { type: 'note', id: '7', body: 'Words' }
  for (const claimed of ['notes of abc 7', null]) {
    assert.deepEqual(idsOnly({ ...envelope, result: note }, claimed), {
      ...envelope,
      result: { type: 'note', id: '7' },
    })
  }
})
