import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, type Dispatcher } from 'undici'
import { createIntercom, type IntercomOptions } from '../../src/index.ts'
import { restMounts } from '../../src/server/mounts.ts'
import { journalOf } from '../../src/server/rest/idempotency.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { answered, rest } from '../support/rest.ts'
import { caller, served } from '../support/served.ts'

const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { url, accessToken } = await workspace.listen()
const { control } = workspace
const directory = mkdtempSync(join(tmpdir(), 'modulex-intercom-rest-'))
const journal = journalOf(join(directory, 'journal.db'), 2 ** 29)
const options: IntercomOptions = {
  accessToken,
  baseUrl: url,
  settleMs: [10, 20],
  timeoutMs: 10_000,
  deadlineMs: 20_000,
}
const intercom = createIntercom({ ...options, journal })
const { call } = rest(intercom, { idempotencyScope: 'agent' })
const replies = 'POST /conversations/{id}/reply'
let admin_id: string
let contact_id: string

before(async () => {
  const { result } = await intercom.listAdmins()
  admin_id = String(result?.admins.find(({ has_inbox_seat }) => has_inbox_seat)?.id)
  const { contacts } = await intercom.searchContacts({ query_field: 'role', query_value: 'user' })
  contact_id = String(contacts[0]?.id)
})
after(async () => {
  await intercom.close()
  journal.close()
  await workspace.close()
  rmSync(directory, { recursive: true })
})

async function reply(body: string) {
  const { result } = await intercom.sendIncomingMessage({ contact_id, body: `Hello ${crypto.randomUUID()}` })
  return { conversation_id: String(result?.conversation_id), reply_type: 'admin', admin_id, body }
}

async function bodies({ conversation_id }: { conversation_id: string }): Promise<string[]> {
  const { result } = await intercom.getConversation({ conversation_id })
  const parts = result?.conversation_parts.conversation_parts ?? []
  return parts.flatMap(({ body }) => (body === null ? [] : [body]))
}

const key = () => crypto.randomUUID()

/** A client whose replies wait before they are transmitted: `reached` when the first does, until `open` is called. */
function gated() {
  const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const agent = new Agent()
  const dispatcher: Pick<Dispatcher, 'dispatch'> = {
    dispatch(request, handler) {
      if (!request.path.endsWith('/reply')) return agent.dispatch(request, handler)
      reached.resolve()
      void opened.promise.then(() => agent.dispatch(request, handler))
      return true
    },
  }
  const { call, send } = rest(createIntercom({ ...options, journal, dispatcher }), {
    idempotencyScope: 'agent',
  })
  return { call, send, reached: reached.promise, open: opened.resolve, close: () => agent.close() }
}

test('a second call under a key gets the first answer, says so, and sends nothing', async () => {
  const [input, id] = [await reply('Once'), key()]
  const first = await call('reply_to_conversation', input, id)
  const second = await call('reply_to_conversation', input, id)
  assert.deepEqual([first.status, first.headers.get('idempotent-replayed')], [200, null])
  assert.deepEqual([second.status, second.headers.get('idempotent-replayed')], [200, 'true'])
  assert.deepEqual(second.body, first.body)
  assert.deepEqual(await bodies(input), ['<p>Once</p>'])
})

test('one API key cannot take the space of the others, and what it has recorded is answered still', async (t) => {
  const file = join(directory, 'full.db')
  const small = journalOf(file, 20_000)
  const own = createIntercom({ ...options, journal: small })
  t.after(() => own.close())
  const as = (idempotencyScope: string) => rest(own, { idempotencyScope }).call
  const note = (body: string) => ({ contact_id, body })
  let recorded = 0
  let full = await as('busy')('create_note', note('0'), 'k0')
  while (full.status === 200 && recorded < 200) {
    recorded += 1
    full = await as('busy')('create_note', note(String(recorded)), `k${recorded}`)
  }
  assert.ok(recorded > 1 && recorded < 70, `${recorded} were recorded`)
  assert.deepEqual([full.status, full.code, full.outcome], [422, 'journal_full', 'not_sent'])
  assert.match(JSON.stringify(full.body), /limits\.journal_bytes/)
  const again = await as('busy')('create_note', note('0'), 'k0')
  assert.deepEqual([again.status, again.headers.get('idempotent-replayed')], [200, 'true'])
  for (const scope of ['other', 'bus', 'busy2'])
    assert.equal((await as(scope)('create_note', note('x'), 'k0')).status, 200, scope)
  assert.equal((await as('busy')('create_note', note('without a key'))).status, 200)
  const reopened = journalOf(file, 20_000)
  const next = createIntercom({ ...options, journal: reopened })
  t.after(() => next.close())
  const refused = await rest(next, { idempotencyScope: 'busy' }).call('create_note', note('new'), 'new')
  assert.equal(refused.code, 'journal_full')
})

test('a final refusal is an answer too', async () => {
  const id = key()
  const input = { ...(await reply('To nobody')), conversation_id: '999999999' }
  const first = await call('reply_to_conversation', input, id)
  const second = await call('reply_to_conversation', input, id)
  assert.deepEqual([first.status, second.status], [404, 404])
  assert.deepEqual(second.body, first.body)
  assert.equal(second.headers.get('idempotent-replayed'), 'true')
})

test('of calls at once one runs, the others, of another server too, are told so at once and may come again', async (t) => {
  const other = journalOf(join(directory, 'journal.db'), 2 ** 29)
  const beside = createIntercom({ ...options, journal: other })
  t.after(() => other.close())
  const [input, id] = [await reply('Slowly'), key()]
  const gate = gated()
  t.after(gate.close)
  const order: string[] = []
  const first = gate.call('reply_to_conversation', input, id).finally(() => order.push('first'))
  await gate.reached
  for (const second of [
    await call('reply_to_conversation', input, id),
    await rest(beside, { idempotencyScope: 'agent' }).call('reply_to_conversation', input, id),
  ]) {
    order.push('second')
    assert.deepEqual([second.status, second.code, second.outcome], [409, 'idempotency_key_in_use', 'unknown'])
    assert.equal(second.headers.get('x-retryable'), 'true')
  }
  gate.open()
  assert.equal((await first).status, 200)
  assert.deepEqual(order, ['second', 'second', 'first'])
  assert.deepEqual((await call('reply_to_conversation', input, id)).body, (await first).body)
  assert.equal((await bodies(input)).length, 1)
})

test('another input or action under a key is 422, and nothing is sent', async () => {
  const [input, id] = [await reply('One'), key()]
  await call('reply_to_conversation', input, id)
  for (const other of [
    await call('reply_to_conversation', { ...input, body: 'Two' }, id),
    await call('create_note', { contact_id, body: 'One' }, id),
  ]) {
    assert.deepEqual([other.status, other.code, other.outcome], [422, 'idempotency_key_mismatch', 'not_sent'])
    assert.equal(other.headers.get('idempotent-replayed'), null)
  }
  assert.deepEqual(await bodies(input), ['<p>One</p>'])
})

test('what was not sent is not kept: the same key runs again', async () => {
  const [input, id] = [await reply('At last'), key()]
  const deaf = createIntercom({ ...options, baseUrl: 'http://127.0.0.1:1', deadlineMs: 300, journal })
  const never = await rest(deaf, { idempotencyScope: 'agent' }).call('reply_to_conversation', input, id)
  assert.deepEqual([never.status, never.outcome], [503, 'not_sent'])
  assert.equal((await call('reply_to_conversation', input, id)).status, 200)
  assert.equal((await bodies(input)).length, 1)
})

test('what is unknown stays 409 under its key, is never sent again, and is 200 when it has appeared', async () => {
  const [input, id] = [await reply('Late'), key()]
  control.addFault({ kind: 'cut_commit', ms: 1500, route: replies, count: 1 })
  const first = await call('reply_to_conversation', input, id)
  assert.deepEqual([first.status, first.outcome], [409, 'unknown'])
  assert.equal((await call('reply_to_conversation', input, id)).status, 409)
  while ((await bodies(input)).length === 0) await sleep(20)
  assert.equal((await call('reply_to_conversation', input, id)).status, 200)
  assert.equal((await bodies(input)).length, 1)
})

test('a call under a key goes on when its client leaves, who gets the outcome when they come back', async (t) => {
  const [input, id] = [await reply('For whoever comes back'), key()]
  const gate = gated()
  t.after(gate.close)
  const leaving = new AbortController()
  const first = gate.send('/actions/reply_to_conversation', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': id },
    body: JSON.stringify(input),
    signal: leaving.signal,
  })
  await gate.reached
  leaving.abort()
  gate.open()
  assert.equal((await first).status, 200)
  assert.equal((await call('reply_to_conversation', input, id)).headers.get('idempotent-replayed'), 'true')
})

test('a key that is malformed is refused, and one that nothing would keep, but not on reads', async () => {
  for (const wrong of ['', ' ', 'a b', 'a,b', 'a, b', ',', 'x'.repeat(129)]) {
    const answer = await call('create_note', { contact_id, body: 'x' }, wrong)
    assert.deepEqual([answer.status, answer.code], [400, 'invalid_idempotency_key'], JSON.stringify(wrong))
  }
  assert.equal((await call('create_note', { contact_id, body: 'x' }, 'x'.repeat(128))).status, 200)
  const without = rest(intercom)
  const refused = await without.call('create_note', { contact_id, body: 'x' }, 'k')
  assert.deepEqual([refused.status, refused.code, refused.outcome], [400, 'no_journal', 'not_sent'])
  assert.equal((await without.call('list_tags', {}, 'k')).status, 200)
  const read = await call('list_tags', {}, 'k')
  assert.deepEqual([read.status, read.headers.get('idempotent-replayed')], [200, null])
})

test('the keys of two callers never meet', async (t) => {
  const [one, two] = ['key-of-the-support-agent-0001', 'key-of-the-billing-agent-0002']
  const { url: base } = await served(t, () => new Response(), {
    mounts: restMounts(),
    callers: [one, two].map((secret) =>
      caller(secret, { intercom: createIntercom({ ...options, journal }), journaled: true }),
    ),
  })
  const note = async (secret: string, body: string) =>
    await answered(
      await fetch(`${base}/actions/create_note`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${secret}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': 'order-1',
        },
        body: JSON.stringify({ contact_id, body }),
      }),
    )
  const [first, other, again] = [await note(one, 'A'), await note(two, 'B'), await note(one, 'A')]
  assert.deepEqual([first.status, other.status, again.status], [200, 200, 200])
  assert.notEqual(first.body.result.id, other.body.result.id)
  assert.equal(again.body.result.id, first.body.result.id)
})

test('a replay is said of replays alone', async (t) => {
  const dry = createIntercom({ ...options, dryRun: true })
  t.after(() => dry.close())
  const invalid = await call('create_note', { contact_id }, key())
  assert.deepEqual([invalid.status, invalid.headers.get('idempotent-replayed')], [422, null])
  const planned = await rest(dry).call('create_note', { contact_id, body: 'x' })
  assert.deepEqual([planned.status, planned.headers.get('idempotent-replayed')], [200, null])
})
