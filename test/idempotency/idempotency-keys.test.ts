import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openJournal } from '../../src/core/sqlite-journal.ts'
import { createIntercom, type Intercom, type IntercomOptions, type Journal } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { validatorEnv } from '../openapi-validator/child-env.ts'
import { correspondence } from '../support/correspondence.ts'
import type { KeyedCall } from '../support/keyed-call.ts'

// What an idempotency key promises, against a workspace that says what really happened.
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { url, accessToken } = await workspace.listen()
const { control } = workspace
const directory = mkdtempSync(join(tmpdir(), 'modulex-intercom-keys-'))
// Long enough for a process that is held up by others, short enough to wait for.
const journal = { file: join(directory, 'journal.db'), leaseMs: 2000 }
const program = fileURLToPath(new URL('../support/keyed-call.ts', import.meta.url))
const replies = 'POST /conversations/{id}/reply'

const options: IntercomOptions = {
  accessToken,
  baseUrl: url,
  settleMs: [20, 200],
  timeoutMs: 1000,
  deadlineMs: 20_000,
}
const opened = () => openJournal(journal.file, journal.leaseMs)
const intercom: Intercom = createIntercom({ ...options, journal: opened() })
const successor: Intercom = createIntercom({ ...options, journal: opened() })
const { contact_id, conversation, bodies, reply } = await correspondence(intercom)

after(async () => {
  await Promise.all([intercom.close(), successor.close()])
  await workspace.close()
  rmSync(directory, { recursive: true })
})

const methods = [
  'acquire',
  'renew',
  'recordSend',
  'recordUnknown',
  'claim',
  'claimedByOthers',
  'finish',
] as const
const breaks = {
  throws: (): never => {
    throw new Error('disk full')
  },
  rejects: async (): Promise<never> => {
    throw new Error('disk full')
  },
  hangs: (): Promise<never> => new Promise(() => {}),
}

async function openedWith(body: string): Promise<number> {
  const { conversations } = await intercom.searchConversations({
    query_field: 'contact_ids',
    query_operator: '=',
    query_value: contact_id,
    per_page: 150,
  })
  return conversations.filter(({ source }) => source?.body?.includes(body)).length
}

type Holding = { kind: 'stall' } | { kind: 'hang' } | { kind: 'delay'; ms: number }

/** Resolves when a fault has been injected. */
async function injected(fault: number): Promise<void> {
  while (control.faults().find(({ id }) => id === fault)?.injected !== 1) await sleep(5)
}

/** A reply that appears without any idempotency key, as a request does that was delayed on its way. */
async function appears(body: ReturnType<typeof reply>): Promise<void> {
  const keyless = createIntercom({ accessToken, baseUrl: url })
  assert.equal((await keyless.replyToConversation(body)).error, null)
}

/** Starts a call in a process of its own, and kills it when its request has met the fault. */
async function killAt(
  fault: Holding,
  route: string,
  run: Omit<KeyedCall, 'options' | 'journal'>,
): Promise<void> {
  const { id } = control.addFault({ ...fault, route, count: 1 })
  const { child, ended } = start(run)
  while (control.faults().find((one) => one.id === id)?.injected !== 1) {
    assert.equal(child.exitCode, null)
    await sleep(10)
  }
  child.kill('SIGKILL')
  await ended
}

/**
 * Runs a call here until its request has met the fault, and ends it there as a SIGKILL would: its journal hears no more
 * of it, and its connection is cut. Most deaths are these; `npm run campaign:faults` kills many processes.
 */
async function dieAt(
  fault: Holding,
  route: string,
  run: Omit<KeyedCall, 'options' | 'journal'>,
): Promise<void> {
  const { id } = control.addFault({ ...fault, route, count: 1 })
  const { client, die, signal } = mortal()
  const call = client.call(run.action, run.input, { idempotencyKey: run.idempotencyKey, signal })
  await injected(id)
  die()
  await call
}

/** A client that can die. */
function mortal(onRequest?: IntercomOptions['onRequest']) {
  const own = opened()
  after(() => own.close())
  const heard: Journal = { ...own }
  const end = new AbortController()
  const die = () => {
    for (const method of methods) heard[method] = breaks.hangs
    end.abort()
  }
  return {
    client: createIntercom({ ...options, journal: heard, ...(onRequest ? { onRequest } : {}) }),
    die,
    signal: end.signal,
  }
}

/** Starts a call in a process of its own; `answer` is what it printed, if it lived so long. */
function start(run: Omit<KeyedCall, 'options' | 'journal'>) {
  const child = spawn(process.execPath, [program, JSON.stringify({ ...run, options, journal })], {
    env: { ...process.env, ...validatorEnv() },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const answer = text(child.stdout).then((line) => (line === '' ? null : JSON.parse(line)))
  return { child, ended, answer }
}

test('a second call under a key gets the first outcome without a request, whatever the order of the keys', async () => {
  const id = await conversation()
  const idempotencyKey = crypto.randomUUID()
  const first = await intercom.call('reply_to_conversation', reply(id, 'Once'), { idempotencyKey })
  const turned = Object.fromEntries(Object.entries(reply(id, 'Once')).reverse())
  for (const client of [intercom, successor]) {
    const second = await client.call('reply_to_conversation' as string, turned, { idempotencyKey })
    assert.deepEqual([second.output, second.failure, second.trace.attempts], [first.output, null, 0])
  }
  assert.deepEqual(await bodies(id), ['<p>Once</p>'])
})

test('another input or action under the same key is refused, and nothing is sent', async () => {
  const id = await conversation()
  const idempotencyKey = crypto.randomUUID()
  await intercom.call('reply_to_conversation', reply(id, 'One'), { idempotencyKey })
  const other = await intercom.call('reply_to_conversation', reply(id, 'Two'), { idempotencyKey })
  const note = await intercom.call('create_note', { contact_id, body: 'One' }, { idempotencyKey })
  for (const { failure, trace } of [other, note]) {
    assert.deepEqual(
      [failure?.code, failure?.outcome, trace.attempts],
      ['idempotency_key_mismatch', 'not_sent', 0],
    )
  }
  assert.deepEqual(await bodies(id), ['<p>One</p>'])
})

test('while a call runs, others under its key in this and in another process wait and get its outcome', async () => {
  const id = await conversation()
  const idempotencyKey = crypto.randomUUID()
  const { id: fault } = control.addFault({ kind: 'delay', ms: 1000, route: replies, count: 1 })
  const input = reply(id, 'Slow')
  const call = (client: Intercom) => client.call('reply_to_conversation', input, { idempotencyKey })
  const patient = createIntercom({ ...options, journal: opened(), timeoutMs: 10_000 })
  const first = call(patient)
  await injected(fault)
  const others = await Promise.all([
    call(patient),
    call(successor),
    start({ action: 'reply_to_conversation', input, idempotencyKey }).answer,
  ])
  const { output } = await first
  assert.equal(output.success, true)
  for (const other of others) assert.deepEqual([other.output, other.trace.attempts], [output, 0])
  assert.deepEqual(await bodies(id), ['<p>Slow</p>'])
  await patient.close()
})

test('a call that gives up waiting for the one that runs says that it may have happened', async () => {
  const id = await conversation()
  const idempotencyKey = crypto.randomUUID()
  const { id: fault } = control.addFault({ kind: 'delay', ms: 3000, route: replies, count: 1 })
  const input = reply(id, 'Slower')
  const patient = createIntercom({ ...options, journal: opened(), timeoutMs: 10_000 })
  const first = patient.call('reply_to_conversation', input, { idempotencyKey })
  await injected(fault)
  const hasty = createIntercom({ ...options, journal: opened(), deadlineMs: 1000 })
  const { failure } = await hasty.call('reply_to_conversation', input, { idempotencyKey })
  assert.deepEqual(
    [failure?.code, failure?.outcome, failure?.retryable],
    ['deadline_exceeded', 'unknown', true],
  )
  assert.match(String(failure?.hint), /same key/)
  assert.equal((await first).failure, null)
  await Promise.all([hasty.close(), patient.close()])
})

test('a final refusal is kept; one of the token and what was never transmitted are not', async (t) => {
  t.mock.method(Math, 'random', () => 0) // the shortest back-off
  const id = await conversation()
  const refused = (status: number) => control.addFault({ kind: 'status', status, route: replies, count: 1 })
  const call = async (idempotencyKey: string, client = intercom) => {
    const { failure, trace } = await client.call('reply_to_conversation', reply(id, 'Hm'), { idempotencyKey })
    return [failure?.status ?? failure?.code ?? null, trace.attempts]
  }
  refused(422)
  assert.deepEqual(
    [await call('kept'), await call('kept')],
    [
      [422, 1],
      [422, 0],
    ],
  )
  refused(401)
  assert.deepEqual(
    [await call('token'), await call('token')],
    [
      [401, 1],
      [null, 1],
    ],
  )
  const away = createIntercom({
    ...options,
    journal: opened(),
    baseUrl: 'http://127.0.0.1:9',
  })
  assert.equal((await call('away', away))[0], 'connection_refused')
  assert.deepEqual(await call('away'), [null, 1])
  await away.close()
  assert.equal((await bodies(id)).length, 2)
})

test('an unknown outcome is read back by later calls and never sent again: a success once it has appeared', async () => {
  const id = await conversation()
  const idempotencyKey = crypto.randomUUID()
  control.addFault({ kind: 'reset', route: replies, count: 1 })
  const call = (client: Intercom) =>
    client.call('reply_to_conversation', reply(id, 'Late'), { idempotencyKey })
  const outcomes = []
  for (const client of [intercom, intercom, successor]) outcomes.push((await call(client)).failure?.outcome)
  assert.deepEqual(outcomes, ['unknown', 'unknown', 'unknown'])
  await appears(reply(id, 'Late'))
  for (const verified_by of ['read_back', null]) {
    const { failure, output, trace } = await call(intercom)
    assert.deepEqual([failure, output.result?.id, trace.verified_by], [null, id, verified_by])
  }
  assert.deepEqual(await bodies(id), ['<p>Late</p>'])
})

test('an unknown outcome that never appears stays unknown, call after call', async () => {
  const id = await conversation()
  control.addFault({ kind: 'reset', route: replies, count: 1 })
  for (const _ of [1, 2, 3]) {
    const { failure } = await intercom.call('reply_to_conversation', reply(id, 'Gone'), {
      idempotencyKey: 'gone',
    })
    assert.equal(failure?.outcome, 'unknown')
  }
  assert.deepEqual(await bodies(id), [])
})

test('the part of a call whose outcome is unknown is found behind a later one of the same words', async () => {
  const id = await conversation()
  control.addFault({ kind: 'reset', route: replies, count: 1 })
  const call = (idempotencyKey: string) =>
    intercom.call('reply_to_conversation', reply(id, 'Both'), { idempotencyKey })
  assert.equal((await call('both 1')).failure?.outcome, 'unknown')
  await appears(reply(id, 'Both'))
  assert.equal((await call('both 2')).failure, null)
  assert.equal((await call('both 1')).failure, null)
  assert.deepEqual(await bodies(id), ['<p>Both</p>', '<p>Both</p>'])
})

test('a killed process has a successor that makes its call happen exactly once, wherever it was', async () => {
  const rounds = [
    diesBefore(),
    diesBegun(),
    diesCommitted(),
    diesInFlight(),
    diesUnheard(),
    diesBeforeAnother(),
    diesBesideAnother(),
  ]
  for (const { failure, seen, report, expected } of await Promise.all(rounds)) {
    assert.deepEqual([failure, seen], [null, 1])
    assert.match(report, expected)
  }
})

type Round = { failure: unknown; seen: number; report: string; expected: RegExp }

/** Before anything is written of a request: the successor sends. */
async function diesBefore(): Promise<Round> {
  const body = `Before ${crypto.randomUUID()}`
  const run = { action: 'send_incoming_message', input: { contact_id, body }, idempotencyKey: body }
  const { client, die, signal } = mortal(({ method }) => {
    if (method === 'GET') die()
  })
  await client.call(run.action, run.input, { idempotencyKey: body, signal })
  const { failure } = await successor.call(run.action, run.input, { idempotencyKey: body })
  return { failure, seen: await openedWith(body), report: 'sent', expected: /sent/ }
}

/** When it is written that a request is about to leave: the successor finds nothing, and sends. */
async function diesBegun(): Promise<Round> {
  const id = await conversation()
  const run = { action: 'reply_to_conversation', input: reply(id, 'Begun'), idempotencyKey: id }
  await start({ ...run, die: { signal: 'SIGKILL', at: 'POST' } }).ended
  return await succeeds(id, run, /^sent/)
}

/** When Intercom has done it: the successor finds it. */
async function diesCommitted(): Promise<Round> {
  return await diesWaiting({ kind: 'stall' }, /^read_back/)
}

/** While its request is on the way: the successor finds what comes of it. */
async function diesInFlight(): Promise<Round> {
  return await diesWaiting({ kind: 'delay', ms: 900 }, /^read_back/)
}

/** When its request was lost: the successor finds nothing, and sends. */
async function diesUnheard(): Promise<Round> {
  return await diesWaiting({ kind: 'hang' }, /^sent/)
}

/** When Intercom has done it; the successor first sends something else to the same conversation, and sees the part. */
async function diesBeforeAnother(): Promise<Round> {
  const id = await conversation()
  const run = { action: 'reply_to_conversation', input: reply(id, 'Seen'), idempotencyKey: id }
  await dieAt({ kind: 'stall' }, `POST /conversations/${id}/*`, run)
  assert.equal((await successor.replyToConversation(reply(id, 'Meanwhile'))).error, null)
  const round = await succeeds(id, run, /^read_back/)
  return { ...round, seen: (await bodies(id)).filter((body) => body.includes('Seen')).length }
}

/** When its request was lost, and another call has said something else there: that says nothing about this one. */
async function diesBesideAnother(): Promise<Round> {
  const id = await conversation()
  const run = { action: 'reply_to_conversation', input: reply(id, 'Lost'), idempotencyKey: id }
  await dieAt({ kind: 'hang' }, `POST /conversations/${id}/*`, run)
  const other = await successor.call(run.action, reply(id, 'Beside'), { idempotencyKey: `${id} beside` })
  assert.equal(other.failure, null)
  const round = await succeeds(id, run, /^sent/)
  return { ...round, seen: (await bodies(id)).filter((body) => body.includes('Lost')).length }
}

async function diesWaiting(fault: Holding, report: RegExp): Promise<Round> {
  const id = await conversation()
  const run = { action: 'reply_to_conversation', input: reply(id, fault.kind), idempotencyKey: id }
  await (fault.kind === 'stall' ? killAt : dieAt)(fault, `POST /conversations/${id}/*`, run)
  return await succeeds(id, run, report)
}

async function succeeds(
  id: string,
  run: Omit<KeyedCall, 'options' | 'journal'>,
  report: RegExp,
): Promise<Round> {
  const { failure, trace } = await successor.call(run.action, run.input, {
    idempotencyKey: run.idempotencyKey,
  })
  return { failure, seen: (await bodies(id)).length, report: trace.verified_by ?? 'sent', expected: report }
}

test('a part of its words that looks older than an interrupted call may be its own: a clock may have been set', async () => {
  const id = await conversation()
  const run = { action: 'reply_to_conversation', input: reply(id, 'Clocks'), idempotencyKey: id }
  control.clock.set(Date.now() / 1000 - 60) // to Intercom the request is sent a minute before it does for this machine
  await dieAt({ kind: 'stall' }, `POST /conversations/${id}/*`, run)
  control.clock.set(Date.now() / 1000)
  const { failure } = await successor.call(run.action, run.input, { idempotencyKey: id })
  assert.equal(failure?.outcome, 'unknown')
  assert.deepEqual(await bodies(id), ['<p>Clocks</p>'])
})

test('a successor does not take the part of another call with the same words, whose answer is on its way', async (t) => {
  const id = await conversation()
  const run = { action: 'reply_to_conversation', input: reply(id, 'Alike'), idempotencyKey: id }
  await dieAt({ kind: 'hang' }, `POST /conversations/${id}/*`, run)
  await sleep(journal.leaseMs)
  control.addFault({ kind: 'drip', ms: 300, bytes: 800, route: `POST /conversations/${id}/*`, count: 1 })
  const patient = createIntercom({ ...options, timeoutMs: 30_000, journal: opened() })
  t.after(() => patient.close())
  const other = patient.call('reply_to_conversation', reply(id, 'Alike'), { idempotencyKey: `${id} too` })
  while ((await bodies(id)).length === 0) await sleep(10)
  const [one, two] = await Promise.all([successor.call(run.action, run.input, { idempotencyKey: id }), other])
  assert.deepEqual([one.failure, two.failure], [null, null])
  assert.deepEqual(await bodies(id), ['<p>Alike</p>', '<p>Alike</p>'])
})

test('a part by the same author that no call has claimed forbids a successor to send', async () => {
  const id = await conversation()
  const run = { action: 'reply_to_conversation', input: reply(id, 'Perhaps'), idempotencyKey: id }
  await dieAt({ kind: 'hang' }, `POST /conversations/${id}/*`, run)
  const alone = createIntercom({ accessToken, baseUrl: url })
  assert.equal((await alone.replyToConversation(reply(id, 'From elsewhere'))).error, null)
  const { failure } = await successor.call(run.action, run.input, { idempotencyKey: id })
  assert.equal(failure?.outcome, 'unknown')
  assert.deepEqual(await bodies(id), ['<p>From elsewhere</p>'])
})

test('a successor gives what is on the way the time to settle before it sends', async (t) => {
  const id = await conversation()
  const good = openJournal(join(directory, 'settle.db'), journal.leaseMs)
  t.after(() => good.close())
  const earlier = () => ({ sent_at: Date.now(), alive_at: Date.now(), unknown: false })
  const client = createIntercom({
    ...options,
    journal: { ...good, acquire: async () => ({ state: 'acquired', earlier: earlier() }) },
  })
  control.addFault({ kind: 'cut_commit', ms: 120, route: `POST /conversations/${id}/*`, count: 1 })
  const alone = createIntercom({ accessToken, baseUrl: url, onUnknown: 'report' })
  assert.equal(
    (await alone.call('reply_to_conversation', reply(id, 'On its way'))).failure?.outcome,
    'unknown',
  )
  const { failure, trace } = await client.call('reply_to_conversation', reply(id, 'On its way'))
  assert.deepEqual([failure, trace.verified_by, await bodies(id)], [null, 'read_back', ['<p>On its way</p>']])
})

test('a stopped process whose lease has lapsed sends nothing when it goes on', async () => {
  const body = `Stopped ${crypto.randomUUID()}`
  const run = { action: 'send_incoming_message', input: { contact_id, body }, idempotencyKey: body }
  const { child, answer } = start({ ...run, die: { signal: 'SIGSTOP', at: 'GET' } })
  while (!(await isStopped(Number(child.pid)))) await sleep(20)
  assert.equal((await successor.call(run.action, run.input, { idempotencyKey: body })).failure, null)
  child.kill('SIGCONT')
  const { failure } = await answer
  assert.deepEqual(
    [failure.code, failure.outcome, failure.retryable],
    ['idempotency_key_taken_over', 'unknown', true],
  )
  assert.equal(await openedWith(body), 1)
})

test('a process that is stopped while its request waits to leave sends nothing when it goes on', async () => {
  const id = await conversation()
  const run = { action: 'reply_to_conversation', input: reply(id, 'Stopped'), idempotencyKey: id }
  const { child, answer } = start({ ...run, die: { signal: 'SIGSTOP', at: 'POST' } })
  while (!(await isStopped(Number(child.pid)))) await sleep(20)
  assert.equal((await successor.call(run.action, run.input, { idempotencyKey: id })).failure, null)
  child.kill('SIGCONT')
  const { failure } = await answer
  assert.deepEqual([failure?.code, failure?.outcome], ['idempotency_key_taken_over', 'unknown'])
  assert.deepEqual(await bodies(id), ['<p>Stopped</p>'])
})

async function isStopped(pid: number): Promise<boolean> {
  return / T /.test((await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\)/, ''))
}

test('a successor that cannot look says unknown, and the next one finds the part instead of sending', async () => {
  const id = await conversation()
  const run = { action: 'reply_to_conversation', input: reply(id, 'Hidden'), idempotencyKey: id }
  await dieAt({ kind: 'stall' }, `POST /conversations/${id}/*`, run)
  const hidden = control.addFault({ kind: 'status', status: 404, route: `GET /conversations/*` })
  const blind = await successor.call(run.action, run.input, { idempotencyKey: id })
  assert.equal(blind.failure?.outcome, 'unknown')
  control.clearFaults(hidden.id)
  const { failure, trace } = await intercom.call(run.action, run.input, { idempotencyKey: id })
  assert.deepEqual([failure, trace.verified_by, await bodies(id)], [null, 'read_back', ['<p>Hidden</p>']])
})

test('a successor whose lookup fails says that the earlier run may have happened, and keeps it so', async () => {
  const body = `Looked up ${crypto.randomUUID()}`
  const run = { action: 'send_incoming_message', input: { contact_id, body }, idempotencyKey: body }
  await dieAt({ kind: 'stall' }, 'POST /conversations', run)
  control.addFault({ kind: 'status', status: 404, route: 'GET /contacts/{id}', count: 1 })
  const blind = await successor.call(run.action, run.input, { idempotencyKey: body })
  assert.equal(blind.failure?.outcome, 'unknown')
  assert.match(String(blind.output.error), /An earlier attempt under this idempotency key did not finish/)
  const { failure, trace } = await intercom.call(run.action, run.input, { idempotencyKey: body })
  assert.deepEqual([failure, trace.verified_by, await openedWith(body)], [null, 'read_back', 1])
})

for (const [how, broken] of Object.entries(breaks)) {
  test(`a journal of which any one method ${how} never makes two of one, nor a failure of what is done`, async (t) => {
    const good = openJournal(join(directory, `${how}.db`), journal.leaseMs)
    t.after(() => good.close())
    const mended = createIntercom({ ...options, journal: good })
    const call = (client: Intercom, id: string) =>
      client.call('reply_to_conversation', reply(id, 'Broken'), { idempotencyKey: id })
    // To reject is to throw, a moment later.
    const kinds = how === 'rejects' ? (['none'] as const) : (['none', 'commit_502', 'reset'] as const)
    const rounds = methods.flatMap((method) =>
      kinds.map(async (kind) => {
        const id = await conversation()
        const route = `POST /conversations/${id}/*`
        const rule = kind === 'none' ? null : control.addFault({ kind, route, count: 1 })
        const bad: Journal = { ...good, [method]: broken }
        const { failure } = await call(createIntercom({ ...options, journal: bad, deadlineMs: 2000 }), id)
        const seen = (await bodies(id)).length
        const sent = method !== 'acquire' && method !== 'recordSend'
        const clear = kind === 'none' || (kind === 'commit_502' && method !== 'claim')
        const outcome = sent ? (clear ? null : 'unknown') : 'not_sent'
        assert.deepEqual(
          [failure?.outcome ?? null, seen],
          [outcome, sent && kind !== 'reset' ? 1 : 0],
          `${method} ${kind}`,
        )
        if (rule !== null) control.clearFaults(rule.id)
        const again = await call(mended, id)
        const then = (await bodies(id)).length
        // A request that was lost before it was recorded as unknown may go once more; nothing goes twice.
        assert.ok(then <= 1 && (again.failure === null) === (then === 1), `${method} ${kind}`)
      }),
    )
    await Promise.all(rounds)
  })
}

test('an upsert and a tag run again after a crash', async () => {
  const { result } = await intercom.listTags()
  const tag_id = String(result?.data[0]?.id)
  const email = 'crash@upsert.test'
  const crashed = async (action: string, input: object, route: string) => {
    const run = { action, input, idempotencyKey: action }
    await dieAt({ kind: 'stall' }, route, run)
    return (await successor.call(action, input, { idempotencyKey: action })).failure
  }
  const failures = await Promise.all([
    crashed('upsert_contact', { email, name: 'Crashed' }, 'POST /contacts'),
    crashed('add_tag_to_contact', { contact_id, tag_id }, 'POST /contacts/{id}/tags'),
  ])
  assert.deepEqual(failures, [null, null])
  const { total_count } = await intercom.searchContacts({ query_field: 'email', query_value: email })
  assert.equal(total_count, 1)
})

test('an input that cannot be read is invalid_input, and nothing is sent', async () => {
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic
  const trap = Object.defineProperty({}, 'email', {
    enumerable: true,
    get: () => {
      throw new Error('trap')
    },
  })
  const proxy = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('trap')
      },
    },
  )
  for (const custom_attributes of [cyclic, { n: 1n }, trap, proxy]) {
    const input = { email: 'a@b.test', custom_attributes }
    const { failure, trace } = await intercom.call('upsert_contact' as string, input, {
      idempotencyKey: 'unreadable',
    })
    assert.deepEqual([failure?.code, failure?.outcome, trace.attempts], ['invalid_input', 'not_sent', 0])
  }
})

test('an idempotency key is 1 to 200 printable ASCII characters, of a call that writes, with a journal', async () => {
  const input = { contact_id, body: 'Optional' }
  for (const idempotencyKey of ['', 'x'.repeat(201), 'ä', 'a\nb', 7, null, {}] as never[]) {
    const { failure } = await intercom.call('create_note', input, { idempotencyKey })
    assert.deepEqual([failure?.code, failure?.outcome], ['invalid_input', 'not_sent'])
  }
  const without = createIntercom({ accessToken, baseUrl: url })
  assert.match(
    String((await without.call('create_note', input, { idempotencyKey: 'x' })).output.error),
    /needs the journal/,
  )
  assert.match(
    String((await intercom.call('list_tags', {}, { idempotencyKey: 'x' })).output.error),
    /for actions that write/,
  )
  assert.equal((await intercom.call('create_note', input, { idempotencyKey: ' '.repeat(200) })).failure, null)
})

test('a client that is closed while calls run ends them as if it were open', async () => {
  const id = await conversation()
  const closing = createIntercom({ ...options, journal: journal.file, timeoutMs: 10_000 })
  const { id: fault } = control.addFault({ kind: 'delay', ms: 500, route: replies, count: 1 })
  const call = closing.call('reply_to_conversation', reply(id, 'Last'), { idempotencyKey: 'last' })
  await injected(fault)
  await Promise.all([closing.close(), closing.close()])
  assert.equal((await call).failure, null)
  assert.equal((await closing.call('create_note', { contact_id, body: 'x' })).failure?.code, 'client_closed')
  const { trace } = await intercom.call('reply_to_conversation', reply(id, 'Last'), {
    idempotencyKey: 'last',
  })
  assert.equal(trace.attempts, 0)
})

test('the files are for their owner alone, and the access token is in none of them', async () => {
  control.addFault({ kind: 'status', status: 422, message: `Bad ${accessToken}`, route: replies, count: 1 })
  const id = await conversation()
  await intercom.call('reply_to_conversation', reply(id, 'Token'), { idempotencyKey: 'token 422' })
  const files = readdirSync(directory).filter((file) => file.startsWith('journal.db'))
  assert.deepEqual(files.sort(), ['journal.db', 'journal.db-shm', 'journal.db-wal'])
  for (const file of files) {
    const path = join(directory, file)
    assert.equal(statSync(path).mode & 0o777, 0o600, file)
    assert.ok(!readFileSync(path).includes(accessToken), file)
  }
})

test('a call without a key leaves nothing behind that nobody could ask for', async () => {
  const file = join(directory, 'nameless.db')
  const client = createIntercom({ ...options, journal: file })
  assert.equal((await client.call('create_note', { contact_id, body: 'Nameless' })).failure, null)
  await client.close()
  const db = new DatabaseSync(file)
  assert.deepEqual(db.prepare('SELECT * FROM operations').all(), [])
  db.close()
})
