import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../test/support/run-command.ts'

const cwd = fileURLToPath(new URL('../examples/support-workflow', import.meta.url))

test('the support workflow answers each customer once, and reminds the one who says nothing once', async () => {
  const { code, stdout, stderr } = await runCommand('npm', ['start'], { cwd })
  assert.equal(code, 0, stderr)
  const [, ada = '', grace = ''] = /Ada: (.*?)\n\nGrace: (.*?)\n\n/s.exec(stdout) ?? []
  const lines = (text: string) => text.split('\n').map((line) => line.trim())
  assert.match(ada, /^answered/)
  assert.deepEqual(
    lines(ada)
      .slice(1)
      .map((line) => line.split(': ')[0]),
    ['Priya Raman', 'Ada'],
    stdout,
  )
  assert.match(grace, /^reminded/)
  assert.deepEqual(
    lines(grace)
      .slice(1)
      .map((line) => line.split(': ')[1]?.slice(3, 9)),
    ['Thank ', 'Do you'],
    stdout,
  )
})
