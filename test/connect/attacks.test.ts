import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { consentUrl, exchangeCode } from '../../src/connect/index.ts'
import { answerIntercom } from '../../src/server/connect/from-intercom.ts'
import type { ConnectOptions } from '../../src/server/connect/mount.ts'
import { keyOrToken } from '../../src/server/key-or-token.ts'
import { browserAt, clientSecret, developerHub, mountOf, operatorKey, pathOf } from '../support/connecting.ts'

async function setUp(t: TestContext, more: Partial<ConnectOptions> = {}) {
  const hub = await developerHub(t)
  const said: string[] = []
  const { open } = mountOf(hub, { say: (text) => said.push(text), ...more })
  const send = (path: string, init: RequestInit) => open.fetch(new Request(`http://127.0.0.1:1${path}`, init))
  return { ...hub, said, send, browser: () => browserAt(send) }
}

/** Where Intercom sends a browser that agrees for a workspace. */
type SetUp = Awaited<ReturnType<typeof setUp>>
const agreed = async ({ hub }: SetUp, consent: string, id = 'eu00001') => pathOf(await hub.agree(consent, id))

test('an installation ends in the browser that began it, once, whatever else is tried', async (t) => {
  const set = await setUp(t)
  const [own, other] = [set.browser(), set.browser()]
  const begun = await own.begin()
  const back = await agreed(set, begun)
  const stranger = await agreed(set, await other.begin())
  const attempts: [name: string, path: string, browser: typeof own][] = [
    ['without a state', back.replace(/&?state=[^&]*/, ''), own],
    ['with another state', back.replace(/state=[^&]*/, 'state=AAAA'), own],
    ['with two states', `${back}&state=AAAA`, own],
    ['with two codes', `${back}&code=AAAA`, own],
    ['of another browser', stranger, own],
    ['without a cookie', await agreed(set, await set.browser().begin()), set.browser()],
  ]
  for (const [name, path, browser] of attempts) {
    const answer = await browser.ask(path)
    assert.equal(answer.status, 400, name)
    assert.match(await answer.text(), /Not connected/, name)
    assert.deepEqual(await set.store.list(), [], name)
  }
  assert.equal((await own.ask(back)).status, 200)
  assert.equal((await own.ask(back)).status, 400, 'a state counts once')
  assert.equal((await set.store.list()).length, 1)
})

test('a state that another browser has brought back is used up', async (t) => {
  const set = await setUp(t)
  const own = set.browser()
  const back = await agreed(set, await own.begin())
  assert.match(await (await set.browser().ask(back)).text(), /another browser/)
  assert.match(await (await own.ask(back)).text(), /not begun here, is over already/)
  assert.deepEqual(await set.store.list(), [])
})

test('of two callbacks at once one connects', async (t) => {
  const set = await setUp(t)
  const own = set.browser()
  const back = await agreed(set, await own.begin())
  const answers = await Promise.all([own.ask(back), own.ask(back), own.ask(back)])
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 400, 400])
})

test('a browser that leaves while the code is exchanged has connected', async (t) => {
  const set = await setUp(t)
  const own = set.browser()
  const back = await agreed(set, await own.begin())
  const leaving = new AbortController()
  const answer = own.ask(back, { signal: leaving.signal })
  leaving.abort()
  assert.equal((await answer).status, 200)
  assert.equal((await set.store.list()).length, 1)
})

test('two installations of one browser do not disturb each other', async (t) => {
  const set = await setUp(t)
  const own = set.browser()
  const [first, second] = [await own.begin(), await own.begin()]
  assert.equal((await own.ask(await agreed(set, first, 'au00001'))).status, 200)
  assert.equal((await own.ask(await agreed(set, second, 'eu00001'))).status, 200)
  assert.deepEqual(
    (await set.store.list()).map(({ id }) => id),
    ['au00001', 'eu00001'],
  )
})

test('a code that is old, used, of another app or made up connects nothing, and is not repeated', async (t) => {
  const set = await setUp(t)
  const used =
    new URL(await set.hub.agree(consentUrl(set.connecting, 's'), 'eu00001')).searchParams.get('code') ?? ''
  await exchangeCode(set.connecting, used)
  const others = await set.hub.agree(consentUrl({ ...set.connecting, clientId: 'other' }, 's'), 'eu00001')
  for (const code of [used, new URL(others).searchParams.get('code') ?? '', 'made-up', '../x', '']) {
    const own = set.browser()
    const state = new URL(await own.begin()).searchParams.get('state') ?? ''
    const answer = await own.ask(`/connect/callback?${new URLSearchParams({ code, state })}`)
    const page = await answer.text()
    assert.equal(answer.status, 502, page)
    assert.ok(code === '' || !page.includes(code.slice(0, 8)))
    assert.deepEqual(await set.store.list(), [])
  }
})

test('ten minutes later a state counts no more', async (t) => {
  let now = 0
  const set = await setUp(t, { now: () => now })
  const [early, late] = [set.browser(), set.browser()]
  const [first, second] = [await early.begin(), await late.begin()]
  now = 10 * 60_000 - 1
  assert.equal((await early.ask(await agreed(set, first))).status, 200)
  now += 1
  assert.equal((await late.ask(await agreed(set, second))).status, 400)
})

test('operators alone begin, unless it is open to anybody', async (t) => {
  const set = await setUp(t)
  const own = set.browser()
  for (const key of ['', 'wrong', `${operatorKey}x`]) {
    const answer = await own.ask('/connect', { method: 'POST', body: new URLSearchParams({ key }) })
    assert.deepEqual([answer.status, answer.headers.get('location'), own.jar.size], [401, null, 0])
  }
  const page = await own.ask('/connect')
  assert.deepEqual([page.status, own.jar.size], [200, 0])
  assert.match(
    page.headers.get('content-security-policy') ?? '',
    /default-src 'none'.*frame-ancestors 'none'/,
  )
  assert.equal((await own.ask(`/connect?key=${operatorKey}`)).status, 200, 'no key in a URL')

  const open = await setUp(t, { open: true })
  const anybody = open.browser()
  const consent = (await anybody.ask('/connect')).headers.get('location') ?? ''
  assert.equal((await anybody.ask(await agreed(open, consent))).status, 200)
})

test('where a word opens it, as on one machine of several users, only who has the word begins', async (t) => {
  const { send } = await setUp(t, { open: 'the-word', people: keyOrToken({ operators: [] }) })
  for (const path of ['', '/', '/the-wor', '/the-word/', '/THE-WORD', '?open=the-word']) {
    const { status, headers } = await send(`/connect${path}`, {})
    assert.deepEqual([status, headers.get('location'), headers.get('set-cookie')], [404, null, null], path)
  }
  assert.equal(
    (await send('/connect', { method: 'POST', body: new URLSearchParams({ key: 'the-word' }) })).status,
    401,
  )
  assert.equal((await send('/connect/the-word', {})).status, 302)
})

test('it leads to Intercom and nowhere else', async (t) => {
  const set = await setUp(t, { open: true })
  for (const more of [
    'redirect_uri=https://evil.example',
    'return_to=//evil.example',
    'next=https://evil.example',
  ]) {
    const answer = await set.browser().ask(`/connect?${more}`)
    const location = new URL(answer.headers.get('location') ?? '')
    assert.equal(location.origin, set.hosts.US.app)
    assert.equal(location.searchParams.get('redirect_uri'), set.connecting.redirectUrl)
  }
  const store = await setUp(t, { open: true, appStore: true })
  const own = store.browser()
  const consent = (await own.ask('/connect')).headers.get('location') ?? ''
  const done = await own.ask(`${await agreed(store, consent)}&redirect=https://evil.example`)
  assert.equal(
    done.headers.get('location'),
    'https://app.intercom.com/appstore/redirect?install_success=true',
  )
  const failed = new URL((await own.ask('/connect/callback?state=x&code=y')).headers.get('location') ?? '')
  assert.equal(`${failed.origin}${failed.pathname}`, 'https://app.intercom.com/appstore/redirect')
  assert.equal(failed.searchParams.get('install_success'), 'false')
  assert.match(failed.searchParams.get('error_message') ?? '', /Begin again/)
})

test('cookies are out of reach of scripts and other sites, and over https of other hosts too', async (t) => {
  const plain = await setUp(t, { open: true })
  const set = (await plain.send('/connect', {})).headers.get('set-cookie') ?? ''
  assert.match(
    set,
    /^modulex_connect_[\da-f]{12}=[\w-]{43}; Path=\/connect; Max-Age=600; HttpOnly; SameSite=Lax$/,
  )
  const secure = await setUp(t, {
    open: true,
    app: { ...plain.connecting, redirectUrl: 'https://acme.example/connect/callback' },
  })
  const over = (await secure.send('/connect', {})).headers.get('set-cookie') ?? ''
  assert.match(
    over,
    /^__Host-modulex_connect_[\da-f]{12}=[\w-]{43}; Path=\/; Secure; Max-Age=600; HttpOnly; SameSite=Lax$/,
  )
})

test('what pages and messages say holds no token, no code, no secret, and names are text', async (t) => {
  const set = await setUp(t)
  const own = set.browser()
  const back = await agreed(set, await own.begin())
  const answer = await own.ask(back)
  const page = await answer.text()
  const token = await set.store.accessToken('eu00001')
  const code = new URLSearchParams(back.split('?')[1]).get('code') ?? ''
  const all = [page, ...set.said, JSON.stringify([...answer.headers])].join('\n')
  for (const secret of [token, token.slice(0, 16), code, clientSecret, operatorKey])
    assert.ok(!all.includes(secret))
  assert.match(page, /Acme &lt;EU&gt; \(eu00001\) is connected/)
  assert.doesNotMatch(page, /<EU>/)
  assert.equal(answer.headers.get('referrer-policy'), 'no-referrer')
})

async function connected(t: TestContext) {
  const set = await setUp(t)
  const own = set.browser()
  await own.ask(await agreed(set, await own.begin()))
  return { ...set, own }
}

test('only a key in the header lists and removes: a cookie, a form of another site or an API key does nothing', async (t) => {
  const set = await connected(t)
  const path = '/connect/workspaces/eu00001'
  const attempts: RequestInit[] = [
    { method: 'DELETE' },
    { method: 'DELETE', headers: { authorization: 'Bearer an-api-key-0123456789abcdef' } },
    { method: 'DELETE', headers: { authorization: `Basic ${btoa(`${operatorKey}:`)}` } },
    { method: 'POST', body: new URLSearchParams({ key: operatorKey, _method: 'DELETE' }) },
    { method: 'GET' },
  ]
  for (const init of attempts) assert.equal((await set.own.ask(path, init)).status, 401)
  const headers = { authorization: `Bearer ${operatorKey}` }
  assert.equal((await set.own.ask(path, { method: 'POST', headers })).status, 405)
  const list = await set.own.ask('/connect/workspaces', { headers })
  const text = await list.text()
  assert.match(text, /"eu00001"/)
  assert.doesNotMatch(text, /dG9r/)

  const removed = await set.own.ask(path, { method: 'DELETE', headers })
  assert.deepEqual(await removed.json(), { success: true, error: null, id: 'eu00001', uninstalled: true })
  assert.equal((await set.own.ask(path, { method: 'DELETE', headers })).status, 404)
})

function signed(body: string, secret = clientSecret): RequestInit {
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  return { method: 'POST', body, headers: { 'x-body-signature': signature } }
}

test('a notification counts with its signature, and only once Intercom refuses the token', async (t) => {
  const set = await connected(t)
  const body = JSON.stringify({ app_id: 'eu00001' })
  const forged: RequestInit[] = [
    { method: 'POST', body },
    signed(body, 'another-secret'),
    { ...signed(body), body: JSON.stringify({ app_id: 'eu00001 ' }) },
    { method: 'POST', body, headers: { 'x-body-signature': 'x'.repeat(64) } },
  ]
  for (const init of forged) {
    assert.equal((await set.own.ask('/connect/uninstalled', init)).status, 401)
    assert.equal((await set.own.ask('/connect/health', init)).status, 401)
  }
  const uninstalled = async (given = body) =>
    await (await set.own.ask('/connect/uninstalled', signed(given))).json()
  assert.deepEqual(await uninstalled(), { status: 'still_connected' }, 'an old one, sent again')
  for (const odd of ['[]', 'null', '{}', '{"app_id":7}', '{"app_id":"nobody"}', 'no JSON'])
    assert.deepEqual(await uninstalled(odd), { status: 'not_connected' })
  assert.equal((await set.store.list()).length, 1)
  await set.hub.uninstall('acme', 'eu00001')
  assert.deepEqual(await uninstalled(), { status: 'removed' })
  assert.deepEqual(await set.store.list(), [])
})

test('a workspace that is connected again while Intercom is asked about its old token stays', async (t) => {
  const set = await connected(t)
  const found = await set.store.find('eu00001')
  assert.ok(found)
  await set.hub.uninstall('acme', 'eu00001')
  const accessToken = async (id: string) => {
    const old = await set.store.accessToken(id)
    await set.store.save(found, 'the-new-token') // before Intercom answers about the old one
    return old
  }
  const say = () => assert.fail('nothing was removed')
  const listener = { workspaces: { ...set.store, accessToken }, app: set.connecting, say }
  const path = '/connect/uninstalled'
  const request = new Request(`http://localhost${path}`, signed(JSON.stringify({ app_id: 'eu00001' })))
  assert.deepEqual(await (await answerIntercom(path, request, listener)).json(), {
    status: 'still_connected',
  })
  assert.equal(await set.store.accessToken('eu00001'), 'the-new-token')
})

test('the health check says what is known of a workspace', async (t) => {
  const set = await connected(t)
  const health = async (id: string) =>
    await (await set.own.ask('/connect/health', signed(JSON.stringify({ workspace_id: id })))).json()
  assert.deepEqual(await health('eu00001'), { state: 'OK' })
  await set.store.refused('eu00001', await set.store.accessToken('eu00001'))
  assert.deepEqual(
    [await health('eu00001'), await health('nobody')],
    [{ state: 'UNHEALTHY' }, { state: 'UNKNOWN' }],
  )
})

test('nobody who cancels is connected', async (t) => {
  const set = await setUp(t)
  const own = set.browser()
  const back = pathOf(await set.hub.agree(await own.begin(), null))
  const answer = await own.ask(back)
  assert.match(await answer.text(), /nobody has agreed/)
  assert.deepEqual(await set.store.list(), [])
})
