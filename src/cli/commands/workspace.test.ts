import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { LoggedRequest } from '../../workspace/index.ts'
import { UsageError } from '../flags.ts'
import { progressBar } from '../progress-bar.ts'
import { logLine, workspaceCommand } from './workspace.ts'

test('a port that is taken is wrong usage, and the way out is told', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await assert.rejects(workspaceCommand.run({ port, seed: 'empty' }, []), {
    constructor: UsageError,
    message: `Port ${port} is already in use. Give another one with --port, or --port 0 for any that is free.`,
  })
})

const request: LoggedRequest = {
  ...{
    number: 1,
    id: '002abc',
    at: 0,
    method: 'GET',
    path: '/contacts/1?email=a@b.example',
    operation: 'GET /contacts/{id}',
  },
  ...{
    status: 404,
    duration_ms: 1.234,
    version: '2.12',
    user_agent: null,
    token: 'local:7431001',
    body: '{}',
  },
  ...{ fault: null, error: null },
}
const logged: [string, Partial<LoggedRequest>, string][] = [
  ['a request', {}, 'GET /contacts/{id}  404  1.2 ms  002abc  local:7431001'],
  ['no token that is known', { token: null }, 'GET /contacts/{id}  404  1.2 ms  002abc  unknown token'],
  [
    'a path that is none',
    { operation: null, path: '/a\nb?email=a@b.example' },
    'GET /a b (no such path)  404  1.2 ms  002abc  local:7431001',
  ],
  [
    'a fault without an answer',
    { status: null, id: null, fault: 'reset' },
    'GET /contacts/{id}  no answer  1.2 ms  -  local:7431001  fault reset',
  ],
]
for (const [what, changes, line] of logged) {
  test(`a line of the log for ${what}`, () => assert.equal(logLine({ ...request, ...changes }), line))
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
