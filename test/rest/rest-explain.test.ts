import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { holding, openApprovals } from '../../src/approvals/index.ts'
import { createIntercom, type IntercomOptions } from '../../src/index.ts'
import type { HttpOptions } from '../../src/server/rest/index.ts'
import { intercomTools } from '../../src/tools/functions.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { actionExamples } from '../support/action-examples.ts'
import { rest } from '../support/rest.ts'
import { toolsetExamples, toolsetSubjects } from '../support/toolset-examples.ts'

const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { accessToken, dispatcher, control } = workspace
control.clock.freeze()
const home = mkdtempSync(join(tmpdir(), 'rest-explain-'))
const options = { accessToken, dispatcher, toolsets: ['all'], settleMs: [10, 20] } satisfies IntercomOptions
const intercom = createIntercom(options)
const journaled = createIntercom({ ...options, journal: join(home, 'sends.db') })
const of = await toolsetSubjects(intercom)
const examples = { ...actionExamples, ...toolsetExamples } as Record<string, (given: typeof of) => object>
const reply = actionExamples.reply_to_conversation(of)
after(async () => {
  await journaled.close()
  await workspace.close()
  rmSync(home, { recursive: true })
})

const json = { 'Content-Type': 'application/json' }

/** Calls with a query, in memory. */
function asking(query: string, client = intercom, given: HttpOptions = {}) {
  const { post } = rest(client, given)
  return (name: string, input: object = {}, headers: Record<string, string> = {}) =>
    post(`/actions/${name}${query}`, JSON.stringify(input), { ...json, ...headers })
}

/** What any write has changed. */
const changed = (since: number) => control.changes({ since }).changes.length
const now = () => control.newestChange

test('a dry run of every action reads for real and writes nothing', async () => {
  const dry = asking('?dry_run=true')
  const at = now()
  for (const name of intercom.actions) {
    const { status, outcome, body } = await dry(name, examples[name]?.(of))
    assert.deepEqual([status, outcome, body.success], [200, 'success', true], name)
  }
  assert.equal(changed(at), 0)
  const { body } = await dry('reply_to_conversation', reply)
  assert.deepEqual(body.result.dry_run, true)
  assert.equal(body.result.path, `/conversations/${of.conversation}/reply`)
})

test('under a client that only runs dry, false does not undo it', async () => {
  const at = now()
  const dry = createIntercom({ ...options, dryRun: true })
  for (const query of ['', '?dry_run=false', '?dry_run=true']) {
    const { body } = await asking(query, dry)('create_note', { contact_id: of.contact, body: 'A note' })
    assert.equal(body.result.dry_run, true, query)
  }
  assert.equal(changed(at), 0)
})

test('a query that asks for anything else is refused, so that a misspelt dry run is no call', async () => {
  const at = now()
  const queries = [
    '?dryRun=true',
    '?dry-run=true',
    '?DRY_RUN=true',
    '?dry_run',
    '?dry_run=1',
    '?dry_run=TRUE',
  ]
  for (const query of [
    ...queries,
    '?explain=yes',
    '?contact_id=7',
    '?dry_run=false&dry_run=true',
    '?=true',
  ]) {
    const { status, outcome, code, body } = await asking(query)('reply_to_conversation', reply)
    assert.deepEqual([status, outcome, code], [400, 'not_sent', 'invalid_query'], query)
    assert.match(body.error, /dry_run.*Nothing was sent\.$/, query)
  }
  assert.equal(changed(at), 0)
  assert.equal((await asking('?dry_run=false&explain=false')('list_tags')).body.success, true)
})

test('in code too, a dry run that is misspelt or no boolean is refused', async () => {
  for (const wrong of [{ dryRun: 'true' }, { dry_run: true }, { dryrun: true }]) {
    const { failure } = await intercom.call('create_note' as string, reply, wrong as never)
    assert.deepEqual([failure?.code, failure?.outcome], ['invalid_input', 'not_sent'], JSON.stringify(wrong))
  }
})

test('a dry run keeps to the policy, holds nothing and records nothing under its key', async () => {
  const off = await asking('?dry_run=true', intercom, { sends: 'off' })('reply_to_conversation', reply)
  assert.deepEqual([off.status, off.code], [403, 'not_allowed'])
  const unasked = await asking('?dry_run=true', intercom, { sends: 'confirm' })(
    'reply_to_conversation',
    reply,
  )
  assert.deepEqual([unasked.status, unasked.code], [403, 'confirmation_unavailable'])
  const store = openApprovals(join(home, 'approvals.db'))
  const approvals = holding(store, { caller: 'test' })
  const access = { sends: 'confirm', approvals, idempotencyScope: 'test' } as const
  const key = { 'Idempotency-Key': 'one' }
  const at = now()
  const dry = await asking('?dry_run=true', journaled, access)('reply_to_conversation', reply, key)
  assert.deepEqual([dry.status, dry.body.result.dry_run], [200, true])
  assert.deepEqual(await store.list(), [])
  const malformed = await asking('?dry_run=true', journaled, access)(
    'create_note',
    {},
    { 'Idempotency-Key': 'a,b' },
  )
  assert.equal(malformed.code, 'invalid_idempotency_key')
  const held = await asking('?explain=true', journaled, access)('reply_to_conversation', reply, key)
  assert.deepEqual([held.status, held.body.outcome, held.body.requests], [202, 'not_sent', []])
  assert.equal(held.headers.get('location'), `/approvals/${held.body.failure.approval.id}`)
  assert.equal(changed(at), 0)
  store.close()
})

test('an explanation holds the very envelope, what a model reads, and each request as it was sent', async () => {
  const api = await (await rest(intercom, { toolsets: ['all'] }).send('/openapi.json')).json()
  const ajv = new Ajv2020({ strict: false }).addSchema(api as object, 'api')
  const tools = intercomTools(intercom)
  for (const name of intercom.actions) {
    const input = examples[name]?.(of) ?? {}
    control.snapshot('before')
    const plain = await asking('')(name, input)
    control.restore('before')
    const model = await tools.call(name, input)
    control.restore('before')
    const { status, headers, body } = await asking('?explain=true')(name, input)
    control.restore('before')
    assert.ok(
      ajv.validate({ $ref: 'api#/components/schemas/Explanation' }, body),
      `${name} ${ajv.errorsText()}`,
    )
    const steady = (value: unknown) => JSON.stringify(value).replace(/\d{10}/g, 'a second')
    assert.equal(steady(body.envelope), steady(plain.body), name)
    assert.equal(steady(body.compact), steady(model.text), name)
    assert.deepEqual([status, headers.get('x-outcome')], [plain.status, plain.outcome], name)
    assert.equal(body.requests.length, body.trace.attempts, name)
    assert.ok(
      body.requests.every(
        ({ status, transmitted }: Record<string, unknown>) => transmitted === true && Number(status) >= 200,
      ),
      name,
    )
    assert.ok(!JSON.stringify(body).includes(accessToken))
  }
  const { body } = await asking('?explain=true')('create_note', { contact_id: of.contact, body: 'A note' })
  const { ms, ...request } = body.requests.at(-1)
  const own = { planned: false, transmitted: true, status: 200 }
  const path = `/contacts/${of.contact}/notes`
  assert.deepEqual(request, { attempt: 1, method: 'POST', path, body: { body: 'A note' }, ...own })
  assert.ok(ms >= 0)
})

test('an explained dry run shows the request that was not sent behind those that were', async () => {
  const { body } = await asking('?dry_run=true&explain=true')('close_conversation', {
    conversation_id: of.open,
  })
  const seen = body.requests.map(({ method, planned, transmitted }: Record<string, unknown>) => [
    method,
    planned,
    transmitted,
  ])
  assert.deepEqual(seen.at(-1), ['POST', true, false])
  assert.ok(seen.slice(0, -1).every(([method, planned]: unknown[]) => method === 'GET' && planned === false))
  assert.equal(body.dry_run, true)
})

test('failures are explained with the same status; every attempt is there, and an answer that was lost has no status', async () => {
  const { id } = control.addFault({ kind: 'reset', route: 'POST /conversations/{id}/reply' })
  const lost = await asking('?explain=true')('reply_to_conversation', reply)
  control.clearFaults(id)
  assert.deepEqual([lost.status, lost.body.outcome, lost.body.failure.outcome], [409, 'unknown', 'unknown'])
  const first = lost.body.requests.find(({ method }: { method: string }) => method === 'POST')
  assert.deepEqual([first.transmitted, first.status], [true, null])
  const wrong = await asking('?explain=true')('get_contact', { contact: 'x' })
  assert.deepEqual([wrong.status, wrong.body.requests, wrong.body.failure.code], [422, [], 'invalid_input'])
  assert.equal(wrong.body.compact, wrong.body.envelope.error)
  const unread = await rest(intercom).post('/actions/get_contact?explain=true', '{', json)
  assert.deepEqual([unread.status, unread.body.failure.code], [400, 'invalid_json'])
})

test('a repeated key is explained as replayed, with no request', async () => {
  const explained = asking('?explain=true', journaled, { idempotencyScope: 'test' })
  const key = { 'Idempotency-Key': 'two' }
  const first = await explained('reply_to_conversation', reply, key)
  const second = await explained('reply_to_conversation', reply, key)
  assert.deepEqual([first.body.replayed, second.body.replayed], [false, true])
  assert.deepEqual([second.body.requests, second.headers.get('idempotent-replayed')], [[], 'true'])
  assert.deepEqual(second.body.envelope, first.body.envelope)
})

test('long bodies and many requests are left out, and counted', async () => {
  const { body } = await asking('?explain=true')('create_note', {
    contact_id: of.contact,
    body: 'x'.repeat(70_000),
  })
  const last = body.requests.at(-1)
  assert.deepEqual([last.body, last.body_left_out > 70_000], [null, true])
})

test('a compact key is explained by its own envelope', async () => {
  const compact = { output: 'compact' } as const
  const [plain, explained] = await Promise.all(
    ['', '?explain=true'].map((query) =>
      asking(query, intercom, compact)('get_contact', { contact_id: of.contact }),
    ),
  )
  assert.deepEqual(explained?.body.envelope, plain?.body)
})

test('the list of actions names toolsets, what a person may have to approve, and whether keys are taken', async () => {
  const approvals = holding(openApprovals(join(home, 'listed.db')), { caller: 'test' })
  const { send } = rest(journaled, { sends: 'confirm', approvals })
  const listed = (await (await send('/actions')).json()) as {
    actions: Record<string, unknown>[]
    idempotency_keys: boolean
  }
  const { actions, idempotency_keys } = listed
  assert.equal(idempotency_keys, false)
  const named = (name: string) => {
    const { toolset, destructive, may_be_held } = actions.find((one) => one['name'] === name) ?? {}
    return [toolset, destructive, may_be_held]
  }
  assert.deepEqual(named('get_contact'), [null, false, false])
  assert.deepEqual(named('delete_contact'), ['contacts', true, true])
  assert.deepEqual(named('reply_to_conversation'), [null, false, true])
})
