import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openApprovals } from '../../src/approvals/store.ts'
import { servedApprovals } from '../../src/server/approvals/serving.ts'
import type { OperatorMount } from '../../src/server/mounts.ts'
import { asLive } from '../../src/server/rest/live.ts'
import type { Came } from '../support/signed-in.ts'
import { intercomOf, key, signedIn } from '../support/signed-in.ts'

const metadata = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp'
const challenge = (scopes: string) =>
  `Bearer error="insufficient_scope", resource_metadata="${metadata}", scope="${scopes}"`
const [read, write, send] = ['intercom:read', 'intercom:write', 'intercom:send']

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'modulex-intercom-sign-in-'))
  t.after(() => rmSync(made, { recursive: true }))
  return made
}

/** A server over a local Intercom, and a conversation and a teammate of it. */
async function overIntercom(t: TestContext, auth: object = {}, entry: object = {}, more: object = {}) {
  const intercom = await intercomOf(t)
  const { base_url, token } = intercom
  const allow = [{ access_token_env: 'TOKEN', base_url, ...entry }]
  const server = await signedIn(t, { auth: { allow, ...auth }, env: { TOKEN: token }, ...more })
  return { ...server, intercom, reply: intercom.reply }
}

test('clients find who issues tokens at both places, whatever the Host', async (t) => {
  const { ask, at } = await signedIn(t)
  for (const path of ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource']) {
    const { status, body } = await ask('', `GET ${path}`)
    assert.deepEqual(
      [status, body],
      [
        200,
        {
          resource: 'https://mcp.example.com/mcp',
          authorization_servers: [at.url],
          scopes_supported: [read, write, send],
          bearer_methods_supported: ['header'],
          resource_name: 'Intercom',
        },
      ],
    )
  }
  for (const name of [
    'oauth-protected-resource/actions',
    'oauth-authorization-server',
    'openid-configuration/mcp',
  ])
    assert.equal((await ask('', `GET /.well-known/${name}`)).status, 404, name)
  assert.equal((await ask('', 'DELETE /.well-known/oauth-protected-resource')).status, 405)
})

test('a token sees and does what its scopes allow, over REST and MCP; a note needs write, a reply send', async (t) => {
  const { at, call, mcp, ask, reply, intercom, lines } = await overIntercom(t)
  const token = (scope: string) => at.token({ scope })
  const names = ({ body }: Came) => body.result.tools.map(({ name }: { name: string }) => name) as string[]

  const reader = await token(read)
  const listed = names(await mcp(reader, 'tools/list'))
  assert.ok(
    listed.includes('get_contact') && !listed.some((name) => /create|reply|send|upsert|add/.test(name)),
  )
  const { actions } = (await ask(reader, 'GET /actions')).body
  assert.deepEqual(
    actions.map(({ name }: { name: string }) => name),
    listed,
  )
  assert.equal((await call(reader, 'list_tags')).status, 200)
  const refused = await call(reader, 'create_note', { contact_id: 'x', body: 'x' })
  assert.deepEqual([refused.status, refused.challenge], [403, challenge(`${read} ${write}`)])
  assert.match(refused.body.error, /^create_note: insufficient_scope: .*intercom:write\. Nothing was sent/)
  assert.equal(refused.headers.get('x-error-code'), 'insufficient_scope')
  const over = await mcp(reader, 'tools/call', { name: 'reply_to_conversation', arguments: reply('comment') })
  assert.deepEqual([over.status, over.challenge], [403, challenge(`${read} ${send}`)])
  assert.deepEqual(
    [over.body.id, over.body.result.isError, over.body.result._meta],
    [1, true, { 'mcp/www_authenticate': [over.challenge] }],
  )
  assert.equal((await mcp(reader, 'tools/call', { name: 'no_such_tool' })).status, 200)

  const writer = await token(`openid ${write}`)
  assert.ok(names(await mcp(writer, 'tools/list')).includes('reply_to_conversation'))
  for (const [type, status] of [
    ['note', 200],
    ['comment', 403],
  ] as const) {
    const rest = await call(writer, 'reply_to_conversation', reply(type))
    const tool = await mcp(writer, 'tools/call', {
      name: 'reply_to_conversation',
      arguments: JSON.stringify(reply(type)),
    })
    assert.deepEqual([rest.status, tool.status], [status, status], type)
    if (status === 403) assert.equal(tool.challenge, challenge(`${write} ${send}`))
    else assert.equal(tool.body.result.isError, false)
  }
  assert.equal((await call(writer, 'list_tags')).status, 403)
  const wrong = await call(writer, 'reply_to_conversation', { conversation_id: '7' })
  assert.equal(wrong.status, 422, 'what is wrong with the input is said first')
  assert.equal(
    (await mcp(writer, 'resources/read', { uri: 'intercom://contacts/1' })).body.error?.code,
    -32602,
  )

  assert.equal(
    (await call(await token(`${read} ${send}`), 'reply_to_conversation', reply('comment'))).status,
    200,
  )
  for (const scope of [undefined, '', 'openid', 'intercom:readx', 'INTERCOM:READ', 'intercom:approve']) {
    const none = await mcp(await at.token({ scope }), 'tools/list')
    assert.deepEqual(
      [none.status, none.challenge],
      [403, challenge(`${read} ${write} ${send}`)],
      String(scope),
    )
  }
  assert.equal((await call(await at.token({ scope: [read] }), 'list_tags')).status, 200, 'a list of scopes')
  assert.deepEqual(
    [...intercom.seen],
    [`Bearer ${intercom.token}`],
    'Intercom sees the token of the server alone',
  )
  assert.ok(!JSON.stringify(lines).includes(intercom.token))
})

test('with fewer scopes at first, all tools are listed with what they need, and a call leads to more', async (t) => {
  const { at, mcp, reply, call } = await overIntercom(t, { scopes: [read] })
  const { challenge: first } = await mcp('', 'tools/list')
  assert.equal(first, `Bearer resource_metadata="${metadata}", scope="${read}"`)
  const token = await at.token({ scope: read })
  const { tools } = (await mcp(token, 'tools/list')).body.result
  const schemes = Object.fromEntries(
    tools.map((tool: { name: string; securitySchemes: unknown; _meta: { securitySchemes: unknown } }) => {
      assert.deepEqual(tool.securitySchemes, tool._meta.securitySchemes)
      return [tool.name, JSON.stringify(tool.securitySchemes)]
    }),
  )
  assert.equal(schemes['reply_to_conversation'], `[{"type":"oauth2","scopes":["${send}"]}]`)
  assert.equal(schemes['list_tags'], `[{"type":"oauth2","scopes":["${read}"]}]`)
  const arguments_ = reply('comment')
  const refused = await mcp(token, 'tools/call', { name: 'reply_to_conversation', arguments: arguments_ })
  assert.deepEqual([refused.status, refused.challenge], [403, challenge(`${read} ${send}`)])
  assert.equal((await call(token, 'reply_to_conversation', arguments_)).status, 403)
  const more = await at.token({ scope: `${read} ${send}` })
  assert.equal((await call(more, 'reply_to_conversation', arguments_)).status, 200)
})

test('the first entry that fits a subject and a client says what they may do; who fits none does nothing', async (t) => {
  const { base_url, token } = await intercomOf(t)
  const entry = { access_token_env: 'TOKEN', base_url }
  const allow = [
    { ...entry, subjects: ['eve'], clients: ['bot'], only: ['list_tags'] },
    { ...entry, clients: ['bot'], read_only: true },
    { ...entry, subjects: ['ada', 'grace'] },
  ]
  const { at, ask } = await signedIn(t, { auth: { allow }, env: { TOKEN: token } })
  const offered = async (sub: string, client_id: string) => {
    const { status, body } = await ask(await at.token({ sub, client_id }), 'GET /actions')
    return status === 200 ? body.actions.length : body.code
  }
  assert.equal(await offered('eve', 'bot'), 1)
  assert.ok((await offered('ada', 'bot')) < (await offered('ada', 'a-client')))
  assert.equal(await offered('grace', 'a-client'), await offered('ada', 'a-client'))
  for (const [sub, client] of [
    ['eve', 'a-client'],
    ['Ada', 'a-client'],
    ['ada ', 'a-client'],
  ] as const)
    assert.equal(await offered(sub, client), 'not_allowed')
})

test('each subject of each client is a caller of its own, whose name nobody can choose', async (t) => {
  const journal = join(folder(t), 'journal.db')
  const { at, call, reply, lines, ask } = await overIntercom(t, {}, {}, { journal })
  const people = [
    { sub: 'ada', client_id: 'a' },
    { sub: 'ada', client_id: 'b' },
    { sub: 'a', client_id: 'da' },
    { sub: 'support', client_id: 'a' },
    { sub: 'x y', client_id: 'a' },
    { sub: 'x-y', client_id: 'a' },
    { sub: 'operator:ada', client_id: 'a' },
    { sub: 'é"\n{}', client_id: 'a' },
    { sub: 'a'.repeat(512), client_id: 'a' },
  ]
  for (const one of people) {
    const { status, headers } = await call(await at.token(one), 'reply_to_conversation', reply('note'), {
      'Idempotency-Key': 'k',
    })
    assert.deepEqual([status, headers.get('idempotent-replayed')], [200, null], one.sub)
  }
  const again = await call(
    await at.token({ ...people[0], scope: write }),
    'reply_to_conversation',
    reply('note'),
    { 'Idempotency-Key': 'k' },
  )
  assert.equal(again.headers.get('idempotent-replayed'), 'true', 'with another token of the same')
  const names = new Set(lines.flatMap(({ key: name }) => name ?? []))
  assert.equal(names.size, people.length)
  for (const name of names) assert.match(name, /^[\w.-]{0,24}@[\w-]{24}$/)
  const { body } = await ask(await at.token(people[1]), 'GET /metrics')
  assert.match(String(body), /calls_total\{action="reply_to_conversation",outcome="success"\} 1\n/)
})

test('limits hold for each subject, and a bounded number is served at once', async (t) => {
  const auth = { live_callers: 2 }
  const { at, call } = await overIntercom(t, auth, { calls_per_minute: 2 })
  const status = async (sub: string) => (await call(await at.token({ sub }), 'list_tags')).status
  const came: number[] = []
  for (const sub of ['ada', 'ada', 'ada', 'bob', 'eve', 'ada']) came.push(await status(sub))
  assert.deepEqual(came, [200, 200, 429, 200, 200, 200], 'who gave way begins anew')
})

test('an operator signs in with a client and a scope that are for nothing else', async (t) => {
  const { base_url, token, reply: replyOf } = await intercomOf(t)
  const reply = replyOf('comment')
  const operators = [
    { name: 'ada', keyHash: null, callers: null, signIn: { subject: 'ada', client: 'desk' } },
  ]
  const store = openApprovals(join(folder(t), 'approvals.db'))
  const current = { current: undefined }
  const approvals = servedApprovals({ store, operators, signIn: current })
  t.after(() => approvals.close())
  const { at, ask, call } = await signedIn(t, {
    operators,
    auth: { allow: [{ access_token_env: 'TOKEN', base_url, sends: 'confirm' }] },
    env: { TOKEN: token },
    journal: join(folder(t), 'journal.db'),
    heldBy: approvals.heldBy,
    signedIn: current,
    mounts: [approvals.mount],
  })
  const held = await call(await at.token(), 'reply_to_conversation', reply)
  assert.equal(held.status, 202)
  const path = String(held.headers.get('location'))
  const approve = { decision: 'approve' }
  const scope = 'intercom:approve'
  const all = 'intercom:read intercom:write intercom:send intercom:approve'
  const desk = { sub: 'ada', client_id: 'desk', scope }
  const cases: [object, string, number][] = [
    [{}, 'GET', 200],
    [{ scope: all }, 'POST', 403], // a caller with the scope
    [{ sub: 'eve' }, 'GET', 404],
    [{ ...desk, sub: 'eve' }, 'GET', 403],
    [{ ...desk, scope: 'intercom:send' }, 'POST', 403],
    [{ ...desk, client_id: 'desk2' }, 'POST', 403],
    [desk, 'GET', 200],
    [desk, 'POST', 200],
    [desk, 'POST', 409],
  ]
  for (const [who, method, status] of cases) {
    const to = method === 'POST' ? `${path}/decision` : path
    const came = await ask(
      await at.token({ ...who }),
      `${method} ${to}`,
      method === 'POST' ? approve : undefined,
    )
    assert.equal(came.status, status, JSON.stringify([who, method, came.body]))
  }
  for (const given of [desk, { ...desk, scope: all }]) {
    const none = await call(await at.token(given), 'list_tags')
    assert.deepEqual([none.status, none.body.code], [403, 'operator_calls_nothing'])
  }
  const outcome = await call(await at.token(), 'reply_to_conversation', reply)
  assert.deepEqual([outcome.status, outcome.headers.get('x-approval-decision')], [200, 'approve'])
  const { decided_by, caller } = (await store.get(path.split('/').at(-1) ?? '')) ?? {}
  assert.equal(decided_by, 'ada')
  assert.match(String(caller), /^ada@/)
})

test('operators who sign in have a hundred live lists and requests together, and no more', async (t) => {
  const operators = [
    { name: 'ada', keyHash: null, callers: null, signIn: { subject: 'ada', client: 'desk' } },
  ]
  const released = Promise.withResolvers<void>()
  let running = 0
  const all = Promise.withResolvers<void>()
  const fetch = async (request: Request) => {
    if (request.url.endsWith('/live')) return asLive(new Response(new ReadableStream(), { headers: live }))
    running += 1
    if (running === 100) all.resolve()
    await released.promise
    return new Response('done')
  }
  const live = { 'content-type': 'text/event-stream' }
  const mount: OperatorMount = {
    path: '/desk',
    isOwnPage: () => false,
    handler: () => ({ fetch }),
    visit: () => null,
    visitBy: ({ name }) => ({ name, handler: { fetch }, bodyBytes: 0 }),
  }
  const { at, url } = await signedIn(t, { operators, mounts: [mount] })
  const token = await at.token({ client_id: 'desk', scope: 'intercom:approve' })
  const over = new AbortController()
  const come = async (path: string) =>
    await globalThis.fetch(`${url}/desk${path}`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: over.signal,
    })
  const lists = await Promise.all(Array.from({ length: 100 }, () => come('/live')))
  assert.deepEqual(new Set(lists.map(({ status }) => status)), new Set([200]))
  assert.equal((await come('/live')).status, 429)
  const requests = Array.from({ length: 100 }, () => come('/'))
  await all.promise
  assert.equal((await come('/')).status, 503)
  released.resolve()
  assert.deepEqual(new Set((await Promise.all(requests)).map(({ status }) => status)), new Set([200]))
  over.abort()
})

test('an authorization server that is down is no reason to throw tokens away, and none of a key', async (t) => {
  const introspection = { client_id: 'intercom-mcp', client_secret_env: 'SECRET', cache_seconds: 0 }
  const { at, ask, call } = await overIntercom(t, { introspection })
  at.known.set('opaque', at.claims())
  assert.equal((await call('opaque', 'list_tags')).status, 200)
  at.isDown = true
  const down = await call('opaque', 'list_tags')
  assert.deepEqual([down.status, down.body.code, down.challenge], [503, 'sign_in_unavailable', null])
  assert.equal(down.headers.get('retry-after'), '15')
  assert.ok(!JSON.stringify(down.body).includes('opaque'))
  assert.equal((await call(await at.token(), 'list_tags')).status, 200, 'known keys go on counting')
  assert.equal((await ask(key, 'GET /actions')).status, 200)
  at.isDown = false
  assert.equal((await call('opaque', 'list_tags')).status, 200)
})

test('a client that leaves while its token is checked takes no place, and others are served meanwhile', async (t) => {
  const { base_url, token } = await intercomOf(t)
  const introspection = { client_id: 'intercom-mcp', client_secret_env: 'SECRET', cache_seconds: 0 }
  const allow = [{ access_token_env: 'TOKEN', base_url, concurrent_calls: 1 }]
  const { at, url, call, lines } = await signedIn(t, {
    auth: { introspection, allow },
    env: { TOKEN: token },
  })
  at.known.set('opaque', at.claims())
  const held = at.hold()
  const gone = new AbortController()
  const headers = { Authorization: 'Bearer opaque' }
  const left = fetch(`${url}/actions`, { headers, signal: gone.signal }).catch(() => 'gone')
  await held.asked
  assert.equal((await call(await at.token(), 'list_tags')).status, 200)
  gone.abort()
  assert.equal(await left, 'gone')
  assert.equal((await call(await at.token(), 'list_tags')).status, 200)
  held.release()
  while (!lines.some(({ status }) => status === null)) await new Promise((resolve) => setImmediate(resolve))
  assert.equal((await call('opaque', 'list_tags')).status, 200, 'its one place is free')
})
