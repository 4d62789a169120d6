import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import {
  type Approval,
  type ApprovalStore,
  type Approver,
  holding,
  keepPerforming,
  openApprovals,
  perform,
} from '../../src/approvals/index.ts'
import { inputHash } from '../../src/core/journal.ts'
import { openJournal } from '../../src/core/sqlite-journal.ts'
import { createIntercom, IntercomError, type Journal } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { correspondence } from '../support/correspondence.ts'

// What an approval promises, against a workspace that says what really happened.
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { accessToken, dispatcher } = workspace
const plain = createIntercom({ accessToken, dispatcher })
const { contact_id, conversation, bodies, reply } = await correspondence(plain)
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-approved-'))
after(async () => {
  await workspace.close()
  rmSync(folder, { recursive: true })
})

let files = 0
let texts = 0
const hour = 3_600_000

/** A place where a process can be killed: it comes to it, and to nothing after it. */
type Machine = { steps: string[]; killAt: string | null; dead: boolean }

function step(machine: Machine, name: string): void {
  if (machine.dead) throw new Error('killed')
  machine.steps.push(name)
  if (name !== machine.killAt) return
  machine.dead = true
  throw new Error('killed')
}

/**
 * An object whose methods are not carried out, or not returned from, once its machine is dead. Nothing is recorded between
 * the end of one and the beginning of the next, so that each end is a place to die at.
 */
function mortal<T extends object>(machine: Machine, name: string, given: T): T {
  return new Proxy(given, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function' || ['renew', 'close', 'listen'].includes(String(key))) return value
      return async (...args: unknown[]) => {
        if (machine.dead) throw new Error('killed')
        const result = await value.apply(target, args)
        step(machine, `after ${name}.${String(key)}`)
        return result
      }
    },
  })
}

/** What a process has: the store, a client with a journal, and what holds its calls. */
function started(
  t: TestContext,
  name: string,
  {
    machine,
    now = Date.now,
    journal = name,
  }: { machine?: Machine; now?: () => number; journal?: string } = {},
) {
  const file = openApprovals(join(folder, `${name}.approvals`), { now })
  const book = openJournal(join(folder, `${journal}.journal`), 250)
  const store = machine ? mortal<ApprovalStore>(machine, 'store', file) : file
  const client = createIntercom({
    accessToken,
    settleMs: [20, 50],
    journal: machine ? mortal<Journal>(machine, 'journal', book) : book,
    dispatcher: {
      dispatch(options, handler) {
        const isWrite = options.method !== 'GET'
        if (!machine || !isWrite) return dispatcher.dispatch(options, handler)
        step(machine, 'before the request')
        const onResponseStart = handler.onResponseStart?.bind(handler)
        return dispatcher.dispatch(
          options,
          Object.assign(Object.create(handler), {
            onResponseStart: (...args: Parameters<NonNullable<typeof onResponseStart>>) => {
              step(machine, 'before its answer')
              return onResponseStart?.(...args)
            },
          }),
        )
      },
    },
  })
  t.after(() => {
    file.close()
    book.close()
  })
  const approver = holding(store, { caller: 'crm' }).approver(client)
  return { store, client, approver, journal: book }
}

/** Calls as an adapter does: the outcome, or why there is none. */
async function called(approver: Approver, input: unknown) {
  const held = await approver.hold({ action: 'reply_to_conversation', input }, async () => ({
    preview: null,
  }))
  assert.ok('approval' in held)
  try {
    return await approver.answer(held.approval, held.earlier)
  } catch (error) {
    assert.ok(error instanceof IntercomError)
    return { output: { success: false, error: error.message }, failure: error, approval: held.approval }
  }
}

async function fresh() {
  const conversation_id = await conversation()
  const body = `Approved ${++texts}`
  return { conversation_id, body, input: reply(conversation_id, body) }
}

const timesIn = async (conversation_id: string, body: string) =>
  (await bodies(conversation_id)).filter((one) => one.includes(body)).length

test('a call is held until a person approves it, made once, and answered by its outcome from then on', async (t) => {
  const { approver, store } = started(t, `${++files}`)
  const { conversation_id, body, input } = await fresh()
  const first = await called(approver, input)
  assert.equal(first.failure?.code, 'held')
  assert.deepEqual([first.failure.outcome, first.failure.retryable], ['not_sent', true])
  const id = String(first.approval?.id)
  assert.deepEqual(first.failure.approval, { id, url: null })
  assert.equal(
    first.failure.hint,
    `Approval ${id} waits at \`modulex-intercom approvals\`. Call again with the same input to learn the outcome.`,
  )
  assert.equal((await called(approver, input)).approval?.id, id)
  assert.equal(await timesIn(conversation_id, body), 0)
  await store.decide(id, { approve: true }, 'Ann', 'cli')
  for (const _ of [1, 2]) {
    const { output, failure } = await called(approver, input)
    assert.deepEqual([output.success, failure], [true, null])
  }
  assert.equal(await timesIn(conversation_id, body), 1)
  assert.equal((await store.get(id))?.state, 'done')
})

test('what a person edits is what is sent, and the caller is told the text', async (t) => {
  const { store, approver, client } = started(t, `${++files}`)
  const { conversation_id, body, input } = await fresh()
  const preview = { to: [], from: null, conversation: null, channel: null, text: body, shown: null }
  const shown = { ...preview, textParameter: 'body', attachments: [], notes: [] }
  const { workspace } = client
  const call = {
    caller: 'crm',
    workspace,
    action: 'reply_to_conversation',
    input,
    preview: shown,
    asked_by: null,
  }
  const { id } = await store.hold(call)
  await store.decide(id, { approve: true, edited: { body: 'Kinder words' } }, 'Ann', 'page')
  const answer = await called(approver, input)
  assert.ok('note' in answer)
  assert.match(
    answer.note,
    /^A person edited this call and approved it at \S+Z \(apr_\S+\); .*body is now "Kinder words"\.$/,
  )
  assert.deepEqual(
    [await timesIn(conversation_id, body), await timesIn(conversation_id, 'Kinder words')],
    [0, 1],
  )
})

test('a declined call is never sent, and the caller gets the reason', async (t) => {
  const { store, approver, client } = started(t, `${++files}`)
  const { conversation_id, body, input } = await fresh()
  const id = String((await called(approver, input)).approval?.id)
  await store.decide(id, { decline: 'Ask "legal" first' }, 'Ann', 'api')
  const { failure } = await called(approver, input)
  assert.deepEqual(
    [failure?.code, failure?.outcome, failure?.retryable],
    ['not_confirmed', 'not_sent', false],
  )
  assert.match(
    String(failure?.hint),
    /^They said: "Ask \\"legal\\" first"\. Nothing was sent\. Do not ask again/,
  )
  assert.equal((await perform(store, client, id)).result, null)
  assert.equal(await timesIn(conversation_id, body), 0)
})

test('what lapsed is not sent, whether nobody decided or nobody acted on it, and the next call says so', async (t) => {
  let ahead = 0
  const now = () => Date.now() + ahead
  const { store, approver, client } = started(t, `${++files}`, { now })
  const { conversation_id, body, input } = await fresh()
  const undecided = String((await called(approver, input)).approval?.id)
  ahead += 24 * hour
  const second = await called(approver, input)
  assert.match(
    String(second.failure?.hint),
    /An earlier approval of this call lapsed: nobody decided on it\. Approval/,
  )
  const id = String(second.approval?.id)
  assert.notEqual(id, undecided)
  await store.decide(id, { approve: true }, 'Ann', 'cli')
  ahead += hour
  assert.equal((await perform(store, client, id)).approval.state, 'lapsed')
  const third = await called(approver, input)
  assert.match(String(third.failure?.hint), /lapsed: it was not acted on in time\. Approval/)
  assert.equal(await timesIn(conversation_id, body), 0)
})

test('a call that would reach another address than the person was shown is not made, and is asked about anew', async (t) => {
  const { store, approver, client } = started(t, `${++files}`)
  const { contact } = await client.upsertContact({ email: 'shown@example.com', role: 'user' })
  const { result } = await client.listAdmins()
  const input = {
    from_admin_id: String(result?.admins.find(({ has_inbox_seat }) => has_inbox_seat)?.id),
    to_contact_id: String(contact?.id),
    message_type: 'email',
    subject: 'Your order',
    body: 'It has left.',
  }
  const held = async () => {
    const call = { action: 'send_message_to_contact', input }
    const one = await approver.hold(call, async () => (await client.preview(call.action, input)) as never)
    assert.ok('approval' in one)
    return one
  }
  const { approval } = await held()
  assert.equal(approval.preview?.to[0]?.email, 'shown@example.com')
  const desk = createIntercom({ accessToken, dispatcher, toolsets: ['contacts'] })
  const changed = await desk.updateContact({ contact_id: String(contact?.id), email: 'other@example.com' })
  assert.equal(changed.error, null)
  await store.decide(approval.id, { approve: true }, 'Ann', 'page')
  const { approval: now, result: made } = await perform(store, client, approval.id)
  assert.deepEqual(
    [now.state, now.reason, made],
    ['lapsed', 'whom it reaches has changed since a person approved it', null],
  )
  assert.equal((await perform(store, client, approval.id)).result, null)
  const again = await held()
  assert.notEqual(again.approval.id, approval.id)
  await assert.rejects(approver.answer(again.approval, again.earlier), /held|approve this call/)
  await store.decide(again.approval.id, { approve: true }, 'Ann', 'page')
  const failure = { status: 403, retryable: false, code: 'forbidden' }
  const blind = { ...client, preview: async () => ({ preview: null, output: {}, failure }) as never }
  const unsent = await perform(store, blind, again.approval.id)
  assert.deepEqual([unsent.approval.state, unsent.result], ['approved', null], 'nothing is sent unseen')
  const sent = await perform(store, client, again.approval.id)
  assert.deepEqual([sent.approval.state, sent.approval.preview?.to[0]?.email], ['done', 'other@example.com'])
  assert.equal(sent.result?.output.success, true, String(sent.result?.output.error))
})

test('what Intercom refuses is the outcome; what may be otherwise later is not', async (t) => {
  const { store, approver, client } = started(t, `${++files}`)
  const { input } = await fresh()
  const approved = async (given: object) => {
    const { id } = (await called(approver, given)).approval as Approval
    await store.decide(id, { approve: true }, 'Ann', 'cli')
    return id
  }
  const gone = await approved({ ...input, conversation_id: '404' })
  assert.equal((await perform(store, client, gone)).approval.outcome?.failure?.status, 404)

  const id = await approved(input)
  const fault = { type: 'status', status: 401 }
  const failing = createIntercom({ accessToken: 'another', dispatcher, journal: client.journal ?? undefined })
  const rotated = { ...failing, workspace: client.workspace }
  const { approval, result } = await perform(store, rotated, id)
  assert.deepEqual([approval.state, result?.failure?.status], ['approved', fault.status])
  assert.equal((await perform(store, client, id)).approval.outcome?.output.success, true)
})

test('only the client of the same workspace and journal makes a call', async (t) => {
  const name = `${++files}`
  const { store, approver, client } = started(t, name)
  const { conversation_id, body, input } = await fresh()
  const id = String((await called(approver, input)).approval?.id)
  await store.decide(id, { approve: true }, 'Ann', 'cli')
  const { workspace } = client
  for (const other of [
    { ...client, workspace: 'another' },
    { ...client, journal: null },
    { ...client, actions: ['list_tags'] as const },
  ])
    assert.deepEqual((await perform(store, other, id)).result, null)
  assert.equal(await store.begin(id, String(client.journal?.id)), 'begun')
  const elsewhere = started(t, name, { journal: `${name}-other` })
  assert.equal(elsewhere.client.workspace, workspace)
  assert.equal((await perform(elsewhere.store, elsewhere.client, id)).result, null)
  assert.equal((await called(elsewhere.approver, input)).failure?.code, 'approval_under_way')
  assert.equal(await timesIn(conversation_id, body), 0)
  await Promise.all([1, 2, 3].map(() => perform(store, client, id)))
  assert.equal(await timesIn(conversation_id, body), 1)
})

test('a call is made through its holder’s journal, or, where the holder has ended by then, through the first', async (t) => {
  for (const transient of [false, true]) {
    const name = `${++files}`
    const { store, client } = started(t, name)
    const { conversation_id, body, input } = await fresh()
    const id = String(
      (await called(holding(store, { caller: 'job', transient }).approver(client), input)).approval?.id,
    )
    const decider = started(t, name, { journal: `${name}-other` })
    await decider.store.decide(id, { approve: true }, 'Ann', 'cli')
    const { approval } = await perform(decider.store, decider.client, id)
    assert.equal(approval.state, transient ? 'done' : 'approved')
    await perform(store, client, id)
    assert.equal(await timesIn(conversation_id, body), 1)
  }
})

test('what was made under a caller’s key before a person was needed is not made again', async (t) => {
  const { approver, client, journal } = started(t, `${++files}`)
  const { conversation_id, body, input } = await fresh()
  const call = { action: 'reply_to_conversation', input, idempotencyKey: 'crm:1' }
  const nobody = async () => assert.fail('nobody is asked')
  await client.call('reply_to_conversation', input, { idempotencyKey: 'crm:1' })
  const held = await approver.hold(call, nobody)
  assert.ok('answer' in held)
  assert.deepEqual([held.answer.output.success, held.answer.trace?.attempts], [true, 0])
  const other = { ...call, input: { ...input, body: 'Other' } }
  await assert.rejects(approver.hold(other, nobody), { code: 'idempotency_key_mismatch' })
  assert.equal(await timesIn(conversation_id, body), 1)

  const interrupted = { ...call, idempotencyKey: 'crm:2' }
  const operation = { key: 'crm:2', action: call.action, input_hash: await inputHash(call.action, input) }
  await journal.acquire(operation, 'killed')
  await journal.recordSend('crm:2', 'killed', Date.now())
  await assert.rejects(approver.hold(interrupted, nobody), {
    code: 'idempotency_key_in_use',
    retryable: true,
    outcome: 'unknown',
  })
  await new Promise((resolve) => setTimeout(resolve, 400)) // its lease
  const left = await journal.entries.get('crm:2')
  await assert.rejects(approver.hold(interrupted, nobody), { code: 'interrupted', outcome: 'unknown' })
  await assert.rejects(approver.hold({ ...other, idempotencyKey: 'crm:2' }, nobody), {
    code: 'idempotency_key_mismatch',
    outcome: 'not_sent',
  })
  assert.deepEqual(await journal.entries.get('crm:2'), left, 'a look changes nothing of its story')
  const begun = { ...operation, key: 'crm:3' }
  await journal.acquire(begun, 'killed')
  await journal.finish('crm:3', 'killed', 'unchanged')
  assert.ok(
    'approval' in
      (await approver.hold({ ...call, idempotencyKey: 'crm:3' }, async () => ({ preview: null }))),
  )

  // It leaves no trace before it is transmitted, so that nothing says that it was not.
  const { action, ...update } = { action: 'add_tag_to_contact', input: { contact_id, tag_id: '1' } }
  const updated = { key: 'crm:4', action, input_hash: await inputHash(action, update.input) }
  await journal.acquire(updated, 'killed')
  await journal.finish('crm:4', 'killed', 'unknown')
  for (const _ of ['once', 'again'])
    await assert.rejects(approver.hold({ action, ...update, idempotencyKey: 'crm:4' }, nobody), {
      code: 'interrupted',
      outcome: 'unknown',
    })
})

test('what leaves no trace in the journal before it is transmitted is unknown once it is too late', async (t) => {
  let ahead = 0
  const { approver, client, store, journal } = started(t, `${++files}`, { now: () => Date.now() + ahead })
  const { result } = await plain.listTags()
  const [tag] = result?.data ?? []
  const action = 'add_tag_to_contact'
  const asked = { action, input: { contact_id, tag_id: String(tag?.id) } }
  const held = await approver.hold(asked, async () => ({ preview: null }))
  assert.ok('approval' in held)
  const { id, input } = held.approval
  await store.decide(id, { approve: true }, 'Ann', 'cli')
  await store.begin(id, journal.id)
  const key = `approval:${id}`
  await journal.acquire({ key, action, input_hash: await inputHash(action, input) }, 'killed')
  ahead += hour
  assert.equal((await perform(store, client, id)).approval.state, 'approved', 'it may be at work')
  await journal.finish(key, 'killed', 'unchanged')
  const { approval } = await perform(store, client, id)
  assert.deepEqual([approval.state, approval.outcome?.failure?.outcome], ['done', 'unknown'])
  const { failure } = await approver.answer(approval)
  assert.deepEqual([failure?.code, failure?.retryable], ['interrupted', false])
})

test('a read that needs a person is made once they approve it', async (t) => {
  const { approver, store } = started(t, `${++files}`)
  const asked = { action: 'list_tags', input: {} }
  const held = await approver.hold(asked, async () => ({ preview: null }))
  assert.ok('approval' in held)
  await assert.rejects(approver.answer(held.approval), { code: 'held' })
  const approved = await store.decide(held.approval.id, { approve: true }, 'Ann', 'cli')
  const { output, approval } = await approver.answer(approved)
  assert.deepEqual([output.success, approval.state], [true, 'done'])
})

test('a file that fails after the send hides no success, and before it nothing is said to be unsent', async (t) => {
  const { approver, store, client } = started(t, `${++files}`)
  const { conversation_id, body, input } = await fresh()
  const id = String((await called(approver, input)).approval?.id)
  await store.decide(id, { approve: true }, 'Ann', 'cli')
  const full = async () => {
    throw new IntercomError('the disk is full', { code: 'approvals_failed' })
  }
  const broken = (changes: Partial<ApprovalStore>) =>
    called(holding({ ...store, ...changes }, { caller: 'crm' }).approver(client), input)
  const before = await broken({ begin: full })
  assert.deepEqual([before.failure?.code, before.failure?.outcome], ['approval_under_way', 'unknown'])
  for (const after of [await broken({ finish: full }), await broken({ tell: full })])
    assert.deepEqual([after.output.success, after.failure], [true, null])
  assert.equal((await store.get(id))?.state, 'done')
  assert.equal(await timesIn(conversation_id, body), 1)
})

test('an outcome that is not there yet is said to be under way', async (t) => {
  const { approver, store, client, journal } = started(t, `${++files}`)
  const { input } = await fresh()
  const id = String((await called(approver, input)).approval?.id)
  await store.decide(id, { approve: true }, 'Ann', 'cli')
  await store.begin(id, journal.id)
  const inUse: Journal = {
    ...journal,
    acquire: async () => {
      throw new IntercomError('still running', {
        code: 'idempotency_key_in_use',
        outcome: 'unknown',
        retryable: true,
      })
    },
  }
  const busy = holding(store, { caller: 'crm' }).approver(
    createIntercom({ accessToken, dispatcher, journal: inUse }),
  )
  const { failure } = await called(busy, input)
  assert.deepEqual(
    [failure?.code, failure?.outcome, failure?.retryable],
    ['approval_under_way', 'unknown', true],
  )
  assert.equal((await called(approver, input)).output.success, true)
  assert.equal(client.workspace, (await store.get(id))?.workspace)
})

test('approved calls are made a few at a time, and one that fails lets the others pass', async (t) => {
  let ahead = 0
  const { store, approver, client, journal } = started(t, `${++files}`, { now: () => Date.now() + ahead })
  const ids: string[] = []
  for (let count = 0; count < 6; count += 1) {
    const { input } = await fresh()
    const id = String((await called(approver, input)).approval?.id)
    await store.decide(id, { approve: true }, 'Ann', 'cli')
    ids.push(id)
  }
  ahead += 2000
  let [atOnce, most] = [0, 0]
  const failing = new Set([ids[0]])
  const counting = {
    workspace: client.workspace,
    journal,
    call: (async (name: string, input: object, options: { idempotencyKey: string }) => {
      most = Math.max(most, ++atOnce)
      await new Promise((resolve) => setTimeout(resolve, 20))
      atOnce -= 1
      if (!failing.has(options.idempotencyKey.slice('approval:'.length)))
        return await client.call(name, input, options)
      return {
        output: { success: false },
        failure: { retryable: true, outcome: 'not_sent', status: 429, code: 'rate_limit' },
      }
    }) as unknown as typeof client.call,
  }
  let done = 0
  const all = Promise.withResolvers<void>()
  store.listen((change) => {
    if (change?.state === 'done' && ++done === 5) all.resolve()
  })
  const stop = keepPerforming(store, () => [counting, counting], { everyMs: 10, atOnce: 2 })
  const alive = setTimeout(() => {}, 60_000)
  await all.promise
  await stop()
  clearTimeout(alive)
  assert.equal(most, 2)
  assert.equal((await store.get(String(ids[0])))?.state, 'approved')
})

test('a decision made elsewhere is acted on by a process that keeps performing', async (t) => {
  let ahead = 0
  const now = () => Date.now() + ahead
  const name = `${++files}`
  const { store, approver, client } = started(t, name, { now })
  const { conversation_id, body, input } = await fresh()
  const id = String((await called(approver, input)).approval?.id)
  const elsewhere = openApprovals(join(folder, `${name}.approvals`), { now })
  await elsewhere.decide(id, { approve: true }, 'Ann', 'cli')
  elsewhere.close()
  ahead += 2000
  const done = Promise.withResolvers<void>()
  store.listen((change) => {
    if (change?.state === 'done') done.resolve()
  })
  const stop = keepPerforming(store, () => [client], { everyMs: 10 })
  const alive = setTimeout(() => {}, 60_000) // it holds no process open
  await done.promise
  clearTimeout(alive)
  await stop()
  assert.equal(await timesIn(conversation_id, body), 1)
})

test('a process makes the calls of its own callers; those of others it only ends, once they are too late', async (t) => {
  let ahead = 0
  const { store, approver, client } = started(t, `${++files}`, { now: () => Date.now() + ahead })
  const others = holding(store, { caller: 'somebody else' }).approver(client)
  const [own, another, begun] = [await fresh(), await fresh(), await fresh()]
  const approved = async (by: Approver, input: unknown) => {
    const id = String((await called(by, input)).approval?.id)
    await store.decide(id, { approve: true }, 'Ann', 'cli')
    return id
  }
  const [theirs, stopped] = [await approved(others, another.input), await approved(others, begun.input)]
  assert.equal(await store.begin(stopped, String(client.journal?.id)), 'begun')
  const mine = await approved(approver, own.input)
  const state = async (id: string) => (await store.get(id))?.state
  const ended = (id: string) =>
    new Promise<string>((resolve) => {
      store.listen((change) => {
        if (change?.id === id) resolve(change.state)
      })
    })
  const makesFor = ({ caller }: { caller: string }) => caller === 'crm'
  const alive = setTimeout(() => {}, 60_000) // it holds no process open
  ahead = 2000
  const made = ended(mine)
  const stop = keepPerforming(store, () => [{ ...client, makesFor }], { everyMs: 10 })
  assert.equal(await made, 'done')
  assert.deepEqual(await Promise.all([theirs, stopped].map(state)), ['approved', 'approved'])
  const late = ended(stopped)
  ahead = 2 * hour
  assert.equal(await late, 'lapsed')
  await stop()
  clearTimeout(alive)
  assert.equal(await state(theirs), 'lapsed')
  const counts = [own, another, begun].map(({ conversation_id, body }) => timesIn(conversation_id, body))
  assert.deepEqual(await Promise.all(counts), [1, 0, 0])
})

/** Holds, decides and performs, as far as the machine lives; answers whether the decision was recorded. */
async function lived(
  machine: Machine,
  { store, client, approver }: ReturnType<typeof started>,
  input: unknown,
) {
  try {
    const { approval } = await called(approver, input)
    await store.decide(String(approval?.id), { approve: true }, 'Ann', 'cli')
    await perform(store, client, String(approval?.id))
  } catch (error) {
    if (!machine.dead) throw error
  }
}

test('killed at any step, a call is sent at most once, and its outcome is known or said to be unknown', async (t) => {
  const trial: Machine = { steps: [], killAt: null, dead: false }
  const { input } = await fresh()
  await lived(trial, started(t, `${++files}`, { machine: trial }), input)
  const steps = [...new Set(trial.steps)]
  for (const needed of [
    'after store.hold',
    'after store.decide',
    'before the request',
    'before its answer',
    'after store.finish',
  ])
    assert.ok(steps.includes(needed), needed)
  await Promise.all(
    steps.map(async (killAt) => {
      const name = `${++files}`
      const { conversation_id, body, input } = await fresh()
      const machine: Machine = { steps: [], killAt, dead: false }
      await lived(machine, started(t, name, { machine }), input)
      assert.ok(machine.dead, killAt)
      const { approver, store } = started(t, name)
      const before = await timesIn(conversation_id, body)
      let answer = await called(approver, input)
      if (answer.failure?.code === 'held') {
        assert.equal(before, 0, `${killAt}: nothing is sent before a decision is recorded`)
        await store.decide(String(answer.approval?.id), { approve: true }, 'Ann', 'cli')
        answer = await called(approver, input)
      }
      assert.deepEqual([answer.output.success, answer.failure], [true, null], killAt)
      assert.equal(await timesIn(conversation_id, body), 1, killAt)
    }),
  )
})

test('killed at any step and found too late, a call is sent no more: lapsed, done, or said to be unknown', async (t) => {
  const trial: Machine = { steps: [], killAt: null, dead: false }
  await lived(trial, started(t, `${++files}`, { machine: trial }), (await fresh()).input)
  const steps = [...new Set(trial.steps)]
  const decided = steps.slice(steps.indexOf('after store.decide'))
  const ends = await Promise.all(
    decided.map(async (killAt) => {
      const name = `${++files}`
      const { conversation_id, body, input } = await fresh()
      const machine: Machine = { steps: [], killAt, dead: false }
      const killed = started(t, name, { machine })
      await lived(machine, killed, input)
      const [held] = await openedList(name)
      await new Promise((resolve) => setTimeout(resolve, 1000)) // its lease
      const before = await timesIn(conversation_id, body)
      const late = started(t, name, { now: () => Date.now() + hour })
      const { approval } = await perform(late.store, late.client, String(held?.id))
      assert.equal(await timesIn(conversation_id, body), before, killAt)
      const { state, outcome } = approval
      if (state === 'lapsed') assert.equal(before, 0, killAt)
      else if (outcome?.failure) assert.equal(outcome.failure.outcome, 'unknown', killAt)
      else assert.deepEqual([state, before], ['done', 1], killAt)
      return state === 'lapsed' ? state : (outcome?.failure?.outcome ?? 'success')
    }),
  )
  assert.deepEqual(new Set(ends), new Set(['lapsed', 'unknown', 'success']))
})

async function openedList(name: string): Promise<Approval[]> {
  const store = openApprovals(join(folder, `${name}.approvals`))
  const all = await store.list()
  store.close()
  return all
}

test('an approved update whose process died is told as unknown: it is not recorded before it is sent', async (t) => {
  const name = `${++files}`
  const { store, approver, journal } = started(t, name)
  const [action, input] = ['upsert_contact', { email: 'late@example.com', name: 'Late' }]
  const held = await approver.hold({ action, input }, async () => ({ preview: null }))
  assert.ok('approval' in held)
  const { id } = held.approval
  await store.decide(id, { approve: true }, 'Ann', 'cli')
  assert.equal(await store.begin(id, journal.id), 'begun')
  await journal.acquire({ key: `approval:${id}`, action, input_hash: await inputHash(action, input) }, 'dead')
  await new Promise((resolve) => setTimeout(resolve, 400)) // its lease
  const late = started(t, name, { now: () => Date.now() + hour })
  const { approval } = await perform(late.store, late.client, id)
  assert.deepEqual([approval.state, approval.outcome?.failure?.outcome], ['done', 'unknown'])
})

test('a process that was held up sends nothing after its approval has lapsed elsewhere', async (t) => {
  const name = `${++files}`
  const { conversation_id, body, input } = await fresh()
  const { approver, store, client, journal } = started(t, name)
  const id = String((await called(approver, input)).approval?.id)
  await store.decide(id, { approve: true }, 'Ann', 'cli')
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const slow: Journal = {
    ...journal,
    acquire: async (...given) => {
      reached.resolve()
      await released.promise
      return await journal.acquire(...given)
    },
  }
  const held = createIntercom({ accessToken, dispatcher, journal: slow })
  const performing = perform(store, held, id)
  await reached.promise
  const late = started(t, name, { now: () => Date.now() + hour })
  assert.equal((await perform(late.store, late.client, id)).approval.state, 'lapsed')
  released.resolve()
  const { approval, result } = await performing
  assert.deepEqual([approval.state, result?.failure?.code], ['lapsed', 'approval_lapsed'])
  assert.equal(client.workspace, held.workspace)
  assert.equal(await timesIn(conversation_id, body), 0)
})
