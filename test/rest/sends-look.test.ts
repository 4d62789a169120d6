// POST /sends/{id}/look: what became of a send whose outcome is unknown is looked for, and nothing is sent.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { inputHash } from '../../src/core/journal.ts'
import { openJournal } from '../../src/core/sqlite-journal.ts'
import { createIntercom, type IntercomOptions } from '../../src/index.ts'
import type { HttpOptions } from '../../src/server/rest/index.ts'
import type { LookAnswer } from '../../src/server/rest/sends/look.ts'
import type { Send } from '../../src/server/rest/sends/send.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { correspondence } from '../support/correspondence.ts'
import { answered, rest } from '../support/rest.ts'

const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { accessToken, dispatcher, control } = workspace
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-look-'))
const { conversation, bodies, reply, contact_id } = await correspondence(
  createIntercom({ accessToken, dispatcher }),
)
after(async () => {
  await workspace.close()
  rmSync(folder, { recursive: true })
})

const post = 'POST /conversations/{id}/reply'
const read = 'GET /conversations/{id}'

let files = 0
function opened(t: TestContext, own: IntercomOptions = {}, http: HttpOptions = {}) {
  files += 1
  const file = join(folder, `${files}.db`)
  const journal = openJournal(file, 100)
  t.after(() => journal.close())
  t.after(() => control.clearFaults())
  const as = (idempotencyScope: string) => {
    const intercom = createIntercom({ accessToken, dispatcher, settleMs: [10], journal, ...own })
    const server = rest(intercom, { idempotencyScope, ...http })
    const one = async (id: string) => (await (await server.send(`/sends/${id}`)).json()) as Send
    return {
      ...server,
      one,
      async idOf(key: string): Promise<string> {
        const { sends } = (await (await server.send('/sends')).json()) as { sends: Send[] }
        return sends.find(({ idempotency_key }) => idempotency_key === key)?.id ?? assert.fail(key)
      },
      async look(id: string, body?: unknown) {
        const sent = body === undefined ? {} : { body: JSON.stringify(body) }
        return await answered(await server.send(`/sends/${id}/look`, { method: 'POST', ...sent }))
      },
    }
  }
  return { journal, as }
}

const stepsOf = ({ steps }: Send) => steps.map(({ step }) => step)

test('what arrived is found, recorded, and answered to the same call', async (t) => {
  const { as } = opened(t)
  const { call, idOf, look, one } = as('crm')
  const conversation_id = await conversation()
  control.addFault({ kind: 'commit_reset', route: post, count: 1 })
  control.addFault({ kind: 'status', status: 500, route: read })
  const input = reply(conversation_id, 'Arrived')
  assert.equal((await call('reply_to_conversation', input, 'arrived')).status, 409)
  const id = await idOf('arrived')
  assert.equal((await look(id)).body.look, 'unknown') // it could not be read
  control.clearFaults()

  const { status, body } = await look(id)
  const { look: came, item_id, send } = body as LookAnswer
  assert.deepEqual([status, came, send.state], [200, 'found', 'verified'])
  const { result } = await createIntercom({ accessToken, dispatcher }).getConversation({ conversation_id })
  assert.equal(item_id, result?.conversation_parts.conversation_parts.at(-1)?.id)
  assert.deepEqual(await one(id), send)
  assert.deepEqual(stepsOf(send), [
    ...['recorded', 'transmitted', 'answer_lost', 'look_failed', 'ended'],
    ...['look_failed', 'ended', 'found', 'ended'],
  ])
  const again = await call('reply_to_conversation', input, 'arrived')
  assert.deepEqual([again.status, again.headers.get('idempotent-replayed')], [200, 'true'])
  assert.deepEqual((await bodies(conversation_id)).length, 1)
  const known = await look(id)
  assert.deepEqual([known.status, known.body.code], [409, 'outcome_known'])
})

test('what a process that died has not sent is proven not to be there, by whoever has its input; then the same call sends it', async (t) => {
  const { journal, as } = opened(t)
  const { call, idOf, look, send } = as('crm')
  const conversation_id = await conversation()
  const input = reply(conversation_id, 'Died')
  const input_hash = await inputHash('reply_to_conversation', input)
  await journal.acquire({ key: 'crm:died', action: 'reply_to_conversation', input_hash }, 'dead')
  await journal.recordSend('crm:died', 'dead', Date.now())
  const id = await idOf('died')
  assert.equal((await look(id)).body.code, 'idempotency_key_in_use')
  await sleep(150) // its lease
  const refusals: [body: unknown, status: number, code: string][] = [
    [undefined, 409, 'input_needed'],
    [{ input: { ...input, body: 'Something else' } }, 422, 'idempotency_key_mismatch'],
    [{ input: 7 }, 422, 'idempotency_key_mismatch'],
    [{ body: 'Died' }, 400, 'invalid_input'],
  ]
  for (const [body, status, code] of refusals) {
    const refused = await look(id, body)
    assert.deepEqual([refused.status, refused.body.code], [status, code], JSON.stringify(body))
  }
  const { body } = await look(id, { input })
  const answer = body as LookAnswer
  assert.deepEqual([answer.look, answer.item_id, answer.send.state], ['not_there', null, 'refused'])
  assert.match(answer.send.next ?? '', /not there.*same Idempotency-Key to send it/)
  assert.deepEqual(stepsOf(answer.send).slice(-3), ['not_found', 'absent', 'ended'])
  const { sends } = (await (await send('/sends?state=refused')).json()) as { sends: Send[] }
  assert.deepEqual(
    sends.map(({ idempotency_key }) => idempotency_key),
    ['died'],
  )
  assert.deepEqual(await bodies(conversation_id), [])
  assert.equal((await call('reply_to_conversation', input, 'died')).status, 200)
  assert.deepEqual(await bodies(conversation_id), ['<p>Died</p>'])
  assert.equal((await as('crm').one(id)).state, 'sent')
})

test('what is not seen and may come late stays unknown, and nothing is sent whatever the policy', async (t) => {
  for (const onUnknown of ['verify', 'verify-then-resend', 'report'] as const) {
    const { as } = opened(t, { onUnknown })
    const { call, idOf, look } = as('crm')
    const conversation_id = await conversation()
    control.addFault({ kind: 'reset', route: post, count: 2 })
    await call('reply_to_conversation', reply(conversation_id, 'Lost'), 'lost')
    control.clearFaults()
    const { body } = await look(await idOf('lost'))
    const { look: came, says, send } = body as LookAnswer
    assert.deepEqual([came, send.state], ['unknown', 'unknown'], onUnknown)
    assert.match(says, /not seen, which proves nothing/)
    assert.equal(
      stepsOf(send).filter((step) => step === 'transmitted').length,
      onUnknown === 'verify-then-resend' ? 2 : 1,
    )
    assert.deepEqual(await bodies(conversation_id), [])
  }
})

test('an update is not looked for: it is made again, and a look does not make it', async (t) => {
  const { as } = opened(t, { deadlineMs: 2000 })
  const { call, idOf, look } = as('crm')
  control.addFault({ kind: 'commit_reset', route: 'PUT /contacts/{id}' })
  const { email } =
    (await createIntercom({ accessToken, dispatcher }).getContact({ contact_id })).result ?? {}
  const input = { email, name: 'Ada Changed' }
  assert.equal((await call('upsert_contact', input, 'update')).status, 409)
  const since = control.requests().length
  const { body } = await look(await idOf('update'))
  assert.equal(body.look, 'unknown')
  assert.match(body.says, /twice is the same as once/)
  const made = control.requests().slice(since)
  assert.ok(made.every(({ method, path }) => method === 'GET' || path.endsWith('/search')))
})

test('only who sees a send may look for it, only with POST, and only where a key tells it from others', async (t) => {
  const { as } = opened(t)
  const { call, idOf, look, send } = as('crm')
  control.addFault({ kind: 'reset', route: post, count: 1 })
  const input = reply(await conversation(), 'Of crm')
  await call('reply_to_conversation', input, 'own')
  control.addFault({ kind: 'reset', route: post, count: 1 })
  await call('reply_to_conversation', input)
  control.clearFaults()
  const id = await idOf('own')
  const other = await as('other').look(id, { input })
  assert.deepEqual([other.status, other.body.code], [404, 'no_such_send'])
  assert.equal((await send(`/sends/${id}/look`)).status, 405)
  const { sends } = (await (await send('/sends?state=unknown')).json()) as { sends: Send[] }
  const keyless = sends.find(({ idempotency_key }) => idempotency_key === null)?.id ?? ''
  assert.equal((await look(keyless)).body.code, 'no_idempotency_key')
  const { journal, as: asReader } = opened(t, {}, { only: ['get_contact'] })
  await journal.acquire({ key: 'crm:k', action: 'reply_to_conversation', input_hash: 'h' }, 'k')
  await journal.recordSend('crm:k', 'k', Date.now())
  await journal.finish('crm:k', 'k', 'unknown')
  const reader = asReader('crm')
  const refused = await reader.look(await reader.idOf('k'), { input })
  assert.deepEqual([refused.status, refused.body.code], [403, 'not_allowed'])
})
