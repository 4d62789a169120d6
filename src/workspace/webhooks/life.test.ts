import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createWorkspace, type Workspace } from '../index.ts'
import { ok, openReceiver, secret, status } from './receiver.test.ts'

async function open(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-'))
  const receiver = await openReceiver()
  t.after(async () => {
    await receiver.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { data: join(folder, 'workspace.db'), receiver }
}

async function post(workspace: Workspace, path: string, body: object) {
  const headers = { authorization: `Bearer ${workspace.accessToken}` }
  const answer = await workspace.fetch(
    new Request(`http://local${path}`, { method: 'POST', headers, body: JSON.stringify(body) }),
  )
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  const json: any = await answer.json()
  assert.equal(answer.status, 200, JSON.stringify(json))
  return { json }
}

async function myId(workspace: Workspace): Promise<string> {
  const headers = { authorization: `Bearer ${workspace.accessToken}` }
  const answer = await workspace.fetch(new Request('http://local/me', { headers }))
  const { id } = (await answer.json()) as { id: string }
  return id
}

async function converse(workspace: Workspace) {
  const contact = await post(workspace, '/contacts', { role: 'user', email: 'a@example.com' })
  const from = { type: 'user', id: contact.json.id }
  return post(workspace, '/conversations', { from, body: 'Hello there' })
}

test('a conversation is told from its beginning, each time with the one part that is new', async (t) => {
  const { receiver } = await open(t)
  const workspace = await createWorkspace({ webhooks: { url: receiver.url, secret } })
  const begun = await converse(workspace)
  const id = begun.json.conversation_id
  const admin = await myId(workspace)
  for (const body of ['one', 'two']) {
    const reply = { type: 'admin', admin_id: admin, message_type: 'comment', body }
    await post(workspace, `/conversations/${id}/reply`, reply)
  }
  const { json } = await post(workspace, `/conversations/${id}/parts`, {
    message_type: 'close',
    type: 'admin',
    admin_id: admin,
  })
  await workspace.webhooks.settled()
  const told = receiver.received
    .filter((one) => one.json.topic.startsWith('conversation.'))
    .map((one) => [one.json.topic, one.json.data.item])
  assert.deepEqual(
    told.map(([topic, item]) => [
      topic,
      item.conversation_parts.conversation_parts.map((part: { body: string | null }) => part.body),
    ]),
    [
      ['conversation.user.created', []],
      ['conversation.admin.replied', ['<p>one</p>']],
      ['conversation.admin.replied', ['<p>two</p>']],
      ['conversation.admin.closed', [null]],
    ],
  )
  const [, closed] = told.at(-1) ?? []
  assert.deepEqual(Object.keys(closed), Object.keys(json))
  assert.equal(closed.state, 'closed')
  // converse makes two calls, then come /me, two replies and the close.
  assert.equal(workspace.control.requests().length, 6, 'deliveries are no calls of the API')
  await workspace.close()
})

test('what an endpoint did not take is delivered after a restart', async (t) => {
  const { data, receiver } = await open(t)
  receiver.answer = () => undefined
  const before = await createWorkspace({ data, webhooks: { url: receiver.url, secret } })
  await converse(before)
  await before.close()
  const cut = receiver.received.length
  assert.equal(cut, 1, 'one was under way and got no answer')
  receiver.answer = ok
  const after = await createWorkspace({ data })
  await after.webhooks.settled()
  assert.ok(receiver.topics().slice(cut).includes('conversation.user.created'))
  assert.equal(receiver.topics()[cut], 'ping')
  assert.equal(after.webhooks.list()[0]?.queued, 0)
  await after.close()
})

test('moving the clock of a workspace brings retries and the end of snoozes', async (t) => {
  const { receiver } = await open(t)
  receiver.answer = status(503)
  const workspace = await createWorkspace({ webhooks: { url: receiver.url, secret } })
  await workspace.webhooks.settled()
  workspace.control.clock.advance(60)
  await workspace.webhooks.settled()
  assert.deepEqual(receiver.topics(), ['ping', 'ping'])
  receiver.answer = ok
  const { json } = await converse(workspace)
  const snoozed_until = workspace.control.clock.get().now + 86_400
  const snooze = { message_type: 'snoozed', admin_id: await myId(workspace), snoozed_until }
  await post(workspace, `/conversations/${json.conversation_id}/parts`, snooze)
  workspace.control.clock.advance(86_400)
  await workspace.webhooks.settled()
  assert.equal(receiver.topics().at(-1), 'conversation.admin.unsnoozed')
  await workspace.close()
})

test('closing sends what is due, and does not wait for an endpoint that hangs', async (t) => {
  const { data, receiver } = await open(t)
  const quick = await createWorkspace({ webhooks: { url: receiver.url, secret } })
  await converse(quick)
  await quick.close()
  assert.ok(receiver.topics().includes('conversation.user.created'))
  receiver.answer = () => undefined
  const hanging = await createWorkspace({ data, webhooks: { url: receiver.url, secret } })
  const before = receiver.received.length
  while (receiver.received.length === before) await wait(5)
  const started = performance.now()
  await hanging.close()
  await hanging.close()
  assert.ok(performance.now() - started < 2_000)
})

test('a webhook that is refused leaves no workspace open behind it', async (t) => {
  const { data } = await open(t)
  const webhooks = { url: 'http://example.com/', secret }
  await assert.rejects(createWorkspace({ data, webhooks }), /nothing of a local workspace leaves the machine/)
  await (await createWorkspace({ data })).close()
})

test('an answer to what was sent before a reset or a restore punishes and logs nothing afterwards', async (t) => {
  for (const code of [410, 429]) {
    for (const how of ['reset', 'restore', 'remove'] as const) {
      const { receiver } = await open(t)
      const workspace = await createWorkspace({ webhooks: { url: receiver.url, secret } })
      await workspace.webhooks.settled()
      workspace.control.snapshot('before')
      let late = () => undefined as unknown
      const asked = new Promise<void>((resolve) => {
        receiver.answer = (response) => {
          late = () => response.writeHead(code).end()
          resolve()
        }
      })
      await post(workspace, '/contacts', { role: 'user', email: 'a@example.com' })
      await asked
      receiver.answer = ok
      if (how === 'reset') workspace.control.reset()
      if (how === 'restore') workspace.control.restore('before')
      if (how === 'remove') {
        workspace.webhooks.remove()
        workspace.webhooks.save({ url: receiver.url, secret })
      }
      late()
      await wait(50)
      await workspace.webhooks.settled()
      const [subscription] = workspace.webhooks.list()
      assert.deepEqual(
        [subscription?.active, subscription?.throttle_minutes, subscription?.paused_until],
        [true, 0, null],
      )
      assert.ok(workspace.webhooks.deliveries().every(({ outcome }) => outcome === 'delivered'))
      await post(workspace, '/contacts', { role: 'user', email: 'b@example.com' })
      await workspace.webhooks.settled()
      assert.equal(receiver.topics().at(-1), 'contact.user.created', how)
      await workspace.close()
    }
  }
})
