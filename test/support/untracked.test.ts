import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runCommand } from './run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'uncaught-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const preload = new URL('untracked.ts', import.meta.url).href

for (const [what, thrown] of [
  ['a rejection', "void Promise.reject(new Error('lost'))"],
  ['an exception', "setTimeout(() => { throw new Error('lost') })"],
]) {
  test(`${what} that nobody catches fails the file of its test, though promises are not followed`, async () => {
    const file = join(folder, 'loses.test.mjs')
    const wait = 'new Promise((done) => setTimeout(done, 50))'
    writeFileSync(
      file,
      `import { test } from 'node:test'\ntest('loses', async () => { ${thrown}; await ${wait} })`,
    )
    const { code, stdout } = await runCommand(process.execPath, ['--import', preload, '--test', file])
    assert.equal(code, 1)
    assert.match(stdout, /Error: lost/)
  })
}
