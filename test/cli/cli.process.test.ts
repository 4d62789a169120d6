// The command line as processes: how they end, what they do about signals and readers.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../support/run-command.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))

test('wrong usage ends a process with exit code 2', async () => {
  const { code, stdout, stderr } = await runCommand(process.execPath, [bin, 'run', 'get_contct'])
  assert.deepEqual([code, stdout], [2, ''])
  assert.match(stderr, /^modulex-intercom: unknown action "get_contct"/)
})

test('a reader that goes away early is no failure', async () => {
  const { code, stdout, stderr } = await runCommand('bash', [
    '-c',
    `set -o pipefail; '${process.execPath}' '${bin}' manifest | head -c 10`,
  ])
  assert.deepEqual([code, stdout.length, stderr], [0, 10, ''])
})

test('what cannot be written is said', { skip: !existsSync('/dev/full') }, async () => {
  const { code, stderr } = await runCommand('bash', [
    '-c',
    `'${process.execPath}' '${bin}' manifest > /dev/full`,
  ])
  assert.deepEqual([code, /stdout cannot be written: ENOSPC/.test(stderr)], [1, true])
})

test('workspace prints one line of JSON once it is ready, serves, and ends when asked', async () => {
  const child = spawn(process.execPath, [bin, 'workspace', '--seed', 'empty', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [line] = await once(createInterface(child.stdout), 'line')
  const { url, access_token, ...rest } = JSON.parse(line)
  assert.deepEqual(rest, {})
  const response = await fetch(`${url}/me`, { headers: { authorization: `Bearer ${access_token}` } })
  assert.equal(response.status, 200)
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'exit'), [0, null])
})

test('workspace --webhook pings the URL, signed with the secret of the environment', {
  timeout: 20_000,
}, async () => {
  const receiver = createServer().listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const { port } = receiver.address() as AddressInfo
  const env = { ...process.env, INTERCOM_CLIENT_SECRET: 'shh' }
  const webhook = `http://127.0.0.1:${port}/`
  const args = [bin, 'workspace', '--seed', 'empty', '--port', '0', '--webhook', webhook]
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'ignore'],
    env,
  })
  const [request, response] = await once(receiver, 'request')
  const raw = await text(request)
  response.end()
  assert.equal(JSON.parse(raw).topic, 'ping')
  const signature = createHmac('sha1', 'shh').update(raw).digest('hex')
  assert.equal(request.headers['x-hub-signature'], `sha1=${signature}`)
  child.kill('SIGTERM')
  await once(child, 'exit')
  receiver.close()
})
