// What GET /sends tells of a caller's writes, whatever became of them.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openJournal } from '../../src/core/sqlite-journal.ts'
import { createIntercom } from '../../src/index.ts'
import type { HttpOptions } from '../../src/server/rest/index.ts'
import type { Send, SendRow } from '../../src/server/rest/sends/send.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { correspondence } from '../support/correspondence.ts'
import { rest } from '../support/rest.ts'

const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { accessToken, dispatcher, control } = workspace
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-sends-'))
const route = 'POST /conversations/{id}/reply'
const { conversation, bodies, reply } = await correspondence(createIntercom({ accessToken, dispatcher }))
after(async () => {
  await workspace.close()
  rmSync(folder, { recursive: true })
})

let files = 0
function opened(t: TestContext, leaseMs?: number) {
  files += 1
  const file = join(folder, `${files}.db`)
  const open = () => {
    const journal = openJournal(file, leaseMs)
    t.after(() => journal.close())
    return journal
  }
  const journal = open()
  const as = (idempotencyScope: string, own: HttpOptions = {}, through = journal) => {
    const options = { accessToken, dispatcher, settleMs: [10], journal: through }
    const { call, send } = rest(createIntercom(options), { idempotencyScope, ...own })
    const get = async (path: string, headers = {}) => await send(path, { headers })
    return {
      call,
      get,
      list: async (query = ''): Promise<{ sends: SendRow[]; next: string | null }> =>
        (await (await get(`/sends${query}`)).json()) as { sends: SendRow[]; next: string | null },
      one: async (id: string): Promise<Send> => (await (await get(`/sends/${id}`)).json()) as Send,
    }
  }
  return { journal, open, as }
}

const stepsOf = ({ steps }: Send) => steps.map(({ step }) => step)

test('every outcome is told with its story', async (t) => {
  const { as } = opened(t)
  const { call, list, one } = as('crm')
  const conversation_id = await conversation()

  await call('reply_to_conversation', reply(conversation_id, 'Sent once'), 'sent')
  control.addFault({ kind: 'commit_reset', route, count: 1 })
  await call('reply_to_conversation', reply(conversation_id, 'Answer lost'), 'verified')
  control.addFault({ kind: 'reset', route, count: 1 })
  const lost = await call('reply_to_conversation', reply(conversation_id, 'Never came'), 'unknown')
  assert.equal(lost.status, 409)
  await call('reply_to_conversation', reply('999999999', 'To nobody'), 'refused')
  await call('create_note', { contact_id: 'none', body: 'Without a key' })
  await call('create_note', { contact_id: 'x' })

  const { sends, next } = await list()
  assert.equal(next, null)
  assert.deepEqual(
    sends.map(({ action, state, persisted, idempotency_key }) => [action, state, persisted, idempotency_key]),
    [
      ['create_note', 'refused', false, null],
      ['create_note', 'refused', false, null],
      ['reply_to_conversation', 'refused', true, 'refused'],
      ['reply_to_conversation', 'unknown', true, 'unknown'],
      ['reply_to_conversation', 'verified', true, 'verified'],
      ['reply_to_conversation', 'sent', true, 'sent'],
    ],
  )
  const [, , refused, unknown, verified, sent] = await Promise.all(sends.map(({ id }) => one(id)))
  assert.ok(refused && unknown && verified && sent)
  assert.deepEqual(stepsOf(sent), ['recorded', 'transmitted', 'answered', 'ended'])
  assert.deepEqual(stepsOf(verified), ['recorded', 'transmitted', 'answer_lost', 'found', 'ended'])
  assert.deepEqual(stepsOf(unknown), ['recorded', 'transmitted', 'answer_lost', 'not_found', 'ended'])
  assert.deepEqual(stepsOf(refused), ['recorded', 'transmitted', 'rejected', 'ended'])
  assert.match(refused.error ?? '', /404/)
  assert.match(unknown.next ?? '', /same Idempotency-Key: it looks in Intercom/)
  assert.match(unknown.error ?? '', /may have been delivered/) // what this process knows beside the journal
  assert.equal(unknown.answer, null)
  assert.equal(sent.answer?.output.success, true)
  assert.equal(sent.conversation_id, conversation_id)
  for (const { steps } of [sent, verified, unknown, refused])
    assert.ok(steps.every(({ at }, index) => index === 0 || Number(at) >= Number(steps[index - 1]?.at)))
  const ended = sent.steps.at(-1)
  assert.ok(ended && 'attempts' in ended && ended.attempts === 1 && typeof ended.request_id === 'string')

  // The same call again looks, and tells so; nothing is sent.
  control.addFault({ kind: 'commit_reset', route, count: 1 })
  const again = await call('reply_to_conversation', reply(conversation_id, 'Never came'), 'unknown')
  assert.equal(again.status, 409)
  assert.deepEqual(stepsOf(await one(unknown.id)).slice(5), ['not_found', 'ended'])
  control.clearFaults()
})

test('a dry run does not keep a later send of the same words from being found', async (t) => {
  const { call, get } = opened(t).as('crm')
  const input = reply(await conversation(), 'Tried first')
  await call('reply_to_conversation?dry_run=true', input)
  control.addFault({ kind: 'commit_reset', route, count: 1 })
  assert.equal((await call('reply_to_conversation', input, 'verified')).status, 200)
  const { sends } = (await (await get('/sends')).json()) as { sends: SendRow[] }
  assert.deepEqual(
    sends.map(({ state }) => state),
    ['verified'],
  )
})

test('two keys of a server never see each other', async (t) => {
  const { as } = opened(t)
  const [a, b] = [as('a'), as('a.b')]
  const conversation_id = await conversation()
  await a.call('reply_to_conversation', reply(conversation_id, 'Of a'), 'same')
  await a.call('create_note', { contact_id: 'none', body: 'Of a' })
  await b.call('reply_to_conversation', reply(conversation_id, 'Of b'), 'same')
  const [ofA, ofB] = [await a.list(), await b.list()]
  assert.deepEqual(
    ofA.sends.map(({ caller }) => caller),
    ['a', 'a'],
  )
  assert.deepEqual(
    ofB.sends.map(({ caller }) => caller),
    ['a.b'],
  )
  for (const { id } of ofA.sends) assert.equal((await b.get(`/sends/${id}`)).status, 404)
  for (const { id } of ofB.sends) assert.equal((await a.get(`/sends/${id}`)).status, 404)
  // Not by a place in another's list either.
  const { next } = await a.list('?limit=1')
  assert.deepEqual(
    (await b.list(`?before=${next}`)).sends.map(({ caller }) => caller),
    ['a.b'],
  )
  assert.equal((await a.get('/sends?caller=a.b')).status, 400)
})

test('a query that would list something else than was asked for is refused', async (t) => {
  const { get } = opened(t).as('crm')
  const live = { Accept: 'text/event-stream' }
  for (const query of [
    ...[
      'limit=0',
      'limit=1&limit=2',
      'state=',
      'state=helt',
      'state=held&state=sent',
      'action=',
      'stat=held',
    ],
    ...['action=create_not', 'caller=a', 'before=', 'before=W10', 'before=e30&before=e30'],
  ]) {
    const answer = await get(`/sends?${query}`)
    assert.deepEqual(
      [answer.status, ((await answer.json()) as { code: string }).code],
      [400, 'invalid_query'],
      query,
    )
  }
  assert.equal((await get('/sends?state=held', live)).status, 400, 'the live list has no filter')
})

test('a process that dies at any step leaves a story that is true', async (t) => {
  const { journal, open, as } = opened(t, 100)
  const begun = async (key: string, action = 'reply_to_conversation') => {
    await journal.acquire({ key: `crm:${key}`, action, input_hash: key }, key)
  }
  const { list, one } = as('crm', {}, open())
  const send = async (key: string) => {
    const { sends } = await list()
    return await one(sends.find((row) => row.idempotency_key === key)?.id ?? '')
  }
  await begun('recorded')
  await begun('upsert', 'upsert_contact')
  await begun('transmitted')
  await journal.recordSend('crm:transmitted', 'transmitted', Date.now())
  await begun('lost')
  await journal.recordSend('crm:lost', 'lost', Date.now())
  await journal.recordUnknown('crm:lost', 'lost')
  assert.equal((await send('lost')).state, 'running')
  assert.equal((await send('lost')).next, null)
  await sleep(150)
  const told = async (key: string) => {
    const { state, steps, next } = await send(key)
    return [state, steps.map(({ step }) => step).join(), /before anything was transmitted/.test(next ?? '')]
  }
  assert.deepEqual(await told('recorded'), ['refused', 'recorded,interrupted', true])
  assert.deepEqual(await told('transmitted'), ['unknown', 'recorded,transmitted,interrupted', false])
  assert.deepEqual(await told('lost'), ['unknown', 'recorded,transmitted,answer_lost,interrupted', false])
  // What may be repeated is not recorded before it is transmitted: nothing says that it was not.
  assert.deepEqual(await told('upsert'), ['unknown', 'recorded,interrupted', false])
  assert.match((await send('upsert')).next ?? '', /twice is the same as once/)
  for (const key of ['transmitted', 'lost'])
    assert.match((await send(key)).next ?? '', /may have taken effect.*same call again.*looks in Intercom/)
  // A call that is finished, or whose action is no more, cannot look for itself.
  await begun('unreadable')
  await journal.finish('crm:unreadable', 'unreadable', { record: '{' })
  await begun('unnamed', 'an_action_of_old')
  await sleep(150)
  for (const key of ['unreadable', 'unnamed']) {
    const { state, next } = await send(key)
    assert.deepEqual(
      [state, next],
      ['unknown', 'It may have taken effect. Look in Intercom before you send the same again.'],
    )
  }

  // Its successor tells of both.
  const earlier = { at: Date.now(), step: 'interrupted', earlier: true } as const
  await journal.acquire(
    { key: 'crm:transmitted', action: 'reply_to_conversation', input_hash: 'transmitted' },
    'two',
  )
  const found = [earlier, { at: Date.now(), step: 'found' }, { at: Date.now(), step: 'ended' }] as const
  const record = '{"output":{"success":true,"error":null,"result":null},"failure":null}'
  await journal.finish('crm:transmitted', 'two', { record }, found)
  assert.deepEqual(await told('transmitted'), [
    'verified',
    'recorded,transmitted,interrupted,found,ended',
    false,
  ])
})

test('pages are whole and in order while others write', async (t) => {
  const { as } = opened(t)
  const { call, list } = as('crm')
  const write = (key: string) => call('create_note', { contact_id: 'none', body: key }, key)
  const silent = (n: number) => call('create_note', { contact_id: `none-${n}`, body: 'x' })
  for (let n = 0; n < 12; n += 1) await (n % 3 === 0 ? silent(n) : write(`k${n}`))
  const before = (await list('?limit=200')).sends.map(({ id }) => id)
  const seen: string[] = []
  let next: string | null = null
  let pages = 0
  do {
    const page = await list(`?limit=5${next === null ? '' : `&before=${next}`}`)
    seen.push(...page.sends.map(({ id }) => id))
    next = page.next
    pages += 1
    await Promise.all([write(`late${pages}`), silent(100 + pages)])
  } while (next !== null)
  assert.ok(pages > 2)
  assert.deepEqual(seen, before)
  const times = (await list('?limit=200')).sends.map(({ begun_at }) => Number(begun_at))
  assert.deepEqual(
    times,
    times.toSorted((a, b) => b - a),
  )
})

test('a list of one state or action reads on until its page is full', async (t) => {
  const { journal, as } = opened(t)
  const finished = async (key: string, success: boolean) => {
    const result = `{"output":{"success":${success},"error":null},"failure":${success ? null : '{"outcome":"rejected","code":"x"}'}}`
    await journal.acquire(
      { key: `crm:${key}`, action: success ? 'create_note' : 'create_event', input_hash: 'h' },
      key,
    )
    await journal.finish(`crm:${key}`, key, { record: result })
  }
  for (let n = 0; n < 60; n += 1) await finished(`k${n}`, n % 20 !== 0)
  await journal.acquire({ key: 'crm:open', action: 'create_note', input_hash: 'h' }, 'open')
  await journal.recordSend('crm:open', 'open', Date.now())
  await journal.finish('crm:open', 'open', 'unknown')
  const { list } = as('crm')
  const keysOf = async (query: string) =>
    (await list(query)).sends.map(({ idempotency_key }) => idempotency_key)
  assert.deepEqual(await keysOf('?state=refused&limit=3'), ['k40', 'k20', 'k0'])
  assert.deepEqual(await keysOf('?state=unknown'), ['open'])
  assert.deepEqual(await keysOf('?action=create_event'), ['k40', 'k20', 'k0'])
  assert.equal((await list('?state=sent&limit=50')).sends.length, 50)
  for (const query of ['state=gone', 'limit=0', 'limit=201', 'before=x', 'sort=up'])
    assert.match(JSON.stringify(await list(`?${query}`)), /invalid_query/, query)
})

/** The events of a stream, until `enough`. */
async function events(response: Response, enough: (names: string[]) => boolean) {
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
  const found: { id: string; event: string; data: Partial<SendRow> }[] = []
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!enough(found.map(({ event }) => event))) {
    const { value = '', done } = (await reader?.read()) ?? { done: true }
    assert.ok(!done, 'the stream has ended')
    text += value
    for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
      const lines = text.slice(0, at).split('\n')
      text = text.slice(at + 2)
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
      const [id, event, data] = [field('id'), field('event'), field('data')]
      if (id && event && data) found.push({ id, event, data: JSON.parse(data) })
    }
  }
  await reader?.cancel()
  return found
}

test('what changes is told live, and to a reader who was away; one of another process reads anew', async (t) => {
  const { as } = opened(t)
  const { call, get } = as('crm')
  const live = (headers = {}) => get('/sends', { accept: 'text/event-stream', ...headers })
  const first = await live()
  const conversation_id = await conversation()
  const reading = events(first, (names) => names.length > 1 && names.at(-1) === 'send' && sent())
  let sent = () => false
  sent = () => true
  await call('reply_to_conversation', reply(conversation_id, 'Live'), 'live')
  const told = await reading
  assert.equal(told[0]?.event, 'ready')
  assert.equal(told[1]?.data.idempotency_key, 'live')
  await call('create_note', { contact_id: 'none', body: 'Meanwhile' })
  const missed = await events(
    await live({ 'last-event-id': told.at(-1)?.id }),
    (names) => names.filter((name) => name === 'send').length > 0,
  )
  assert.ok(missed.some(({ data }) => data.action === 'create_note' || data.state === 'sent'))
  assert.equal(new Set(missed.map(({ id }) => id)).size, missed.length)
  for (const id of ['other.3', 'nonsense'])
    assert.equal(
      (await events(await live({ 'last-event-id': id }), (names) => names.length > 0))[0]?.event,
      'missed',
    )
})

test('what another process writes is told within a second or so', async (t) => {
  const { journal, open, as } = opened(t)
  const { get } = as('crm', {}, open())
  const reading = events(await get('/sends', { accept: 'text/event-stream' }), (names) =>
    names.includes('send'),
  )
  await journal.acquire({ key: 'crm:there', action: 'create_note', input_hash: 'h' }, 'there')
  await journal.acquire({ key: 'other:there', action: 'create_note', input_hash: 'h' }, 'there')
  const [, change] = await reading
  assert.deepEqual([change?.data.idempotency_key, change?.data.state], ['there', 'running'])
  await journal.finish('crm:there', 'there', 'no_effect')
  await journal.finish('other:there', 'there', 'no_effect')
  assert.deepEqual(await bodies(await conversation()), [])
})
