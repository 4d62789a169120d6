// What REST answers for a call that a person has to approve, from held to its outcome.
import assert from 'node:assert/strict'
import { after, type TestContext, test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { openApprovals } from '../../src/approvals/store.ts'
import { openJournal } from '../../src/core/sqlite-journal.ts'
import { createIntercom } from '../../src/index.ts'
import { servedApprovals } from '../../src/server/approvals/serving.ts'
import { hashKey } from '../../src/server/keys.ts'
import { restMounts } from '../../src/server/mounts.ts'
import type { Access } from '../../src/tools/policy.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { approvalsFile, ask, bearer, keys, operators } from '../support/approvals-desk.ts'
import { correspondence } from '../support/correspondence.ts'
import { caller, served } from '../support/served.ts'

const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { accessToken, dispatcher } = workspace
const { conversation, bodies, reply } = await correspondence(createIntercom({ accessToken, dispatcher }))
after(() => workspace.close())

const hourMs = 3_600_000
const path = 'POST /actions/reply_to_conversation'

/** A server whose callers need a person for sends, over one workspace. */
async function inbox(t: TestContext, access: Access = { sends: 'confirm' }, own: { waiting?: number } = {}) {
  let now = Date.now()
  const file = approvalsFile(t)
  const store = openApprovals(file, { now: () => now, ...own })
  const journal = openJournal(`${file}.journal`)
  const approvals = servedApprovals({ store, operators, publicUrl: 'https://mcp.example.com' })
  const made = (name: string, key: string) => ({
    ...caller(key),
    keyHash: hashKey(key),
    name,
    intercom: createIntercom({ accessToken, dispatcher, journal, settleMs: [20] }),
    access,
    output: 'full' as const,
    journaled: true,
    approvals: approvals.heldBy(name),
  })
  const { url } = await served(t, () => new Response(), {
    callers: [made('agent', keys.agent), made('other', keys.other)],
    mounts: [...restMounts(), approvals.mount],
    hosts: ['mcp.example.com'],
  })
  t.after(async () => {
    await approvals.close()
    journal.close()
  })
  return {
    url,
    store,
    approvals,
    pass(ms: number) {
      now += ms
    },
    call: (input: object, headers: Record<string, string> = {}) =>
      ask(url, path, { ...bearer(keys.agent), ...headers }, input),
    decide: (id: string, decision: object) =>
      ask(url, `POST /approvals/${id}/decision`, bearer(keys.ada), decision),
  }
}

test('a call that needs a person answers 202, and its outcome once it was approved', async (t) => {
  const { url, call, decide } = await inbox(t)
  const conversation_id = await conversation()
  const input = reply(conversation_id, 'Approved over REST')
  const held = await call(input)
  const id = held.headers.get('location')?.replace('/approvals/', '') ?? ''
  assert.match(id, /^apr_/)
  assert.deepEqual(
    ['x-error-code', 'x-outcome', 'x-retryable', 'retry-after', 'cache-control'].map((name) =>
      held.headers.get(name),
    ),
    ['held', 'not_sent', 'true', '30', 'no-store'],
  )
  assert.equal(held.status, 202)
  assert.equal(held.body.success, false)
  assert.ok(held.body.error.includes(`https://mcp.example.com/approvals/${id}`), held.body.error)
  assert.equal((await call(input)).headers.get('location'), `/approvals/${id}`)
  assert.deepEqual(await bodies(conversation_id), [])
  const own = await ask(url, `GET /approvals/${id}`, bearer(keys.agent))
  assert.deepEqual(
    [own.body.state, own.body.decision, own.headers.get('retry-after')],
    ['waiting', null, '30'],
  )

  const decided = await decide(id, { decision: 'approve' })
  assert.deepEqual(
    [decided.status, decided.body.state, decided.body.outcome.output.success],
    [200, 'done', true],
  )
  for (const _ of [1, 2]) {
    const { status, headers, body } = await call(input)
    assert.deepEqual([status, body.success, body.error], [200, true, null])
    assert.deepEqual([headers.get('x-approval'), headers.get('x-approval-decision')], [id, 'approve'])
  }
  assert.equal((await bodies(conversation_id)).length, 1, 'sent once')
  const done = await ask(url, `GET /approvals/${id}`, bearer(keys.agent))
  assert.deepEqual([done.body.state, done.body.decision, done.body.output.success], ['done', 'approve', true])
})

test('what a person changed is what is sent, and the caller learns it', async (t) => {
  const { url, call, decide } = await inbox(t)
  const conversation_id = await conversation()
  const input = reply(conversation_id, 'Draft of the agent')
  const id = (await call(input)).headers.get('location')?.replace('/approvals/', '') ?? ''
  const wrong = await decide(id, { decision: 'approve', input: { conversation_id: '1' } })
  assert.deepEqual([wrong.status, wrong.body.code], [422, 'not_editable'])
  const edited = await decide(id, { decision: 'approve', input: { body: 'Text of a person' } })
  assert.deepEqual([edited.status, edited.body.state], [200, 'done'])
  const { status, headers } = await call(input)
  assert.deepEqual([status, headers.get('x-approval-decision')], [200, 'edit'])
  const [sent, ...more] = await bodies(conversation_id)
  assert.match(String(sent), /Text of a person/)
  assert.equal(more.length, 0)
  const { body } = await ask(url, `GET /approvals/${id}`, bearer(keys.agent))
  assert.deepEqual([body.decision, body.edited.body], ['edit', 'Text of a person'])
})

test('a declined call answers 403 with the reason, and sends nothing', async (t) => {
  const { call, decide } = await inbox(t)
  const conversation_id = await conversation()
  const input = reply(conversation_id, 'Never to be sent')
  const id = (await call(input)).headers.get('location')?.replace('/approvals/', '') ?? ''
  await decide(id, { decision: 'decline', reason: 'The wrong customer' })
  const { status, headers, body } = await call(input)
  assert.deepEqual(
    [status, headers.get('x-error-code'), headers.get('x-outcome')],
    [403, 'not_confirmed', 'not_sent'],
  )
  assert.match(body.error, /The wrong customer/)
  assert.deepEqual([headers.get('x-approval'), headers.get('x-approval-decision')], [id, 'decline'])
  assert.deepEqual(await bodies(conversation_id), [])
})

test('what nobody decided on in time lapses: the next call waits anew, and says so', async (t) => {
  const { url, call, pass } = await inbox(t)
  const input = reply(await conversation(), 'Too late')
  const first = (await call(input)).headers.get('location')
  pass(24 * hourMs)
  const second = await call(input)
  assert.equal(second.status, 202)
  assert.notEqual(second.headers.get('location'), first)
  assert.match(second.body.error, /earlier approval .* lapsed/)
  const { body } = await ask(url, `GET ${first}`, bearer(keys.agent))
  assert.equal(body.state, 'lapsed')
})

test('nobody is asked about a note, a read, or what could not be sent', async (t) => {
  const { url, call, store } = await inbox(t)
  const conversation_id = await conversation()
  const note = { ...reply(conversation_id, 'For the team'), message_type: 'note' }
  assert.equal((await call(note)).status, 200)
  assert.equal((await ask(url, 'POST /actions/list_tags', bearer(keys.agent), {})).status, 200)
  assert.equal((await call({ ...reply(conversation_id, 'x'), body: undefined })).status, 422)
  assert.equal((await call(reply('987654321', 'To nobody'))).status, 404)
  assert.deepEqual(await store.list(), [])
})

test('an Idempotency-Key is a call of its own, and answers its outcome', async (t) => {
  const { call, decide, store } = await inbox(t)
  const conversation_id = await conversation()
  const input = reply(conversation_id, 'Under a key')
  const under = (key: string, given: object = input) => call(given, { 'Idempotency-Key': key })
  const held = [await under('one'), await under('one'), await under('two')]
  const [one, same, two] = held.map(
    ({ headers }) => headers.get('location')?.replace('/approvals/', '') ?? '',
  )
  assert.deepEqual([one === same, one === two], [true, false])
  const other = await under('one', reply(conversation_id, 'Another text'))
  assert.deepEqual([other.status, other.headers.get('x-error-code')], [422, 'idempotency_key_mismatch'])
  await decide(String(one), { decision: 'approve' })
  assert.equal((await under('one')).status, 200)
  assert.equal((await under('two')).status, 202)
  assert.equal((await bodies(conversation_id)).length, 1)
  assert.equal((await store.counts()).waiting, 1)
})

test('the document tells of calls that wait, and what it says of an approval holds', async (t) => {
  const { url, call, decide } = await inbox(t)
  const { body: api } = await ask(url, 'GET /openapi.json', bearer(keys.agent))
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(api)))
  assert.ok(valid, JSON.stringify(errors))
  const { responses } = api.paths['/actions/reply_to_conversation'].post
  assert.deepEqual(responses['202'], { $ref: '#/components/responses/Held' })
  assert.equal(api.paths['/actions/list_tags'].post.responses['202'], undefined)
  assert.deepEqual(
    Object.keys(api.paths['/approvals/{id}']),
    ['get'],
    'no decision: that is no matter of a caller',
  )
  const conforms = new Ajv2020({ strict: false }).compile(api.components.schemas.Approval)
  const ids = []
  for (const body of ['Waits', 'Is declined', 'Is sent']) {
    const { headers } = await call(reply(await conversation(), body))
    ids.push(headers.get('location')?.replace('/approvals/', '') ?? '')
  }
  await decide(String(ids[1]), { decision: 'decline' })
  await decide(String(ids[2]), { decision: 'approve', input: { body: 'Another text' } })
  for (const id of ids) {
    const { body } = await ask(url, `GET /approvals/${id}`, bearer(keys.agent))
    const fits: boolean = conforms(body)
    assert.ok(fits, JSON.stringify(conforms.errors))
    assert.deepEqual(Object.keys(Object(body)), api.components.schemas.Approval.required)
  }
})

test("a caller's metrics tell how many of its calls wait, and how many were decided", async (t) => {
  const { url, call, decide } = await inbox(t)
  const conversation_id = await conversation()
  const id = (await call(reply(conversation_id, 'One'))).headers.get('location')?.replace('/approvals/', '')
  await call(reply(conversation_id, 'Two'))
  await decide(String(id), { decision: 'decline' })
  const states = async (key: string) => {
    const { body } = await ask(url, 'GET /metrics', bearer(key))
    return String(body).match(/^modulex_intercom_approvals\{.*$/gm)
  }
  assert.deepEqual((await states(keys.agent))?.slice(0, 3), [
    'modulex_intercom_approvals{state="waiting"} 1',
    'modulex_intercom_approvals{state="approved"} 0',
    'modulex_intercom_approvals{state="declined"} 1',
  ])
  assert.deepEqual((await states(keys.other))?.[0], 'modulex_intercom_approvals{state="waiting"} 0')
})

test('what one key may have waiting is bounded', async (t) => {
  const { call } = await inbox(t, { sends: 'confirm' }, { waiting: 2 })
  const conversation_id = await conversation()
  const statuses = []
  for (const body of ['One', 'Two', 'Three', 'Two'])
    statuses.push((await call(reply(conversation_id, body))).status)
  assert.deepEqual(statuses, [202, 202, 429, 202])
  const full = await call(reply(conversation_id, 'Four'))
  const { headers } = full
  assert.deepEqual([headers.get('x-error-code'), headers.get('retry-after')], ['too_many_approvals', '30'])
  assert.match(full.body.error, /2 calls of this caller wait for a person/)
})

test('approve names exactly what needs a person', async (t) => {
  const { url, call } = await inbox(t, { sends: 'allow', approve: ['create_note'] })
  assert.equal((await call(reply(await conversation(), 'Sent at once'))).status, 200)
  const contact = await ask(url, 'POST /actions/search_contacts', bearer(keys.agent), {
    query_field: 'role',
    query_value: 'user',
  })
  const note = { contact_id: contact.body.contacts[0].id, body: 'A note that needs a person' }
  assert.equal((await ask(url, 'POST /actions/create_note', bearer(keys.agent), note)).status, 202)
})
