// A configuration that is read again: what changes for whom, over every surface, also where something is open already.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { CallOptions } from '../../src/index.ts'
import type { Caller } from '../../src/server/caller.ts'
import { restMounts } from '../../src/server/mounts.ts'
import { ask, bearer, signedIn as onPage } from '../support/approvals-desk.ts'
import { heldCall } from '../support/held-call.ts'
import { configured, eras, listening, serving } from '../support/reloading.ts'
import { caller, served } from '../support/served.ts'
import { signedIn } from '../support/signed-in.ts'
import { signedIn as inStudio } from '../support/studio.ts'

const keys = {
  agent: 'key-of-the-support-agent-0001',
  next: 'key-of-the-support-agent-0002',
  other: 'key-of-the-billing-agent-0003',
  ada: 'key-of-ada-the-operator-00004',
  grace: 'key-of-grace-the-operator-005',
}

type Setup = Awaited<ReturnType<typeof configured>>

function config({ key }: Setup, own: { agent?: object | null; secret?: string; operators?: string[] } = {}) {
  const { agent = {}, secret = keys.agent, operators = ['ada', 'grace'] } = own
  const entries = [key('other', keys.other, { metrics: 'all' })]
  return {
    keys: agent === null ? entries : [key('agent', secret, agent), ...entries],
    operators: operators.map((name) => {
      const { access_token_file: _, base_url: __, ...entry } = key(name, keys[name as 'ada'])
      return entry
    }),
    journal: 'journal.db',
  }
}

/** A live list, as a reader of it sees whether it goes on. */
async function live(url: string, path: string, headers: Record<string, string>) {
  const { status, body } = await fetch(`${url}${path}`, {
    headers: { ...headers, Accept: 'text/event-stream' },
  })
  assert.equal(status, 200)
  const reader = body?.getReader()
  await reader?.read()
  let isOver = false
  const ended = (async () => {
    while (!(await reader?.read().catch(() => ({ done: true })))?.done);
    isOver = true
  })()
  return { ended, isOver: () => isOver, close: () => reader?.cancel() }
}

/** Everything that can be open when the configuration is read again, and what it is worth afterwards. */
async function everything(t: TestContext, own: object = {}) {
  const setup = await configured(t)
  setup.write(config(setup, own))
  const server = await serving(t, setup.path, { studio: true })
  const { url } = server
  const legacy = await listening(t, url, keys.agent, '2025-11-25')
  const modern = await listening(t, url, keys.agent, '2026-07-28')
  const others = await listening(t, url, keys.other, '2026-07-28')
  const studio = await inStudio(url, { key: keys.agent })
  const page = await onPage(url, keys.ada)
  const lists = {
    key: await live(url, '/sends', bearer(keys.agent)),
    mcp: await live(url, '/mcp', bearer(keys.agent)),
    studio: await live(url, '/studio/api/traffic', studio),
    operator: await live(url, '/sends', bearer(keys.ada)),
  }
  t.after(() => Promise.all(Object.values(lists).map((one) => one.close())))
  const mcp = async ({ client }: typeof legacy) =>
    await client.callTool({ name: 'list_tags', arguments: {} }).then(
      ({ isError }) => (isError ? 'error' : 'ok'),
      (error: Error) => /Unknown tool|401|Unauthorized|wrong_key/.exec(`${error.message} ${error.name}`)?.[0],
    )
  const status = async (start: string, headers: Record<string, string>, body?: object) =>
    (await ask(url, start, headers, body)).status
  return {
    ...setup,
    ...server,
    legacy,
    modern,
    others,
    lists,
    seen: async () => ({
      rest: await status('POST /actions/list_tags', bearer(keys.agent), {}),
      legacy: await mcp(legacy),
      modern: await mcp(modern),
      other: await mcp(others),
      studio: await status('POST /studio/api/actions/list_tags', studio, {}),
      page: await status('GET /approvals', page),
      operator: await status('GET /sends', bearer(keys.ada)),
    }),
  }
}

const asBefore = {
  ...{ rest: 200, legacy: 'ok', modern: 'ok', other: 'ok' },
  ...{ studio: 200, page: 200, operator: 200 },
}
const withdrawn = { rest: 401, legacy: 'wrong_key', modern: 'wrong_key', studio: 401 }

const table: [
  what: string,
  own: Parameters<typeof config>[1],
  expected: object,
  ends: string[],
  told: boolean,
][] = [
  ['nothing', {}, {}, [], false],
  [
    'a key that may do less',
    { agent: { deny: ['list_tags'] } },
    { rest: 403, legacy: 'Unknown tool', modern: 'Unknown tool', studio: 403 },
    ['key', 'studio'],
    true,
  ],
  ['what its lists do not show', { agent: { calls_per_minute: 900 } }, {}, ['key', 'studio'], false],
  ['a key that is gone', { agent: null }, withdrawn, ['key', 'mcp', 'studio'], false],
  ['another key of the same name', { secret: keys.next }, withdrawn, ['key', 'mcp', 'studio'], false],
  ['an operator who is gone', { operators: ['grace'] }, { page: 401, operator: 401 }, ['operator'], false],
]

for (const [what, own, expected, ends, told] of table)
  test(`read again with ${what}`, { timeout: 60_000 }, async (t) => {
    const { seen, lists, legacy, modern, others, reload, said, write, ...setup } = await everything(t)
    for (const { stream } of [legacy, modern])
      assert.deepEqual(stream, { status: 200, type: 'text/event-stream' })
    assert.deepEqual(await seen(), asBefore)
    write(config({ ...setup, write }, own))
    await reload()
    assert.match(said.at(-1) ?? '', /serve\.json was reloaded/)
    if (told) await Promise.all([legacy.toldTimes(1), modern.toldTimes(1)])
    assert.deepEqual(await seen(), { ...asBefore, ...expected })
    await Promise.all(ends.map((name) => lists[name as 'key'].ended))
    const over = Object.entries(lists).flatMap(([name, { isOver }]) => (isOver() ? [name] : []))
    assert.deepEqual(over, ends)
    for (const { told: lists } of [legacy, modern]) {
      assert.equal(lists.length, told ? 1 : 0)
      for (const names of lists) assert.ok(names.length > 0 && !names.includes('list_tags'), 'it lists anew')
    }
    assert.deepEqual(others.told, [], 'another key hears nothing')
  })

test('who shows no app does not hear of what only those who do can see', { timeout: 60_000 }, async (t) => {
  const { legacy, modern, reload, write, ...setup } = await everything(t)
  write(config({ ...setup, write }, { agent: { sends: 'confirm' } }))
  await reload()
  await legacy.toldTimes(1) // it has not said whether it shows apps
  await modern.client.listTools()
  assert.deepEqual(modern.told, [])
})

test('a file that is wrong, or needs a restart, changes nothing, and says so everywhere', {
  timeout: 60_000,
}, async (t) => {
  const { seen, lists, legacy, modern, url, reload, said, write, ...setup } = await everything(t)
  const good = config({ ...setup, write })
  const narrower = config({ ...setup, write }, { agent: { deny: ['list_tags'] } })
  const [agent, other] = narrower.keys
  for (const [file, message] of [
    ['{', /serve\.json: .*not valid JSON/],
    [
      { ...narrower, keys: [agent, { ...other, sends: 'maybe' }] },
      /keys\[1\]\.sends takes "allow", "confirm", "off"/,
    ],
    [
      { ...narrower, keys: [agent, { ...other, deny: ['get_contcat'] }] },
      /get_contcat.*Did you mean "get_contact"/,
    ],
    [
      { ...narrower, keys: [agent, { ...other, key_file: 'none.key' }] },
      /keys\[1\]\.key_file: "none\.key" cannot be read/,
    ],
    [{ ...narrower, keys: [agent, { ...agent, name: 'twin' }] }, /keys\[1\] is the same key as another/],
    [
      { ...narrower, operators: [{ name: 'eve', key_file: 'agent.key' }] },
      /operator's key cannot be an API key too/,
    ],
    [
      { ...narrower, listen: { port: 1 }, limits: { body_bytes: 9 }, journal: 'another.db' },
      /this needs a restart: journal, listen\.port, limits\.body_bytes/,
    ],
    [{ keys: narrower.keys, journal: 'journal.db' }, /this needs a restart: operators/],
    [{ operators: good.operators, journal: 'journal.db' }, /this needs a restart: keys/],
  ] as const) {
    write(file)
    await reload()
    const last = said.at(-1) ?? ''
    assert.match(last, message)
    assert.match(last, /NOT reloaded.*stays in effect: no key was added.*send SIGHUP again, or restart/)
    for (const secret of Object.values(keys)) assert.ok(!last.includes(secret))
  }
  assert.deepEqual(await seen(), asBefore)
  assert.deepEqual(
    Object.values(lists).map(({ isOver }) => isOver()),
    [false, false, false, false],
  )
  assert.deepEqual([legacy.told, modern.told], [[], []])
  const told = async () => {
    const { body: ready } = await ask(url, 'GET /readyz')
    const { body: metrics } = await ask(url, 'GET /metrics', bearer(keys.other))
    return [ready, /^modulex_intercom_config_last_reload_successful (\d)$/m.exec(metrics)?.[1]]
  }
  assert.deepEqual(await told(), [{ status: 'ok', configuration: 'outdated' }, '0'])
  write(good)
  await reload()
  assert.deepEqual(await told(), [{ status: 'ok' }, '1'])
})

test('what waits is decided by the policy of now: a stricter one, or a key that is gone, sends nothing', {
  timeout: 60_000,
}, async (t) => {
  const { workspace, url, reload, write, ...setup } = await everything(t, { agent: { sends: 'confirm' } })
  const [conversation_id] = await stored(workspace, 'conversations')
  const [admin_id] = await stored(workspace, 'admins')
  const hold = async (body: string) => {
    const input = {
      ...{ conversation_id, reply_type: 'admin', message_type: 'comment', admin_id, body },
    }
    const { status, headers } = await ask(
      url,
      'POST /actions/reply_to_conversation',
      bearer(keys.agent),
      input,
    )
    assert.equal(status, 202)
    return String(headers.get('location'))
  }
  const approve = async (path: string) => {
    const { status, body } = await ask(url, `POST ${path}/decision`, bearer(keys.ada), {
      decision: 'approve',
    })
    return [status, body.state, body.reason]
  }
  const replies = () => workspace.control.requests().filter(({ path }) => path.endsWith('/reply')).length
  const paths = [await hold('one'), await hold('two'), await hold('three'), await hold('four')]
  const [allowed, denied, set, gone] = paths as [string, string, string, string]
  assert.deepEqual((await approve(allowed)).slice(0, 2), [200, 'done'])
  assert.equal(replies(), 1)
  const why = /has become stricter since, or their key is gone/
  for (const [path, agent] of [
    [denied, { sends: 'confirm', deny: ['reply_to_conversation'] }],
    [set, { sends: 'confirm', parameter_overrides: { reply_to_conversation: { body: 'ours' } } }],
    [gone, null],
  ] as const) {
    write(config({ ...setup, workspace, write }, { agent }))
    await reload()
    const [status, state, reason] = await approve(path)
    assert.deepEqual([status, state], [200, 'lapsed'])
    assert.match(reason, why)
  }
  assert.equal(replies(), 1)
})

test('while calls run it is read again and again: each is answered under one whole policy, and none is lost', {
  timeout: 120_000,
}, async (t) => {
  const setup = await configured(t)
  const { workspace, key, write, path } = setup
  const [first = '', second = ''] = await stored(workspace, 'admins')
  const [conversation_id] = await stored(workspace, 'conversations')
  const policies = [
    ['A', first],
    ['B', second],
  ].map(([body, admin_id]) => {
    const parameter_overrides = { reply_to_conversation: { body, admin_id } }
    return { keys: [key('agent', keys.agent, { output: 'full', parameter_overrides })] }
  })
  const input = { conversation_id, reply_type: 'admin', message_type: 'note' }
  write(policies[0] ?? {})
  const { url, reload } = await serving(t, path)
  const clients = await Promise.all(
    Object.keys(eras).map((era) => listening(t, url, keys.agent, era as keyof typeof eras)),
  )
  let isOver = false
  let answered = 0
  const rest = async () => {
    for (; !isOver; answered += 1) {
      const { status, body } = await ask(
        url,
        'POST /actions/reply_to_conversation',
        bearer(keys.agent),
        input,
      )
      assert.equal(status, 200, JSON.stringify(body))
    }
  }
  const mcp = async ({ client }: (typeof clients)[number]) => {
    for (; !isOver; answered += 1) {
      const made = await client.callTool({ name: 'reply_to_conversation', arguments: input })
      assert.equal(made.isError, false, JSON.stringify(made.content))
    }
  }
  const calling = Promise.all([rest(), rest(), rest(), ...clients.map(mcp)])
  for (let round = 1; round <= 20; round += 1) {
    write(policies[round % 2] ?? {})
    await reload()
    await ask(url, 'GET /healthz')
  }
  isOver = true
  await calling
  const sent = workspace.control.requests().filter(({ path }) => path.endsWith('/reply'))
  assert.equal(sent.length, answered)
  const pairs = sent.map(({ body }) => {
    const { body: text, admin_id } = JSON.parse(body) as { body: string; admin_id: string }
    return `${text} ${admin_id}`
  })
  assert.deepEqual([...new Set(pairs)].sort(), [`A ${first}`, `B ${second}`])
})

/** Ids of what a local Intercom has. */
async function stored({ listen }: Setup['workspace'], kind: 'admins' | 'conversations'): Promise<string[]> {
  const { url, accessToken } = await listen()
  const answer = await fetch(`${url}/${kind}`, { headers: bearer(accessToken) })
  const all = ((await answer.json()) as Record<string, { id: string }[]>)[kind] ?? []
  return all.map(({ id }) => id)
}

test('who signs in does less at once, or nothing, when the entries change', async (t) => {
  const entry = { access_token_env: 'TOKEN' }
  const { at, ask, allowing } = await signedIn(t, { auth: { allow: [entry] } })
  const [ada, eve] = [await at.token({ sub: 'ada' }), await at.token({ sub: 'eve' })]
  const offered = async (token: string) => {
    const { status, body } = await ask(token, 'GET /actions')
    return status === 200 ? body.actions.length : body.code
  }
  const all = await offered(ada)
  assert.equal(await offered(eve), all)
  allowing([{ ...entry, subjects: ['ada'], only: ['list_tags'] }])
  assert.deepEqual([await offered(ada), await offered(eve)], [1, 'not_allowed'])
  allowing([entry])
  assert.deepEqual([await offered(ada), await offered(eve)], [all, all])
})

test('a call that has begun is refused with its key while it waits or its body arrives; what is transmitted is answered', {
  timeout: 30_000,
}, async (t) => {
  const waiting = heldCall()
  const transmitted = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<void>()
  const intercom = {
    close: async () => {},
    async call(name: string, input: unknown, options: CallOptions = {}) {
      if (name === 'list_tags') return await waiting.intercom.call(name, input as object, options)
      options.onStep?.({ at: 0, step: 'transmitted' })
      transmitted.resolve()
      await answer.promise
      assert.equal(options.signal?.aborted, false)
      const trace = { attempts: 1, waits: [], rate_limit: null, request_id: null, verified_by: null }
      return { output: { success: true, error: null, result: null }, failure: null, trace }
    },
  } as unknown as Caller['intercom']
  const agent = caller(keys.agent, { intercom })
  const { url, prepare } = await served(t, () => new Response(), { mounts: restMounts(), callers: [agent] })
  const post = (name: string) => ask(url, `POST /actions/${name}`, bearer(keys.agent), {})
  const waits = post('list_tags')
  const sends = ask(url, 'POST /actions/create_note', bearer(keys.agent), { contact_id: 'x', body: 'x' })
  await Promise.all([waiting.begun, transmitted.promise])
  const head = [...Object.entries(bearer(keys.agent)), ['Content-Type', 'application/json']]
  const late = connect(Number(new URL(url).port), '127.0.0.1')
  const lines = [
    'POST /actions/list_tags HTTP/1.1',
    'Host: localhost',
    'Content-Length: 2',
    'Expect: 100-continue',
  ]
  late.write([...lines, ...head.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n'))
  assert.match(String((await once(late, 'data'))[0]), /^HTTP\/1.1 100/)
  prepare({ callers: [] })()
  await Promise.all([waiting.ended, waits])
  late.write('{}')
  assert.match(String((await once(late, 'data'))[0]), /^HTTP\/1.1 401/)
  late.destroy()
  answer.resolve()
  const { status, body } = await sends
  assert.equal(status, 200, JSON.stringify(body))
})
