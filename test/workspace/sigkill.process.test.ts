import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { stormRound } from '../support/storm.ts'

test('whatever was answered before SIGKILL is there afterwards, round after round', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'modulex-intercom-storm-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const data = join(directory, 'workspace.db')
  for (const killAfter of [90, 120]) {
    const { answered, missing } = await stormRound(data, killAfter)
    assert.ok(answered >= killAfter, `only ${answered} writes were answered`)
    assert.deepEqual(missing, [])
  }
})
