import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { exchangeCode } from '../../src/connect/index.ts'
import { commandLine } from '../support/command-line.ts'
import { clientSecret, developerHub } from '../support/connecting.ts'

type Hub = Awaited<ReturnType<typeof developerHub>>

function envOf({ key, hosts }: Hub): Record<string, string> {
  return {
    MODULEX_INTERCOM_WORKSPACES_KEY: key,
    INTERCOM_CLIENT_ID: 'acme',
    INTERCOM_CLIENT_SECRET: clientSecret,
    INTERCOM_CONSENT_URL: hosts.US.app,
    INTERCOM_API_BASE_URL: hosts.US.api,
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

test('commands use a connected workspace, and connect lists, forgets and removes', async (t) => {
  const hub = await developerHub(t)
  const { MODULEX_INTERCOM_WORKSPACES_KEY, ...rest } = envOf(hub)
  const env = { MODULEX_INTERCOM_WORKSPACES_KEY: hub.key }
  const own = ['--workspaces', hub.file]
  const listTags = (...flags: string[]) => commandLine(['run', 'list_tags', ...own, ...flags], { env })
  const install = async (id: string) => {
    const consent = `${hub.hosts.US.app}/oauth?client_id=acme&state=s`
    const code = new URL(await hub.hub.agree(consent, id)).searchParams.get('code') ?? ''
    const { workspace, accessToken } = await exchangeCode(hub.connecting, code)
    await hub.store.save(workspace, accessToken)
  }
  const none = await listTags()
  assert.deepEqual([none.code, none.stdout], [2, ''])
  assert.match(none.stderr, /no access token/)
  const unknown = await listTags('--workspace', 'eu00001')
  assert.match(`${unknown.code} ${unknown.stderr}`, /^2 .*eu00001 is not connected/)

  const host = await commandLine(['mcp', '--workspace', 'eu00001', ...own], { env })
  assert.match(`${host.code} ${host.stderr}`, /^0 mcp: the workspace eu00001 is not connected/)

  await install('eu00001')
  assert.match((await listTags()).stdout, /"of-eu"/, 'it is the only one')
  await install('au00001')
  assert.match((await listTags()).stderr, /several workspaces are connected: .*au00001 or eu00001/)
  assert.match((await listTags('--workspace', 'au00001')).stdout, /"of-au"/)
  for (const more of [['--local'], ['--base-url', 'https://api.intercom.io']])
    assert.equal((await listTags('--workspace', 'au00001', ...more)).code, 2)

  const wrong = randomBytes(32).toString('hex')
  const locked = await commandLine(['connect', '--list', ...own], {
    env: { MODULEX_INTERCOM_WORKSPACES_KEY: wrong },
  })
  assert.deepEqual([locked.code, locked.stdout], [2, ''])
  assert.match(locked.stderr, /was sealed with the key [\da-f]{8}/)
  assert.doesNotMatch(locked.stderr, new RegExp(wrong.slice(0, 8)))
  assert.match((await commandLine(['connect', '--list', ...own])).stderr, /need their key/)

  const listed = await commandLine(['connect', '--list', ...own], { env })
  assert.deepEqual(
    JSON.parse(listed.stdout).map(({ id, state }: Record<string, string>) => [id, state]),
    [
      ['au00001', 'connected'],
      ['eu00001', 'connected'],
    ],
  )
  assert.doesNotMatch(listed.stdout, /dG9r/)
  const removed = await commandLine(['connect', '--remove', 'au00001', ...own], { env })
  assert.deepEqual(JSON.parse(removed.stdout), {
    success: true,
    error: null,
    id: 'au00001',
    uninstalled: true,
  })
  const forgotten = await commandLine(['connect', '--forget', 'eu00001', ...own], { env })
  assert.deepEqual(JSON.parse(forgotten.stdout).uninstalled, false)
  assert.deepEqual(await hub.store.list(), [])
  assert.equal((await commandLine(['connect', '--remove', 'eu00001', ...own], { env })).code, 2)
  assert.equal((await commandLine(['connect', '--list', '--rotate', ...own], { env })).code, 2)
  const elsewhere = { ...env, ...rest, INTERCOM_CONSENT_URL: 'https://evil.example' }
  const misled = await commandLine(['connect', ...own], { env: elsewhere })
  assert.match(`${misled.code} ${misled.stderr}`, /^2 .*name this machine/)
})

test('where Intercom does not answer nothing is removed', async (t) => {
  const hub = await developerHub(t)
  const base_url = `http://127.0.0.1:${await freePort()}`
  const admin = { id: '1', name: null }
  await hub.store.save(
    { id: 'gone', name: null, region: null, base_url, admin, connected_at: 0 },
    'dG9rOnNlY3JldA==',
  )
  const env = { MODULEX_INTERCOM_WORKSPACES_KEY: hub.key }
  const { code, stdout } = await commandLine(['connect', '--remove', 'gone', '--workspaces', hub.file], {
    env,
  })
  assert.deepEqual([code, JSON.parse(stdout).success], [1, false])
  assert.match(stdout, /does not answer/)
  assert.equal((await hub.store.list()).length, 1)
})
