// The door of the studio: its page, the link, the session, and what one is worth.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyOrToken } from '../../src/server/key-or-token.ts'
import { hashKey } from '../../src/server/keys.ts'
import { studioSessions } from '../../src/server/studio/session.ts'
import { exchange, request } from '../support/served.ts'
import { adminKey, ask, codeOf, keys, signedIn, studio } from '../support/studio.ts'

const html = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

test('every address answers the same page, which holds nothing of anybody and allows nothing but itself', async (t) => {
  const { url } = await studio(t)
  const pages = await Promise.all(
    ['/studio', '/studio/', '/studio/desk/7?state=open', '/studio/actions/get_contact'].map((path) =>
      ask(url, `GET ${path}`, html),
    ),
  )
  for (const { status, headers, body } of pages) {
    assert.deepEqual([status, body], [200, pages[0]?.body])
    const policy = (headers.get('content-security-policy') ?? '').split('; ')
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ])
      assert.ok(policy.includes(rule), rule)
    assert.ok(!policy.join().includes('unsafe'))
    assert.deepEqual(
      ['x-frame-options', 'x-content-type-options', 'referrer-policy', 'cache-control'].map((name) =>
        headers.get(name),
      ),
      ['DENY', 'nosniff', 'no-referrer', 'no-store'],
    )
    assert.ok(!/<script(?! type="module" src=)|<style| on\w+=|style=/.test(body), 'no inline script or style')
    const links = [...String(body).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link)
    assert.deepEqual(
      links.filter((link) => !link.startsWith('data:')),
      ['/studio/files/studio.css', '/studio/files/main.js'],
    )
  }
})

test('a link lets one browser in, once, within ten minutes', async (t) => {
  const { url, link, pass } = await studio(t)
  const path = 'POST /studio/api/session'
  const code = codeOf(link())
  const first = await ask(url, path, { Origin: url }, { code })
  assert.equal(first.status, 200)
  assert.match(
    first.headers.get('set-cookie') ?? '',
    /^modulex_intercom_studio=[\w-]{43}; Path=\/studio; Max-Age=28800; HttpOnly; SameSite=Strict$/,
  )
  assert.deepEqual([first.body.name, first.body.operator, first.body.local], ['agent', 'you', true])
  assert.deepEqual(first.body.views, ['desk', 'actions', 'sends', 'traffic', 'lab'])
  assert.equal((await ask(url, path, { Origin: url }, { code })).body.code, 'wrong_code', 'a second time')
  const late = codeOf(link())
  pass(600_000)
  assert.equal((await ask(url, path, { Origin: url }, { code: late })).status, 401, 'too late')
  const page = await signedIn(url, { code: codeOf(link()) })
  assert.equal((await ask(url, 'GET /studio/api/session', page)).status, 200)
  pass(8 * 3_600_000)
  assert.equal((await ask(url, 'GET /studio/api/session', page)).status, 401, 'a session ends')
})

test('half a session is none, and neither is one from elsewhere', async (t) => {
  const { url, link } = await studio(t)
  const page = await signedIn(url, { code: codeOf(link()) })
  const other = await signedIn(url, { code: codeOf(link()) })
  const { Cookie = '', 'X-Studio-Token': token = '' } = page
  const asked: [string, Record<string, string>, number][] = [
    ['both halves', page, 200],
    ['no Origin, as a browser reads', { Cookie, 'X-Studio-Token': token }, 200],
    ['the cookie alone', { Cookie }, 401],
    ['the token alone', { 'X-Studio-Token': token }, 401],
    ["another session's token", { Cookie, 'X-Studio-Token': String(other['X-Studio-Token']) }, 401],
    ['another site', { ...page, Origin: 'https://evil.example' }, 403],
    ['another port', { ...page, Origin: 'http://127.0.0.1:9' }, 403],
    ['another name of this host', { ...page, Origin: url.replace('127.0.0.1', 'localhost') }, 403],
    ['a sandboxed page', { ...page, Origin: 'null' }, 403],
    [
      'another site without an Origin',
      { Cookie, 'X-Studio-Token': token, 'Sec-Fetch-Site': 'cross-site' },
      403,
    ],
    [
      'another port without an Origin',
      { Cookie, 'X-Studio-Token': token, 'Sec-Fetch-Site': 'same-site' },
      403,
    ],
  ]
  for (const [name, headers, expected] of asked)
    for (const path of ['session', 'actions', 'workspace/clock', 'intercom/me', 'approvals', 'traffic'])
      assert.equal((await ask(url, `GET /studio/api/${path}`, headers)).status, expected, `${name}: ${path}`)
  const { Origin: _, ...noOrigin } = page
  for (const [name, headers, expected] of [
    ['both halves', page, 200],
    ['no Origin', noOrigin, 403],
    ['another port', { ...page, Origin: 'http://localhost:9' }, 403],
  ] as const) {
    const answer = await ask(url, 'POST /studio/api/workspace/checkpoints', headers, { name: 'one' })
    assert.equal(answer.status, expected, name)
  }
})

test('another Host, or a proxy where there is no key, gets nothing', async (t) => {
  const { url, link } = await studio(t)
  const page = await signedIn(url, { code: codeOf(link()) })
  const head = Object.entries(page).map(([name, value]) => `${name}: ${value}`)
  const status = async (path: string, headers: string[]) =>
    (await exchange(url, request(`GET ${path}`, headers))).status
  const { host } = new URL(url)
  for (const path of ['/studio/api/session', '/studio/', '/studio/files/main.js']) {
    assert.equal(await status(path, [...head, `Host: rebound.example:${new URL(url).port}`]), 403, path)
    assert.equal(await status(path, [...head, `Host: ${host}`, 'X-Forwarded-For: 192.0.2.1']), 403, path)
  }
  assert.equal(await status('/studio/api/session', [...head, `Host: ${host}`]), 200)
})

test('a key signs in to what it may do and no more', async (t) => {
  const keyed = [
    { name: 'agent', keyHash: hashKey(keys.agent) },
    { name: 'other', keyHash: hashKey(keys.other), access: { sends: 'off' as const } },
  ]
  const { url, link } = await studio(t, { local: false, callers: keyed })
  assert.equal(link(), '/studio/', 'with several callers a link is nobody’s')
  for (const key of ['nobody', '', adminKey])
    assert.equal((await ask(url, 'POST /studio/api/session', { Origin: url }, { key })).status, 401, key)
  const page = await signedIn(url, { key: keys.other })
  const { body } = await ask(url, 'GET /studio/api/session', page)
  assert.deepEqual([body.name, body.operator, body.local], ['other', null, false])
  assert.deepEqual(body.views, ['actions', 'sends', 'traffic'])
  assert.equal(body.policy.sends, 'off')
  assert.equal((await ask(url, 'GET /studio/api/approvals', page)).status, 403, 'a caller decides nothing')
  const send = { conversation_id: '7', body: 'x', admin_id: '1', message_type: 'comment' }
  const asked = await ask(url, 'POST /studio/api/actions/reply_to_conversation', page, send)
  assert.notEqual(asked.status, 200)

  const operator = await signedIn(url, { key: keys.ada })
  assert.equal((await ask(url, 'GET /studio/api/actions', operator)).status, 403, 'an operator calls nothing')
  assert.equal((await ask(url, 'GET /studio/api/approvals', operator)).status, 200)
  const both = await signedIn(url, { key: keys.ada }, page)
  assert.equal((await ask(url, 'GET /studio/api/actions', both)).status, 200)
  assert.equal((await ask(url, 'GET /studio/api/approvals', both)).status, 200)
  assert.equal((await ask(url, 'GET /studio/api/session', page)).status, 401, 'the halves were renewed')
})

test('signing out ends it, and what it listens to', async (t) => {
  const { url, link } = await studio(t)
  const page = await signedIn(url, { code: codeOf(link()) })
  const live = await fetch(`${url}/studio/api/traffic`, { headers: { ...page, Accept: 'text/event-stream' } })
  assert.equal(live.headers.get('content-type'), 'text/event-stream; charset=utf-8')
  assert.equal((await ask(url, 'DELETE /studio/api/session', page)).status, 200)
  assert.equal(await live.text(), ':\n\n', 'it has ended')
  assert.equal((await ask(url, 'GET /studio/api/session', page)).status, 401)
})

test('a session is over after eight hours, and its live lists with it, also where nobody asks', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const sessions = studioSessions(
    [{ name: 'agent', keyHash: hashKey(keys.agent) }],
    keyOrToken({ operators: [] }),
    () => 0,
  )
  const { token, cookie } = sessions.begin(
    { caller: 'agent', keyHash: hashKey(keys.agent), operator: null },
    false,
  )
  const found = sessions.find({ cookie: cookie.split(';')[0], 'x-studio-token': token })
  t.mock.timers.tick(8 * 3_600_000 - 1)
  assert.equal(found?.ended.signal.aborted, false)
  t.mock.timers.tick(1)
  assert.equal(found?.ended.signal.aborted, true)
})
