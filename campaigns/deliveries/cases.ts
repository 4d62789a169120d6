import { mkdtempSync, rmSync } from 'node:fs'
import { request as post } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { defaultLimits } from '../../src/server/config.ts'
import { healthMount, startServer, webhooksMount } from '../../src/server/index.ts'
import { createWebhooks } from '../../src/webhooks/index.ts'
import { clientSecret, sample, signatureOf } from '../../test/support/deliveries.ts'

/** A kind of delivery, what should come of it, and what did. */
export type Case = {
  name: string
  answers: string
  runs: number
  expected: { answers: string; runs: number }
}

type Sending = { body: string; headers?: Record<string, string>; method?: string; dripMs?: number }

/** Sends each kind of delivery to `modulex-intercom serve`'s own server, over a socket. */
export async function judgeCases(): Promise<Case[]> {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-cases-'))
  const runs: string[] = []
  const webhooks = createWebhooks({ store: join(folder, 'webhooks.db'), clientSecret, concurrency: 1 })
  webhooks.on('*', (_, { key }) => void runs.push(key))
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    hosts: [],
    origins: [],
    callers: [],
    mounts: [webhooksMount(webhooks), healthMount],
    limits: { ...defaultLimits, requestSeconds: 2, headerSeconds: 2 },
    log: () => {},
  })
  const cases: Case[] = []
  try {
    for (const [name, expectedAnswers, expectedRuns, sendings] of kinds()) {
      runs.length = 0
      const statuses = await Promise.all(sendings().map((sending) => send(`${server.url}/webhooks`, sending)))
      await sleep(150)
      const expected = { answers: expectedAnswers, runs: expectedRuns }
      cases.push({ name, answers: statuses.toSorted().join(', '), runs: runs.length, expected })
    }
    return cases
  } finally {
    await server.close()
    await webhooks.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function kinds(): [name: string, answers: string, runs: number, sendings: () => Sending[]][] {
  const now = Math.floor(Date.now() / 1000)
  const text = (changes: Record<string, unknown> = {}, item = {}) => JSON.stringify(sample(changes, item))
  const signed = (body: string) => ({ body, headers: { 'X-Hub-Signature': signatureOf(body) } })
  const known = text()
  const halves = text()
  return [
    ['as Intercom sends it', '200', 1, () => [signed(known)]],
    ['replayed', '200', 0, () => [signed(known)]],
    [
      'replayed by Intercom: second attempt, other bytes',
      '200',
      0,
      () => [signed(JSON.stringify({ ...JSON.parse(known), delivery_attempts: 2 }))],
    ],
    ['ten times at once', Array(10).fill('200').join(', '), 1, () => Array(10).fill(signed(text()))],
    ['two events of one conversation at once', '200, 200', 2, () => [signed(text()), signed(text())]],
    [
      'reordered: the newer first',
      '200, 200',
      2,
      () => [signed(text({ created_at: now })), signed(text({ created_at: now - 60 }))],
    ],
    [
      'forged: another secret',
      '401',
      0,
      () => {
        const body = text()
        return [{ body, headers: { 'X-Hub-Signature': signatureOf(body, 'another secret') } }]
      },
    ],
    [
      'altered on the way: one byte',
      '401',
      0,
      () => [{ ...signed(halves), body: halves.replace('conversation.user', 'conversation.usor') }],
    ],
    ['altered on the way: a blank more', '401', 0, () => [{ ...signed(halves), body: `${halves} ` }]],
    ['unsigned', '401', 0, () => [{ body: text() }]],
    [
      'signature cut',
      '401',
      0,
      () => [{ body: halves, headers: { 'X-Hub-Signature': signatureOf(halves).slice(0, -1) } }],
    ],
    ['signed, a day and a minute old', '400', 0, () => [signed(text({ created_at: now - 86_460 }))]],
    ['signed, no JSON', '400', 0, () => [signed('hello')]],
    ['signed, JSON but no notification', '400', 0, () => [signed('{"type":"conversation"}')]],
    ['oversize: 1 MiB and more', '413', 0, () => [signed(text({}, { body: 'x'.repeat(1024 * 1024) }))]],
    [
      'oversize without an announced length',
      '413',
      0,
      () => [{ ...signed('x'.repeat(1024 * 1024 + 9)), dripMs: 0 }],
    ],
    [
      'slow: a byte a time, for longer than the server waits (here 2 s)',
      '408',
      0,
      () => [{ ...signed(text()), dripMs: 20 }],
    ],
    ['GET', '200', 0, () => [{ body: '', method: 'GET' }]],
    ['PUT', '405', 0, () => [{ ...signed('{}'), method: 'PUT' }]],
  ]
}

/** The status of the answer. With `dripMs` the body goes in pieces, without its length. */
function send(url: string, { body, headers = {}, method = 'POST', dripMs }: Sending): Promise<string> {
  return new Promise((resolve) => {
    const outgoing = post(url, { method, headers, agent: false }, (response) => {
      resolve(String(response.statusCode))
      response.resume()
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'broken'))
    if (dripMs === undefined) return void outgoing.end(body)
    if (dripMs === 0) {
      outgoing.write(body.slice(0, 10))
      return void outgoing.end(body.slice(10))
    }
    let at = 0
    const timer = setInterval(() => {
      if (at >= body.length || outgoing.destroyed) return clearInterval(timer)
      outgoing.write(body.slice(at, ++at))
    }, dripMs)
    outgoing.on('close', () => clearInterval(timer))
  })
}
