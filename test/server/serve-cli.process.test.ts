import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { on, once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { after, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { childEnv } from '../openapi-validator/child-env.ts'
import { errorList, scriptedIntercom, scriptedToken } from '../support/scripted-intercom.ts'
import { exchange, request } from '../support/served.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
const key = 'key-of-the-support-agent-0001'
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-serve-'))
after(() => rmSync(folder, { recursive: true }))

function configFile(name: string, config: object): string {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify(config))
  return path
}

/** Starts the command and waits until it is ready. */
async function started(t: TestContext, env: Record<string, string>, ...flags: string[]) {
  const child: ChildProcess = spawn(process.execPath, [bin, 'serve', '--port', '0', ...flags], {
    env: childEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  assert.ok(child.stdout && child.stderr)
  const stderr = text(child.stderr)
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  return { child, url: (JSON.parse(line) as { url: string }).url, line, stderr, ended }
}

async function connected(url: string, secret?: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  const headers: Record<string, string> = secret === undefined ? {} : { Authorization: `Bearer ${secret}` }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }))
  return client
}

test('with --local it is tried without a key or an account; the first line says where it is', async (t) => {
  const { child, url, line, stderr, ended } = await started(t, {}, '--local', '--only', 'list_tags')
  assert.deepEqual(Object.keys(JSON.parse(line) as object), ['url'])
  const client = await connected(url)
  const { tools } = await client.listTools()
  assert.deepEqual(
    tools.map(({ name }) => name),
    ['list_tags'],
  )
  assert.equal((await client.callTool({ name: 'list_tags', arguments: {} })).isError, false)
  await client.close()
  const ready = await fetch(`${url}/readyz`)
  assert.deepEqual([ready.status, await ready.json()], [200, { status: 'ok' }])
  child.kill('SIGINT')
  assert.deepEqual(await ended, [0, null])
  assert.match(await stderr, /^It asks for no API key: every program on this machine can act in Intercom/m)
  const lines = (await stderr).split('\n').filter((one) => one.startsWith('{'))
  assert.ok(lines.some((one) => (JSON.parse(one) as { actions: string[] }).actions[0] === 'list_tags: ok'))
})

test('a revoked token makes the server not ready, and leaves it alive', async (t) => {
  const revoked = { status: 401, json: errorList('token_revoked', `${scriptedToken} is revoked`) }
  const intercom = await scriptedIntercom([revoked])
  t.after(() => intercom.close())
  const config = configFile('revoked.json', {
    keys: ['first', 'second'].map((name, at) => ({
      name,
      key_env: `KEY_${at}`,
      access_token_env: 'ACME_TOKEN',
      base_url: intercom.url,
    })),
  })
  const env = { KEY_0: key, KEY_1: `${key}-2`, ACME_TOKEN: scriptedToken }
  const { url } = await started(t, env, '--config', config)
  for (let time = 1; time <= 3; time++) {
    const response = await fetch(`${url}/readyz`)
    const text = await response.text()
    assert.deepEqual([response.status, JSON.parse(text).code], [503, 'token_rejected'])
    assert.ok(!text.includes(scriptedToken.slice(0, 10)))
    assert.equal((await fetch(`${url}/healthz`)).status, 200)
  }
  assert.deepEqual(
    intercom.received.map(({ path }) => path),
    ['/me'],
  )
})

test('keys of a configuration file open what it says, with secrets of the environment', async (t) => {
  const intercom = await scriptedIntercom([{ json: { type: 'list', data: [] } }])
  t.after(() => intercom.close())
  const config = configFile('keys.json', {
    listen: { port: 1 },
    keys: [
      {
        name: 'support',
        key_env: 'SUPPORT_KEY',
        access_token_env: 'ACME_TOKEN',
        base_url: intercom.url,
        read_only: true,
      },
    ],
  })
  const env = { SUPPORT_KEY: key, ACME_TOKEN: scriptedToken }
  const { url, child, ended, stderr } = await started(t, env, '--config', config)
  await assert.rejects(connected(url), /401/)
  const client = await connected(url, key)
  await client.callTool({ name: 'list_tags', arguments: {} })
  await client.close()
  assert.deepEqual(
    intercom.received.map(({ path, headers }) => [path, headers['authorization']]),
    [['/tags', `Bearer ${scriptedToken}`]],
  )
  child.kill()
  await ended
  const log = await stderr
  assert.doesNotMatch(log, /no API key/)
  assert.ok(log.includes('"key":"support"'))
  assert.ok(!log.includes(key) && !log.includes(scriptedToken))
})

test('SIGTERM lets the running call finish; a second one ends at once', async (t) => {
  let reached = (_response: ServerResponse) => {}
  const intercom = await scriptedIntercom([(response) => reached(response)])
  t.after(() => intercom.close())
  const env = { INTERCOM_ACCESS_TOKEN: scriptedToken, INTERCOM_API_BASE_URL: intercom.url }
  const answer = (response: ServerResponse) =>
    response.setHeader('content-type', 'application/json').end('{"type":"list","data":[]}')

  const patient = await started(t, env)
  const client = await connected(patient.url)
  const held = new Promise<ServerResponse>((resolve) => {
    reached = resolve
  })
  const call = client.callTool({ name: 'list_tags', arguments: {} })
  const response = await held
  patient.child.kill('SIGTERM')
  while (
    await exchange(patient.url, request('GET /healthz')).then(
      () => true,
      () => false,
    )
  );
  answer(response)
  assert.equal((await call).isError, false)
  assert.deepEqual(await patient.ended, [0, null])

  const hasty = await started(t, env)
  const second = await connected(hasty.url)
  const stuck = new Promise<ServerResponse>((resolve) => {
    reached = resolve
  })
  const lost = assert.rejects(second.callTool({ name: 'list_tags', arguments: {} }))
  await stuck
  hasty.child.kill('SIGTERM')
  while (
    await exchange(hasty.url, request('GET /healthz')).then(
      () => true,
      () => false,
    )
  );
  hasty.child.kill('SIGTERM')
  assert.deepEqual(await hasty.ended, [1, null])
  await lost
})

test('SIGHUP takes over a key that was replaced, with sessions open; a wrong file changes nothing', {
  skip: process.platform === 'win32' && 'there is no such signal',
  timeout: 60_000,
}, async (t) => {
  const next = 'key-of-the-support-agent-0002'
  const entry = { name: 'support', key_file: 'support.key', access_token_env: 'ACME_TOKEN' }
  const write = (secret: string) => writeFileSync(join(folder, 'support.key'), secret)
  write(key)
  const config = configFile('reloaded.json', { keys: [entry] })
  const child = spawn(process.execPath, [bin, 'serve', '--port', '0', '--config', config], {
    env: childEnv({ ACME_TOKEN: scriptedToken }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  const said = createInterface({ input: child.stderr })
  const says = async (pattern: RegExp) => {
    for await (const [text] of on(said, 'line') as AsyncIterable<[string]>) if (pattern.test(text)) return
  }
  const status = async (secret: string) =>
    (await fetch(`${url}/actions`, { headers: { Authorization: `Bearer ${secret}` } })).status
  const headers = { Authorization: `Bearer ${key}`, Accept: 'text/event-stream' }
  const stream = await fetch(`${url}/mcp`, { headers })
  assert.deepEqual([await status(key), await status(next), stream.status], [200, 401, 200])
  write(next)
  const taken = says(/reloaded\.json was reloaded; changed: support/)
  child.kill('SIGHUP')
  await taken
  assert.deepEqual([await status(key), await status(next)], [401, 200])
  assert.equal(await stream.text(), ':\n\n', 'it has ended')
  writeFileSync(config, '{')
  const refused = says(/NOT reloaded: .*not valid JSON/)
  child.kill('SIGHUP')
  await refused
  assert.deepEqual([await status(key), await status(next), child.exitCode], [401, 200, null])
})
