import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IntercomError } from '../errors.ts'
import { answerResult, brokenResult, deadlineError, stoppedError } from './http-result.ts'
import type { Semantics } from './request.ts'

/** Intercom's clock, ms: it stands still. */
const now = 1_699_999_999_500
const clock = { observe: () => {}, at: () => now }

const route = { origin: 'https://api.intercom.io', proxy: null }

/** The error of an answer with this status, body and `Retry-After`. */
async function refusal(
  status: number,
  body: object = {},
  semantics: Semantics = 'safe',
  more = {},
): Promise<IntercomError> {
  const headers = { 'content-type': 'application/json', 'x-request-id': 'of_the_head', ...more }
  const answer = { status, headers, headAt: 0, body: Buffer.from(JSON.stringify(body)) }
  const result = await answerResult(answer, semantics, clock, JSON.parse)
  assert.ok('error' in result)
  return result.error
}

function neverTransmitted(broken: Parameters<typeof brokenResult>[0]['broken'], semantics: Semantics) {
  const result = brokenResult({ broken, transmitted: false }, semantics, route)
  assert.ok('error' in result)
  return result.error
}

test('the request id is the body’s, else the head’s, and nothing that is no id', async () => {
  const id = async (request_id?: unknown) => (await refusal(404, { request_id })).request_id
  assert.deepEqual(
    [await id('of_the_body'), await id(), await id(null)],
    ['of_the_body', 'of_the_head', 'of_the_head'],
  )
  for (const none of [7, 'a b', 'x'.repeat(65), '']) assert.equal(await id(none), null)
})

test('a refused token and a missing permission say what to do also where no code does', async () => {
  const hint = async (status: number) => (await refusal(status, {}, 'non-idempotent')).hint
  assert.match(String(await hint(401)), /access token.*region/)
  assert.match(String(await hint(403)), /permission/)
  assert.match(String(await hint(402)), /subscription/)
  assert.match(String(await hint(409)), /already exists/)
  for (const status of [400, 404, 422]) assert.equal(await hint(status), null)
})

test('a redirect of a write may have taken effect, one of a safe request has not', async () => {
  assert.equal((await refusal(303)).outcome, 'rejected')
  for (const semantics of ['idempotent', 'non-idempotent'] as const) {
    assert.equal((await refusal(303, {}, semantics)).outcome, 'unknown')
  }
})

test('a wait is told in whole seconds, rounded up, and never as none', async () => {
  const told = (ms: number) =>
    /Wait (\d+) s, then repeat\.$/.exec(String(stoppedError('deadline', false, ms).hint))?.[1]
  assert.deepEqual([0, 1, 1000, 1001, 59_001].map(told), ['1', '1', '1', '2', '60'])
  const limited = await refusal(429, {}, 'non-idempotent', {
    'retry-after': new Date(now + 1500).toUTCString(),
  })
  assert.match(String(limited.hint), /not executed\. Wait 2 s/)
})

test('the end of a window is waited for only when the limit was reached, a Retry-After always', async () => {
  const reset = { 'x-ratelimit-reset': String((now + 4500) / 1000) }
  const waitOf = async (status: number, headers: object) => {
    const answer = { status, headers: { ...headers }, headAt: 0, body: Buffer.from('{}') }
    const result = await answerResult(answer, 'safe', clock, JSON.parse)
    return 'error' in result ? result.waitMs : null
  }
  assert.deepEqual([await waitOf(429, reset), await waitOf(503, reset)], [4500, 0])
  assert.equal(await waitOf(503, { ...reset, 'retry-after': '3' }), 3000)
})

test('what was never transmitted is not sent, and a certificate points to the base URL', () => {
  const error = neverTransmitted('tls_failed', 'non-idempotent')
  assert.deepEqual([error.outcome, error.retryable], ['not_sent', true])
  assert.match(String(error.hint), /base URL/)
  assert.doesNotMatch(String(neverTransmitted('dns_failed', 'non-idempotent').hint), /base URL/)
})

test('a call that is given up after an unknown attempt is unknown and may be repeated', () => {
  const error = neverTransmitted('connection_refused', 'idempotent')
  assert.deepEqual(
    [deadlineError(error, 1, true).outcome, deadlineError(error, 1, false).outcome],
    ['unknown', 'not_sent'],
  )
  for (const why of ['aborted', 'deadline'] as const) {
    const outcomes = [true, false].map((unknown) => stoppedError(why, unknown, 1).outcome)
    assert.deepEqual(outcomes, ['unknown', 'not_sent'])
    assert.doesNotMatch(String(stoppedError('aborted', true, 1).hint), /Wait/)
  }
})

test('a message is one line of at most three hundred characters', async () => {
  const said = async (message: string) => (await refusal(400, { errors: [{ code: 'x', message }] })).message
  assert.equal(await said(' a\n\tb\u2028c '), 'a b c')
  assert.equal(await said('x'.repeat(300)), 'x'.repeat(300))
  assert.equal(await said('x'.repeat(301)), `${'x'.repeat(300)}…`)
})

const errorInSuccess: [
  code: string | undefined,
  semantics: Semantics,
  outcome: string,
  retryable: boolean,
][] = [
  ['parameter_invalid', 'non-idempotent', 'rejected', false],
  ['not_found', 'idempotent', 'rejected', false],
  ['unauthorized', 'safe', 'rejected', false],
  ['server_error', 'non-idempotent', 'unknown', false],
  ['client_error', 'idempotent', 'unknown', true],
  ['rate_limit_exceeded', 'safe', 'rejected', true],
  [undefined, 'non-idempotent', 'unknown', false],
]
for (const [code, semantics, outcome, retryable] of errorInSuccess) {
  test(`an error list with the code ${code} under 200 is a failure of a ${semantics} request`, async () => {
    const errors = code === undefined ? [] : [{ code, message: 'No' }]
    const error = await refusal(200, { type: 'error.list', request_id: 'of_the_body', errors }, semantics)
    assert.deepEqual([error.outcome, error.retryable, error.status], [outcome, retryable, 200])
    assert.deepEqual([error.code, error.request_id], [code ?? 'unreadable_answer', 'of_the_body'])
  })
}

test('errors without the type of a list are a failure too, an object that has errors of its own is none', async () => {
  assert.equal((await refusal(201, { errors: [{ code: 'not_found' }] })).code, 'not_found')
  const headers = { 'content-type': 'application/json' }
  for (const json of [{ type: 'contact', errors: [{ code: 'x' }] }, { errors: [] }, {}]) {
    const answer = { status: 200, headers, headAt: 0, body: Buffer.from(JSON.stringify(json)) }
    assert.deepEqual(await answerResult(answer, 'safe', clock, JSON.parse), { json })
  }
})
