// The webhook: signed, tried a few times, and in nobody's way.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { openApprovals } from '../../src/approvals/store.ts'
import { type Notice, type NotifierOptions, notifierTo } from '../../src/server/approvals/notifier.ts'
import { servedApprovals } from '../../src/server/approvals/serving.ts'
import { approvalsFile, heldCall, operators } from '../support/approvals-desk.ts'

const secret = 'secret-of-the-notifications'
const notice: Notice = {
  id: 'apr_1',
  action: 'reply_to_conversation',
  title: 'Reply',
  caller: 'agent',
  url: null,
  created_at: 1,
  expires_at: 2,
}

type Received = { headers: IncomingMessage['headers']; body: string }

/** A receiver that answers with these statuses in turn, then 200. */
async function receiver(t: TestContext, ...statuses: number[]) {
  const received: Received[] = []
  const waiting: ((count: number) => void)[] = []
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) })
    const status = statuses[received.length - 1] ?? 200
    response.writeHead(status, status === 302 ? { Location: '/elsewhere' } : {}).end()
    for (const tell of waiting) tell(received.length)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const count = (wanted: number) =>
    new Promise<void>((resolve) => {
      const tell = (seen: number) => seen >= wanted && resolve()
      waiting.push(tell)
      tell(received.length)
    })
  return { url: `http://127.0.0.1:${address.port}/hook`, received, count }
}

/** One that tells of failures, without pauses. */
function notifier(t: TestContext, url: string, own: Partial<NotifierOptions> = {}) {
  const { promise: failed, resolve: onFailure } = Promise.withResolvers<string>()
  const made = notifierTo({ url, secret, onFailure, pauses: [0, 1, 1], ...own })
  t.after(() => made.close())
  return { ...made, failed }
}

test('what begins to wait is told, signed, and without a word of a customer', async (t) => {
  const { url, received, count } = await receiver(t)
  const store = openApprovals(approvalsFile(t))
  const publicUrl = 'https://mcp.example.com'
  const served = servedApprovals({ store, operators, publicUrl, notifier: notifier(t, url) })
  t.after(() => served.close())
  served.start('http://127.0.0.1:1')
  const { id, created_at, expires_at } = await store.hold(heldCall())
  await count(1)
  const [{ headers, body } = { headers: {}, body: '' }] = received
  assert.deepEqual(JSON.parse(body), {
    id,
    action: 'reply_to_conversation',
    title: 'Reply to conversation',
    caller: 'agent',
    url: `${publicUrl}/approvals/${id}`,
    created_at,
    expires_at,
  })
  assert.ok(!body.includes('Hello'))
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  assert.equal(headers['x-signature'], `sha256=${signature}`)
  assert.equal(headers['idempotency-key'], id)
  await store.decide(id, { decline: null }, 'ada', 'cli')
  await store.hold(heldCall({ caller: 'other' }))
  await count(2)
  assert.equal(JSON.parse(received[1]?.body ?? '').caller, 'other', 'of a decision nothing is told')
})

test('anything but 2xx is tried again, a few times', async (t) => {
  const { url, received, count } = await receiver(t, 500, 302)
  const { notify } = notifier(t, url)
  notify(notice)
  await count(3)
  assert.deepEqual(new Set(received.map(({ body }) => body)), new Set([JSON.stringify(notice)]))
})

test('a receiver that never takes it is given up, and that is said without its URL', async (t) => {
  const { url, received } = await receiver(t, 500, 302, 404)
  const { notify, failed } = notifier(t, `${url}?token=canary`)
  notify(notice)
  assert.equal(await failed, 'The notification of apr_1 was not taken: it answered 404.')
  assert.equal(received.length, 3, 'no redirect is followed')
})

test('one that cannot be reached holds nobody up', async (t) => {
  const { notify, failed } = notifier(t, 'http://127.0.0.1:1/canary')
  notify(notice)
  assert.equal(await failed, 'The notification of apr_1 was not taken: it could not be reached.')
})

test('what waits to be sent is bounded', async (t) => {
  const { notify, failed } = notifier(t, 'http://127.0.0.1:1/', { pauses: [60_000] })
  for (let number = 0; number <= 1000; number += 1) notify({ ...notice, id: `apr_${number}` })
  assert.equal(await failed, 'The notification of apr_1000 was left out: too many wait.')
})

test('only https, and http on this machine', () => {
  const made = (url: string) => notifierTo({ url, secret, onFailure() {} })
  for (const url of [
    'https://hooks.example.com/x?y=1',
    'http://127.0.0.1:9/x',
    'http://localhost/',
    'http://[::1]:9/',
  ])
    made(url)
  for (const url of [
    'http://hooks.example.com/',
    'ftp://hooks.example.com/',
    'hooks.example.com',
    'https:hooks.example.com',
    'https:\\\\hooks.example.com',
    'https://user:secret@hooks.example.com/',
    'https://hooks.example.com/#x',
    'http://127.0.0.1.evil.example/',
    '',
  ])
    assert.throws(() => made(url), /approvals\.notify_url takes/, url)
})
