// The page for operators: its headers, the sign-in, and what a session is worth.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sessionsOf } from '../../src/server/approvals/sessions.ts'
import { keyOrToken } from '../../src/server/key-or-token.ts'
import { ask, bearer, desk, keys, operators, signedIn } from '../support/approvals-desk.ts'

const html = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

test('the page comes without a key, holds nothing of anybody, and allows nothing but itself', async (t) => {
  const { url, hold } = await desk(t)
  const body = 'Canary <script>alert(1)</script>'
  const { id } = await hold({ input: { conversation_id: '7', body } })
  for (const path of ['/approvals', `/approvals/${id}`, '/approvals/apr_none']) {
    const { status, headers, body: page } = await ask(url, `GET ${path}`, html)
    assert.equal(status, 200)
    assert.match(headers.get('content-type') ?? '', /^text\/html/)
    assert.ok(!page.includes('Canary') && !page.includes(id), 'nothing of what waits')
    const policy = headers.get('content-security-policy') ?? ''
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ])
      assert.ok(policy.split('; ').includes(rule), rule)
    assert.ok(!policy.includes('unsafe'))
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('cache-control'), 'no-store')
    const links = [...String(page).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link)
    assert.deepEqual(links.toSorted(), ['/approvals/inbox.css', '/approvals/inbox.js'])
    assert.ok(!/<script(?! type="module" src=)|<style| on\w+=|style=/.test(page), 'no inline script or style')
  }
})

test('the key is exchanged for a cookie that scripts, other sites and later hours cannot use', async (t) => {
  const { url, pass } = await desk(t)
  const { status, headers, body } = await ask(
    url,
    'POST /approvals/session',
    { Origin: url },
    { key: ` ${keys.ada} ` },
  )
  assert.deepEqual([status, body.operator, body.seconds], [200, 'ada', 8 * 3600])
  const cookie = headers.get('set-cookie') ?? ''
  assert.match(
    cookie,
    /^modulex_intercom_operator=[\w-]{43}; Path=\/approvals; Max-Age=28800; HttpOnly; SameSite=Strict$/,
  )
  assert.ok(!cookie.includes(keys.ada) && !JSON.stringify(body).includes(keys.ada))
  const page = await signedIn(url, keys.ada)
  assert.equal((await ask(url, 'GET /approvals/session', page)).body.operator, 'ada')
  assert.equal((await ask(url, 'DELETE /approvals/session', page)).status, 200)
  assert.equal((await ask(url, 'GET /approvals', page)).status, 401, 'signed out')
  const later = await signedIn(url, keys.ada)
  pass(8 * 3_600_000)
  assert.equal((await ask(url, 'GET /approvals/session', later)).body.operator, null)
})

test('over https the cookie stays there', async () => {
  const sessions = sessionsOf(keyOrToken({ operators }))
  const signedIn = await sessions.signIn({ key: keys.ada }, 'n', true)
  assert.ok('cookie' in signedIn)
  assert.match(signedIn.cookie, /; Secure$/)
})

test('only the page of this server signs in, with a key of an operator', async (t) => {
  const { url } = await desk(t)
  const path = 'POST /approvals/session'
  for (const origin of [
    undefined,
    'https://evil.example',
    'http://127.0.0.1:9',
    'http://localhost:9',
    'null',
  ]) {
    const headers: Record<string, string> = origin === undefined ? {} : { Origin: origin }
    const { status, headers: answered } = await ask(url, path, headers, { key: keys.ada })
    assert.deepEqual([status, answered.get('set-cookie')], [403, null], origin)
  }
  for (const given of [{ key: keys.agent }, { key: 'nobody' }, { key: '' }, { code: 'no-such-code' }])
    assert.equal((await ask(url, path, { Origin: url }, given)).status, 401, JSON.stringify(given))
  for (const given of [{}, { key: 7 }, '{', []])
    assert.equal((await ask(url, path, { Origin: url }, given)).status, 400, JSON.stringify(given))
  const huge = await ask(url, path, { Origin: url }, { key: 'x'.repeat(20_000) })
  assert.equal(huge.status, 413)
})

test('sessions are bounded: the oldest ends for a new one', async () => {
  const sessions = sessionsOf(keyOrToken({ operators }))
  const begun = await Promise.all(
    Array.from({ length: 101 }, () => sessions.signIn({ key: keys.ada }, 'n', false)),
  )
  const headersOf = (one: (typeof begun)[number] | undefined) => {
    assert.ok(one !== undefined && 'cookie' in one)
    return { cookie: one.cookie.split(';', 1)[0] ?? '', 'x-approvals-token': one.token }
  }
  assert.equal(sessions.operatorOf(headersOf(begun[0])), null)
  assert.equal(sessions.operatorOf(headersOf(begun[1]))?.name, 'ada')
  assert.equal(sessions.operatorOf(headersOf(begun[100]))?.name, 'ada')
})

test('the code of a link signs in once, for a while', async () => {
  let now = 0
  const sessions = sessionsOf(keyOrToken({ operators }), () => now)
  const [ada] = operators
  assert.ok(ada)
  const signsIn = async (code: string) => !('status' in (await sessions.signIn({ code }, 'n', false)))
  const code = sessions.invite(ada)
  assert.deepEqual([await signsIn(code), await signsIn(code)], [true, false])
  const late = sessions.invite(ada)
  now += 600_000
  assert.equal(await signsIn(late), false)
})

test('without an operator there is no page and no sign-in', async (t) => {
  const { url, hold } = await desk(t, { operators: [] })
  assert.equal((await ask(url, 'GET /approvals', html)).status, 401)
  assert.equal((await ask(url, 'POST /approvals/session', { Origin: url }, { key: keys.ada })).status, 401)
  const { id } = await hold()
  assert.equal((await ask(url, `GET /approvals/${id}`, bearer(keys.agent))).status, 200)
  assert.equal((await ask(url, `POST /approvals/${id}/decision`, bearer(keys.agent), {})).status, 403)
})
