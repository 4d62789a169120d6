import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../bin.ts', import.meta.url))
const adminKey = 'key-of-the-test'

for (const command of [['workspace', '--seed', 'empty', '--port', '0'], ['start']]) {
  test(`${command[0]} takes the admin key from the environment and prints its one line as ever`, async (t) => {
    const child = spawn(process.execPath, [bin, ...command], {
      env: { ...process.env, INTERCOM_WORKSPACE_ADMIN_KEY: adminKey },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    t.after(() => child.kill('SIGKILL'))
    const [line] = await once(createInterface(child.stdout), 'line')
    const ready = JSON.parse(line)
    const studio = command[0] === 'start' ? ['studio'] : []
    assert.deepEqual(Object.keys(ready), ['url', 'access_token', ...studio])
    const clock = (key: string) =>
      fetch(`${ready.url}/_workspace/clock`, { headers: { authorization: `Bearer ${key}` } })
    assert.equal((await clock(adminKey)).status, 200)
    assert.equal((await clock(ready.access_token)).status, 401)
    child.kill('SIGINT')
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })
}

test('workspace takes fixtures and a token, logs requests, and reads the fixtures again at SIGHUP', {
  timeout: 60_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-workspace-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [file, tokenFile] = [join(folder, 'f.yaml'), join(folder, 'token')]
  const token = 'fixed-token-of-the-test'
  writeFileSync(file, 'tags: [One]')
  writeFileSync(tokenFile, `${token}\n`)
  const args = [bin, 'workspace', '--port', '0', '--fixtures', file, '--token', `file:${tokenFile}`, '--log']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => child.kill('SIGKILL'))
  const said = createInterface(child.stderr)[Symbol.asyncIterator]()
  const next = async () => (await said.next()).value as string
  const [line] = await once(createInterface(child.stdout), 'line')
  const { url, access_token } = JSON.parse(line)
  assert.equal(access_token, token)
  assert.match(await next(), /is ready/)
  const tags = async () => {
    const response = await fetch(`${url}/tags?secret=1`, { headers: { authorization: `Bearer ${token}` } })
    const { data } = (await response.json()) as { data: { name: string }[] }
    assert.match(await next(), /^GET \/tags {2}200 {2}[\d.]+ ms {2}002\w{17} {2}local:7431001$/)
    return data.map(({ name }) => name)
  }
  assert.deepEqual(await tags(), ['One'])
  writeFileSync(file, 'tags: Two')
  child.kill('SIGHUP')
  assert.deepEqual([await next(), await next()], [`${file} cannot be loaded:`, '  1:7 tags: takes a list'])
  assert.equal(await next(), 'The workspace stays as it was.')
  assert.deepEqual(await tags(), ['One'])
  writeFileSync(file, 'tags: [Two]')
  child.kill('SIGHUP')
  assert.equal(await next(), `${file} was read again.`)
  assert.deepEqual(await tags(), ['Two'])
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'exit'), [0, null])
})
