import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TerminalError } from '@restatedev/restate-sdk'
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
  [404, { code: 'not_found', status: 404, outcome: 'rejected' }],
  [503, { code: 'server_error', status: 500, outcome: 'rejected', retryable: true }],
  [502, { code: 'redirect_refused', status: 302, outcome: 'rejected' }],
]
for (const [status, told] of refusals)
  test(`${told.code} without effect is a terminal error with status ${status}, as over REST`, () => {
    assert.throws(
      () => failed(told),
      (error) => error instanceof TerminalError && error.code === status,
    )
  })

test('an unknown outcome is a result, not an error', () => {
  assert.equal(failed({ code: 'timeout', outcome: 'unknown', retryable: true }).failure?.outcome, 'unknown')
})

test("refusals of the services' own have the same statuses", () => {
  assert.deepEqual(
    ['invalid_input', 'job_mismatch', 'not_found'].map((code) => terminalError(code, 'no').code),
    [422, 422, 404],
  )
})
