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
import { withoutSecrets } from '../../src/server/secret-like.ts'
import { childEnv } from '../openapi-validator/child-env.ts'
import { commandLines } from '../support/command-lines.ts'
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

const lines = commandLines()
const refusal = async (env: Record<string, string>, ...flags: string[]) =>
  await lines(['serve', '--port', '0', ...flags], { env })

test('an address that others reach is refused without a key, and without names', async () => {
  const token = { INTERCOM_ACCESS_TOKEN: scriptedToken }
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.com']) {
    const { code, stdout, stderr } = await refusal(token, '--host', host)
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(
      stderr,
      /without an API key would let anybody who can reach it act in Intercom: set MODULEX_INTERCOM_API_KEY/,
    )
  }
  const nameless = await refusal({ ...token, MODULEX_INTERCOM_API_KEY: key }, '--host', '0.0.0.0')
  assert.equal(nameless.code, 2)
  assert.match(nameless.stderr, /needs the host names that clients use: listen\.hosts/)
})

test('wrong usage is told in a sentence, without a secret', async () => {
  const token = { INTERCOM_ACCESS_TOKEN: scriptedToken }
  const keys = [{ name: 'a', key_env: 'KEY_A', access_token_env: 'INTERCOM_ACCESS_TOKEN' }]
  const good = configFile('good.json', { keys })
  const bad = configFile('bad.json', { keys: [{ ...keys[0], sends: 'maybe' }] })
  const policy = configFile('policy.json', { keys: [{ ...keys[0], deny: ['get_contcat'] }] })
  for (const [env, flags, message] of [
    [{}, [], /no access token: set INTERCOM_ACCESS_TOKEN/],
    [
      { ...token, MODULEX_INTERCOM_API_KEY: 'short' },
      [],
      /MODULEX_INTERCOM_API_KEY: a key must have 24 or more/,
    ],
    ...['', ' ', '\t\n'].map(
      (blank) =>
        [
          { ...token, MODULEX_INTERCOM_API_KEY: blank },
          [],
          /MODULEX_INTERCOM_API_KEY is set but empty: set it to a key .* or unset it/,
        ] as const,
    ),
    [{ ...token, MODULEX_INTERCOM_API_KEY: '' }, ['--local'], /MODULEX_INTERCOM_API_KEY is set but empty/],
    [
      { ...token, KEY_A: ' ' },
      ['--config', good],
      /good\.json: keys\[0\]\.key_env: the variable KEY_A is not set/,
    ],
    [token, ['--config', join(folder, 'none.json')], /none\.json: .*no such file/],
    [token, ['--config', bad], /bad\.json: keys\[0\]\.sends takes "allow", "confirm", "off"/],
    [token, ['--config', good], /good\.json: keys\[0\]\.key_env: the variable KEY_A is not set/],
    [
      { ...token, KEY_A: key },
      ['--config', good, '--read-only'],
      /--read-only and keys in --config exclude each other/,
    ],
    [{ ...token, KEY_A: key }, ['--config', policy], /get_contcat.*Did you mean "get_contact"/],
    [token, ['--sends', 'maybe'], /--sends takes allow, confirm, off/],
    [token, ['--approve', 'sends'], /--approve: unknown name "sends"\. Did you mean "send"\?/],
  ] as const) {
    const { code, stdout, stderr } = await refusal(env, ...flags)
    assert.deepEqual([code, stdout], [2, ''], stderr)
    assert.match(stderr, message)
    assert.doesNotMatch(stderr, /\n\s+at /)
    assert.ok(!stderr.includes(scriptedToken) && !stderr.includes(key))
  }
})

test('a secret in the wrong place of a configuration is not printed', async () => {
  const good = { name: 'a', key_env: 'KEY_A', access_token_env: 'INTERCOM_ACCESS_TOKEN' }
  const { key_env: _, ...noKey } = good
  const { access_token_env: __, ...noToken } = good
  const env = { INTERCOM_ACCESS_TOKEN: scriptedToken, KEY_A: key }
  let number = 0
  for (const secret of [
    '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a080',
    'dG9rOjEyMzQ1Njc4XzkwYWJfY2RlZl8xMjM0XzU2Nzg5MGFiY2RlZjoxOjA=',
    'sk_live_51H8abcDEFghiJKLmnoPQRstu',
    'correcthorsebatterystapletrombone',
    'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  ])
    for (const config of [
      { keys: [{ ...good, key_env: secret }] },
      { keys: [{ ...noKey, key_file: secret }] },
      { keys: [{ ...noToken, access_token_env: secret }] },
      { keys: [{ ...noToken, access_token_file: secret }] },
      { keys: [{ ...noToken, access_token_file: `./${secret}` }] },
      { keys: [{ ...good, base_url: secret }] },
      { keys: [{ ...good, base_url: `https://${secret.replaceAll(/[_=]/g, '')}` }] },
      { keys: [{ ...good, base_url: `https://api.intercom.io/${secret}` }] },
      { keys: [{ ...good, only: [secret] }] },
      { keys: [{ ...good, deny: ['list_tags', secret] }] },
      { keys: [{ ...good, parameter_overrides: { [secret]: { body: 'x' } } }] },
      { keys: [{ ...good, parameter_defaults: { create_note: { [secret]: 'x' } } }] },
      { keys: [{ ...good, parameter_defaults: { list_conversations: { per_page: secret } } }] },
      { keys: [{ ...good, sends: secret }] },
      { keys: [{ ...good, [secret]: 'x' }] },
      { keys: [good], [secret]: {} },
      { keys: [good], listen: { hosts: [`${secret}/`] } },
      { keys: [good], listen: { host: `${secret}.invalid` } },
    ]) {
      number += 1
      const file = configFile(`secret-${number}.json`, config)
      const { code, stderr } = await refusal(env, '--config', file)
      const message = stderr.replaceAll(file, '').toLowerCase()
      assert.equal(code, 2, JSON.stringify(config))
      const start = secret.toLowerCase().replaceAll(/[_=]/g, '').slice(0, 14)
      assert.ok(!message.replaceAll('_', '').includes(start), stderr)
      assert.ok(message.length > 60, stderr)
    }
})

test('what names something stays in an error', () => {
  for (const message of [
    'keys[0].key_env: the variable MODULEX_INTERCOM_SUPPORT_KEY_2 is not set',
    'keys[0].key_file: "/run/secrets/intercom-2026/support.key" cannot be read',
    'unknown action "send_message_to_contacts". Did you mean "send_message_to_contact"?',
    "mcp-1.eu-central-1.example.com is not one of Intercom's hosts. Use https://api.eu.intercom.io",
    'keys[12].parameter_overrides.reply_to_conversation takes an object',
    'listen.origins takes an origin like https://app.example.com',
  ])
    assert.equal(withoutSecrets(message), message)
})

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
  const taken = says(/reloaded\.json was read again and holds now; changed: support/)
  child.kill('SIGHUP')
  await taken
  assert.deepEqual([await status(key), await status(next)], [401, 200])
  assert.equal(await stream.text(), ':\n\n', 'it has ended')
  writeFileSync(config, '{')
  const refused = says(/NOT taken over: .*not valid JSON/)
  child.kill('SIGHUP')
  await refused
  assert.deepEqual([await status(key), await status(next), child.exitCode], [401, 200, null])
})
