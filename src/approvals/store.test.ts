import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, type TestContext, test } from 'node:test'
import type { Preview } from '../core/preview.ts'
import type { Approval, ApprovalStore, Change, HeldCall } from './approval.ts'
import { limits, openApprovals } from './store.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-approvals-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0

const noon = Date.UTC(2026, 2, 10, 12)
const hour = 3_600_000
const day = 24 * hour

const preview: Preview = {
  to: [],
  from: null,
  conversation: null,
  channel: 'e-mail',
  text: 'Hello',
  shown: null,
  textParameter: 'body',
  attachments: [],
  notes: [],
}
const call: HeldCall = {
  caller: 'crm',
  workspace: 'w',
  action: 'reply_to_conversation',
  input: { conversation_id: '7', reply_type: 'admin', admin_id: '1', body: 'Hello' },
  preview,
  asked_by: 'A client',
}

/** A store on a clock that the test sets. `again` opens the same file once more, as another process does. */
function opened(t: TestContext, options: { waiting?: number } = {}) {
  const file = join(folder, `${++files}.db`)
  let now = noon
  const again = () => {
    const store = openApprovals(file, { now: () => now, ...options })
    t.after(() => store.close())
    return store
  }
  const at = (ms: number) => {
    now = noon + ms
  }
  return { file, store: again(), again, at }
}

const approve = (store: ApprovalStore, { id }: Approval) => store.decide(id, { approve: true }, 'Ann', 'cli')
const done = { output: { success: true as const, error: null }, failure: null }

test('a held call waits under an id that nobody can guess, and holds what would be sent', async (t) => {
  const { store } = opened(t)
  const held = await store.hold(call)
  assert.match(held.id, /^apr_[\w-]{22}$/)
  const { caller, workspace, action, input, asked_by } = call
  const told = { caller, identity: null, workspace, action, input, preview, asked_by }
  const { id, ...rest } = held
  assert.deepEqual(rest, {
    ...told,
    ...{ created_at: noon, expires_at: noon + day, state: 'waiting', decided_at: null, decided_by: null },
    ...{ road: null, reason: null, edited: null, act_by: null, outcome: null },
  })
  assert.deepEqual(await store.get(id), held)
  assert.equal(await store.get('apr_of_nobody'), null)
})

test('the same call is one approval, whatever the order of its parameters; any difference makes another', async (t) => {
  const { store, again } = opened(t)
  const { id } = await store.hold(call)
  const { body, ...others } = call.input as Record<string, string>
  assert.equal((await again().hold({ ...call, input: { body, ...others, snooze: undefined } })).id, id)
  assert.equal((await store.find(call))?.approval.id, id)
  const differing: Partial<HeldCall>[] = [
    { caller: 'other' },
    { workspace: 'other' },
    { action: 'create_note' },
    { input: { ...others, body: 'Hello ' } },
    { idempotencyKey: 'key' },
  ]
  const ids = await Promise.all(
    differing.map(async (change) => (await store.hold({ ...call, ...change })).id),
  )
  assert.equal(new Set([id, ...ids]).size, 6)
})

test('an idempotency key belongs to one call of its caller', async (t) => {
  const { store } = opened(t)
  const keyed = { ...call, idempotencyKey: 'key' }
  const { id } = await store.hold(keyed)
  assert.equal((await store.hold(keyed)).id, id)
  const other = { ...keyed, input: { body: 'Other' } }
  await assert.rejects(store.hold(other), { code: 'idempotency_key_mismatch' })
  await assert.rejects(store.find(other), { code: 'idempotency_key_mismatch' })
  assert.notEqual((await store.hold({ ...other, caller: 'another' })).id, id)
})

test('of two who decide at once one holds, and the other is told who decided what', async (t) => {
  const { store, again } = opened(t)
  const { id } = await store.hold(call)
  const other = again()
  const [first, second] = await Promise.allSettled([
    store.decide(id, { approve: true }, 'Ann', 'page'),
    other.decide(id, { decline: 'Not like this' }, 'Bob\u001b[2J', 'cli'),
  ])
  assert.equal(first.status, 'fulfilled')
  assert.ok(second.status === 'rejected')
  assert.equal(second.reason.code, 'already_decided')
  assert.match(
    second.reason.message,
    /^approval apr_\S+ was approved by Ann at 2026-03-10T12:00:00.000Z \(page\)$/,
  )
  const { state, decided_by, road, reason, act_by } = (await other.get(id)) as Approval
  assert.deepEqual([state, decided_by, road, reason, act_by], ['approved', 'Ann', 'page', null, noon + hour])
  await assert.rejects(store.decide('apr_none', { approve: true }, 'Ann', 'cli'), {
    code: 'no_such_approval',
  })
})

test('a decline keeps its reason, and answers the same call for a day', async (t) => {
  const { store, at } = opened(t)
  const { id } = await store.hold(call)
  const declined = await store.decide(id, { decline: '  Too late  ' }, 'Ann', 'api')
  assert.deepEqual([declined.state, declined.reason, declined.act_by], ['declined', 'Too late', null])
  at(day - 1)
  assert.equal((await store.hold(call)).id, id)
  at(day)
  assert.equal((await store.find(call))?.live, false)
  assert.notEqual((await store.hold(call)).id, id)
})

test('under an idempotency key a decision answers for as long as it is kept', async (t) => {
  const { store, at } = opened(t)
  const keyed = { ...call, idempotencyKey: 'key' }
  const { id } = await store.hold(keyed)
  await store.decide(id, { decline: null }, 'Ann', 'api')
  at(29 * day)
  assert.equal((await store.hold(keyed)).id, id)
})

test('a caller that can ask its own user asks anew what they declined, and what it was told the outcome of', async (t) => {
  const { store } = opened(t)
  const asking = { ...call, asksAnew: true }
  const { id } = await store.hold(asking)
  await store.decide(id, { decline: null }, 'the user', 'elicitation')
  assert.equal((await store.hold(call)).id, id)
  const second = await store.hold(asking)
  assert.notEqual(second.id, id)
  await store.decide(second.id, { approve: true }, 'the user', 'elicitation')
  await store.finish(second.id, done)
  assert.equal((await store.hold(asking)).id, second.id, 'it has not been told')
  await store.tell(second.id)
  const third = await store.hold(asking)
  assert.notEqual(third.id, second.id)
  await store.decide(third.id, { decline: null }, 'Ann', 'page')
  assert.equal((await store.hold(asking)).id, third.id, 'an operator declined')
})

test('nobody decides on what has lapsed, and the same call is then another approval', async (t) => {
  const { store, again, at } = opened(t)
  const { id } = await store.hold(call)
  at(day)
  await assert.rejects(approve(again(), { id } as Approval), {
    code: 'approval_lapsed',
    message: `approval ${id} has lapsed: nobody decided on it in time`,
  })
  assert.equal((await store.get(id))?.state, 'lapsed')
  assert.notEqual((await store.hold(call)).id, id)
})

test('an approved call is begun within the hour, through one journal only', async (t) => {
  const { store, again, at } = opened(t)
  const held = await store.hold(call)
  assert.equal(await store.begin(held.id, 'a'), 'ended')
  await approve(store, held)
  assert.equal(await store.begin(held.id, 'a'), 'begun')
  assert.equal(await again().begin(held.id, 'a'), 'begun')
  assert.equal(await again().begin(held.id, 'b'), 'elsewhere')
  at(hour)
  assert.equal(await store.begin(held.id, 'a'), 'late')
  assert.equal(await store.lapse(), 0, 'its journal may know of a send')
  assert.equal((await store.expire(held.id, 'b')).state, 'approved')
  assert.equal((await store.expire(held.id, 'a')).state, 'lapsed')
})

test('a call is made through the journal of whoever held it', async (t) => {
  const { store, at } = opened(t)
  const held = await approve(store, await store.hold({ ...call, journal: 'a' }))
  assert.equal(await store.begin(held.id, 'b'), 'elsewhere')
  at(2000)
  assert.deepEqual(await store.due('w', 'b', 10), [])
  assert.equal(await store.begin(held.id, 'a'), 'begun')
  const never = await approve(store, await store.hold({ ...call, caller: 'other', journal: 'a' }))
  at(2 * hour)
  assert.equal(await store.lapse(), 1, 'nobody has begun it')
  assert.equal((await store.get(never.id))?.state, 'lapsed')
  assert.equal((await store.get(held.id))?.state, 'approved')
})

test('an approved call that nobody has begun lapses by itself', async (t) => {
  const { store, at } = opened(t)
  const held = await approve(store, await store.hold(call))
  at(hour)
  assert.equal(await store.lapse(), 1)
  assert.equal((await store.get(held.id))?.state, 'lapsed')
  assert.equal(await store.begin(held.id, 'a'), 'ended')
})

test('the first known outcome stays; an unknown one gives way to it', async (t) => {
  const { store } = opened(t)
  const { id } = await approve(store, await store.hold(call))
  const failure = { code: 'timeout', outcome: 'unknown' as const, retryable: false, hint: null }
  const unknown = {
    output: { success: false as const, error: 'timeout' },
    failure: { ...failure, status: null, field: null, request_id: null },
  }
  assert.deepEqual((await store.finish(id, unknown)).outcome, unknown)
  assert.deepEqual((await store.finish(id, done)).outcome, done)
  assert.deepEqual((await store.finish(id, unknown)).outcome, done)
  assert.equal((await store.get(id))?.state, 'done')
})

test('only the text that a person was shown can be edited, and only into what could be sent', async (t) => {
  const { store } = opened(t)
  const { id } = await store.hold(call)
  const edit = (edited: unknown) => store.decide(id, { approve: true, edited }, 'Ann', 'page')
  await assert.rejects(edit({ conversation_id: '8' }), { code: 'not_editable' })
  await assert.rejects(edit({ body: 'Hi', admin_id: '2' }), { code: 'not_editable' })
  await assert.rejects(edit({ attachment_urls: ['https://example.com/x'] }), { code: 'not_editable' })
  for (const wrong of [' \n', 7, 'x'.repeat(100_001)])
    await assert.rejects(edit({ body: wrong }), { code: 'invalid_input' })
  await assert.rejects(edit('Hi'), { code: 'invalid_input' })
  assert.equal((await store.get(id))?.state, 'waiting')
  const edited = await edit({ ...(call.input as object), body: 'Hi' })
  assert.deepEqual(edited.edited, { ...(call.input as object), body: 'Hi' })
  assert.deepEqual(edited.input, call.input)

  const same = await store.hold({ ...call, caller: 'same' })
  const approved = await store.decide(same.id, { approve: true, edited: { body: 'Hello' } }, 'Ann', 'page')
  assert.equal(approved.edited, null)

  const blind = await store.hold({ ...call, caller: 'blind', preview: null })
  const decision = { approve: true as const, edited: { body: 'Hi' } }
  await assert.rejects(store.decide(blind.id, decision, 'Ann', 'page'), { code: 'not_editable' })
})

test('one caller can neither fill the file nor keep others from it', async (t) => {
  const { store } = opened(t, { waiting: 2 })
  const numbered = (number: number) => ({ ...call, input: { body: `${number}` } })
  const first = await store.hold(numbered(1))
  await store.hold(numbered(2))
  await assert.rejects(store.hold(numbered(3)), { code: 'too_many_approvals', retryable: true })
  assert.equal((await store.hold(numbered(1))).id, first.id)
  await store.hold({ ...numbered(3), caller: 'other' })
  await store.decide(first.id, { decline: null }, 'Ann', 'cli')
  await store.hold(numbered(3))
  const large = { ...call, caller: 'large', input: { body: 'x'.repeat(limits.bytesOfCall) } }
  await assert.rejects(store.hold(large), { code: 'approval_too_large' })
  const bytes = JSON.stringify(numbered(1).input).length + JSON.stringify(call.preview).length
  t.mock.property(limits, 'bytesOfCaller', bytes + 10)
  await assert.rejects(store.hold({ ...large, input: { body: 'x'.repeat(100) } }), {
    code: 'too_many_approvals',
  })
  const only = await store.hold({ ...numbered(1), caller: 'once' })
  await assert.rejects(store.hold({ ...numbered(2), caller: 'once' }), { code: 'too_many_approvals' })
  await store.decide(only.id, { decline: null }, 'Ann', 'cli') // what somebody has decided on takes no room
  await store.hold({ ...numbered(2), caller: 'once' })
})

test('approvals are listed page by page, the newest first, and counted', async (t) => {
  const { store } = opened(t)
  const held: Approval[] = []
  for (const body of ['1', '2', '3', '4'])
    held.push(await store.hold({ ...call, caller: body === '1' ? 'other' : 'crm', input: { body } }))
  const [, second, third, fourth] = held.map(({ id }) => id)
  await store.decide(String(fourth), { decline: null }, 'Ann', 'cli')
  const ids = async (listing?: object) => (await store.list(listing)).map(({ id }) => id)
  assert.deepEqual(await ids(), held.map(({ id }) => id).toReversed())
  assert.deepEqual(await ids({ limit: 2 }), [fourth, third])
  assert.deepEqual(await ids({ limit: 2, before: third }), [second, held[0]?.id])
  assert.deepEqual(await ids({ state: 'waiting', caller: 'crm' }), [third, second])
  assert.deepEqual(await ids({ workspace: 'other' }), [])
  assert.deepEqual(await store.counts(), { waiting: 3, approved: 0, declined: 1, lapsed: 0, done: 0 })
  assert.equal((await store.counts('other')).waiting, 1)
})

test('a thousand waiting approvals are listed at once', async (t) => {
  const { store, file } = opened(t)
  const thread = Array.from({ length: 3 }, () => ({
    by: 'Eva',
    kind: 'user' as const,
    at: 1,
    text: 'x'.repeat(500),
    note: false,
  }))
  const shown = { ...preview, conversation: { id: '7', subject: null, state: 'open', last: thread } }
  await store.hold({ ...call, preview: shown })
  const db = new DatabaseSync(file)
  const columns = 'caller, workspace, action, input, preview, asked_by, bytes, created_at, expires_at, state'
  db.exec(`WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
    INSERT INTO approvals (id, call, ${columns}) SELECT 'apr_' || i, i, ${columns} FROM n, approvals`)
  db.close()
  const times: number[] = []
  for (let turn = 0; turn < 5; turn += 1) {
    const start = performance.now()
    assert.equal((await store.list({ limit: 1000 })).length, 1000)
    times.push(performance.now() - start)
  }
  const fastest = Math.min(...times)
  t.diagnostic(`${Math.round(fastest)} ms`)
  assert.ok(fastest < 50 * 20, 'an order of magnitude above what a quiet machine needs')
})

test('approved calls are due after a head start, later after each try, and to their own journal', async (t) => {
  const { store, at } = opened(t)
  const { id } = await approve(store, await store.hold(call))
  const due = async (journal = 'a') => (await store.due('w', journal, 10)).map((one) => one.id)
  assert.deepEqual(await due(), [])
  at(2000)
  assert.deepEqual([await due(), await store.due('other', 'a', 10)], [[id], []])
  await store.postpone(id)
  assert.deepEqual(await due(), [])
  at(4000)
  await store.begin(id, 'a')
  assert.deepEqual([await due(), await due('b')], [[id], []])
  await store.finish(id, done)
  assert.deepEqual(await due(), [])
})

test('a process learns of its own changes at once and of others in time', async (t) => {
  const { store, again } = opened(t)
  const changes: Change[] = []
  let wake = () => {}
  const until = (length: number) =>
    new Promise<void>((resolve) => {
      wake = () => changes.length >= length && resolve()
      wake()
    })
  const stop = store.listen((change) => {
    changes.push(change)
    wake()
  })
  const { id } = await store.hold(call)
  await until(1)
  assert.deepEqual(changes, [{ id, state: 'waiting' }])
  await approve(again(), { id } as Approval)
  const held = setTimeout(() => {}, 60_000) // the store holds no process open
  await until(2)
  clearTimeout(held)
  assert.equal(changes.at(-1), null)
  stop()
})

test('what is older than thirty days is forgotten', async (t) => {
  const { store, at } = opened(t)
  const { id } = await store.hold(call)
  await approve(store, await store.hold({ ...call, caller: 'other' }))
  at(32 * day)
  await store.lapse()
  assert.equal(await store.get(id), null)
  assert.deepEqual(await store.list(), [])
})

test('the file is its owner’s alone, seals alike for all, and stops what it cannot keep once it is gone', async (t) => {
  const { file, store, again } = opened(t)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(store.sealKey.length, 32)
  assert.deepEqual(again().sealKey, store.sealKey)
  assert.notDeepEqual(opened(t).store.sealKey, store.sealKey)
  await store.hold(call)
  assert.ok(readFileSync(`${file}-wal`).includes('Hello'))
  rmSync(file)
  await assert.rejects(store.hold(call), { code: 'approvals_failed', message: /deleted or replaced/ })
})
