import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { credentials } from '../client/credentials.ts'
import { liveWitness } from './live.ts'

type Reply = { status: number; headers?: Record<string, string>; body?: string | Buffer } | 'reset'

/** A server that gives these answers in turn, the last for ever, and counts the calls. */
async function answering(t: TestContext, ...replies: Reply[]) {
  const seen: { authorization: string | undefined; at: number }[] = []
  const server = createServer((request, response) => {
    const reply = replies[Math.min(seen.length, replies.length - 1)] ?? 'reset'
    seen.push({ authorization: request.headers.authorization, at: performance.now() })
    if (reply === 'reset') return request.socket.resetAndDestroy()
    response.writeHead(reply.status, reply.headers).end(reply.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { seen, credential: credentials({ accessToken: 'secret-of-the-test', baseUrl }) }
}

const { signal } = new AbortController()
const json = { status: 200, body: '{"a":1}' }
const ask = { method: 'GET', path: '/tags', safe: true } as const
const write = { method: 'POST', path: '/tags', body: {}, safe: false } as const

test('what the rate limit refuses is asked again, and so is a read whose connection broke; a write is not', async (t) => {
  const limited = { status: 429, headers: { 'retry-after': '0' }, body: '{}' }
  for (const [replies, call, status, times] of [
    [[limited, json], ask, 200, 2],
    [[limited, json], write, 200, 2],
    [['reset', json], ask, 200, 2],
    [['reset', json], write, undefined, 1],
    [['reset'], ask, undefined, 2],
  ] as const) {
    const { seen, credential } = await answering(t, ...replies)
    const answer = await liveWitness(credential, { paceMs: 0, signal })(call)
    assert.deepEqual(['status' in answer ? answer.status : undefined, seen.length], [status, times])
  }
})

test('calls keep their distance, and end with the signal', async (t) => {
  const { seen, credential } = await answering(t, json)
  const paced = liveWitness(credential, { paceMs: 1000, signal })
  const start = performance.now()
  await paced(ask)
  await paced(ask)
  assert.ok((seen[1]?.at ?? 0) - start >= 1000, 'counted from before the first call: it may arrive late')
  const ended = liveWitness(credential, { paceMs: 0, signal: AbortSignal.abort() })
  assert.deepEqual(await ended(ask), { broken: 'aborted', transmitted: false })
  assert.equal(seen.length, 2)
})

test('a call without a token, or with another, has none of ours', async (t) => {
  const { seen, credential } = await answering(t, json)
  const witness = liveWitness(credential, { paceMs: 0, signal })
  await witness({ ...ask, authorization: null })
  await witness({ ...ask, authorization: 'Bearer none' })
  assert.deepEqual(
    seen.map(({ authorization }) => authorization),
    [undefined, 'Bearer none'],
  )
})

test('an answer that is no JSON is told apart, and one that is too large is none', async (t) => {
  for (const [body, expected] of [
    ['', 'empty'],
    ['<html>', 'other'],
    ['7', 'json'],
    [Buffer.from([0xff, 0xfe]), 'unreadable_answer'],
    [Buffer.alloc(9 * 1024 * 1024, '1'), 'answer_too_large'],
  ] as const) {
    const { credential } = await answering(t, { status: 200, body })
    const answer = await liveWitness(credential, { paceMs: 0, signal })(ask)
    assert.equal('broken' in answer ? answer.broken : answer.body, expected)
  }
})
