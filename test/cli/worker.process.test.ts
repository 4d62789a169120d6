import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { childEnv } from '../openapi-validator/child-env.ts'
import { errorList, type Reply, scriptedIntercom, scriptedToken } from '../support/scripted-intercom.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
const me: Reply = { json: { type: 'admin', id: '1', app: { id_code: 'abc' } } }

/** Starts the command against a scripted Intercom; `said` resolves with the line of stderr that matches. */
async function started(t: TestContext, script: Reply[], ...flags: string[]) {
  const intercom = await scriptedIntercom(script)
  t.after(() => intercom.close())
  const args = [bin, 'worker', '--port', '0', '--base-url', intercom.url, ...flags]
  const child = spawn(process.execPath, args, {
    env: childEnv({ INTERCOM_ACCESS_TOKEN: scriptedToken }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  const stdout = lines(child.stdout)
  const stderr = lines(child.stderr)
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const healthUrl = async () => (/http:\S+/.exec(await stderr.find(/are served at/)) ?? [''])[0]
  return { child, ended, stdout, stderr, healthUrl, received: intercom.received }
}

function lines(stream: NodeJS.ReadableStream) {
  const all: string[] = []
  const waiting: { pattern: RegExp; resolve(line: string): void }[] = []
  createInterface({ input: stream }).on('line', (line) => {
    all.push(line)
    for (const { pattern, resolve } of waiting) if (pattern.test(line)) resolve(line)
  })
  const find = (pattern: RegExp) =>
    new Promise<string>((resolve) => {
      const known = all.find((line) => pattern.test(line))
      if (known !== undefined) resolve(known)
      else waiting.push({ pattern, resolve })
    })
  return { all, find }
}

const statusOf = async (url: string) => {
  const response = await fetch(url)
  return [response.status, ((await response.json()) as { code?: string }).code]
}

test('a worker waits for its Restate server, alive and not ready, and then registers itself', async (t) => {
  const { promise: up, resolve: begin } = Promise.withResolvers<void>()
  let isUp = false
  const restate = await scriptedIntercom(({ path, body }) => {
    assert.equal(path, '/deployments')
    assert.match((body as { uri: string }).uri, /^http:\/\/127\.0\.0\.1:\d+$/)
    begin()
    return isUp ? { status: 201, json: {} } : { status: 503, json: { message: 'not up' } }
  })
  t.after(() => restate.close())
  const worker = await started(t, [me], '--register', restate.url)
  const health = await worker.healthUrl()
  await up
  assert.deepEqual(await statusOf(`${health}/healthz`), [200, undefined])
  assert.deepEqual(await statusOf(`${health}/readyz`), [503, 'starting'])
  assert.match(await worker.stderr.find(/^Waiting/), /^Waiting for the Restate server: .* 503 .*not up/)
  assert.deepEqual(worker.stdout.all, [])
  isUp = true
  const { url, health_url } = JSON.parse(await worker.stdout.find(/url/)) as Record<string, string>
  assert.match(url ?? '', /^http:\/\/127\.0\.0\.1:\d+$/)
  assert.equal(health_url, health)
  assert.deepEqual(await statusOf(`${health}/readyz`), [200, undefined])
  const metrics = await fetch(`${health}/metrics`)
  assert.match(metrics.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
  assert.match(await metrics.text(), /^modulex_intercom_calls_in_flight 0$/m)
  assert.equal((await fetch(`${health}/actions`)).status, 404)
  assert.equal(worker.stderr.all.filter((line) => line.startsWith('Waiting')).length, 1)
  worker.child.kill('SIGTERM')
  assert.deepEqual(await worker.ended, [0, null])
})

test('while it waits it ends on a signal at once, whatever it waits for', async (t) => {
  const down = '--register=http://127.0.0.1:1'
  const busy: Reply = { status: 503, json: errorList('service_unavailable', `down, ${scriptedToken}`) }
  for (const [script, flags, whom] of [
    [[me], [down], /^Waiting for the Restate server: the Restate server cannot be reached at/],
    [[busy], [], /^Waiting for Intercom: /],
  ] as const) {
    const { child, ended, stderr, stdout } = await started(t, [...script], ...flags)
    await stderr.find(whom)
    child.kill('SIGINT')
    assert.deepEqual([...(await ended), stdout.all], [0, null, []])
    assert.ok(!stderr.all.join().includes(scriptedToken.slice(0, 10)))
  }
})

test('what will not change is told and ends it', async (t) => {
  const rejecting = await scriptedIntercom([{ status: 400, json: { message: 'bad deployment' } }])
  t.after(() => rejecting.close())
  const revoked: Reply = { status: 401, json: errorList('unauthorized', 'Access Token Invalid') }
  for (const [script, flags, message] of [
    [[revoked], [], /Access Token Invalid/],
    [[me], ['--register', rejecting.url], /rejected the worker: 400 .*bad deployment/],
    [[me], ['--health-port', '70000'], /--health-port takes a number from 0 to 65535/],
  ] as const) {
    const { ended, stderr, stdout } = await started(t, [...script], ...flags)
    assert.deepEqual([...(await ended), stdout.all], [2, null, []])
    assert.match(stderr.all.join('\n'), message)
  }
})
