import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Report } from '../../src/compare/index.ts'
import { createWorkspace, type Workspace } from '../../src/workspace/index.ts'
import { commandLines } from '../support/command-lines.ts'

const run = commandLines()
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
  workspace.control.addFault({ kind: 'status', status: 500, route: 'GET /segments' })
  workspace.control.addFault({ kind: 'commit_reset', route: 'GET /teams', count: 1 })
  const { code, stdout, stderr } = await run(['compare', '--report', file], { env })
  assert.equal(code, 1, stderr)
  const said = JSON.parse(stdout)
  assert.deepEqual([said.success, said.error, said.report], [false, 'compare: answers differ', file])
  const text = readFileSync(file, 'utf8')
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
    [['--report', other], /no report of compare/],
    [['--report', join(folder, 'none', 'report.json')], /--report/],
    [['--writes', ' '], /--writes takes the id/],
    [['--write', 'x'], /unknown flag --write.*--writes/s],
  ] as const) {
    const { code, stdout, stderr } = await run(['compare', ...args], { env })
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, problem)
  }
  assert.equal(readFileSync(other, 'utf8'), '{"mine":true}')
  assert.match(
    (await run(['compare'], { env: { ...env, INTERCOM_ACCESS_TOKEN: '' } })).stderr,
    /no access token/,
  )
  assert.equal(workspace.control.requests(1000).length, before)
})

test('another workspace than the named one is not written to, and its id is not told', async () => {
  const report = join(folder, 'other.json')
  const { code, stdout, stderr } = await run(['compare', '--writes', 'another', '--report', report], { env })
  assert.equal(code, 2)
  assert.match(stderr, /opens another workspace than --writes names. Nothing was written/)
  const me = await workspace.fetch(
    new Request('http://local/me', { headers: { authorization: `Bearer ${workspace.accessToken}` } }),
  )
  const { app } = (await me.json()) as { app: { id_code: string } }
  assert.ok(!`${stdout}${stderr}`.includes(app.id_code))
})
