import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openResults } from './results.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-results-'))
after(() => rmSync(folder, { recursive: true }))

/** Files are read by so many bytes. */
const block = 1024 * 1024
const lineOf = (row: number, length: number) => {
  const line = `{"line":${row},"row":${row},"outcome":"unknown","request_id":"`
  return `${line.padEnd(length - 3, 'x')}"}\n`
}

test('lines are known wherever the blocks cut them that a file is read by', async () => {
  const path = join(folder, 'results.jsonl')
  for (const before of [0, 1, 20, 79, 80]) {
    const lines = lineOf(1, block - before) + lineOf(2, 100) + lineOf(3, 200)
    writeFileSync(path, `${lines}{"line":4`)
    const results = await openResults(path, 5, false)
    const found = [1, 2, 3, 4].map((row) => results.outcomes.of(row))
    await results.close()
    assert.deepEqual(found, ['unknown', 'unknown', 'unknown', null], `${before} bytes before the cut`)
    assert.equal(readFileSync(path, 'latin1'), lines)
  }
})
