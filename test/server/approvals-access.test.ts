// Who may do what at /approvals: every credential against every route.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import { ask, bearer, desk, keys, signedIn } from '../support/approvals-desk.ts'
import { caller, exchange, request } from '../support/served.ts'

const hourMs = 3_600_000

test('every credential against every route', async (t) => {
  const { url, hold, store, pass } = await desk(t)
  const expired = await signedIn(url, keys.ada)
  pass(8 * hourMs + 1)
  const page = await signedIn(url, keys.ada)
  const restricted = await signedIn(url, keys.night)
  const { Origin: _, ...noOrigin } = page
  const token = { 'X-Approvals-Token': String(page['X-Approvals-Token']) }
  const cookie = { Cookie: String(page['Cookie']) }

  // Columns: the list, one of `agent`'s, one of `other`'s, a decision on either.
  const table: [string, Record<string, string>, number, number, number, number, number][] = [
    ['nothing', {}, 401, 401, 401, 401, 401],
    ['a wrong key', bearer('key-of-nobody-at-all-0000009'), 401, 401, 401, 401, 401],
    ["the caller's API key", bearer(keys.agent), 403, 200, 404, 403, 403],
    ["another's API key", bearer(keys.other), 403, 404, 200, 403, 403],
    ['an operator', bearer(keys.ada), 200, 200, 200, 200, 200],
    ['a restricted operator', bearer(keys.night), 200, 200, 404, 200, 404],
    ['a session', page, 200, 200, 200, 200, 200],
    ["a restricted operator's session", restricted, 200, 200, 404, 200, 404],
    ['an expired session', expired, 401, 401, 401, 401, 401],
    ['a session without its token', { ...cookie, Origin: url }, 401, 401, 401, 401, 401],
    ['a session without its cookie', { ...token, Origin: url }, 401, 401, 401, 401, 401],
    ['a forged cookie', { ...page, Cookie: `${page['Cookie']}x` }, 401, 401, 401, 401, 401],
    [
      "another session's token",
      { ...page, 'X-Approvals-Token': String(restricted['X-Approvals-Token']) },
      401,
      401,
      401,
      401,
      401,
    ],
    ['a session from another site', { ...page, Origin: 'https://evil.example' }, 403, 403, 403, 403, 403],
    [
      'a session from another port of this host',
      { ...page, Origin: 'http://127.0.0.1:9' },
      403,
      403,
      403,
      403,
      403,
    ],
    ['a session from a page without an origin', { ...page, Origin: 'null' }, 403, 403, 403, 403, 403],
    ['a session without an Origin', noOrigin, 200, 200, 200, 403, 403],
    [
      'a session that another site embeds',
      { ...noOrigin, 'Sec-Fetch-Site': 'cross-site' },
      403,
      403,
      403,
      403,
      403,
    ],
    ['an API key in place of the session', { ...page, ...bearer(keys.agent) }, 403, 200, 404, 403, 403],
    [
      'an operator, from another site',
      { ...bearer(keys.ada), Origin: 'https://evil.example' },
      403,
      403,
      403,
      403,
      403,
    ],
  ]
  for (const [name, headers, ...expected] of table) {
    const [own, others] = [
      await hold({ idempotencyKey: name }),
      await hold({ caller: 'other', idempotencyKey: name }),
    ]
    const decline = { decision: 'decline' }
    const found = [
      await ask(url, 'GET /approvals', headers),
      await ask(url, `GET /approvals/${own.id}`, headers),
      await ask(url, `GET /approvals/${others.id}`, headers),
      await ask(url, `POST /approvals/${own.id}/decision`, headers, decline),
      await ask(url, `POST /approvals/${others.id}/decision`, headers, decline),
    ]
    assert.deepEqual(
      found.map(({ status }) => status),
      expected,
      name,
    )
    for (const { headers } of found) assert.equal(headers.get('cache-control'), 'no-store', name)
    for (const [at, { id }] of [own, others].entries()) {
      const decided = expected[3 + at] === 200 ? 'declined' : 'waiting'
      assert.equal((await store.get(id))?.state, decided, name)
    }
  }
})

test('a restricted operator sees the approvals of their callers alone, and how many wait', async (t) => {
  const { url, hold } = await desk(t)
  await hold()
  await hold({ caller: 'other' })
  const seen = async (path: string, key: string) => {
    const { body } = await ask(url, `GET ${path}`, bearer(key))
    return [body.approvals.map(({ caller }: { caller: string }) => caller), body.waiting]
  }
  assert.deepEqual(await seen('/approvals', keys.ada), [['other', 'agent'], 2])
  assert.deepEqual(await seen('/approvals', keys.night), [['agent'], 1])
  assert.deepEqual((await seen('/approvals?caller=other', keys.night))[0], [])
  assert.deepEqual((await seen('/approvals?caller=other', keys.ada))[0], ['other'])
})

test("an operator's key calls no action, and an API key sees of its own approvals what it asked and what came of it", async (t) => {
  const { url, hold, store } = await desk(t)
  const { id } = await hold({ asked_by: 'Claude' })
  await store.decide(id, { approve: true, edited: { body: 'Dear Ada' } }, 'ada', 'cli')
  const { body } = await ask(url, `GET /approvals/${id}`, bearer(keys.agent))
  assert.deepEqual(
    [body.state, body.decision, body.edited.body, body.output],
    ['approved', 'edit', 'Dear Ada', null],
  )
  assert.ok(!JSON.stringify(body).includes('"ada"'), 'not who decided')
  const call = await ask(url, 'GET /nothing', bearer(keys.ada))
  assert.deepEqual([call.status, call.body.code], [401, 'wrong_key'])
})

test('two decide at once: one decision holds, the other is told whose', async (t) => {
  const { url, hold, store } = await desk(t)
  const { id } = await hold()
  const answers = await Promise.all([
    ask(url, `POST /approvals/${id}/decision`, bearer(keys.ada), { decision: 'approve' }),
    ask(url, `POST /approvals/${id}/decision`, bearer(keys.night), { decision: 'decline', reason: 'No' }),
  ])
  const statuses = answers.map(({ status }) => status).toSorted()
  assert.deepEqual(statuses, [200, 409])
  const loser = answers.find(({ status }) => status === 409)
  const holds = await store.get(id)
  assert.equal(loser?.body.code, 'already_decided')
  assert.match(loser?.body.error, new RegExp(`by ${holds?.decided_by} at `))
  assert.equal(loser?.body.approval.state, holds?.state)
})

test('what has lapsed cannot be decided on: 410', async (t) => {
  const { url, hold, store, pass } = await desk(t)
  const { id } = await hold()
  pass(24 * hourMs)
  const { status, body } = await ask(url, `POST /approvals/${id}/decision`, bearer(keys.ada), {
    decision: 'approve',
  })
  assert.deepEqual([status, body.code, body.approval.state], [410, 'approval_lapsed', 'lapsed'])
  assert.equal((await store.get(id))?.state, 'lapsed')
})

test('a decision that says something else decides nothing', async (t) => {
  const { url, hold, store } = await desk(t)
  const { id } = await hold()
  const path = `POST /approvals/${id}/decision`
  const wrong: [unknown, number][] = [
    [{}, 422],
    ['', 400],
    ['{', 400],
    ['"approve"', 422],
    [{ decision: 'yes' }, 422],
    [{ decision: 'Approve' }, 422],
    [{ decision: true }, 422],
    [{ decision: 'approve', inputs: { body: 'x' } }, 422],
    [{ decision: 'approve', input: 'x' }, 422],
    [{ decision: 'approve', input: { conversation_id: '8' } }, 422],
    [{ decision: 'approve', input: { body: ' ' } }, 422],
    [{ decision: 'approve', input: { body: 7 } }, 422],
    [{ decision: 'approve', reason: 'because' }, 422],
    [{ decision: 'decline', input: { body: 'x' } }, 422],
    [{ decision: 'decline', reason: 7 }, 422],
  ]
  for (const [body, expected] of wrong) {
    const { status } = await ask(url, path, bearer(keys.ada), body)
    assert.deepEqual([status, (await store.get(id))?.state], [expected, 'waiting'], JSON.stringify(body))
  }
  for (const start of [
    `GET /approvals/${id}/decision`,
    `PUT /approvals/${id}/decision`,
    `DELETE /approvals/${id}`,
  ])
    assert.equal((await ask(url, start, bearer(keys.ada))).status, 405, start)
  assert.equal((await ask(url, `POST /approvals/${id}/approve`, bearer(keys.ada), {})).status, 404)
  assert.equal((await store.get(id))?.state, 'waiting')
})

test('the list is paged, and a wrong filter is refused', async (t) => {
  const { url, hold, store } = await desk(t)
  const ids = []
  for (const body of ['a', 'b', 'c', 'd', 'e'])
    ids.unshift((await hold({ input: { conversation_id: '7', body } })).id)
  await store.decide(String(ids[4]), { decline: null }, 'ada', 'cli')
  const pages: string[][] = []
  for (let next: string | null = ''; next !== null; ) {
    const before: string = next === '' ? '' : `&before=${next}`
    const { body } = await ask(url, `GET /approvals?limit=2${before}`, bearer(keys.ada))
    pages.push(body.approvals.map(({ id }: { id: string }) => id))
    next = body.next
  }
  assert.deepEqual(pages, [ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)])
  const waiting = await ask(url, 'GET /approvals?state=waiting', bearer(keys.ada))
  assert.deepEqual([waiting.body.approvals.length, waiting.body.waiting], [4, 4])
  for (const query of ['state=open', 'limit=0', 'limit=9999', 'limit=x', 'caler=agent', 'limit=1&limit=2']) {
    const { status, body } = await ask(url, `GET /approvals?${query}`, bearer(keys.ada))
    assert.deepEqual([status, body.code], [400, 'invalid_query'], query)
  }
})

test('without an API key everybody on this machine may call, and nobody but an operator decides', async (t) => {
  const { url, hold, store } = await desk(t, { callers: [caller(null, { name: 'default' })] })
  const { id } = await hold({ caller: 'default' })
  const { id: other } = await hold({ caller: 'mcp' })
  const own = `GET /approvals/${id}`
  const page = { 'Sec-Fetch-Site': 'same-origin' }
  const decline = { decision: 'decline' }
  for (const [start, headers, expected] of [
    [own, {}, 200],
    [`GET /approvals/${other}`, {}, 404],
    ['GET /approvals', {}, 401],
    [`POST /approvals/${id}/decision`, {}, 401],
    [own, page, 401],
    [own, { Via: '1.1 proxy' }, 403],
    [`POST /approvals/${id}/decision`, { ...bearer(keys.agent) }, 403],
  ] as const) {
    const body = start.startsWith('POST') ? decline : undefined
    assert.equal(
      (await ask(url, start, headers, body)).status,
      expected,
      `${start} ${JSON.stringify(headers)}`,
    )
  }
  assert.equal((await store.get(id))?.state, 'waiting')
  const decided = await ask(
    url,
    `POST /approvals/${id}/decision`,
    { ...bearer(keys.ada), Via: '1.1 proxy' },
    decline,
  )
  assert.equal(decided.status, 200)
})

test('where a public address is configured, a session works from it, and from this machine', async (t) => {
  const publicUrl = 'https://mcp.example.com'
  const { url } = await desk(t, { publicUrl })
  const { port } = new URL(url)
  const signIn = async (host: string, origin: string) => {
    const body = JSON.stringify({ key: keys.ada })
    const headers = [`Host: ${host}`, `Origin: ${origin}`, 'Content-Type: application/json']
    const { status, head } = await exchange(url, request('POST /approvals/session', headers, body))
    return [status, /; Secure/.test(head)]
  }
  assert.deepEqual(await signIn('mcp.example.com', publicUrl), [200, true])
  assert.deepEqual(await signIn('mcp.example.com:443', publicUrl), [200, true])
  assert.deepEqual(await signIn(`localhost:${port}`, `http://localhost:${port}`), [200, false])
  assert.deepEqual(await signIn('mcp.example.com', 'http://mcp.example.com'), [403, false])
  assert.deepEqual(await signIn('mcp.example.com', 'https://mcp.example.com:8443'), [403, false])
  assert.deepEqual(await signIn('evil.example', 'https://evil.example'), [403, false])
})

test('a file of approvals that is gone makes the server not ready, and answers 503', async (t) => {
  const { url, store } = await desk(t)
  assert.equal((await ask(url, 'GET /readyz')).status, 200)
  rmSync(store.file)
  const { status, body } = await ask(url, 'GET /readyz')
  assert.deepEqual([status, body.code], [503, 'approvals_failed'])
  const list = await ask(url, 'GET /approvals', bearer(keys.ada))
  assert.deepEqual([list.status, list.body.code], [503, 'approvals_failed'])
})
