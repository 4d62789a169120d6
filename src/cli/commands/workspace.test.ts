import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { progressBar } from './workspace.ts'

const bin = fileURLToPath(new URL('../bin.ts', import.meta.url))
const adminKey = 'key-of-the-test'

for (const command of [['workspace', '--seed', 'empty'], ['start']]) {
  test(`${command[0]} takes the admin key from the environment and prints its one line as ever`, async () => {
    const child = spawn(process.execPath, [bin, ...command], {
      env: { ...process.env, INTERCOM_WORKSPACE_ADMIN_KEY: adminKey },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [line] = await once(createInterface(child.stdout), 'line')
    const ready = JSON.parse(line)
    assert.deepEqual(Object.keys(ready), ['url', 'access_token'])
    const clock = (key: string) =>
      fetch(`${ready.url}/_workspace/clock`, { headers: { authorization: `Bearer ${key}` } })
    assert.equal((await clock(adminKey)).status, 200)
    assert.equal((await clock(ready.access_token)).status, 401)
    child.kill('SIGINT')
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })
}

/** A stream that keeps what it is told. */
function terminal(isTTY: boolean) {
  const written: string[] = []
  const write = (text: string) => written.push(text)
  return { written, stream: { isTTY, write } as unknown as NodeJS.WriteStream }
}

test('a bar is drawn on a terminal alone, after a second, and is gone at the end', (t) => {
  t.mock.method(performance, 'now', () => now)
  let now = 0
  assert.equal(progressBar('Seeding', terminal(false).stream), undefined)
  const { written, stream } = terminal(true)
  const draw = progressBar('Seeding', stream)
  now = 500
  draw?.(0.1)
  assert.deepEqual(written, [])
  now = 5000
  draw?.(0.5)
  draw?.(0.5)
  assert.equal(written.length, 1)
  assert.match(written[0] ?? '', /Seeding █{15}░{15} 50 %, 5 s left$/)
  draw?.(1)
  assert.equal(written.at(-1), '\r\x1b[K')
})
