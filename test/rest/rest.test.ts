import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { actions, createIntercom, type IntercomOptions } from '../../src/index.ts'
import { envelopeResponse } from '../../src/server/rest/post-action.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { answered, rest } from '../support/rest.ts'

// Every status, against a workspace that does what the table says.
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { url, accessToken } = await workspace.listen()
const { control } = workspace
const settleMs = [10, 20]
const intercom = createIntercom({ accessToken, baseUrl: url, settleMs })
const { call, post, send } = rest(intercom)
/** For what ends by a time limit. */
const brief: IntercomOptions = { settleMs, timeoutMs: 1000, deadlineMs: 2000 }
const hasty = createIntercom({ accessToken, baseUrl: url, ...brief })
const { call: callBriefly } = rest(hasty)
let reply: { conversation_id: string; reply_type: string; admin_id: string; body: string }
let contact_id: string

before(async () => {
  const patient = createIntercom({ accessToken, baseUrl: url })
  const { result } = await patient.listAdmins()
  const admin_id = String(result?.admins.find(({ has_inbox_seat }) => has_inbox_seat)?.id)
  const { contacts } = await patient.searchContacts({ query_field: 'role', query_value: 'user' })
  contact_id = String(contacts[0]?.id)
  const sent = await patient.sendIncomingMessage({ contact_id, body: 'Hello' })
  reply = {
    conversation_id: String(sent.result?.conversation_id),
    reply_type: 'admin',
    admin_id,
    body: 'An answer',
  }
})
after(async () => {
  await intercom.close()
  await hasty.close()
  await workspace.close()
})

/** What the next request of a kind meets, until the call has ended. */
async function under<T>(fault: Parameters<typeof control.addFault>[0], act: () => Promise<T>): Promise<T> {
  const { id } = control.addFault(fault)
  try {
    return await act()
  } finally {
    control.clearFaults(id)
  }
}

test('a success is 200 with the whole envelope, as the action itself answers', async () => {
  const { status, outcome, code, body, headers } = await call('get_contact', { contact_id })
  assert.deepEqual([status, outcome, code], [200, 'success', null])
  assert.deepEqual(body, await intercom.getContact({ contact_id }))
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.equal((await post('/actions/list_tags', '')).status, 200)
})

test('compact answers hold less, and a policy of the key narrows what is there', async () => {
  const compact = await rest(intercom, { output: 'compact' }).call('get_contact', { contact_id })
  const full = await call('get_contact', { contact_id })
  assert.ok(JSON.stringify(compact.body).length < JSON.stringify(full.body).length)
  const pinned = rest(intercom, { parameterOverrides: { get_contact: { contact_id } } })
  assert.equal((await pinned.call('get_contact')).body.result.id, contact_id)
})

test('a failure holds every key of its action at its default', async () => {
  for (const { name, output } of actions) {
    const { body, status } = await call(name, { no_such_parameter: 1 })
    assert.equal(status, 422, name)
    const { error } = body
    assert.deepEqual(body, output.parse({ success: false, error }), name)
    assert.match(String(error), /invalid_input/)
  }
})

test('what is wrong with the request itself has a status of its own, and nothing is sent', async () => {
  const cases: [path: string, body: string, headers: Record<string, string>, status: number, code: string][] =
    [
      ['/actions/get_contact', '{', {}, 400, 'invalid_json'],
      ['/actions/get_contact', '"text"', {}, 422, 'invalid_input'],
      ['/actions/get_contact', 'null', {}, 422, 'invalid_input'],
      ['/actions/get_contact', '[]', {}, 422, 'invalid_input'],
      ['/actions/get_contact', '[7]', {}, 422, 'invalid_input'],
      ['/actions/get_contact', '{}', { 'Content-Type': 'text/plain' }, 415, 'unsupported_media_type'],
      ['/actions/get_contact', '{}', { 'Content-Type': 'application/jsonp' }, 415, 'unsupported_media_type'],
      ['/actions/get_contact', '{}', {}, 422, 'invalid_input'],
      [
        '/actions/get_contact',
        '{}',
        { 'Content-Type': 'application/json; charset=utf-8' },
        422,
        'invalid_input',
      ],
      ['/actions/get_contract', '{}', {}, 404, 'unknown_action'],
      ['/actions/__proto__', '{}', {}, 404, 'unknown_action'],
      ['/actions/constructor', '{}', {}, 404, 'unknown_action'],
    ]
  for (const [path, text, headers, status, code] of cases) {
    const answer = await post(path, text, headers)
    assert.deepEqual([answer.status, answer.code, answer.outcome], [status, code, 'not_sent'], path + text)
    assert.equal(answer.body.success, false)
  }
  const latin1 = new Uint8Array(Buffer.from('{"contact_id":"é"}', 'latin1'))
  const json = { 'Content-Type': 'application/json; charset=iso-8859-1' }
  const unread = await answered(
    await send('/actions/get_contact', { method: 'POST', body: latin1, headers: json }),
  )
  assert.deepEqual([unread.status, unread.code, unread.outcome], [400, 'invalid_json', 'not_sent'])
  assert.equal(
    unread.body.error,
    'get_contact: invalid_json: the body is not UTF-8. Nothing was sent. Encode it as UTF-8.',
  )
  const { status, headers } = await send('/actions/get_contact')
  assert.deepEqual([status, headers.get('allow')], [405, 'POST'])
  const posted = await send('/docs', { method: 'POST' })
  assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD'])
  for (const path of ['/', '/actions/', '/actions/a/b', '/docs/x']) {
    assert.equal((await send(path, { method: 'POST' })).status, 404, path)
  }
})

test('what the operator does not allow is 403, also by the name of an action that is switched off', async () => {
  const cases = [
    [{ readOnly: true }, 'not_allowed'],
    [{ only: ['list_tags'] }, 'not_allowed'],
    [{ deny: ['reply_to_conversation'] }, 'not_allowed'],
    [{ sends: 'off' }, 'not_allowed'],
    [{ sends: 'confirm' }, 'confirmation_unavailable'],
    [{ parameterOverrides: { reply_to_conversation: { admin_id: '1' } } }, 'not_allowed'],
  ] as const
  const before = control.outbox(1000).length
  for (const [access, code] of cases) {
    const answer = await rest(intercom, access).call('reply_to_conversation', reply)
    assert.deepEqual([answer.status, answer.code, answer.outcome], [403, code, 'not_sent'])
    assert.match(answer.body.error, /\.$/)
  }
  assert.equal(control.outbox(1000).length, before)
})

test('Intercom’s refusals keep their status, but for the one that speaks of this server’s token', async () => {
  for (const [given, expected] of [
    [400, 400],
    [401, 403],
    [403, 403],
    [404, 404],
    [409, 409],
    [410, 410],
    [422, 422],
  ] as const) {
    const route = 'POST /conversations/{id}/reply'
    const answer = await under({ kind: 'status', status: given, route }, () =>
      call('reply_to_conversation', reply),
    )
    assert.deepEqual([answer.status, answer.outcome], [expected, 'rejected'], String(given))
    assert.match(answer.headers.get('x-intercom-request-id') ?? '', /^[\w-]+$/)
  }
})

for (const fault of [
  { kind: 'status', status: 408 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'html' },
  { kind: 'reset' },
  { kind: 'hang' },
] as const) {
  test(`a send that may have arrived (${JSON.stringify(fault)}) is 409 and not to be repeated`, async () => {
    const route = 'POST /conversations/{id}/reply'
    const answer = await under({ ...fault, route }, () => callBriefly('reply_to_conversation', reply))
    assert.deepEqual([answer.status, answer.outcome], [409, 'unknown'])
    assert.equal(answer.headers.get('x-retryable'), 'false')
    assert.equal(answer.headers.get('retry-after'), null)
    assert.match(answer.body.error, /Do not send it again/)
  })
}

test('no status that hosts repeat by themselves is given to a write that may have taken effect', async () => {
  const route = 'POST /contacts/{id}/notes'
  for (const status of Array.from({ length: 200 }, (_, at) => 400 + at).filter((one) => one !== 429)) {
    const answer = await under({ kind: 'status', status, route }, () =>
      call('create_note', { contact_id, body: 'A note' }),
    )
    const repeated = [408, 425, 429].includes(answer.status) || answer.status >= 500
    assert.ok(!(repeated && answer.outcome === 'unknown'), `${status}: ${answer.status}`)
    assert.ok(![408, 425, 429].includes(answer.status), `${status}: ${answer.status}`)
    assert.equal(answer.status === 503, answer.headers.has('retry-after'), String(status))
  }
})

test('what had no effect and may be repeated is 503 with Retry-After', async (t) => {
  t.mock.method(Math, 'random', () => 0)
  for (const fault of [{ kind: 'status', status: 502 }, { kind: 'reset' }, { kind: 'hang' }] as const) {
    const read = await under({ ...fault, route: 'GET /tags' }, () => callBriefly('list_tags'))
    assert.deepEqual([read.status, read.outcome], [503, 'rejected'], JSON.stringify(fault))
  }
  const deaf = createIntercom({ accessToken, baseUrl: 'http://127.0.0.1:1', ...brief })
  const never = await rest(deaf).call('reply_to_conversation', reply)
  assert.deepEqual([never.status, never.outcome, never.headers.get('retry-after')], [503, 'not_sent', '1'])
  await deaf.close()
  const closed = await rest(deaf).call('list_tags')
  assert.deepEqual([closed.status, closed.code], [503, 'client_closed'])
})

test('a defect is no 500 where something may have been sent, and neither is an answer too deep to write', async () => {
  const broken = rest({ call: () => Promise.reject(new Error('a defect')) })
  const send = await broken.call('reply_to_conversation', reply)
  assert.deepEqual([send.status, send.code, send.outcome], [409, 'internal', 'unknown'])
  assert.equal((await broken.call('list_tags')).status, 500)
  const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as unknown
  const { trace } = await intercom.call('list_tags')
  const output = { success: true, error: null, result: { deep } }
  const nested = rest({ call: async () => ({ output, failure: null, trace }) as never })
  const answer = await nested.call('list_tags')
  assert.deepEqual([answer.status, answer.body], [200, { success: true, error: null, result: null }])
})

test('a call without a key ends when its client leaves', async () => {
  const leaving = new AbortController()
  const answer = under({ kind: 'hang', route: 'GET /tags' }, async () => {
    const response = send('/actions/list_tags', { method: 'POST', body: '', signal: leaving.signal })
    leaving.abort()
    return await response
  })
  assert.equal((await answer).headers.get('x-error-code'), 'aborted')
})

test('Retry-After is the time to the end of a used-up window, from a second to a minute, else a second', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 })
  const after = async (remaining: number, seconds: number) => {
    const rate_limit = { limit: 100, remaining, reset: 1_800_000_000 + seconds }
    const failure = {
      code: 'deadline_exceeded',
      status: null,
      outcome: 'not_sent',
      retryable: true,
      request_id: null,
    }
    const result = {
      output: { success: false, error: 'x', result: null },
      failure,
      trace: { attempts: 0, waits: [], rate_limit },
    }
    const { headers } = await rest({ call: async () => result as never }).call('list_tags')
    return headers.get('retry-after')
  }
  assert.deepEqual(
    [await after(0, 7), await after(1, 7), await after(0, 600), await after(0, 0), await after(0, -5)],
    ['7', '1', '60', '1', '1'],
  )
})

test('what a journal or an unreadable answer stopped is 503, and a code that no header takes is spelt otherwise', async () => {
  for (const [code, status, shown] of [
    ['journal_failed', 503, 'journal_failed'],
    ['unreadable_answer', 503, 'unreadable_answer'],
    ['schlüssel', 422, 'refused'],
  ]) {
    const failure = { code, status: null, outcome: 'not_sent', retryable: false, request_id: null }
    const result = {
      output: { success: false, error: 'x', result: null },
      failure,
      trace: { attempts: 0, waits: [], rate_limit: null },
    }
    const answer = await rest({ call: async () => result as never }).call('list_tags')
    assert.deepEqual([answer.status, answer.code], [status, shown])
  }
})

// The last one: Intercom's 429 stops all calls of the token for a while.
test('what the rate limit refuses is 503, and Retry-After says until when', async () => {
  const limited = await under({ kind: 'rate_limited' }, () => callBriefly('reply_to_conversation', reply))
  assert.deepEqual([limited.status, limited.headers.get('x-retryable')], [503, 'true'])
  const seconds = Number(limited.headers.get('retry-after'))
  assert.ok(seconds >= 1 && seconds <= 60, String(seconds))
})

const limitReached = {
  code: 'rate_limit_exceeded',
  status: 429,
  field: null,
  request_id: null,
  retryable: true,
  outcome: 'rejected',
  hint: null,
} as const

test('Retry-After speaks of the rate limit only where that is used up, and of no more than a minute', (t) => {
  t.mock.method(Date, 'now', () => 1_700_000_000_900)
  const after = (remaining: number, reset: number) => {
    const rate_limit = { limit: 100, remaining, reset: 1_700_000_000 + reset }
    const trace = { attempts: 1, waits: [], rate_limit, request_id: null, verified_by: null }
    const answer = envelopeResponse('{}', { failure: limitReached, trace })
    assert.equal(answer.status, 503)
    return answer.headers.get('retry-after')
  }
  assert.deepEqual([after(0, 7), after(0, 1), after(0, 60), after(0, 90)], ['7', '1', '60', '60'])
  assert.deepEqual([after(1, 7), after(99, 7)], ['1', '1'])
  assert.deepEqual([after(0, 0), after(0, -7)], ['1', '1'])
})
