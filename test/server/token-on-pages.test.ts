// Who is known by sign-in alone opens the pages that are for operators with their access token.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openApprovals } from '../../src/approvals/store.ts'
import { renewOperators } from '../../src/server/approvals/operators.ts'
import { servedApprovals } from '../../src/server/approvals/serving.ts'
import { sessionsOf } from '../../src/server/approvals/sessions.ts'
import { keyOrToken } from '../../src/server/key-or-token.ts'
import { hashKey } from '../../src/server/keys.ts'
import { studioMount } from '../../src/server/studio/mount.ts'
import { approvalsFile, ask } from '../support/approvals-desk.ts'
import { developerHub, mountOf } from '../support/connecting.ts'
import { key, type SignedInOptions, signedIn } from '../support/signed-in.ts'

const scope = 'intercom:approve'
const desk = { sub: 'ada', client_id: 'desk', scope }
const opaque = {
  introspection: { client_id: 'intercom-mcp', client_secret_env: 'SECRET', cache_seconds: 0 },
}

/** A server with the pages, whose only operator signs in. */
async function pages(t: TestContext, auth: SignedInOptions['auth'] = {}) {
  const current = { current: undefined }
  const operators = [
    {
      name: 'ada',
      keyHash: null,
      callers: null,
      signIn: { subject: 'ada', client: 'desk' },
      ended: new AbortController(),
    },
  ]
  const callers = [{ name: 'support', keyHash: hashKey(key) }]
  const people = keyOrToken({ operators, callers, signIn: current })
  const sessions = sessionsOf(people)
  const approvals = servedApprovals({ store: openApprovals(approvalsFile(t)), operators, sessions })
  t.after(() => approvals.close())
  const studio = studioMount({ callers, people, approvalsOf: approvals.routesFor })
  const connect = mountOf(await developerHub(t), { people })
  const mounts = [approvals.mount, studio, connect]
  const server = await signedIn(t, { auth: { ...auth }, operators, signedIn: current, mounts })
  const { url } = server
  const page = (path: string, header: string) => ({
    async enter(token: string) {
      const { status, body, headers } = await ask(
        url,
        `POST ${path}/session`,
        { Origin: url },
        { key: token },
      )
      const cookie = headers.get('set-cookie') ?? ''
      const halves = { Cookie: cookie.split(';', 1)[0] ?? '', [header]: String(body.token), Origin: url }
      return { status, error: body.error as string, seconds: body.seconds as number, cookie, halves }
    },
    list: async (halves: Record<string, string>) =>
      (await ask(url, `GET ${path === '/approvals' ? path : `${path}/approvals`}`, halves)).status,
  })
  const begin = async (token: string) => {
    const body = new URLSearchParams({ key: token })
    const answer = await fetch(`${url}/connect`, { method: 'POST', body, redirect: 'manual' })
    return { status: answer.status, error: await answer.text() }
  }
  return {
    ...server,
    begin,
    approvalsPage: page('/approvals', 'x-approvals-token'),
    studioPage: page('/studio/api', 'x-studio-token'),
    /** The operator loses the right. */
    dismiss() {
      renewOperators(operators, [])
      approvals.recheck()
      studio.recheck()
    },
  }
}

test('an operator’s access token opens the page of approvals, the studio and /connect; others are refused, and told why', async (t) => {
  const { at, begin, approvalsPage, studioPage } = await pages(t)
  const others: [object, number, RegExp][] = [
    [{ ...desk, aud: 'https://other.example.com/mcp' }, 401, /for another resource/],
    [{ ...desk, exp: at.now() - 60 }, 401, /has expired/],
    [{ ...desk, scope: 'intercom:send' }, 403, /need the scope intercom:approve/],
    [{ ...desk, sub: 'eve' }, 403, /entry in the configuration/],
    [{ scope: `intercom:read ${scope}` }, 403, /not an operator/],
  ]
  for (const [claims, status, why] of others) {
    const token = await at.token(claims as Record<string, unknown>)
    for (const come of [
      await approvalsPage.enter(token),
      await studioPage.enter(token),
      await begin(token),
    ]) {
      assert.equal(come.status, status, String(why))
      assert.match(come.error.replaceAll('&#39;', "'"), why)
    }
  }
  const token = await at.token({ ...desk, exp: at.now() + 100 })
  for (const page of [approvalsPage, studioPage]) {
    const { status, cookie, seconds, halves } = await page.enter(token)
    assert.equal(status, 200)
    assert.ok(seconds <= 100 && cookie.includes(`Max-Age=${seconds};`), 'as long as the token')
    assert.equal(await page.list(halves), 200)
  }
  assert.equal((await begin(token)).status, 303)
})

test('a session ends when its operator is one no more', async (t) => {
  const { at, approvalsPage, studioPage, begin, dismiss } = await pages(t)
  const token = await at.token(desk)
  const all = await Promise.all([approvalsPage, studioPage].map((page) => page.enter(token)))
  dismiss()
  assert.deepEqual(
    await Promise.all([
      approvalsPage.list(all[0]?.halves ?? {}),
      studioPage.list(all[1]?.halves ?? {}),
      begin(token).then(({ status }) => status),
    ]),
    [401, 401, 403],
  )
})

test('a token that was revoked ends its session; while nobody can say, nothing is shown, and the session stays', async (t) => {
  const { at, approvalsPage, studioPage } = await pages(t, opaque)
  at.known.set('an-opaque-token', at.claims(desk))
  for (const page of [approvalsPage, studioPage]) {
    at.known.set('an-opaque-token', at.claims(desk))
    const { halves } = await page.enter('an-opaque-token')
    assert.equal(await page.list(halves), 200)
    at.isDown = true
    assert.equal(await page.list(halves), 503)
    at.isDown = false
    assert.equal(await page.list(halves), 200)
    at.known.delete('an-opaque-token')
    assert.equal(await page.list(halves), 401)
    at.known.set('an-opaque-token', at.claims(desk))
    assert.equal(await page.list(halves), 401, 'it is over')
  }
})

test('a key of this server is never shown to the authorization server', async (t) => {
  const { at, approvalsPage, begin } = await pages(t, opaque)
  const before = at.seen.length
  assert.equal((await approvalsPage.enter(key)).status, 401)
  assert.equal((await begin(key)).status, 401)
  assert.equal(at.seen.length, before)
})
