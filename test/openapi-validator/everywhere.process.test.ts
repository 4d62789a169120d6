import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import manifest from '../../package.json' with { type: 'json' }
import { runCommand } from '../support/run-command.ts'
import { HOW_TO_GET_THE_DESCRIPTION } from './index.ts'

const skip = process.env['INTERCOM_OPENAPI'] ? false : HOW_TO_GET_THE_DESCRIPTION
const folder = mkdtempSync(join(tmpdir(), 'validated-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const here = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)

/** A process in which the workspace has lost its tags, so that `GET /tags` is a 500, which Intercom does not have. */
const lossy = (ask: string) => `
  import { DatabaseSync } from 'node:sqlite'
  import { createWorkspace } from ${here('../../src/workspace/index.ts')}
  import { unvalidated } from ${here('unvalidated.ts')}
  const data = ${JSON.stringify(join(folder, 'data.db'))} + process.pid
  await (await createWorkspace({ data })).close()
  const broken = new DatabaseSync(data)
  broken.exec('DROP TABLE tags')
  broken.close()
  const workspace = await createWorkspace({ data })
  const { url, accessToken } = await workspace.listen()
  const headers = { authorization: 'Bearer ' + accessToken }
  const inMemory = () => workspace.fetch(new Request(url + '/tags', { headers }))
  ${ask}
  await workspace.close()`

const ways: Readonly<Record<string, string>> = {
  'in memory': 'await inMemory()',
  'in memory, where what is thrown is swallowed': 'await inMemory().catch(() => {})',
  'over a socket': 'await fetch(url + "/tags", { headers })',
  'behind a fault that keeps the answer to itself':
    'workspace.control.addFault({ kind: "commit_reset" }); await inMemory().catch(() => {})',
}

const run = (code: string) => runCommand(process.execPath, ['--input-type=module', '--eval', code])

for (const [way, ask] of Object.entries(ways)) {
  test(`a wrong answer ends the process with 1: ${way}`, { skip }, async () => {
    const { code, stderr } = await run(lossy(ask))
    assert.equal(code, 1)
    assert.match(stderr, /GET \/tags 500: undocumented status/)
  })
}

test('a wrong answer that a test makes on purpose passes, and so does a status that a fault asks for', {
  skip,
}, async () => {
  const teapot = '{ kind: "status", status: 418, code: "teapot" }'
  const ask = `await unvalidated(inMemory); workspace.control.addFault(${teapot}); await inMemory()`
  const { code, stderr } = await run(lossy(ask))
  assert.deepEqual([code, stderr], [0, ''])
})

test('a wrong answer fails the file of a test that swallows it', { skip }, async () => {
  const file = join(folder, 'swallows.test.mjs')
  writeFileSync(
    file,
    `import { test } from 'node:test'\n${lossy("await test('swallows', () => inMemory().catch(() => {}))")}`,
  )
  const { code, stdout } = await runCommand(process.execPath, ['--test', file])
  assert.equal(code, 1)
  assert.match(stdout, /GET \/tags 500: undocumented status/)
})

test('npm test validates every answer', () => {
  assert.match(
    manifest.scripts.test,
    / --import \.\/test\/openapi-validator\/everywhere\.ts scripts\/test\.ts$/,
  )
})
