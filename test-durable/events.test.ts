import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Context,
  createEndpointHandler,
  service,
  type WorkflowContext,
  workflow,
} from '@restatedev/restate-sdk'
import { register } from '../src/restate/index.ts'
import { createWebhooks, forwardTo, type WebhookProblem } from '../src/webhooks/index.ts'
import { RestateServer } from './support/restate-server.ts'

const event = (id: string, conversation: string) => ({
  type: 'notification_event',
  app_id: 'abc',
  data: {
    type: 'notification_event_data',
    item: { type: 'conversation', id: conversation },
  },
  links: {},
  id,
  topic: 'conversation.user.created',
  delivery_status: 'pending',
  delivery_attempts: 1,
  delivered_at: 0,
  first_sent_at: Math.floor(Date.now() / 1000),
  created_at: Math.floor(Date.now() / 1000),
  self: null,
})

test('forwarded events start a service once each, and a workflow once for each conversation', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-events-'))
  const server = await RestateServer.start()
  const heard: string[] = []
  const runs: string[] = []
  const services = [
    service({
      name: 'Events',
      handlers: {
        handle: async (_: Context, notification: { id: string }) => void heard.push(notification.id),
      },
    }),
    workflow({
      name: 'Support',
      handlers: { run: async (ctx: WorkflowContext) => void runs.push(ctx.key) },
    }),
  ]
  const endpoint = createServer(createEndpointHandler({ services, logger: () => {} }))
  endpoint.listen(0, '127.0.0.1')
  await once(endpoint, 'listening')
  const address = endpoint.address()
  await register(server.admin, `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
  const problems: WebhookProblem[] = []
  const open = (name: string, url: string) => {
    const onProblem = (problem: WebhookProblem) => void problems.push(problem)
    const webhooks = createWebhooks({ store: join(folder, name), verify: false, onProblem })
    webhooks.on('*', forwardTo(url))
    return webhooks
  }
  const toService = open('service.db', `${server.ingress}/Events/handle/send`)
  const toWorkflow = open('workflow.db', `${server.ingress}/Support/{item.id}/run/send`)
  t.after(async () => {
    await Promise.all([toService.close(), toWorkflow.close()])
    await server.close()
    endpoint.close()
    rmSync(folder, { recursive: true })
  })
  const deliver = (webhooks: typeof toService, id: string, conversation: string) =>
    webhooks.fetch(
      new Request('http://127.0.0.1/webhooks', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(event(id, conversation)),
      }),
    )
  for (const webhooks of [toService, toWorkflow]) {
    for (const [id, conversation] of [
      ['notif_1', '11'],
      ['notif_2', '11'],
      ['notif_3', '22'],
      ['notif_1', '11'],
    ] as const) {
      assert.equal((await deliver(webhooks, id, conversation)).status, 200)
    }
  }
  await sleep(1500)
  assert.deepEqual(heard.sort(), ['notif_1', 'notif_2', 'notif_3'])
  assert.deepEqual(runs.sort(), ['11', '22'])
  assert.deepEqual(problems, [])
})
