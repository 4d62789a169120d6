import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

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
