import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createWebhooks } from '../../src/webhooks/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { clientSecret, delivery } from '../support/deliveries.ts'

test('what the local Intercom delivers reaches handlers by its topic, with seconds for times, about the contact it is of', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'local-intercom-'))
  const webhooks = createWebhooks({ clientSecret, store: join(folder, 'inbox.db') })
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const signature = String(request.headers['x-hub-signature'])
      const answer = await webhooks.fetch(delivery(Buffer.concat(chunks), { 'X-Hub-Signature': signature }))
      response.writeHead(answer.status).end(await answer.text())
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const heard = new Map<string, unknown>()
  webhooks.on('contact.user.created', ({ topic, data }) => void heard.set(topic, data.item.created_at))
  webhooks.on(
    'contact.unsubscribed',
    ({ topic, data }) => void heard.set(topic, data.item.contact.updated_at),
  )
  webhooks.on(
    'contact.user.tag.created',
    ({ topic, data }) => void heard.set(topic, data.item.contact.created_at),
  )
  webhooks.on('contact.archived', ({ topic, data }) => void heard.set(topic, data.item.archived))
  webhooks.on('conversation.user.created', ({ topic, data }) => void heard.set(topic, data.item.created_at))
  const workspace = await createWorkspace({ webhooks: { url, secret: clientSecret } })
  t.after(async () => {
    await workspace.close()
    server.close()
    await webhooks.close()
    rmSync(folder, { recursive: true })
  })
  workspace.control.clock.freeze()
  const now = workspace.control.clock.get().now
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${workspace.accessToken}` }
    const request = new Request(`http://local${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    return (await (await workspace.fetch(request)).json()) as { id: string }
  }
  const { id } = await ask('POST', '/contacts', { email: 'ann@example.com' })
  await ask('PUT', `/contacts/${id}`, { unsubscribed_from_emails: true })
  await ask('POST', `/contacts/${id}/tags`, { id: (await ask('POST', '/tags', { name: 'VIP' })).id })
  await ask('POST', '/conversations', { from: { type: 'user', id }, body: 'Hello' })
  await ask('POST', `/contacts/${id}/archive`)
  while (heard.size < 5) await sleep(5)
  assert.deepEqual(Object.fromEntries(heard), {
    'contact.user.created': now,
    'contact.unsubscribed': now,
    'contact.user.tag.created': now,
    'contact.archived': true,
    'conversation.user.created': now,
  })
})
