import assert from 'node:assert/strict'
import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Report } from '../../src/compare/index.ts'
import { createWorkspace, type Workspace } from '../../src/workspace/index.ts'
import { commandLine } from '../support/command-line.ts'

let workspace: Workspace
let env: Record<string, string>
let folder: string
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'compare-'))
  workspace = await createWorkspace({ seed: 20 })
  const { url, accessToken } = await workspace.listen()
  env = { INTERCOM_ACCESS_TOKEN: accessToken, INTERCOM_API_BASE_URL: url }
})
after(async () => {
  await workspace.close()
  rmSync(folder, { recursive: true })
})

test('the command compares over HTTP and writes the report', async () => {
  const file = join(folder, 'report.json')
  const elsewhere = join(folder, 'elsewhere.json')
  writeFileSync(elsewhere, '{\n  "report": "modulex-intercom compare"}', { mode: 0o644 })
  symlinkSync(elsewhere, file)
  workspace.control.addFault({ kind: 'status', status: 500, route: 'GET /segments' })
  workspace.control.addFault({ kind: 'commit_reset', route: 'GET /teams', count: 1 })
  const { code, stdout, stderr } = await commandLine(['compare', '--report', file], { env })
  assert.equal(code, 1, stderr)
  const said = JSON.parse(stdout)
  assert.deepEqual([said.success, said.error, said.report], [false, 'compare: answers differ', file])
  const text = readFileSync(file, 'utf8')
  assert.equal(lstatSync(file).mode & 0o777, 0o600)
  assert.ok(readFileSync(elsewhere, 'utf8').length < 100, 'a link is not followed')
  const report = JSON.parse(text) as Report
  assert.deepEqual(
    [report.report, report.mode, report.complete],
    ['modulex-intercom compare', 'read-only', true],
  )
  assert.deepEqual(
    report.differences.map(({ call, kind, live, local }) => [call, kind, live, local]),
    [['GET /segments', 'status', '500 server_error', '200']],
  )
  assert.match(stderr, /GET \/segments: status: Intercom 500 server_error; local 200\n/)
  for (const one of [text, stdout, stderr]) assert.ok(!one.includes(workspace.accessToken))
  const asked = (path: string) => workspace.control.requests(1000).filter((one) => one.path === path).length
  assert.deepEqual([asked('/teams'), asked('/ticket_states')], [2, 1])
})

test('what the command line asks for wrongly is told before any call', async () => {
  const before = workspace.control.requests(1000).length
  const other = join(folder, 'mine.json')
  writeFileSync(other, '{"mine":true}')
  for (const [args, problem] of [
    [['--report', other], /not a report of compare: name another file/],
    [['--report', join(folder, 'none', 'report.json')], /--report/],
    [['--writes', ' '], /--writes takes the id/],
    [['--write', 'x'], /unknown flag --write.*--writes/s],
  ] as const) {
    const { code, stdout, stderr } = await commandLine(['compare', ...args], { env })
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, problem)
  }
  assert.equal(readFileSync(other, 'utf8'), '{"mine":true}')
  assert.match(
    (await commandLine(['compare'], { env: { ...env, INTERCOM_ACCESS_TOKEN: '' } })).stderr,
    /no access token/,
  )
  assert.equal(workspace.control.requests(1000).length, before)
})

test('another workspace than the named one is not written to, and its id is not told', async () => {
  const report = join(folder, 'other.json')
  const { code, stdout, stderr } = await commandLine(['compare', '--writes', 'another', '--report', report], {
    env,
  })
  assert.equal(code, 2)
  assert.match(stderr, /opens another workspace than --writes names. Nothing was written/)
  const me = await workspace.fetch(
    new Request('http://local/me', { headers: { authorization: `Bearer ${workspace.accessToken}` } }),
  )
  const { app } = (await me.json()) as { app: { id_code: string } }
  assert.ok(!`${stdout}${stderr}`.includes(app.id_code))
})

test('whatever a server says, nothing of it reaches the terminal or the report', async (t) => {
  const file = join(folder, 'hostile.json')
  const spoilt = JSON.stringify({
    type: 'canary\u001b[2J',
    'canary\u202e': 'canary',
    errors: [{ code: 'canary', message: '\u001b]0;canary\u0007' }],
  })
  const server = createServer(async ({ method = 'GET', url = '/' }, response) => {
    const headers = { authorization: `Bearer ${workspace.accessToken}` }
    const answer = await workspace.fetch(new Request(`http://local${url}`, { method, headers }))
    const json =
      url === '/me' ? JSON.stringify({ ...((await answer.json()) as object), canary: 'canary' }) : spoilt
    response
      .writeHead(url === '/me' ? 200 : 400, { 'x-request-id': 'canary', 'retry-after': 'canary' })
      .end(json)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const INTERCOM_API_BASE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { code, stdout, stderr } = await commandLine(['compare', '--report', file], {
    env: { ...env, INTERCOM_API_BASE_URL },
  })
  assert.equal(code, 1)
  const told = [stdout, stderr, readFileSync(file, 'utf8')].join('')
  assert.ok(told.length > 5000)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  assert.doesNotMatch(told, /canary|[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|\\u00/i)
  assert.ok(!told.includes(workspace.accessToken))
})

test('what cannot be removed is told with the name to search for', async () => {
  const report = join(folder, 'writes.json')
  const me = await workspace.fetch(
    new Request('http://local/me', { headers: { authorization: `Bearer ${workspace.accessToken}` } }),
  )
  const { app } = (await me.json()) as { app: { id_code: string } }
  workspace.control.addFault({ kind: 'status', status: 503, route: 'DELETE /contacts/{id}' })
  const { code, stdout, stderr } = await commandLine(
    ['compare', '--writes', app.id_code, '--report', report],
    {
      env,
    },
  )
  assert.equal(code, 1, stderr)
  assert.match(
    stderr,
    /\d of kind contact could not be removed. Search for modulex-compare-[0-9a-f]{10} and remove it by hand/,
  )
  assert.ok(JSON.parse(stdout).left.contact > 0)
  assert.ok(!`${stdout}${stderr}${readFileSync(report, 'utf8')}`.includes(app.id_code))
})
