// Who sees which sends: an API key its own, an operator those of their callers.
import assert from 'node:assert/strict'
import { after, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openApprovals } from '../../src/approvals/store.ts'
import { openJournal } from '../../src/core/sqlite-journal.ts'
import { createIntercom } from '../../src/index.ts'
import { servedApprovals } from '../../src/server/approvals/serving.ts'
import { hashKey } from '../../src/server/keys.ts'
import { restMounts } from '../../src/server/mounts.ts'
import { sendLog } from '../../src/server/rest/sends/log.ts'
import { type Cursor, pageOf } from '../../src/server/rest/sends/page.ts'
import { sendsRoutes } from '../../src/server/rest/sends/routes.ts'
import type { Send, SendRow } from '../../src/server/rest/sends/send.ts'
import type { Sends } from '../../src/server/rest/sends/sends.ts'
import { sendsMount } from '../../src/server/sends-mount.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { approvalsFile, ask, bearer, keys, operators } from '../support/approvals-desk.ts'
import { correspondence } from '../support/correspondence.ts'
import { caller, served } from '../support/served.ts'

const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { accessToken, dispatcher, control } = workspace
const { conversation, reply } = await correspondence(createIntercom({ accessToken, dispatcher }))
after(() => workspace.close())

async function server(t: TestContext) {
  const file = approvalsFile(t)
  const store = openApprovals(file)
  const journal = openJournal(`${file}.journal`)
  const approvals = servedApprovals({ store, operators, publicUrl: 'https://mcp.example.com' })
  const made = (name: string, key: string) => ({
    ...caller(key),
    ...{ keyHash: hashKey(key), name, output: 'full' as const, journaled: true },
    intercom: createIntercom({ accessToken, dispatcher, journal, settleMs: [20] }),
    access: { sends: 'confirm' as const },
    approvals: approvals.heldBy(name),
  })
  const { url } = await served(t, () => new Response(), {
    callers: [made('agent', keys.agent), made('other', keys.other)],
    mounts: [...restMounts(), sendsMount(operators), approvals.mount],
    hosts: ['mcp.example.com'],
  })
  t.after(async () => {
    await approvals.close()
    journal.close()
  })
  const call = (key: string, name: string, input: object, headers = {}) =>
    ask(url, `POST /actions/${name}`, { ...bearer(key), ...headers }, input)
  return {
    call,
    ask: (what: string, key: string, body?: object) => ask(url, what, bearer(key), body),
    list: async (key: string, query = '') =>
      ((await ask(url, `GET /sends${query}`, bearer(key))).body as { sends: SendRow[] }).sends,
    one: async (key: string, id: string) => (await ask(url, `GET /sends/${id}`, bearer(key))).body as Send,
  }
}

test('an API key sees its own sends, an operator those of their callers', async (t) => {
  const { call, list, ask, one } = await server(t)
  const note = { contact_id: 'none', body: 'A note' }
  await call(keys.agent, 'create_note', note, { 'Idempotency-Key': 'same' })
  await call(keys.other, 'create_note', note, { 'Idempotency-Key': 'same' })
  const callers = async (key: string, query?: string) => (await list(key, query)).map((row) => row.caller)
  assert.deepEqual(await callers(keys.agent), ['agent'])
  assert.deepEqual(await callers(keys.other), ['other'])
  assert.deepEqual((await callers(keys.ada)).sort(), ['agent', 'other'])
  assert.deepEqual(await callers(keys.ada, '?caller=other'), ['other'])
  assert.deepEqual(await callers(keys.night), ['agent'])
  assert.deepEqual(await callers(keys.night, '?caller=other'), [])
  const [ofOther] = await list(keys.other)
  const id = ofOther?.id ?? ''
  assert.equal((await one(keys.ada, id)).caller, 'other')
  for (const key of [keys.agent, keys.night]) assert.equal((await ask(`GET /sends/${id}`, key)).status, 404)
  assert.equal((await ask('POST /sends', keys.ada)).status, 405)
  assert.equal((await ask('GET /sends', 'a key that is none of this server')).status, 401)
})

test('a held call is told from held to sent, and only operators learn who decided', async (t) => {
  const { call, list, ask, one } = await server(t)
  const input = reply(await conversation(), 'Held')
  const held = await call(keys.agent, 'reply_to_conversation', input)
  const id = held.headers.get('location')?.replace('/approvals/', '') ?? ''
  const states = async () => (await list(keys.agent)).map((row) => [row.id, row.state])
  assert.deepEqual(await states(), [[id, 'held']])
  assert.deepEqual(await list(keys.other), [])
  assert.equal((await ask(`GET /sends/${id}`, keys.other)).status, 404)
  const edited = { decision: 'approve', input: { body: 'Held and changed' } }
  assert.equal((await ask(`POST /approvals/${id}/decision`, keys.ada, edited)).status, 200)
  const steps = ['held', 'edited', 'recorded', 'transmitted', 'answered', 'ended']
  for (const key of [keys.agent, keys.ada]) {
    const send = await one(key, id)
    assert.deepEqual([send.state, send.approval_id, send.persisted], ['sent', id, true])
    assert.deepEqual(
      send.steps.map(({ step }) => step),
      steps,
    )
    assert.equal(JSON.stringify(send.steps).includes('ada'), key === keys.ada)
  }
  assert.equal((await list(keys.agent)).length, 1)

  // Declined, and one whose answer was lost.
  const declined = await call(keys.agent, 'reply_to_conversation', reply(await conversation(), 'No'))
  const no = declined.headers.get('location')?.replace('/approvals/', '') ?? ''
  await ask(`POST /approvals/${no}/decision`, keys.ada, { decision: 'decline', reason: 'Not now' })
  const told = await one(keys.agent, no)
  assert.deepEqual([told.state, told.steps.at(-1)], ['refused', { ...told.steps.at(-1), reason: 'Not now' }])
  const lost = await call(keys.agent, 'reply_to_conversation', reply(await conversation(), 'Lost'))
  const lostId = lost.headers.get('location')?.replace('/approvals/', '') ?? ''
  control.addFault({ kind: 'reset', route: 'POST /conversations/{id}/reply', count: 1 })
  await ask(`POST /approvals/${lostId}/decision`, keys.ada, { decision: 'approve' })
  const unknown = await one(keys.ada, lostId)
  assert.equal(unknown.state, 'unknown')
  assert.match(unknown.next ?? '', /Do not send it again/)
  assert.deepEqual(
    (await list(keys.ada, '?state=unknown')).map((row) => row.id),
    [lostId],
  )
})

test('what the policy or the rules of input refuse is told too, as of this process alone', async (t) => {
  const { call, list } = await server(t)
  await call(keys.agent, 'create_note', { contact_id: 7.5, body: 'x' })
  await call(keys.agent, 'get_contact', { contact_id: 'none' })
  assert.deepEqual(
    (await list(keys.agent)).map(({ action, state, persisted }) => [action, state, persisted]),
    [['create_note', 'refused', false]],
  )
})

test('an operator who reads live is told of callers who come later, and of none that are not theirs', async () => {
  const mount = sendsMount(operators)
  const night = operators.find(({ name }) => name === 'night')
  assert.ok(night)
  const asked = new Request('http://localhost/sends', { headers: { accept: 'text/event-stream' } })
  const { body } = await mount.visitBy(night).handler.fetch(asked)
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  assert.match(String((await reader?.read())?.value), /event: ready/)
  const failure = { code: 'not_allowed', message: 'no', hint: null } as never
  const come = (name: string) => {
    const sends = sendLog()
    mount.handler({ name, intercom: {}, journaled: false, sends } as never).begin?.()
    sends.watched({ call: async () => assert.fail() }).refused('create_note', failure)
  }
  for (const name of ['other', 'agent']) come(name)
  let text = ''
  const over = sleep(2000, null, { ref: false })
  for (let next = await reader?.read(); next?.value !== undefined && !text.includes('event: '); ) {
    text += next.value
    if (!text.includes('event: ')) next = (await Promise.race([reader?.read(), over])) ?? undefined
  }
  assert.match(text, /event: send\ndata: .*"caller":"agent"/)
  await reader?.cancel()
})

test('a page of very many callers reads little of each, and pages lead through all in order', async () => {
  let asked = 0
  const all = Array.from({ length: 600 }, (_, caller) => ({
    caller: String(caller),
    sources: [
      {
        name: 'memory',
        async read(before: number | string | undefined, limit: number) {
          asked += limit
          const from = before === undefined ? 20 : Number(before)
          const places = Array.from({ length: Math.min(limit, from) }, (_, at) => from - 1 - at)
          const found = places.map((place) => ({ send: { begun_at: place * 600 + caller } as Send, place }))
          return { found, next: places.at(-1) === 0 ? (false as const) : (places.at(-1) ?? false) }
        },
      },
    ],
    one: async () => null,
    listen: () => () => {},
  }))
  const seen: unknown[] = []
  let cursor: Cursor | null = {}
  while (cursor !== null) {
    asked = 0
    const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(all, {}, 200, cursor)
    assert.ok(asked <= 3000 && page.sends.length > 0, String(asked))
    seen.push(...page.sends.map(({ begun_at }) => begun_at))
    cursor = page.next
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 12_000 }, (_, at) => 11_999 - at),
  )
})

test('an operator of however many callers goes on by a cursor that fits into a URL, until it is forgotten', async () => {
  const send = (id: string) => ({ id, begun_at: 1, changed_at: 1 }) as Send
  const all = Array.from({ length: 300 }, (_, at) => {
    const caller = `somebody-with-a-long-name@${at}`
    const found = [2, 1].map((place) => ({ send: send(`${at}-${place}`), place }))
    const source = {
      name: 'memory',
      async read(before?: number | string) {
        return {
          found: found.filter(({ place }) => before === undefined || place < Number(before)),
          next: false as const,
        }
      },
    }
    return { caller, sources: [source] } as unknown as Sends
  })
  const { answer } = sendsRoutes(() => all, true)
  const page = async (before: string | null) => {
    const query = before === null ? '' : `?before=${encodeURIComponent(before)}`
    const response = await answer(new Request(`http://localhost/sends${query}`))
    return {
      status: response?.status,
      body: (await response?.json()) as { sends: Send[]; next: string | null },
    }
  }
  const seen = new Set<string>()
  let last: string | null = null
  do {
    const { status, body } = await page(last)
    assert.equal(status, 200)
    for (const { id } of body.sends) seen.add(id)
    last = body.next
    assert.ok((last?.length ?? 0) <= 2000)
  } while (last !== null)
  assert.equal(seen.size, 600)
  for (const unknown of ['~of-another-server', 'no cursor']) assert.equal((await page(unknown)).status, 400)
})
