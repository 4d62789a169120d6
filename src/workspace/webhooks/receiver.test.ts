// What the tests of webhooks share; it holds no test of its own.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { openDesk } from '../desk.test.ts'
import { announce } from './announce.ts'
import { type WebhookLimits, WorkspaceWebhooks } from './webhooks.ts'

/** One delivery as it came over the wire. */
export interface Received {
  method: string
  headers: Record<string, string | string[] | undefined>
  raw: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: tests look into notifications of every shape
  json: any
}

/** A real HTTP endpoint that remembers what it got; `answer` may be changed while it runs. */
export async function openReceiver(answer: (response: ServerResponse, nth: number) => void = ok) {
  const received: Received[] = []
  const receiver = { answer, received, url: '', topics: () => received.map(({ json }) => json.topic), close }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks)
      const { method = '', headers } = request
      received.push({ method, headers, raw, json: JSON.parse(raw.toString('utf8')) })
      receiver.answer(response, received.length)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks?for=tests`
  async function close() {
    if (!server.listening) return
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return receiver
}

/** Answers 200. */
export function ok(response: ServerResponse): void {
  response.end('OK')
}

/** Answers with a status. */
export function status(code: number): (response: ServerResponse) => void {
  return (response) => response.writeHead(code).end('nothing to see')
}

/** The client secret of the subscription. */
export const secret = 'client-secret-of-a-test'

/** A desk with a subscribed endpoint that has answered its ping; the clock stands still until it is moved. */
export async function openWebhooks(t: TestContext, limits: WebhookLimits = {}, topics?: string[]) {
  const desk = openDesk()
  const receiver = await openReceiver()
  const webhooks = new WorkspaceWebhooks(desk.store, limits)
  t.after(async () => {
    await webhooks.close()
    await receiver.close()
  })
  webhooks.save({ url: receiver.url, secret, topics })
  await webhooks.settled()
  receiver.received.length = 0
  /** What the endpoint has got once everything that is due now was sent. */
  const got = async () => {
    await webhooks.settled()
    return receiver.topics()
  }
  const say = (item: object = { type: 'contact' }) => announce(desk, 'contact.user.created', item)
  const outcomes = () => webhooks.deliveries().map(({ outcome }) => outcome)
  const only = () => {
    const [one] = webhooks.list()
    assert.ok(one)
    return one
  }
  return { ...desk, receiver, webhooks, got, say, outcomes, only }
}
