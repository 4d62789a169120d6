import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { LoggedRequest } from '../../workspace/index.ts'
import { UsageError } from '../flags.ts'
import { logLine, progressBar, workspaceCommand } from './workspace.ts'

const bin = fileURLToPath(new URL('../bin.ts', import.meta.url))
const adminKey = 'key-of-the-test'

for (const command of [['workspace', '--seed', 'empty', '--port', '0'], ['start']]) {
  test(`${command[0]} takes the admin key from the environment and prints its one line as ever`, async (t) => {
    const child = spawn(process.execPath, [bin, ...command], {
      env: { ...process.env, INTERCOM_WORKSPACE_ADMIN_KEY: adminKey },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    t.after(() => child.kill('SIGKILL'))
    const [line] = await once(createInterface(child.stdout), 'line')
    const ready = JSON.parse(line)
    const studio = command[0] === 'start' ? ['studio'] : []
    assert.deepEqual(Object.keys(ready), ['url', 'access_token', ...studio])
    const clock = (key: string) =>
      fetch(`${ready.url}/_workspace/clock`, { headers: { authorization: `Bearer ${key}` } })
    assert.equal((await clock(adminKey)).status, 200)
    assert.equal((await clock(ready.access_token)).status, 401)
    child.kill('SIGINT')
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })
}

test('workspace takes fixtures and a token, logs requests, and reads the fixtures again at SIGHUP', {
  timeout: 60_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-workspace-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [file, tokenFile] = [join(folder, 'f.yaml'), join(folder, 'token')]
  const token = 'fixed-token-of-the-test'
  writeFileSync(file, 'tags: [One]')
  writeFileSync(tokenFile, `${token}\n`)
  const args = [bin, 'workspace', '--port', '0', '--fixtures', file, '--token', `file:${tokenFile}`, '--log']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => child.kill('SIGKILL'))
  const said = createInterface(child.stderr)[Symbol.asyncIterator]()
  const next = async () => (await said.next()).value as string
  const [line] = await once(createInterface(child.stdout), 'line')
  const { url, access_token } = JSON.parse(line)
  assert.equal(access_token, token)
  assert.match(await next(), /is ready/)
  const tags = async () => {
    const response = await fetch(`${url}/tags?secret=1`, { headers: { authorization: `Bearer ${token}` } })
    const { data } = (await response.json()) as { data: { name: string }[] }
    assert.match(await next(), /^GET \/tags {2}200 {2}[\d.]+ ms {2}002\w{17} {2}local:7431001$/)
    return data.map(({ name }) => name)
  }
  assert.deepEqual(await tags(), ['One'])
  writeFileSync(file, 'tags: Two')
  child.kill('SIGHUP')
  assert.deepEqual([await next(), await next()], [`${file} cannot be loaded:`, '  1:7 tags: takes a list'])
  assert.equal(await next(), 'The workspace stays as it was.')
  assert.deepEqual(await tags(), ['One'])
  writeFileSync(file, 'tags: [Two]')
  child.kill('SIGHUP')
  assert.equal(await next(), `${file} was read again.`)
  assert.deepEqual(await tags(), ['Two'])
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'exit'), [0, null])
})

test('a port that is taken is wrong usage, and the way out is told', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await assert.rejects(workspaceCommand.run({ port, seed: 'empty' }, []), {
    constructor: UsageError,
    message: `Port ${port} is already in use. Give another one with --port, or --port 0 for any that is free.`,
  })
})

const request: LoggedRequest = {
  ...{
    number: 1,
    id: '002abc',
    at: 0,
    method: 'GET',
    path: '/contacts/1?email=a@b.example',
    operation: 'GET /contacts/{id}',
  },
  ...{
    status: 404,
    duration_ms: 1.234,
    version: '2.12',
    user_agent: null,
    token: 'local:7431001',
    body: '{}',
  },
  ...{ fault: null, error: null },
}
const logged: [string, Partial<LoggedRequest>, string][] = [
  ['a request', {}, 'GET /contacts/{id}  404  1.2 ms  002abc  local:7431001'],
  ['no token that is known', { token: null }, 'GET /contacts/{id}  404  1.2 ms  002abc  unknown token'],
  [
    'a path that is none',
    { operation: null, path: '/a\nb?email=a@b.example' },
    'GET /a b (no such path)  404  1.2 ms  002abc  local:7431001',
  ],
  [
    'a fault without an answer',
    { status: null, id: null, fault: 'reset' },
    'GET /contacts/{id}  no answer  1.2 ms  -  local:7431001  fault reset',
  ],
]
for (const [what, changes, line] of logged) {
  test(`a line of the log for ${what}`, () => assert.equal(logLine({ ...request, ...changes }), line))
}

/** A stream that keeps what it is told. */
function terminal(isTTY: boolean) {
  const written: string[] = []
  const write = (text: string) => written.push(text)
  return { written, stream: { isTTY, write } as unknown as NodeJS.WriteStream }
}

test('a bar is drawn on a terminal alone, after a second, and is gone at the end', (t) => {
  t.mock.method(performance, 'now', () => now)
  let now = 0
  assert.equal(progressBar('Seeding', terminal(false).stream), undefined)
  const { written, stream } = terminal(true)
  const draw = progressBar('Seeding', stream)
  now = 500
  draw?.(0.1)
  assert.deepEqual(written, [])
  now = 5000
  draw?.(0.5)
  draw?.(0.5)
  assert.equal(written.length, 1)
  assert.match(written[0] ?? '', /Seeding █{15}░{15} 50 %, 5 s left$/)
  draw?.(1)
  assert.equal(written.at(-1), '\r\x1b[K')
})
