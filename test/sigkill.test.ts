import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { stormRound } from './support/storm.ts'

test('whatever was answered before SIGKILL is there afterwards, round after round', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'modulex-intercom-storm-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const data = join(directory, 'workspace.db')
  for (const killAfterMs of [150, 250, 200]) {
    const { answered, missing } = await stormRound(data, killAfterMs)
    assert.ok(answered > 10, `only ${answered} writes were answered`)
    assert.deepEqual(missing, [])
  }
})
