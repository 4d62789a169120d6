import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { createWorkspace } from '../index.ts'
import type { HubApp } from './app.ts'
import { createDeveloperHub, type DeveloperHubOptions } from './hub.ts'

const app: HubApp = {
  client_id: 'acme-connector',
  client_secret: 'a-secret-of-the-app',
  redirect_urls: ['https://acme.example/callback', 'http://127.0.0.1:1/callback?keep=1'],
}
const other: HubApp = { ...app, client_id: 'other-connector', client_secret: 'another-secret' }

async function open(more: Partial<DeveloperHubOptions> = {}) {
  const made = await Promise.all(
    (['US', 'EU', 'AU'] as const).map((region) =>
      createWorkspace({
        fixtures: { app: { id_code: `${region.toLowerCase()}00001`, name: `<${region}>`, region } },
      }),
    ),
  )
  after(() => Promise.all(made.map((workspace) => workspace.close())))
  return await createDeveloperHub({ apps: [app, other], workspaces: made, ...more })
}

type Hub = Awaited<ReturnType<typeof open>>

const authorize = (more: Record<string, string> = {}, host = 'app.intercom.com') =>
  `https://${host}/oauth?${new URLSearchParams({ client_id: app.client_id, state: 'a state&more', ...more })}`

async function codeFor(hub: Hub, workspace: string): Promise<string> {
  return new URL(await hub.agree(authorize(), workspace)).searchParams.get('code') ?? ''
}

async function exchange(hub: Hub, fields: Record<string, string>, host = 'api.intercom.io', form = true) {
  const body = form ? new URLSearchParams(fields) : JSON.stringify(fields)
  const headers: Record<string, string> = form ? {} : { 'content-type': 'application/json' }
  const request = new Request(`https://${host}/auth/eagle/token`, { method: 'POST', body, headers })
  const answer = await hub.fetch(request)
  return { status: answer.status, json: JSON.parse(await answer.text()) }
}

async function me(hub: Hub, token: string, host = 'api.intercom.io') {
  const headers = { authorization: `Bearer ${token}` }
  const answer = await hub.fetch(new Request(`https://${host}/me`, { headers }))
  const json = JSON.parse(await answer.text())
  return { status: answer.status, app: json.app, message: json.errors?.[0]?.message }
}

test('a consent page names the workspaces, and sends the browser back with code and state', async () => {
  const hub = await open()
  const page = await (await hub.fetch(new Request(authorize({ state: '"><script>' })))).text()
  assert.match(page, /&lt;EU&gt; \(EU\)/)
  assert.doesNotMatch(page, /<EU>|<script>/)
  const regional = await (await hub.fetch(new Request(authorize({}, 'app.eu.intercom.com')))).text()
  assert.deepEqual([/eu00001/.test(regional), /us00001/.test(regional)], [true, false])

  const back = new URL(await hub.agree(authorize(), 'eu00001'))
  assert.equal(`${back.origin}${back.pathname}`, app.redirect_urls[0], 'the first is the default')
  assert.equal(back.searchParams.get('state'), 'a state&more')
  assert.match(back.searchParams.get('code') ?? '', /^[\w+/]+=+$/)
  const chosen = new URL(await hub.agree(authorize({ redirect_uri: app.redirect_urls[1] ?? '' }), 'us00001'))
  assert.equal(chosen.searchParams.get('keep'), '1')
  const cancelled = new URL(await hub.agree(authorize(), null))
  assert.deepEqual(
    [cancelled.searchParams.get('error'), cancelled.searchParams.get('code')],
    ['access_denied', null],
  )
})

test('what is not of the app is said to the person, and sent nowhere', async () => {
  const hub = await open()
  for (const more of [
    { redirect_uri: 'https://evil.example/callback' },
    { redirect_uri: 'https://acme.example/callback/../x' },
    { redirect_uri: '' },
    { client_id: 'nobody' },
  ]) {
    const shown = await hub.fetch(new Request(authorize(more)))
    assert.deepEqual([shown.status, shown.headers.get('location')], [400, null])
    await assert.rejects(hub.agree(authorize(more), 'us00001'), /The consent page answers/)
  }
  await assert.rejects(hub.agree(authorize({}, 'app.au.intercom.com'), 'us00001'), /Choose a workspace/)
})

test('a code is exchanged once, by its own app, for a token of the workspace', async () => {
  const hub = await open()
  const { client_id, client_secret } = app
  for (const form of [true, false]) {
    const code = await codeFor(hub, 'au00001')
    const wrong: Record<string, string>[] = [
      { client_secret: 'not-the-secret' },
      { client_id: other.client_id, client_secret: other.client_secret },
      { client_id: 'nobody' },
      { code: 'no-code' },
    ]
    for (const more of wrong) {
      const { status, json } = await exchange(
        hub,
        { code, client_id, client_secret, ...more },
        undefined,
        form,
      )
      assert.deepEqual([status, json.type, json.errors[0].message], [401, 'error.list', 'Unauthorized Code'])
    }
    const { status, json } = await exchange(hub, { code, client_id, client_secret }, undefined, form)
    assert.deepEqual([status, json.token_type, json.token], [200, 'Bearer', json.access_token])
    assert.match(json.access_token, /^dG9rO/)
    const { app: found } = await me(hub, json.access_token)
    assert.deepEqual([found.id_code, found.region], ['au00001', 'AU'])
    assert.equal((await exchange(hub, { code, client_id, client_secret })).status, 401, 'it is good once')
  }
  assert.equal((await exchange(hub, { client_id, client_secret })).status, 400)
})

test('a code is good for five minutes', async () => {
  let now = 0
  const hub = await open({ now: () => now })
  const { client_id, client_secret } = app
  const [early, late] = [await codeFor(hub, 'us00001'), await codeFor(hub, 'us00001')]
  now = 5 * 60_000 - 1
  assert.equal((await exchange(hub, { code: early, client_id, client_secret })).status, 200)
  now += 1
  assert.equal((await exchange(hub, { code: late, client_id, client_secret })).status, 401)
})

test('a host answers for its region, those of the US for all', async () => {
  const hub = await open()
  const code = await codeFor(hub, 'eu00001')
  const { client_id, client_secret } = app
  const { json } = await exchange(hub, { code, client_id, client_secret }, 'api.eu.intercom.io')
  const statuses = await Promise.all(
    ['api.intercom.io', 'api.eu.intercom.io', 'api.au.intercom.io'].map(
      async (host) => (await me(hub, json.access_token, host)).status,
    ),
  )
  assert.deepEqual(statuses, [200, 200, 401])
  assert.equal((await hub.fetch(new Request('https://evil.example/me'))).status, 421)
  assert.equal((await me(hub, '')).status, 401)
})

test('uninstalling, on either side, ends the tokens of the app and tells it so, signed', async () => {
  const told: { body: string; signature: unknown }[] = []
  const server = createServer(async (request, response) => {
    told.push({ body: await text(request), signature: request.headers['x-body-signature'] })
    response.end(JSON.stringify({ state: 'OK' }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const hub = await open({ apps: [{ ...app, uninstall_url: url, health_check_url: url }] })
  const { client_id, client_secret } = app
  const install = async () => {
    const code = await codeFor(hub, 'eu00001')
    return (await exchange(hub, { code, client_id, client_secret })).json.access_token as string
  }
  const token = await install()
  assert.deepEqual(await hub.checkHealth(client_id, 'eu00001'), { state: 'OK' })
  const headers = { authorization: `Bearer ${token}` }
  const revoke = () =>
    hub.fetch(new Request('https://api.intercom.io/auth/uninstall', { method: 'POST', headers }))
  assert.deepEqual([(await revoke()).status, (await revoke()).status], [200, 401])
  assert.deepEqual(
    [(await me(hub, token)).status, (await me(hub, token)).message],
    [401, 'Access Token Invalid'],
  )

  const again = await install()
  assert.deepEqual(await hub.uninstall(client_id, 'eu00001'), { status: 200 })
  assert.equal((await me(hub, again)).status, 401)
  assert.deepEqual(
    told.map(({ body }) => JSON.parse(body)),
    [{ workspace_id: 'eu00001' }, { app_id: 'eu00001' }, { app_id: 'eu00001' }],
  )
  for (const { body, signature } of told)
    assert.equal(signature, createHmac('sha256', client_secret).update(body).digest('hex'))
  server.close()
  assert.equal(await hub.uninstall(client_id, 'us00001'), null, 'nobody answers')
  assert.throws(() => hub.uninstall('nobody', 'us00001'), RangeError)
})

test('each host has a port of its own', async () => {
  const hub = await open()
  const { urls, close } = await hub.listen()
  const asked = authorize().replace('https://app.intercom.com', urls['app.eu.intercom.com'])
  const code = new URL(await hub.agree(asked, 'eu00001')).searchParams.get('code') ?? ''
  const { client_id, client_secret } = app
  const body = new URLSearchParams({ code, client_id, client_secret })
  const made = await fetch(`${urls['api.eu.intercom.io']}/auth/eagle/token`, { method: 'POST', body })
  const { access_token } = (await made.json()) as { access_token: string }
  const headers = { authorization: `Bearer ${access_token}` }
  assert.equal((await fetch(`${urls['api.eu.intercom.io']}/me`, { headers })).status, 200)
  assert.equal((await fetch(`${urls['api.au.intercom.io']}/me`, { headers })).status, 401)
  await close()
})

test('what no app can be set up with is refused', async () => {
  const wrong: Partial<HubApp>[] = [
    { client_id: '' },
    { client_secret: 'short' },
    { redirect_urls: [] },
    { redirect_urls: ['http://acme.example/callback'] },
    { redirect_urls: ['callback'] },
    { redirect_urls: ['https://acme.example/#x'] },
    { uninstall_url: 'http://acme.example/' },
  ]
  for (const more of wrong)
    await assert.rejects(createDeveloperHub({ apps: [{ ...app, ...more }], workspaces: [] }), TypeError)
  await assert.rejects(createDeveloperHub({ apps: [app, app], workspaces: [] }), /same client_id/)
})
