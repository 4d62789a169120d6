import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  consentUrl,
  exchangeCode,
  type OAuthApp,
  openWorkspaces,
  optionsFor,
  uninstall,
} from '../../src/connect/index.ts'
import { createIntercom } from '../../src/index.ts'
import { createDeveloperHub, createWorkspace } from '../../src/workspace/index.ts'

const clientSecret = 'a-secret-of-the-app'
const redirectUrl = 'https://acme.example/callback'

async function setUp() {
  const made = await Promise.all(
    (['US', 'EU', 'AU'] as const).map((region) =>
      createWorkspace({
        fixtures: { app: { id_code: `${region.toLowerCase()}00001`, name: region, region } },
      }),
    ),
  )
  after(() => Promise.all(made.map((workspace) => workspace.close())))
  const app = { client_id: 'acme', client_secret: clientSecret, redirect_urls: [redirectUrl] }
  const hub = await createDeveloperHub({ apps: [app], workspaces: made })
  const connecting: OAuthApp = { clientId: 'acme', clientSecret, redirectUrl, dispatcher: hub.dispatcher }
  return { hub, app: connecting }
}

type SetUp = Awaited<ReturnType<typeof setUp>>

async function codeFor({ hub, app }: SetUp, workspace: string): Promise<string> {
  const back = new URL(await hub.agree(consentUrl(app, 'state-1'), workspace))
  assert.equal(back.searchParams.get('state'), 'state-1')
  return back.searchParams.get('code') ?? ''
}

test('a code becomes the token of a workspace, for the host of its region', async () => {
  const set = await setUp()
  for (const region of ['US', 'EU', 'AU'] as const) {
    const id = `${region.toLowerCase()}00001`
    const { workspace, accessToken } = await exchangeCode(set.app, await codeFor(set, id))
    const host =
      region === 'US' ? 'https://api.intercom.io' : `https://api.${region.toLowerCase()}.intercom.io`
    assert.deepEqual(
      [workspace.id, workspace.name, workspace.region, workspace.base_url],
      [id, region, region, host],
    )
    assert.equal(workspace.admin.name, 'Ada Admin')
    assert.doesNotMatch(JSON.stringify(workspace), new RegExp(accessToken.slice(0, 12)))
  }
})

test('an app of the EU asks and exchanges at the hosts of the EU', async () => {
  const set = await setUp()
  const app: OAuthApp = { ...set.app, region: 'EU' }
  assert.match(consentUrl(app, 's'), /^https:\/\/app\.eu\.intercom\.com\/oauth\?/)
  const { workspace } = await exchangeCode(app, await codeFor({ ...set, app }, 'eu00001'))
  assert.equal(workspace.base_url, 'https://api.eu.intercom.io')
})

test('a code that is no good says what to do, and holds nothing secret', async () => {
  const set = await setUp()
  const code = await codeFor(set, 'us00001')
  for (const app of [
    { ...set.app, clientSecret: 'not-the-secret' },
    { ...set.app, clientId: 'nobody' },
  ])
    await assert.rejects(exchangeCode(app, code), { code: 'connect_failed', outcome: 'rejected' })
  await exchangeCode(set.app, code)
  await assert.rejects(exchangeCode(set.app, code), ({ message, hint }: Error & { hint?: string }) => {
    assert.match(`${message} ${hint}`, /refused the code.*begin again/)
    assert.ok(![code, clientSecret].some((secret) => `${message} ${hint}`.includes(secret)))
    return true
  })
})

test('answers that are none of Intercom make no workspace', async () => {
  const answers: [token: unknown, me: unknown, said: RegExp][] = [
    [{}, {}, /holds no token/],
    [{ access_token: 'a b' }, {}, /holds no token/],
    [{ access_token: 'dG9rOnNlY3JldA==' }, {}, /names no workspace/],
    [{ access_token: 'dG9rOnNlY3JldA==' }, { app: { id_code: '../x' } }, /names no workspace/],
    [{ access_token: 'dG9rOnNlY3JldA==' }, null, /names no workspace/],
  ]
  for (const [token, me, said] of answers) {
    const { MockAgent } = await import('undici')
    const mock = new MockAgent()
    mock.disableNetConnect()
    const intercom = mock.get('https://api.intercom.io')
    intercom.intercept({ path: '/auth/eagle/token', method: 'POST' }).reply(200, JSON.stringify(token))
    intercom.intercept({ path: '/me' }).reply(200, JSON.stringify(me))
    const app: OAuthApp = { clientId: 'acme', clientSecret, dispatcher: mock }
    await assert.rejects(exchangeCode(app, 'code'), { code: 'connect_failed', message: said })
    await mock.close()
  }
})

test('a client of a stored workspace calls, notices a refusal, and ends when the workspace is removed', async () => {
  const set = await setUp()
  const { dispatcher } = set.hub
  const file = join(mkdtempSync(join(tmpdir(), 'connect-')), 'workspaces.db')
  const store = openWorkspaces(file, randomBytes(32).toString('hex'))
  const install = async () => {
    const { workspace, accessToken } = await exchangeCode(set.app, await codeFor(set, 'eu00001'))
    await store.save(workspace, accessToken)
    return { workspace, accessToken }
  }
  const { workspace, accessToken } = await install()
  const intercom = createIntercom({ ...optionsFor(store, workspace), dispatcher })
  assert.equal((await intercom.listTags()).error, null)

  assert.equal(await uninstall(workspace.base_url, accessToken, { dispatcher }), true)
  assert.equal(await uninstall(workspace.base_url, accessToken, { dispatcher }), false)
  const refused = await intercom.call('list_tags')
  assert.match(refused.output.error ?? '', /refused the token of the workspace eu00001: connect it again/)
  assert.deepEqual([refused.failure?.status, (await store.find('eu00001'))?.state], [401, 'refused'])

  await install()
  assert.equal((await intercom.listTags()).error, null, 'the same client goes on with the new token')
  assert.equal((await store.find('eu00001'))?.state, 'connected')
  await store.remove('eu00001')
  const removed = await intercom.call('create_note', {
    contact_id: '6762f0dd1bb69f9f2193bb83',
    body: 'Hello',
  })
  assert.deepEqual([removed.failure?.code, removed.failure?.outcome], ['workspace_not_connected', 'not_sent'])
  assert.match(removed.output.error ?? '', /eu00001 is not connected.*Connect it/)
  store.close()
})
