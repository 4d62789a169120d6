import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { childEnv } from '../openapi-validator/child-env.ts'
import { commandLine } from '../support/command-line.ts'
import { browserAt, clientSecret, developerHub, operatorKey, pathOf } from '../support/connecting.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
const agentKey = 'key-of-the-support-agent-0001'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

test('serve connects a workspace, calls it, and removes it', async (t) => {
  const hub = await developerHub(t)
  const port = await freePort()
  hub.app.redirect_urls = [`http://127.0.0.1:${port}/connect/callback`]
  const path = join(dirname(hub.file), 'serve.json')
  const connect = { file: 'workspaces.db', key_env: 'KEY', client_id: 'acme', client_secret_env: 'SECRET' }
  const keys = [{ name: 'agent', key_env: 'AGENT', workspace: 'eu00001' }]
  const config = { listen: { port }, connect: { ...connect, hosts: hub.hosts }, keys }
  const env = {
    KEY: hub.key,
    SECRET: clientSecret,
    AGENT: agentKey,
    MODULEX_INTERCOM_OPERATOR_KEY: operatorKey,
  }
  const refused = async (changed: object, more: Record<string, string> = {}) => {
    writeFileSync(path, JSON.stringify({ ...config, ...changed }))
    return await commandLine(['serve', '--config', path], { env: { ...env, ...more } })
  }
  const { MODULEX_INTERCOM_OPERATOR_KEY: _, ...without } = env
  writeFileSync(path, JSON.stringify(config))
  const openToNobody = await commandLine(['serve', '--config', path], { env: without })
  assert.match(`${openToNobody.code} ${openToNobody.stderr}`, /^2 .*connect needs an operator/s)
  const wrongKey = await refused({}, { KEY: Buffer.alloc(32, 'another key').toString('hex') })
  assert.match(`${wrongKey.code} ${wrongKey.stderr}`, /^2 .*(was sealed with the key|must be random)/s)
  const noPort = await refused({ listen: { port: 0 } })
  assert.match(`${noPort.code} ${noPort.stderr}`, /^2 .*listen\.public_url/s)
  const noFile = await refused({ connect: undefined })
  assert.match(`${noFile.code} ${noFile.stderr}`, /^2 .*keys\[0\].*need connect/s)

  writeFileSync(path, JSON.stringify(config))
  const child = spawn(process.execPath, [bin, 'serve', '--config', path], {
    env: childEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  const stderr = text(child.stderr)
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  hub.app.uninstall_url = `${url}/connect/uninstalled`

  async function call() {
    const headers = { authorization: `Bearer ${agentKey}`, 'content-type': 'application/json' }
    const answer = await fetch(`${url}/actions/list_tags`, { method: 'POST', headers, body: '{}' })
    const { error, result } = (await answer.json()) as {
      error: string | null
      result: { data: object[] } | null
    }
    return { status: answer.status, error, count: result?.data.length }
  }
  assert.equal((await fetch(`${url}/readyz`)).status, 200)
  assert.match((await call()).error ?? '', /eu00001 is not connected/)
  const browser = browserAt((target, init) => fetch(`${url}${target}`, init))
  const page = await browser.ask(pathOf(await hub.hub.agree(await browser.begin(), 'eu00001')))
  assert.equal(page.status, 200, await page.text())
  assert.deepEqual(await call(), { status: 200, error: null, count: 1 })

  const headers = { authorization: `Bearer ${operatorKey}` }
  const removed = await fetch(`${url}/connect/workspaces/eu00001`, { method: 'DELETE', headers })
  assert.equal(removed.status, 200)
  assert.equal((await call()).status, 404)
  child.kill('SIGTERM')
  const said = await stderr
  assert.match(said, /Connected the workspace eu00001 \(EU\)/)
  assert.doesNotMatch(said, new RegExp(`dG9r|code=|state=|${clientSecret}|${operatorKey}|${agentKey}`))
})
