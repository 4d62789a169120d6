import assert from 'node:assert/strict'
import { test } from 'node:test'
import { broken, givenUp, redirect, refusal, stopped } from './refusal.ts'

const headers = { 'content-type': 'application/json', 'x-request-id': 'of_the_head' }

test('the request id is the body’s, else the head’s, and nothing that is no id', () => {
  const id = (request_id?: unknown) => refusal(404, headers, { request_id }, 'read', 0).request_id
  assert.deepEqual([id('of_the_body'), id(), id(null)], ['of_the_body', 'of_the_head', 'of_the_head'])
  assert.deepEqual([id(7), id('a b'), id('x'.repeat(65)), id('')], [null, null, null, null])
})

test('a refused token and a missing permission say what to do, other refusals nothing', () => {
  const hint = (status: number) => refusal(status, headers, {}, 'again', 0).hint
  assert.match(String(hint(401)), /access token.*region/)
  assert.match(String(hint(403)), /permission/)
  for (const status of [400, 402, 404, 409, 422]) assert.equal(hint(status), null)
})

test('a redirect of a write may have taken effect, one of a read has not', () => {
  assert.equal(redirect(303, headers, 'read').outcome, 'rejected')
  for (const repeat of ['same', 'again'] as const)
    assert.equal(redirect(303, headers, repeat).outcome, 'unknown')
})

test('a wait is told in whole seconds, rounded up, and never as none', () => {
  const told = (ms: number) =>
    /Wait (\d+) s, then repeat\.$/.exec(String(stopped('deadline', false, ms).hint))?.[1]
  assert.deepEqual([0, 1, 1000, 1001, 59_001].map(told), ['1', '1', '1', '2', '60'])
  assert.match(String(refusal(429, headers, {}, 'again', 1500).hint), /not executed\. Wait 2 s/)
})

test('what never left was not sent, and a certificate points to the base URL', () => {
  const error = broken('tls_failed', false, 'again')
  assert.deepEqual([error.outcome, error.retryable], ['not_sent', true])
  assert.match(String(error.hint), /base URL/)
  assert.doesNotMatch(String(broken('dns_failed', false, 'again').hint), /base URL/)
})

test('a call that is given up after an unknown attempt is unknown and may be repeated', () => {
  const error = broken('connection_refused', false, 'same')
  assert.deepEqual(
    [givenUp(error, 1, true).outcome, givenUp(error, 1, false).outcome],
    ['unknown', 'not_sent'],
  )
  for (const why of ['aborted', 'deadline'] as const) {
    const outcomes = [true, false].map((unclear) => stopped(why, unclear, 1).outcome)
    assert.deepEqual(outcomes, ['unknown', 'not_sent'])
    assert.doesNotMatch(String(stopped('aborted', true, 1).hint), /Wait/)
  }
})

test('a message is one line of at most three hundred characters', () => {
  const said = (message: string) =>
    refusal(400, headers, { errors: [{ code: 'x', message }] }, 'read', 0).message
  assert.equal(said(' a\n\tb\u2028c '), 'a b c')
  assert.equal(said('x'.repeat(300)), 'x'.repeat(300))
  assert.equal(said('x'.repeat(301)), `${'x'.repeat(300)}…`)
})
