import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createWorkspace } from '../index.ts'

test('a process that is killed in the middle of a reset leaves the data and the token as they were', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'control-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const data = join(folder, 'killed.db')
  const { accessToken, close } = await createWorkspace({ data, seed: 8 })
  await close()
  const script = `
    const { createWorkspace } = await import(${JSON.stringify(new URL('../index.ts', import.meta.url))})
    const { control } = await createWorkspace({ data: ${JSON.stringify(data)} })
    process.stdout.write('resetting', () => control.reset({ seed: 1_000_000 }))`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script])
  const ended = once(child, 'exit')
  await Promise.race([once(child.stdout, 'data'), ended])
  await setTimeout(700)
  child.kill('SIGKILL')
  assert.deepEqual(await ended, [null, 'SIGKILL'])
  const again = await createWorkspace({ data })
  t.after(() => again.close())
  assert.equal(again.accessToken, accessToken)
  const headers = { authorization: `Bearer ${accessToken}` }
  const answer = await again.fetch(new Request('http://local/contacts', { headers }))
  assert.equal(((await answer.json()) as { total_count: number }).total_count, 8)
})
