import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createWorkspace } from '../index.ts'
import { ok, openReceiver } from './receiver.test.ts'

async function open(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-'))
  const receiver = await openReceiver()
  t.after(async () => {
    await receiver.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { data: join(folder, 'workspace.db'), receiver }
}

/** A script that makes a workspace with a webhook, lets something happen, and then does what is given. */
function script(then: string): string {
  return `
    import { createWorkspace } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)}
    const [url, data] = process.argv.slice(1)
    const workspace = await createWorkspace({ data, webhooks: { url, secret: 's' } })
    const headers = { authorization: 'Bearer ' + workspace.accessToken }
    const post = (path, body) =>
      workspace.fetch(new Request('http://local' + path, { method: 'POST', headers, body: JSON.stringify(body) }))
        .then((answer) => answer.json())
    const { id } = await post('/contacts', { role: 'user', email: 'a@example.com' })
    await post('/conversations', { from: { type: 'user', id }, body: 'Hello there' })
    ${then}`
}

function run(code: string, ...args: string[]) {
  return spawn(process.execPath, ['--input-type=module', '-e', code, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

test('SIGKILL loses no notification of an answered write', async (t) => {
  const { data, receiver } = await open(t)
  receiver.answer = () => undefined
  const child = run(script("process.stdout.write('done'); setInterval(() => 0, 1000)"), receiver.url, data)
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  receiver.answer = ok
  const workspace = await createWorkspace({ data })
  await workspace.webhooks.settled()
  assert.ok(receiver.topics().includes('conversation.user.created'))
  await workspace.close()
})

test('webhooks do not keep a process alive, whether the endpoint hangs or the retry is due later', async (t) => {
  const { receiver } = await open(t)
  for (const answer of [
    () => undefined,
    (response: import('node:http').ServerResponse) => response.writeHead(500).end(),
  ]) {
    receiver.answer = answer
    const before = receiver.received.length
    const told =
      "await new Promise((resolve) => process.stdin.once('data', resolve)); process.stdin.destroy()"
    const child = run(script(told), receiver.url)
    child.stdout.resume()
    while (receiver.received.length === before) await wait(5)
    child.stdin.write('end')
    const started = performance.now()
    const [code] = await once(child, 'exit')
    assert.equal(code, 0)
    assert.ok(performance.now() - started < 4_000, 'shorter than the time an endpoint has to answer')
  }
})
