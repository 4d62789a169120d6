import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { exchangeCode } from '../../src/connect/index.ts'
import { childEnv } from '../openapi-validator/child-env.ts'
import { commandLines } from '../support/command-lines.ts'
import { browserAt, clientSecret, developerHub, pathOf } from '../support/connecting.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
const run = commandLines()

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

/** The command while a person is in the browser; gives the first address that it prints. */
function started(t: TestContext, hub: Hub, ...flags: string[]) {
  const child = spawn(process.execPath, [bin, 'connect', '--workspaces', hub.file, ...flags], {
    env: childEnv(envOf(hub)),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  const stdout = text(child.stdout)
  let said = ''
  const address = new Promise<string>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (more: string) => {
      said += more
      const [url] = /http:\/\/\S+(?=\s)/.exec(said) ?? []
      if (url !== undefined) resolve(url)
    })
  })
  const ended = once(child, 'close').then(async ([code]) => ({ code, stdout: await stdout, stderr: said }))
  return { child, address, ended }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

test('a browser on this machine connects a workspace', async (t) => {
  const hub = await developerHub(t)
  const port = await freePort()
  hub.app.redirect_urls = [`http://127.0.0.1:${port}/connect/callback`]
  const { address, ended } = started(t, hub, '--port', String(port))
  const begin = await address
  const [, word = ''] = begin.split('/connect/')
  assert.match(word, /^[\w-]{22}$/)
  assert.equal(begin, `http://127.0.0.1:${port}/connect/${word}`)
  for (const guess of ['', '/', '/begin', `/${word.slice(1)}`]) {
    const { status, headers } = await fetch(`http://127.0.0.1:${port}/connect${guess}`, {
      redirect: 'manual',
    })
    assert.deepEqual(
      [status, headers.get('location')],
      [404, null],
      'another user of this machine begins nothing',
    )
  }
  const browser = browserAt((path, init) => fetch(`http://127.0.0.1:${port}${path}`, init))
  const consent = (await browser.ask(pathOf(begin))).headers.get('location') ?? ''
  const page = await browser.ask(pathOf(await hub.hub.agree(consent, 'eu00001')))
  assert.match(await page.text(), /is connected/)
  const { code, stdout, stderr } = await ended
  const { success, workspace } = JSON.parse(stdout)
  assert.deepEqual([code, success, workspace.id, workspace.region], [0, true, 'eu00001', 'EU'])
  assert.doesNotMatch(stdout + stderr, /dG9r|a-secret-of/)
  assert.match(await hub.store.accessToken('eu00001'), /^dG9r/)
})

test('where the browser ends elsewhere, its address is pasted', async (t) => {
  const hub = await developerHub(t)
  const { child, address, ended } = started(t, hub, '--redirect-url', hub.connecting.redirectUrl)
  child.stdin.write(`${await hub.hub.agree(await address, 'au00001')}\n`)
  const { code, stdout } = await ended
  assert.deepEqual([code, JSON.parse(stdout).workspace.id], [0, 'au00001'])

  const other = started(t, hub, '--redirect-url', hub.connecting.redirectUrl)
  const forged = new URL(await hub.hub.agree(await other.address, 'eu00001'))
  forged.searchParams.set('state', 'of-somebody-else')
  other.child.stdin.write(`${forged}\n`)
  const refused = await other.ended
  assert.deepEqual([refused.code, refused.stdout], [2, ''])
  assert.match(refused.stderr, /belongs to another installation/)
  assert.deepEqual(
    (await hub.store.list()).map(({ id }) => id),
    ['au00001'],
  )
})

test('commands use a connected workspace, and connect lists, forgets and removes', async (t) => {
  const hub = await developerHub(t)
  const { MODULEX_INTERCOM_WORKSPACES_KEY, ...rest } = envOf(hub)
  const env = { MODULEX_INTERCOM_WORKSPACES_KEY: hub.key }
  const own = ['--workspaces', hub.file]
  const listTags = (...flags: string[]) => run(['run', 'list_tags', ...own, ...flags], { env })
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

  const host = await run(['mcp', '--workspace', 'eu00001', ...own], { env })
  assert.match(`${host.code} ${host.stderr}`, /^0 mcp: the workspace eu00001 is not connected/)

  await install('eu00001')
  assert.match((await listTags()).stdout, /"of-eu"/, 'it is the only one')
  await install('au00001')
  assert.match((await listTags()).stderr, /several workspaces are connected: .*au00001 or eu00001/)
  assert.match((await listTags('--workspace', 'au00001')).stdout, /"of-au"/)
  for (const more of [['--local'], ['--base-url', 'https://api.intercom.io']])
    assert.equal((await listTags('--workspace', 'au00001', ...more)).code, 2)

  const wrong = randomBytes(32).toString('hex')
  const locked = await run(['connect', '--list', ...own], { env: { MODULEX_INTERCOM_WORKSPACES_KEY: wrong } })
  assert.deepEqual([locked.code, locked.stdout], [2, ''])
  assert.match(locked.stderr, /was sealed with the key [\da-f]{8}/)
  assert.doesNotMatch(locked.stderr, new RegExp(wrong.slice(0, 8)))
  assert.match((await run(['connect', '--list', ...own])).stderr, /need their key/)

  const listed = await run(['connect', '--list', ...own], { env })
  assert.deepEqual(
    JSON.parse(listed.stdout).map(({ id, state }: Record<string, string>) => [id, state]),
    [
      ['au00001', 'connected'],
      ['eu00001', 'connected'],
    ],
  )
  assert.doesNotMatch(listed.stdout, /dG9r/)
  const removed = await run(['connect', '--remove', 'au00001', ...own], { env })
  assert.deepEqual(JSON.parse(removed.stdout), {
    success: true,
    error: null,
    id: 'au00001',
    uninstalled: true,
  })
  const forgotten = await run(['connect', '--forget', 'eu00001', ...own], { env })
  assert.deepEqual(JSON.parse(forgotten.stdout).uninstalled, false)
  assert.deepEqual(await hub.store.list(), [])
  assert.equal((await run(['connect', '--remove', 'eu00001', ...own], { env })).code, 2)
  assert.equal((await run(['connect', '--list', '--rotate', ...own], { env })).code, 2)
  const elsewhere = { ...env, ...rest, INTERCOM_CONSENT_URL: 'https://evil.example' }
  const misled = await run(['connect', ...own], { env: elsewhere })
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
  const { code, stdout } = await run(['connect', '--remove', 'gone', '--workspaces', hub.file], { env })
  assert.deepEqual([code, JSON.parse(stdout).success], [1, false])
  assert.match(stdout, /does not answer/)
  assert.equal((await hub.store.list()).length, 1)
})
