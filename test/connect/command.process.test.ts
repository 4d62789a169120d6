import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { childEnv } from '../openapi-validator/child-env.ts'
import { browserAt, clientSecret, developerHub, install, pathOf } from '../support/connecting.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))

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

test('a worker serves a connected workspace', async (t) => {
  const hub = await developerHub(t)
  await install(hub, 'eu00001')
  const { file, key, store } = hub
  const env = { MODULEX_INTERCOM_WORKSPACES_KEY: key }
  const own = ['--workspaces', file]
  const child = spawn(process.execPath, [bin, 'worker', '--port', '0', ...own], { env: childEnv(env) })
  t.after(() => child.kill('SIGKILL'))
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    stderr += more
  })
  const lines = createInterface({ input: child.stdout })
  const [line] = await Promise.race([once(lines, 'line'), once(lines, 'close')])
  assert.ok(line, stderr)
  const { health_url } = JSON.parse(line) as { health_url: string }
  assert.equal((await fetch(`${health_url}/readyz`)).status, 200, 'Intercom takes its token')
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'exit'), [0, null])
  assert.ok(!stderr.includes(await store.accessToken('eu00001')))
})
