import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client, InMemoryTransport, type Progress } from '@modelcontextprotocol/client'
import type { ServerContext } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { heldCall } from '../../../test/support/held-call.ts'
import type { Intercom } from '../../intercom.ts'
import { withProgress } from './progress.ts'
import { mcpServers } from './server.ts'

/** A client of a server whose calls answer what `act` does. */
async function connected(act: () => Promise<object>): Promise<Client> {
  const call = async () => ({ output: { success: true, error: null, ...(await act()) }, failure: null })
  const client = new Client({ name: 'test', version: '1' })
  const [near, far] = InMemoryTransport.createLinkedPair()
  serveStdio(mcpServers({ call } as unknown as Intercom), { transport: far })
  await client.connect(near)
  return client
}

test('a client that asked for progress hears how much of the whole a page holds', async () => {
  const page = { conversations: [{ id: '1' }, { id: '2' }], total_count: 300, pages: null }
  const client = await connected(async () => page)
  const heard: Progress[] = []
  await client.callTool(
    { name: 'list_conversations', arguments: {} },
    { onprogress: (progress) => void heard.push(progress) },
  )
  assert.deepEqual(heard, [{ progress: 2, total: 300, message: '2 of 300' }])
  await client.close()
})

test('while a call waits, its client hears every three seconds that it is running, and nothing after', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let end = (_: object) => {}
  let begun = () => {}
  const running = new Promise<void>((resolve) => {
    begun = resolve
  })
  const client = await connected(() => {
    begun()
    return new Promise((resolve) => {
      end = resolve
    })
  })
  const heard: Progress[] = []
  const called = client.callTool(
    { name: 'list_tags', arguments: {} },
    { onprogress: (progress) => void heard.push(progress) },
  )
  await running
  t.mock.timers.tick(6000)
  end({ result: {} })
  await called
  assert.equal(heard.length, 2)
  assert.ok(heard.every(({ message }) => /^Running for \d+ s$/.test(String(message))))
  t.mock.timers.tick(6000)
  assert.equal(heard.length, 2)
  await client.close()
})

test('progress grows to its end, also with an empty list, and nothing is told after a call', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let now = 0
  t.mock.method(performance, 'now', () => now)
  const heard: Progress[] = []
  const notify = async ({ params }: { params: Progress }) => void heard.push(params)
  const context = { mcpReq: { _meta: { progressToken: 1 }, notify } } as unknown as ServerContext
  const { promise, resolve } = Promise.withResolvers<{ output: Record<string, unknown> }>()
  const called = withProgress(context, () => promise)
  for (const at of [3000, 6000]) {
    now = at
    t.mock.timers.tick(3000)
  }
  resolve({ output: { contacts: [], total_count: 0 } })
  await called
  t.mock.timers.tick(6000)
  assert.deepEqual(
    heard.map(({ progress }) => progress),
    [0.003, 0.006, 1],
  )
})

for (const [what, begin] of [
  [
    'a tool',
    (client: Client, options: object) => client.callTool({ name: 'list_tags', arguments: {} }, options),
  ],
  [
    'a resource',
    (client: Client, options: object) => client.readResource({ uri: 'intercom://contacts/7' }, options),
  ],
] as const) {
  test(`cancelling the request for ${what} ends the call`, async () => {
    const { intercom, begun, ended } = heldCall()
    const client = new Client({ name: 'test', version: '1' })
    const [near, far] = InMemoryTransport.createLinkedPair()
    serveStdio(mcpServers(intercom), { transport: far })
    await client.connect(near)
    const cancel = new AbortController()
    const request = begin(client, { signal: cancel.signal })
    await begun
    cancel.abort()
    await Promise.all([ended, assert.rejects(request)])
    await client.close()
  })
}
