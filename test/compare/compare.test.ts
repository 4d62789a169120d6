import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { compare, localWitness, type Report, type Witness } from '../../src/compare/index.ts'
import { prepare } from '../../src/compare/prepare.ts'
import { createWorkspace, type Workspace } from '../../src/workspace/index.ts'

type Ask = Parameters<Witness>[0]
type Answer = Exclude<Awaited<ReturnType<Witness>>, { broken: string }>
type Json = Record<string, unknown>

let live: Workspace
let local: Workspace
let asLive: Witness
let asLocal: Witness
before(async () => {
  const given = { rateLimit: false } as const
  ;[live, local] = await Promise.all([
    createWorkspace({ ...given, seed: 31 }),
    createWorkspace({ ...given, seed: 150 }),
  ])
  await prepare(localWitness(live)) // so that there is something of every family to deviate
  asLive = remembered(localWitness(live))
  asLocal = remembered(localWitness(local))
})
after(() => Promise.all([live.close(), local.close()]))

/** Answers of reads are the same each time, so that each of many comparisons is only that. */
function remembered(witness: Witness): Witness {
  const answers = new Map<string, ReturnType<Witness>>()
  return async (ask) => {
    const key = JSON.stringify(ask)
    const answer = answers.get(key) ?? witness(ask)
    answers.set(key, answer)
    return await answer
  }
}

/** An Intercom that answers as `alter` says. */
function altered(alter: (ask: Ask, answer: Answer) => Answer | undefined, witness = asLive): Witness {
  return async (ask) => {
    const answer = await witness(ask)
    return 'broken' in answer ? answer : (alter(ask, answer) ?? answer)
  }
}

async function reportOn(
  witness: Witness,
  more: Partial<Parameters<typeof compare>[0]> = {},
): Promise<Report> {
  const report = await compare({ live: witness, local: asLocal, packageVersion: '0', mark: 'mark', ...more })
  assert.ok(!('refused' in report))
  return report
}

test('a workspace with other data shows no difference, whether few calls are made or all', async () => {
  const [few, all] = [await reportOn(asLive), await reportOn(asLive, { all: true })]
  for (const { complete, calls, differences, questions } of [few, all]) {
    assert.deepEqual([complete, calls.different, differences], [true, 0, []])
    for (const { question, live, local } of questions) assert.equal(live, local, question)
  }
  const made = ({ calls }: Report) => calls.same + calls.not_compared
  assert.ok(made(few) >= 25 && made(few) <= 35, `${made(few)} calls`)
  assert.ok(all.calls.same > 50 && all.questions.length > few.questions.length)
})

test('attributes of its own, of every kind, are no difference', async (t) => {
  const other = await createWorkspace({ seed: 20, rateLimit: false })
  t.after(() => other.close())
  const send = async (path: string, body: object) => {
    const answer = await localWitness(other)({ method: 'POST', path, body, safe: false })
    assert.ok(!('broken' in answer) && answer.status === 200, `${path} ${JSON.stringify(answer)}`)
    return answer.json as { id: string }
  }
  const options = [{ value: 'gold' }, { value: 'silver' }]
  await send('/data_attributes', { model: 'contact', name: 'tier', data_type: 'options', options })
  await send('/data_attributes', { model: 'company', name: 'region', data_type: 'string' })
  const { id } = await send('/ticket_types', {
    name: 'Repair',
    description: 'Of bicycles',
    category: 'Back-office',
  })
  for (const data_type of ['string', 'list', 'integer', 'decimal', 'boolean', 'datetime', 'files'])
    await send(`/ticket_types/${id}/attributes`, {
      ...{
        name: `its ${data_type}`,
        description: data_type,
        data_type,
        list_items: data_type === 'list' ? 'x,y' : undefined,
      },
    })
  assert.deepEqual((await reportOn(localWitness(other), { all: true })).differences, [])
})

test('the few calls reach every family that all of them reach', async () => {
  const familiesOf = async (all: boolean) => {
    const families = new Set<string>()
    const watching: Witness = async (ask) => {
      families.add(ask.path.split(/[/?]/)[1] ?? '')
      return await asLive(ask)
    }
    await reportOn(watching, { all })
    return families
  }
  const few = await familiesOf(false)
  const missing = [...(await familiesOf(true))].filter((family) => !few.has(family))
  // What 2.12 does not have, and visitors, who are found by a name that only their workspace knows.
  assert.deepEqual(missing.toSorted(), ['away_status_reasons', 'users', 'visitors'])
})

const first = (json: unknown, key: string) => (json as Record<string, Json[]>)[key]?.[0] as Json
const last = (json: unknown, key: string) => (json as Record<string, Json[]>)[key]?.at(-1) as Json
const object = (json: unknown, ...keys: string[]) => keys.reduce((one, key) => one[key] as Json, json as Json)

/** What Intercom might do otherwise: to which call, and the difference that is told. */
const deviations: [
  what: string,
  route: RegExp,
  alter: (answer: Answer) => void,
  kind: string,
  where: string,
  calls?: RegExp,
][] = [
  [
    'a key is missing',
    /^GET \/contacts\/(?!f{24})[0-9a-f]{24}$/,
    ({ json }) => delete (json as Json)['has_hard_bounced'],
    'missing key',
    'has_hard_bounced',
  ],
  [
    'a key is missing in one of many',
    /^GET \/contacts\?per_page=5$/,
    ({ json }) => delete object(first(json, 'data'), 'tags')['has_more'],
    'missing key',
    'data[].tags.has_more',
  ],
  [
    'a known key is added',
    /^GET \/me$/,
    ({ json }) => Object.assign(object(json, 'app'), { phone: '1' }),
    'extra key',
    'app.phone',
  ],
  [
    'an unknown key is added',
    /^GET \/me$/,
    ({ json }) => Object.assign(json as Json, { canaryKey: 1 }),
    'extra key',
    '',
  ],
  [
    'an id is a number',
    /^GET \/tags$/,
    ({ json }) => Object.assign(last(json, 'data'), { id: 7 }),
    'type',
    'data[].id',
  ],
  [
    'a time is text',
    /^GET \/notes\/(?!9007199254740)/,
    ({ json }) => Object.assign(json as Json, { created_at: '2026-01-01T00:00:00Z' }),
    'type',
    'created_at',
  ],
  [
    'a time is in milliseconds',
    /^GET \/notes\/(?!9007199254740)/,
    ({ json }) => Object.assign(json as Json, { created_at: 1_700_000_000_000 }),
    'format',
    'created_at',
  ],
  [
    'an id is written otherwise',
    /^GET \/segments$/,
    ({ json }) => Object.assign(last(json, 'segments'), { id: crypto.randomUUID() }),
    'format',
    'segments[].id',
  ],
  [
    'an address is no address',
    /^GET \/contacts\?per_page=5$/,
    ({ json }) => Object.assign(object(first(json, 'data'), 'tags'), { url: 'x' }),
    'format',
    'data[].tags.url',
  ],
  [
    'a list is null',
    /^GET \/contacts\?per_page=5$/,
    ({ json }) => Object.assign(first(json, 'data'), { tags: null }),
    'type',
    'data[].tags',
  ],
  [
    'a list is an object',
    /^GET \/teams$/,
    ({ json }) => Object.assign(json as Json, { teams: {} }),
    'type',
    'teams',
    /GET \/teams/,
  ],
  [
    'a count is a fraction',
    /^GET \/contacts\?per_page=5$/,
    ({ json }) => Object.assign(json as Json, { total_count: 3.5 }),
    'type',
    'total_count',
  ],
  [
    'what is not set is absent instead of null',
    /^GET \/contacts\?per_page=5$/,
    ({ json }) => delete first(json, 'data')['last_email_opened_at'],
    'absent or null',
    'data[].last_email_opened_at',
  ],
  [
    'what is not set is null instead of absent',
    /^GET \/companies\?per_page=5$/,
    ({ json }) => Object.assign(first(json, 'data'), { website: null }),
    'absent or null',
    'data[].website',
  ],
  [
    'a type has another word',
    /^GET \/contacts\?per_page=5$/,
    ({ json }) => Object.assign(first(json, 'data'), { type: 'user' }),
    'word',
    'data[].type',
  ],
  [
    'a state has a word that nobody knows',
    /^GET \/conversations\?per_page=5$/,
    ({ json }) => Object.assign(first(json, 'conversations'), { state: 'canary' }),
    'word',
    'conversations[].state',
  ],
  [
    'a success has another status',
    /^GET \/ticket_states$/,
    (answer) => Object.assign(answer, { status: 202 }),
    'status',
    '',
  ],
  [
    'a refusal has another status',
    /^GET \/tags\/9007199254740$/,
    (answer) => Object.assign(answer, { status: 422 }),
    'status',
    '',
  ],
  [
    'a success is an error',
    /^GET \/ticket_types$/,
    (answer) =>
      Object.assign(answer, {
        status: 403,
        json: { type: 'error.list', errors: [{ code: 'api_plan_restricted' }] },
      }),
    'status',
    '',
    /ticket_types/,
  ],
  [
    'an error has another code',
    /^GET \/tags\/9007199254740$/,
    ({ json }) => Object.assign(first(json, 'errors'), { code: 'tag_not_found' }),
    'error',
    'errors[].code',
  ],
  [
    'an error has another message',
    /^GET \/tags\/9007199254740$/,
    ({ json }) => Object.assign(first(json, 'errors'), { message: 'Tag canary not found' }),
    'error',
    'errors[].message',
  ],
  [
    'an error has no request_id',
    /^GET \/tags\/9007199254740$/,
    ({ json }) => delete (json as Json)['request_id'],
    'missing key',
    'request_id',
  ],
  [
    'a body is empty',
    /^GET \/subscription_types$/,
    (answer) => Object.assign(answer, { body: 'empty', json: undefined }),
    'body',
    '',
  ],
  [
    'a body is no JSON',
    /^GET \/subscription_types$/,
    (answer) => Object.assign(answer, { body: 'other', json: undefined }),
    'body',
    '',
  ],
  [
    'a header is missing',
    /^GET \/ticket_states$/,
    ({ headers }) => delete (headers as Json)['x-request-id'],
    'header',
    'x-request-id',
  ],
  [
    'a header has another form',
    /^GET \/ticket_states$/,
    ({ headers }) => Object.assign(headers, { 'x-ratelimit-reset': '1700000000000' }),
    'header',
    'x-ratelimit-reset',
  ],
  [
    'a header is added',
    /^GET \/ticket_states$/,
    ({ headers }) => Object.assign(headers, { 'retry-after': 'canary' }),
    'header',
    'retry-after',
  ],
  [
    'the version is another',
    /^GET \/ticket_states$/,
    ({ headers }) => Object.assign(headers, { 'intercom-version': '2.11' }),
    'header',
    'intercom-version',
  ],
  [
    'the next page is an address',
    /^GET \/contacts\?per_page=5$/,
    ({ json }) => Object.assign(object(json, 'pages'), { next: 'https://api.intercom.io/contacts?page=2' }),
    'pages',
    'pages.next before the last page',
    /pages/,
  ],
  [
    'the cursor is another',
    /^GET \/contacts\?per_page=5$/,
    ({ json }) => Object.assign(object(json, 'pages', 'next'), { starting_after: 'opaque' }),
    'pages',
    'pages.next before the last page',
    /pages/,
  ],
  [
    'the last page has a next of null',
    /^GET \/companies\/\w+\/contacts/,
    ({ json }) => Object.assign(object(json, 'pages'), { next: null, page: 1, total_pages: 1 }),
    'pages',
    'pages.next of the last page',
    /pages/,
  ],
  [
    'the size of a page is text',
    /^GET \/contacts\?per_page=5$/,
    ({ json }) => Object.assign(object(json, 'pages'), { per_page: '5' }),
    'type',
    'pages.per_page',
  ],
]

deviations.push(
  [
    'an article has another key',
    /^GET \/articles\?per_page=5$/,
    ({ json }) => Object.assign(first(json, 'data'), { email_domain: 'x' }),
    'extra key',
    'data[].email_domain',
  ],
  [
    'a collection names no parent',
    /^GET \/help_center\/collections\?per_page=5$/,
    ({ json }) => delete first(json, 'data')['parent_id'],
    'absent or null',
    'data[].parent_id',
  ],
  [
    "a ticket's state is text",
    /^POST \/tickets\/search$/,
    ({ json }) => Object.assign(first(json, 'tickets'), { ticket_state: 'submitted' }),
    'type',
    'tickets[].ticket_state',
  ],
)

test('each of many deviations is found, and nothing beside it', async (t) => {
  for (const [what, route, alter, kind, where, calls] of deviations)
    await t.test(what, async () => {
      let met = 0
      const { differences } = await reportOn(
        altered(({ method, path, ...rest }, answer) => {
          if (
            !route.test(`${method} ${path}`) ||
            'authorization' in rest ||
            'accept' in rest ||
            'version' in rest
          )
            return
          met++
          const copy = structuredClone(answer)
          alter(copy)
          return copy
        }),
      )
      assert.ok(met > 0, 'the call is made')
      const told = differences.map((one) => [one.kind, one.where].join(' '))
      assert.deepEqual(told, [`${kind} ${where}`], JSON.stringify(differences))
      for (const { call } of differences) if (calls) assert.match(call, calls)
    })
})

/** Every text and number of an answer, and every key, made one that can be told anywhere. */
function marked(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return `canary-${value}\u001b[31m\u202e`
  if (typeof value === 'number') return 7_777_777_000_000 + value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one) => marked(one, depth + 1))
  const entries = Object.entries(value).flatMap(([key, one]) => [
    [key, marked(one, depth + 1)],
    [`canary-${key}\u001b[31m`, one],
  ])
  return Object.fromEntries(entries)
}

/** The texts of an answer that are not Intercom's own words, wherever they stand. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsOf)
}

test('no value of an answer is told, whatever it is and wherever it stands', async () => {
  const spoilt: ((ask: Ask, answer: Answer) => Answer | undefined)[] = [
    (_, answer) => ({ ...answer, json: marked(answer.json) }),
    (_, answer) => ({ ...answer, headers: marked(answer.headers) as Record<string, string> }),
    ({ path }, answer) =>
      path === '/me' ? undefined : { ...answer, status: 418, json: marked(answer.json) },
    ({ path }, answer) =>
      path === '/me'
        ? undefined
        : {
            ...answer,
            status: 400,
            json: {
              type: 'canary-list',
              errors: [
                {
                  code: 'canary_code',
                  message: 'canary@acme.example: The contact Canary, 7777777, \u001b]0;x\u0007 is unknown',
                },
              ],
            },
          },
  ]
  for (const alter of spoilt) {
    const text = JSON.stringify(await reportOn(altered(alter)))
    assert.ok(text.length > 2000)
    assert.doesNotMatch(text, /canary|7777777|acme|\\u00|\u202e/i)
  }
})

test('nothing of a workspace is in its report: no id, no name, no address, no text', async () => {
  const seen = new Set<string>()
  const watched = altered((_, answer) => {
    if (answer.status >= 400) return undefined // errors are in Intercom's words
    for (const text of textsOf(answer.json)) if (/[\d@ ]/.test(text) && text.length > 3) seen.add(text)
    return undefined
  })
  // So that there is something to tell of every call.
  const odd = altered(
    (_, answer) => ({ ...answer, headers: {}, json: { ...(answer.json as Json), phone: 1 } }),
    watched,
  )
  const text = JSON.stringify(await reportOn(odd))
  assert.ok(seen.size > 200)
  assert.deepEqual(
    [...seen].filter((value) => text.includes(value)),
    [],
  )
})

test('an answer of any size and form ends the comparison neither early nor late', async () => {
  const deep = JSON.parse(`${'{"data":['.repeat(5_000)}1${']}'.repeat(5_000)}`)
  const wide = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`key ${at}`, at]))
  const long = { type: 'list', data: Array.from({ length: 120_000 }, () => ({ type: 'tag', id: 'x' })) }
  const odd = JSON.parse(
    '{"__proto__":{"a":1},"constructor":1,"toString":{"__proto__":[]},"type":"__proto__","errors":{}}',
  )
  for (const json of [
    deep,
    wide,
    long,
    odd,
    null,
    'text',
    7,
    [],
    [[[]]],
    { errors: [null, 7] },
    { pages: { page: 1, total_pages: 1, next: wide } },
  ]) {
    const started = performance.now()
    const { complete } = await reportOn(
      altered(({ path }, answer) => (/^\/tags/.test(path) ? { ...answer, json } : undefined)),
    )
    assert.equal(complete, true)
    assert.ok(performance.now() - started < 10_000)
  }
  const { complete, calls } = await reportOn(async (ask) =>
    ask.path === '/me' ? asLive(ask) : { broken: 'connection_reset', transmitted: true },
  )
  assert.deepEqual([complete, calls.same, calls.different], [true, 1, 0])
})

test('without an answer to GET /me nothing else is asked', async () => {
  for (const [status, refused] of [
    [401, 'token'],
    [403, 'token'],
    [500, 'no_answer'],
    [200, undefined],
  ] as const) {
    let asked = 0
    const result = await compare({
      live: altered((_, answer) => {
        asked++
        return { ...answer, status }
      }),
      local: asLocal,
      packageVersion: '0',
      mark: 'mark',
    })
    assert.equal('refused' in result ? result.refused : undefined, refused)
    if (refused) assert.equal(asked, 1)
  }
})

test('without writes nothing is written', async () => {
  const methods = new Set<string>()
  await reportOn(async (ask) => {
    methods.add(ask.method === 'GET' || ask.path.endsWith('/search') ? 'read' : `${ask.method} ${ask.path}`)
    assert.equal(ask.safe, true)
    return await asLive(ask)
  })
  assert.deepEqual([...methods], ['read'])
})

/** A workspace to write to, its id, and what it holds. */
async function testWorkspace(t: { after(end: () => unknown): void }) {
  const workspace = await createWorkspace({ seed: 20, rateLimit: false })
  t.after(() => workspace.close())
  const witness = localWitness(workspace)
  const json = async (path: string, body?: unknown) => {
    const answer = await witness({ method: body ? 'POST' : 'GET', path, body, safe: true })
    return 'broken' in answer ? undefined : (answer.json as Json)
  }
  const all = { query: { field: 'created_at', operator: '>', value: 0 } }
  const held = async () => ({
    contacts: (await json('/contacts/search', all))?.['total_count'],
    conversations: (await json('/conversations/search', all))?.['total_count'],
    tags: (await json('/tags'))?.['data'],
  })
  const { app } = (await json('/me')) as { app: Json }
  const id = String(app['id_code'])
  return { workspace, witness, id, held }
}

/** Conversations can be deleted from 2.13 on, which the local Intercom does not do. */
function deleting(witness: Witness, deleted = new Set<string>()): Witness {
  return async (ask) => {
    const { method, path } = ask
    if (method === 'DELETE' && /^\/conversations\/\d+$/.test(path)) deleted.add(path)
    const gone = deleted.has(path.split('?')[0] ?? '') && method !== 'POST'
    return gone
      ? { status: method === 'GET' ? 404 : 200, headers: {}, body: 'empty', json: undefined }
      : await witness(ask)
  }
}

test('writes make what they need, settle what is open, and remove it all', async (t) => {
  const { witness, id, held } = await testWorkspace(t)
  const before = await held()
  const deleted = new Set<string>()
  const options = { writesTo: id, local: localWitness(await localToWrite(t)), mark: 'modulex-compare-test' }
  const report = await reportOn(deleting(witness, deleted), options)
  assert.deepEqual([report.complete, report.differences, report.mode], [true, [], 'writes'])
  assert.deepEqual(report.left, { conversation: 0, contact: 0, tag: 0, unknown: 0 })
  const { conversations, ...others } = await held()
  assert.equal(deleted.size, 2)
  assert.deepEqual({ ...others, conversations: Number(conversations) - deleted.size }, before)
  for (const { question, live, local } of report.questions) assert.equal(live, local, question)
  assert.ok(report.questions.length > 15)
})

async function localToWrite(t: { after(end: () => unknown): void }): Promise<Workspace> {
  const workspace = await createWorkspace({ seed: 20, rateLimit: false })
  t.after(() => workspace.close())
  return workspace
}

test('wherever writes end, what they made is removed, or told', async (t) => {
  const { witness, id, held } = await testWorkspace(t)
  const toWrite = localWitness(await localToWrite(t))
  const before = await held()
  const beginning = 14 // the write that begins a conversation
  for (const [end, complete, contactsLeft, unknown] of [
    ['broken', true, 0, 2],
    ['lost', true, 0, 1],
    ['aborted', false, 0, 0],
    ['kept', true, 1, 0],
  ] as const) {
    const deleted = new Set<string>()
    const able = deleting(witness, deleted)
    const abort = new AbortController()
    let written = 0
    const failing: Witness = async (ask) => {
      if (!ask.safe) written++
      const lost = { broken: 'connection_reset', transmitted: true }
      if (end === 'broken' && written >= beginning) return lost
      if (end === 'aborted' && written >= beginning) abort.abort()
      const answer = await able(ask)
      return end === 'lost' && !ask.safe && written === beginning ? lost : answer
    }
    const keeping: Witness = async (ask) => {
      const isContact = ask.method === 'DELETE' && ask.path.startsWith('/contacts')
      return isContact ? { broken: 'timeout', transmitted: true } : await able(ask)
    }
    const report = await reportOn(failing, {
      writesTo: id,
      local: toWrite,
      mark: `modulex-compare-${end}`,
      cleaning: end === 'kept' ? keeping : able,
      signal: abort.signal,
    })
    const { left } = report
    assert.deepEqual(
      [report.complete, left?.['contact'], left?.['unknown']],
      [complete, contactsLeft, unknown],
      end,
    )
    const { contacts, conversations, tags } = await held()
    assert.equal(Number(conversations) - deleted.size, before.conversations, end)
    before.conversations = conversations
    assert.deepEqual([Number(contacts) - contactsLeft, tags], [before.contacts, before.tags], end)
  }
})

test('writes go to the workspace that is named, and to no other', async (t) => {
  const { witness, held } = await testWorkspace(t)
  const before = await held()
  const result = await compare({
    live: witness,
    local: asLocal,
    packageVersion: '0',
    mark: 'mark',
    writesTo: 'another',
  })
  assert.deepEqual([result, await held()], [{ refused: 'other_workspace' }, before])
})

test('nothing is written to, or removed, that the run did not make, whatever it is answered', async (t) => {
  const { witness, id, held } = await testWorkspace(t)
  const before = await held()
  const someone = await witness({ method: 'GET', path: '/contacts?per_page=1', safe: true })
  assert.ok(!('broken' in someone))
  const other = first(someone.json, 'data')
  const everything: Witness = async (ask) => {
    const isSearch = ask.path === '/conversations/search'
    const query = { field: 'created_at', operator: '>', value: 0 }
    const answer = await deleting(witness)(isSearch ? { ...ask, body: { query } } : ask)
    return ask.method === 'POST' && ask.path === '/contacts' && !('broken' in answer)
      ? { ...answer, status: 200, json: other }
      : answer
  }
  const report = await reportOn(everything, {
    writesTo: id,
    local: localWitness(await localToWrite(t)),
    mark: 'modulex-compare-other',
  })
  assert.equal(report.complete, true)
  const after = await held()
  assert.equal(after.conversations, before.conversations)
  const still = await witness({ method: 'GET', path: `/contacts/${other['id']}`, safe: true })
  assert.deepEqual('json' in still ? still.json : undefined, other)
})
