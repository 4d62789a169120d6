import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createIntercom, type Intercom, type IntercomOptions } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { correspondence } from '../support/correspondence.ts'

// What a customer gets when answers are lost: the workspace says what really happened.
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { url, accessToken } = await workspace.listen()
const { control } = workspace
const brief: IntercomOptions = { settleMs: [20, 60], timeoutMs: 1000, deadlineMs: 5000 }

const intercom = client({})
const { admin_id, contact_id, conversation, bodies, reply } = await correspondence(intercom)
after(() => workspace.close())

/** Waits until a condition holds; the test runner's own time limit ends it. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10)
}

function client(options: IntercomOptions): Intercom {
  return createIntercom({ accessToken, baseUrl: url, ...brief, ...options })
}

for (const kind of ['commit_reset', 'commit_502', 'commit_cut', 'stall', 'cut_json'] as const) {
  test(`a reply that was stored and then lost its answer to ${kind} is a success, and is there once`, async () => {
    const id = await conversation()
    control.addFault({ kind, route: 'POST /conversations/{id}/reply', count: 1 })
    const { output, trace } = await intercom.call(
      'reply_to_conversation',
      reply(id, `After ${kind} <b>&amp; so on</b>`),
    )
    assert.deepEqual([output.success, output.error, output.result?.id], [true, null, id])
    assert.equal(trace.verified_by, 'read_back')
    assert.ok(trace.waits.some(({ reason }) => reason === 'settle'))
    assert.equal((await bodies(id)).length, 1)
  })
}

test('a reply that never was stored is unknown, and says where to look instead of sending again', async () => {
  const id = await conversation()
  control.addFault({ kind: 'reset', route: 'POST /conversations/{id}/reply', count: 1 })
  const { output, failure } = await intercom.call('reply_to_conversation', reply(id, 'Lost'))
  assert.deepEqual(
    [failure?.outcome, failure?.retryable, failure?.code],
    ['unknown', false, 'connection_lost'],
  )
  assert.match(
    String(output.error),
    new RegExp(
      `The reply may have been delivered\\. Do not send it again\\. Read the conversation with get_conversation and look for a part by admin ${admin_id} at \\d\\d:\\d\\d:\\d\\d UTC\\.$`,
    ),
  )
  assert.deepEqual(await bodies(id), [])
})

test('a reply that is stored after the last look is unknown, and is there once', async () => {
  const id = await conversation()
  control.addFault({ kind: 'cut_commit', ms: 1500, route: 'POST /conversations/{id}/reply', count: 1 })
  const { failure } = await intercom.call('reply_to_conversation', reply(id, 'Late'))
  assert.equal(failure?.outcome, 'unknown')
  await until(async () => (await bodies(id)).length > 0)
  assert.deepEqual(await bodies(id), ['<p>Late</p>'])
})

test('the late part of an unknown reply is not taken for a later reply of the same words', async () => {
  const id = await conversation()
  control.addFault({ kind: 'cut_commit', ms: 1500, route: 'POST /conversations/{id}/reply', count: 1 })
  assert.equal((await intercom.call('reply_to_conversation', reply(id, 'Twice'))).failure?.outcome, 'unknown')
  await until(async () => (await bodies(id)).length > 0)
  control.addFault({ kind: 'reset', route: 'POST /conversations/{id}/reply', count: 1 })
  const second = await intercom.call('reply_to_conversation', reply(id, 'Twice'))
  assert.deepEqual([second.failure?.outcome, await bodies(id)], ['unknown', ['<p>Twice</p>']])
})

test('a reply whose answer came is not taken for a later one of the same words', async () => {
  const id = await conversation()
  await intercom.replyToConversation(reply(id, 'Again'))
  control.addFault({ kind: 'reset', route: 'POST /conversations/{id}/reply', count: 1 })
  const { failure } = await intercom.call('reply_to_conversation', reply(id, 'Again'))
  assert.deepEqual([failure?.outcome, await bodies(id)], ['unknown', ['<p>Again</p>']])
})

test('what was stored is found by Intercom’s clock, however far it is from ours', async () => {
  for (const skew of [-30, 30]) {
    const off = await createWorkspace({ seed: 'small', rateLimit: false })
    off.control.clock.skew(skew)
    const { url: baseUrl, accessToken: token } = await off.listen()
    const there = createIntercom({ accessToken: token, baseUrl, ...brief })
    const { conversations } = await there.listConversations({ per_page: 1 })
    const { result } = await there.listAdmins()
    const by = String(result?.admins.find(({ has_inbox_seat }) => has_inbox_seat)?.id)
    off.control.addFault({ kind: 'commit_reset', route: 'POST /conversations/{id}/reply', count: 1 })
    const sent = { ...reply(String(conversations[0]?.id), 'Elsewhen'), admin_id: by }
    assert.equal((await there.call('reply_to_conversation', sent)).failure, null, `${skew} s`)
    await off.close()
  }
})

test('replies of the same words sent at once are each stored once, whatever became of the answers', async () => {
  const id = await conversation()
  control.addFault({
    kind: 'commit_502',
    route: 'POST /conversations/{id}/reply',
    probability: 0.5,
    seed: 3,
  })
  const calls = Array.from({ length: 12 }, () =>
    intercom.call('reply_to_conversation', reply(id, 'Same words')),
  )
  const results = await Promise.all(calls)
  control.clearFaults()
  assert.deepEqual(
    results.map(({ failure }) => failure),
    Array(12).fill(null),
  )
  assert.equal((await bodies(id)).length, 12)
  assert.ok(results.some(({ trace }) => trace.verified_by === 'read_back'))
})

test('with onUnknown "report" nothing is read back', async () => {
  const id = await conversation()
  control.addFault({ kind: 'commit_502', route: 'POST /conversations/{id}/reply', count: 1 })
  const { failure, trace } = await client({ onUnknown: 'report' }).call(
    'reply_to_conversation',
    reply(id, 'Hm'),
  )
  assert.deepEqual([failure?.outcome, failure?.status, trace.attempts], ['unknown', 502, 1])
})

test('with "verify-then-resend" a reply that nobody sees is sent once more, one that is seen is not', async () => {
  const again = client({ onUnknown: 'verify-then-resend' })
  for (const kind of ['reset', 'commit_reset'] as const) {
    const id = await conversation()
    control.addFault({ kind, route: 'POST /conversations/{id}/reply', count: 1 })
    const { failure } = await again.call('reply_to_conversation', reply(id, 'Once'))
    assert.deepEqual([failure, await bodies(id)], [null, ['<p>Once</p>']])
  }
})

test('a resend that lost its answer too is a success; what the first send makes later is no other send’s', async () => {
  const id = await conversation()
  const route = 'POST /conversations/{id}/reply'
  control.addFault({ kind: 'cut_commit', ms: 1500, route, count: 1 })
  control.addFault({ kind: 'commit_reset', route, count: 1 })
  const again = client({ onUnknown: 'verify-then-resend' })
  const { failure, trace } = await again.call('reply_to_conversation', reply(id, 'At last'))
  assert.deepEqual([failure, trace.verified_by], [null, 'read_back'])
  await until(async () => (await bodies(id)).length === 2)
  control.addFault({ kind: 'reset', route, count: 1 })
  const later = await again.call('reply_to_conversation', reply(id, 'At last'))
  assert.deepEqual([later.failure?.outcome, (await bodies(id)).length], ['unknown', 2])
})

for (const [message_type, body] of [
  ['comment', 'Other words'],
  ['note', 'Mine'],
] as const) {
  test(`another new ${message_type} by the same admin is not the reply, and blocks the resend`, async () => {
    const id = await conversation()
    control.clearFaults()
    control.addFault({ kind: 'reset', route: 'POST /conversations/{id}/reply', count: 1 })
    const sending = client({ onUnknown: 'verify-then-resend', settleMs: [1500] })
    const sent = sending.call('reply_to_conversation', reply(id, 'Mine'))
    await until(() => control.faults()[0]?.injected === 1)
    await intercom.replyToConversation({ ...reply(id, body), message_type })
    assert.equal((await sent).failure?.outcome, 'unknown')
    assert.deepEqual(await bodies(id), [`<p>${body}</p>`])
  })
}

test('a reply is found whatever the workspace leaves of its markup', async () => {
  for (const body of [
    '<svg><title>t</title></svg>',
    '<iframe src="x">in</iframe>z',
    'x\ud800y',
    '<img src="x">',
  ]) {
    const id = await conversation()
    control.addFault({ kind: 'commit_502', route: 'POST /conversations/{id}/reply', count: 1 })
    const { failure } = await intercom.call('reply_to_conversation', reply(id, body))
    assert.deepEqual([failure, (await bodies(id)).length], [null, 1], JSON.stringify(body))
  }
})

test('a note, an incoming message and a lead that lost their answers are found again', async () => {
  control.addFault({ kind: 'commit_reset', route: 'POST /contacts/{id}/notes', count: 1 })
  const note = await intercom.call('create_note', { contact_id, body: '<h2>A</h2><ul><li>b</li></ul>' })
  assert.deepEqual(
    [note.failure, note.trace.verified_by, note.output.result?.type],
    [null, 'read_back', 'note'],
  )

  control.addFault({ kind: 'commit_502', route: 'POST /conversations', count: 1 })
  const message = await intercom.call('send_incoming_message', { contact_id, body: 'a < b, isn’t it' })
  assert.deepEqual([message.failure, message.output.result?.body], [null, 'a < b, isn’t it'])
  const { result } = await intercom.getConversation({
    conversation_id: String(message.output.result?.conversation_id),
  })
  assert.equal(result?.source?.id, message.output.result?.id)

  control.addFault({ kind: 'commit_cut', route: 'POST /contacts', count: 1 })
  const lead = await intercom.call('upsert_contact', { email: 'lost@lead.test', role: 'lead', name: 'Lost' })
  assert.deepEqual([lead.failure, lead.output.action_type], [null, 'created'])
})

test('a search that lags proves nothing: the message and the lead are unknown, and there once', async () => {
  control.setSearchLag(60)
  control.addFault({ kind: 'commit_502', route: 'POST /conversations', count: 1 })
  const message = await intercom.call('send_incoming_message', { contact_id, body: 'Behind the index' })
  assert.equal(message.failure?.outcome, 'unknown')
  control.addFault({ kind: 'commit_502', route: 'POST /contacts', count: 1 })
  const lead = await intercom.call('upsert_contact', { email: 'lag@lead.test', role: 'lead' })
  assert.equal(lead.failure?.outcome, 'unknown')
  control.setSearchLag(0)
  const { total_count } = await intercom.searchContacts({
    query_field: 'email',
    query_value: 'lag@lead.test',
  })
  assert.equal(total_count, 1)
})

test('with "verify-then-resend" too, what only a lagging search could show is not sent again', async () => {
  control.setSearchLag(60)
  const again = client({ onUnknown: 'verify-then-resend' })
  control.addFault({ kind: 'commit_502', route: 'POST /conversations', count: 1 })
  const message = await again.call('send_incoming_message', { contact_id, body: 'Behind the index, too' })
  control.addFault({ kind: 'commit_502', route: 'POST /contacts', count: 1 })
  const lead = await again.call('upsert_contact', { email: 'lag-too@lead.test', role: 'lead' })
  control.setSearchLag(0)
  assert.deepEqual([message.failure?.outcome, lead.failure?.outcome], ['unknown', 'unknown'])
  assert.deepEqual([message.trace.attempts, lead.trace.attempts], [4, 4]) // lookup, send, two looks
})

test('upserts of one e-mail at once make one contact, also while the search lags', async () => {
  control.setSearchLag(60)
  for (const role of ['user', 'lead'] as const) {
    const email = `twins@${role}.test`
    const calls = Array.from({ length: 5 }, (_, n) =>
      intercom.upsertContact({ email, role, name: `Twin ${n}` }),
    )
    const results = await Promise.all(calls)
    assert.deepEqual(
      results.map(({ action_type, error }) => error ?? action_type),
      ['created', 'updated', 'updated', 'updated', 'updated'],
    )
    assert.equal(new Set(results.map(({ contact }) => contact?.id)).size, 1)
  }
  control.setSearchLag(0)
})

test('a message to a contact cannot be read back: it is unknown, with the evidence there is', async () => {
  const message = { from_admin_id: admin_id, to_contact_id: contact_id, subject: '', body: 'Hi' }
  control.addFault({ kind: 'commit_502', route: 'POST /messages', count: 1 })
  const { failure } = await intercom.call('send_message_to_contact', message)
  assert.equal(failure?.outcome, 'unknown')
  assert.match(
    String(failure?.hint),
    /^The message may have been delivered\. Do not send it again\..* has been contacted since then/,
  )
})

test('what was never transmitted is sent when the host is there, and not_sent when it stays away', async () => {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  const away = createIntercom({ accessToken, baseUrl: `http://127.0.0.1:${port}`, deadlineMs: 3000 })
  const { failure, trace } = await away.call('create_note', { contact_id, body: 'x' })
  assert.deepEqual([failure?.code, failure?.outcome], ['connection_refused', 'not_sent'])
  assert.ok(trace.attempts > 1)
  const calling = away.call('create_note', { contact_id, body: 'Patient' })
  const late = createServer((_, response) =>
    response.setHeader('content-type', 'application/json').end('{"id":"1"}'),
  )
  late.listen(port, '127.0.0.1')
  assert.deepEqual((await calling).output.result, { id: '1' })
  late.close()
  late.closeAllConnections()
})

test('an abort while reading back is unknown, at once', async () => {
  const id = await conversation()
  control.clearFaults()
  control.addFault({ kind: 'reset', route: 'POST /conversations/{id}/reply', count: 1 })
  const abort = new AbortController()
  const sent = client({ settleMs: [4000] }).call('reply_to_conversation', reply(id, 'x'), {
    signal: abort.signal,
  })
  await until(() => control.faults()[0]?.injected === 1)
  await sleep(100) // the connection is broken by then, and it waits to read back
  abort.abort()
  const { failure, trace } = await sent
  assert.deepEqual([failure?.outcome, trace.attempts], ['unknown', 1])
})
