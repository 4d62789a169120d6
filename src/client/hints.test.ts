import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerResult } from './http-result.ts'
import type { Semantics } from './request.ts'

const clock = { observe: () => {}, at: () => 1_700_000_000_000 }

/** The error of an answer with this status and body. */
async function errorOf(
  status: number,
  body: string,
  { type = 'application/json', semantics = 'safe' as Semantics, template = '/contacts/{id}', more = {} } = {},
) {
  const headers = { 'content-type': type, ...more }
  const answer = { status, headers, headAt: 0, body: Buffer.from(body) }
  const result = await answerResult(answer, semantics, clock, JSON.parse, template)
  assert.ok('error' in result)
  return result.error
}

/** What Intercom's API says, and the next step. */
const steps: [status: number, code: string, message: string, next: RegExp | null, template?: string][] = [
  [401, 'unauthorized', 'Access Token Invalid', /access token.*region/],
  [401, 'token_revoked', 'Token revoked', /Create a new token/],
  [401, 'token_expired', 'Token expired', /Create a new token/],
  [401, 'token_not_found', 'Token not found', /Create a new token/],
  [401, 'token_blocked', 'Blocked', /Intercom has blocked.*support/],
  [403, 'token_suspended', 'Suspended', /Intercom has blocked.*support/],
  [401, 'missing_authorization', 'No authorization', /did not arrive/],
  [401, 'something_new', 'Who are you?', /access token.*region/],
  [403, 'token_unauthorized', 'Not authorized', /lacks a permission/],
  [401, 'token_unauthorized', 'Not authorized', /lacks a permission/],
  [403, 'action_forbidden', 'Not for you', /lacks a permission/],
  [403, 'forbidden', 'Forbidden', /lacks a permission/],
  [403, 'api_plan_restricted', 'Active subscription needed.', /^(?!.*lacks).*plan or subscription/],
  [403, 'forbidden', 'Active subscription needed.', /plan or subscription/],
  [402, 'payment_required', 'Pay', /plan or subscription/],
  [403, 'forbidden', 'This user is unsubscribed from emails', /not send this contact e-mail/],
  [400, 'intercom_version_invalid', 'The requested version could not be found', /version 2\.12/],
  [
    400,
    'intercom_version_invalid',
    'Requested resource is not available in current API version',
    /version 2\.12/,
  ],
  [406, 'media_type_not_acceptable', 'The Accept header should send …', /changes its headers/],
  [400, 'parameter_invalid', 'Starting After is invalid', /start over without starting_after/],
  [
    400,
    'client_error',
    'Invalid starting_after param. Please try again using a starting_after value from a paginated response',
    /start over without starting_after/,
  ],
  [422, 'parameter_invalid', 'starting_after is stale', /start over without starting_after/],
  [400, 'parameter_invalid', 'Per Page is too big', /from 1 to 150/],
  [400, 'parameter_invalid', "Custom attribute 'plan' does not exist", /Create the attribute/],
  [400, 'parameter_invalid', "Custom attribute 'plan' doesn't exist", /Create the attribute/],
  [400, 'parameter_invalid', "Role isn't an option", /Correct what the message names/],
  [422, 'parameter_invalid', 'Body is required', /Correct what the message names/],
  [422, 'parameter_not_found', 'No subject supplied for email message', /Correct what the message names/],
  [400, 'parameter_missing', 'company not specified', /Correct what the message names/],
  [400, 'type_mismatch', 'Wrong type', /Correct what the message names/],
  [422, 'data_invalid', 'Invalid', /Correct what the message names/],
  [400, 'invalid_field', 'x is not a valid field', /Correct what the message names/],
  [400, 'bad_request', "bad 'x' parameter", /Correct what the message names/],
  [409, 'conflict', 'A contact matching those details already exists with id=6', /already exists/],
  [409, 'conflict', 'An archived contact matching those details already exists with id=6', /is archived/],
  [409, 'resource_conflict', 'Exists', /already exists/],
  [409, 'unique_user_constraint', 'Multiple', /Several contacts match/],
  [409, 'new_code', 'Clash', /already exists/],
  [405, 'x', 'No', /another admin/],
  [410, 'x', 'Merged', /merged or deleted/],
  [413, 'x', 'Too large', /too large: shorten/],
  [414, 'x', 'Too long', /too large: shorten/],
  [404, 'not_found', 'User Not Found', null],
  [404, 'not_found', 'Resource Not Found', /check the base URL/, '/contacts/search'],
  [404, 'not_found', 'Resource Not Found', /check the base URL/, '/tags'],
  [429, 'rate_limit_exceeded', 'Exceeded rate limit', /not executed\. Wait 10 s, then repeat\.$/],
  [400, 'custom_data_limit_reached', 'Too many', /Archive attributes/],
  [400, 'not_restorable', 'Blocked', /cannot be created again/],
  [400, 'something_new', 'No idea', null],
]

test('the next step follows from what Intercom says, not from the status alone', async () => {
  for (const [status, code, message, next, template] of steps) {
    const body = JSON.stringify({ type: 'error.list', request_id: null, errors: [{ code, message }] })
    const error = await errorOf(status, body, template ? { template } : {})
    assert.equal(error.code, code)
    const said = `${status} ${code}: ${error.hint}`
    if (next === null) assert.equal(error.hint, null, said)
    else assert.match(String(error.hint), next, said)
    assert.doesNotMatch(String(error.hint), /in between.*in between/, said)
  }
})

test('an error list under a status of success has the same next step', async () => {
  const errors = [{ code: 'api_plan_restricted', message: 'Active subscription needed.' }]
  const { code, hint } = await errorOf(200, JSON.stringify({ type: 'error.list', errors }))
  assert.equal(code, 'api_plan_restricted')
  assert.match(String(hint), /plan or subscription/)
})

const page = '<html><head><TITLE>\n Access\tDenied </TITLE></head><body>Policy 7</body></html>'

test('what is not JSON comes from something in between, and is not Intercom’s word', async () => {
  const pages: [status: number, code: string, next: RegExp][] = [
    [200, 'unreadable_answer', /^Nothing was changed; try again later\. .*something in between/],
    [400, 'unreadable_answer', /something in between/],
    [401, 'unauthorized', /access token and the base URL\. Or: .*something in between/],
    [403, 'unreadable_answer', /^(?!.*permission).*something in between/],
    [404, 'unreadable_answer', /something in between/],
    [407, 'unreadable_answer', /A proxy asks for a user name and password.*HTTPS_PROXY/],
    [409, 'unreadable_answer', /something in between/],
    [413, 'unreadable_answer', /too large: shorten/],
    [414, 'unreadable_answer', /too large: shorten/],
    [429, 'rate_limit_exceeded', /not executed\. Wait 10 s, then repeat\. .*something in between/],
    [431, 'unreadable_answer', /too large: shorten/],
    [451, 'unreadable_answer', /something in between/],
    [502, 'server_error', /^Nothing was changed; try again later\. .*something in between/],
    [511, 'server_error', /something in between/],
  ]
  for (const [status, code, next] of pages) {
    const error = await errorOf(status, page, { type: 'text/html; charset=utf-8' })
    assert.deepEqual([error.code, error.status], [code, status])
    assert.match(String(error.hint), next, String(status))
    assert.equal(error.message, 'the answer is not a JSON object (text/html; charset=utf-8, "Access Denied")')
  }
  const write = await errorOf(502, page, { type: 'text/html', semantics: 'non-idempotent' })
  assert.equal(write.outcome, 'unknown')
  assert.match(String(write.hint), /^It may have taken effect\. Do not send it again .*in between/)
  for (const [body, type] of [
    ['', ''],
    ['Forbidden', 'text/plain'],
  ] as const) {
    const { code, hint } = await errorOf(403, body, { type })
    assert.deepEqual([code, /something in between/.test(String(hint))], ['unreadable_answer', true])
  }
})

test('JSON without an error list is a gateway’s', async () => {
  const bodies: [body: object, said: string][] = [
    [{ message: 'no Route matched with those values' }, ', "no Route matched with those values"'],
    [{ status: 404, error: 'Not Found' }, ', "Not Found"'],
    [{ title: 'Blocked', code: 7 }, ', "Blocked"'],
    [{ ok: false }, ''],
  ]
  for (const [body, said] of bodies) {
    for (const status of [403, 404, 409]) {
      const { code, message, hint } = await errorOf(status, JSON.stringify(body))
      assert.equal(code, 'unreadable_answer')
      assert.equal(message, `the answer is not an error of Intercom's (application/json${said})`)
      assert.match(String(hint), /something in between/)
    }
  }
  const lying = await errorOf(403, page)
  assert.match(String(lying.hint), /something in between/)
  assert.match(String((await errorOf(403, '{}')).hint), /permission/)
})

test('JSON that was cut says nothing of something in between, and nothing of what exists', async () => {
  for (const status of [404, 409]) {
    const { code, hint } = await errorOf(status, '{"errors": [')
    assert.deepEqual([code, hint === null || !hint.includes('in between')], ['unreadable_answer', true])
  }
})

test('a redirect names where to, and no more of the address', async () => {
  const more = { location: 'https://login.example/start?secret=1' }
  const { message, hint } = await errorOf(302, '', { more })
  assert.equal(message, 'the answer is a redirect to login.example, which is not followed')
  assert.match(String(hint), /base URL.*login/)
  assert.match((await errorOf(302, '', { more: { location: '/x' } })).message, /is a redirect, which/)
})
