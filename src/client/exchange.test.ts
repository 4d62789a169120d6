import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { decode } from './decode.ts'
import { exchange } from './exchange.ts'

/** A dispatcher that keeps the handler, so that a test decides when a connection is there. */
function waiting() {
  const handlers: Dispatcher.DispatchHandler[] = []
  const dispatch = (_: unknown, handler: Dispatcher.DispatchHandler) => {
    handlers.push(handler)
    return true
  }
  return { pool: { dispatch } as unknown as Dispatcher, handlers }
}

const request = {
  origin: 'https://api.intercom.io',
  method: 'POST',
  path: '/',
  headers: {},
  body: '{}',
  timeoutMs: 50,
  until: Number.POSITIVE_INFINITY,
  maxBytes: 1000,
  proxied: false,
} as const

/** Lets the connection arrive late; answers whether the request was kept from leaving. */
function startLate(handler: Dispatcher.DispatchHandler | undefined): boolean {
  let aborted = false
  const controller = { abort: () => (aborted = true) } as unknown as Dispatcher.DispatchController
  handler?.onRequestStart?.(controller, null)
  return aborted
}

test('a call aborted while it waits for a connection is "not sent", and stays unsent when one comes', async () => {
  const { pool, handlers } = waiting()
  const controller = new AbortController()
  const result = exchange(pool, { ...request, signal: controller.signal })
  controller.abort()
  assert.deepEqual(await result, { broken: 'aborted', transmitted: false })
  assert.equal(startLate(handlers[0]), true)
})

test('waiting for a connection ends at the time limit, and the request stays unsent', async () => {
  const { pool, handlers } = waiting()
  assert.deepEqual(await exchange(pool, { ...request, signal: undefined }), {
    broken: 'connect_timeout',
    transmitted: false,
  })
  assert.equal(startLate(handlers[0]), true)
})

test('an exception of the dispatcher is "not sent"', async () => {
  const pool = {
    dispatch: () => {
      throw new Error('closed')
    },
  } as unknown as Dispatcher
  assert.deepEqual(await exchange(pool, { ...request, signal: undefined }), {
    broken: 'connection_lost',
    transmitted: false,
  })
})

/** An exchange whose request was transmitted; `aborted` counts how often it was to end. */
function started(options: Partial<Parameters<typeof exchange>[1]> = {}) {
  const { pool, handlers } = waiting()
  const result = exchange(pool, { ...request, timeoutMs: 5000, signal: undefined, ...options })
  const [handler] = handlers
  assert.ok(handler)
  let aborted = 0
  const controller = { abort: () => aborted++ } as unknown as Dispatcher.DispatchController
  handler.onRequestStart?.(controller, null)
  return {
    result,
    aborted: () => aborted,
    head: (status: number, headers = {}) => handler.onResponseStart?.(controller, status, headers, ''),
    data: (chunk: Buffer) => handler.onResponseData?.(controller, chunk),
    end: () => handler.onResponseEnd?.(controller, {}),
    error: (error: Error) => handler.onResponseError?.(controller, error),
  }
}

test('what ended an exchange first is what is told, and nothing of it stays with the caller’s signal', async () => {
  const abort = new AbortController()
  const { result, aborted, error } = started({ timeoutMs: 20, signal: abort.signal })
  while (aborted() === 0) await sleep(5)
  abort.abort()
  error(new Error('the pool says so'))
  assert.deepEqual(await result, { broken: 'timeout', transmitted: true })
  assert.equal(getEventListeners(abort.signal, 'abort').length, 0)
})

test('an answered exchange leaves no listener behind', async () => {
  const { signal } = new AbortController()
  const { result, head, end } = started({ signal })
  assert.equal(getEventListeners(signal, 'abort').length, 1)
  head(200)
  end()
  assert.equal(((await result) as { status: number }).status, 200)
  assert.equal(getEventListeners(signal, 'abort').length, 0)
})

test('an exchange ends with its call, however long the time limit is', async () => {
  const from = performance.now()
  const { result, aborted, error } = started({ timeoutMs: 30_000, until: from + 20 })
  while (aborted() === 0 && performance.now() < from + 10_000) await sleep(5)
  assert.equal(aborted(), 1)
  error(new Error('it was to end'))
  assert.deepEqual(await result, { broken: 'timeout', transmitted: true })
})

test('heads before the last are none: 103 and then 200 is a 200, and 103 alone no answer', async () => {
  const early = started()
  early.head(103)
  early.head(200, { a: '1' })
  early.data(Buffer.from('a'))
  early.data(Buffer.from('b'))
  early.end()
  const answer = await early.result
  assert.ok('status' in answer)
  assert.deepEqual([answer.status, answer.headers, String(answer.body)], [200, { a: '1' }, 'ab'])
  const only = started()
  only.head(103)
  only.end()
  assert.deepEqual(await only.result, { broken: 'unreadable_answer', transmitted: true })
})

test('each way to fail has its code, and what has no name is a lost connection', async () => {
  const failures = {
    ECONNREFUSED: 'connection_refused',
    ENOTFOUND: 'dns_failed',
    EAI_AGAIN: 'dns_failed',
    EAI_FAIL: 'dns_failed',
    EACCES: 'host_unreachable',
    EHOSTUNREACH: 'host_unreachable',
    ENETUNREACH: 'host_unreachable',
    ETIMEDOUT: 'connect_timeout',
    EPROTO: 'tls_failed',
    CERT_HAS_EXPIRED: 'tls_failed',
    ERR_TLS_CERT_ALTNAME_INVALID: 'tls_failed',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'tls_failed',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls_failed',
    UND_ERR_HEADERS_OVERFLOW: 'answer_too_large',
    ECONNRESET: 'connection_lost',
    UND_ERR_SOCKET: 'connection_lost',
  }
  for (const [code, broken] of Object.entries(failures)) {
    const { result, error } = started()
    error(Object.assign(new Error('no'), { code }))
    const detail = broken === 'tls_failed' ? { detail: code } : {}
    assert.deepEqual(await result, { broken, ...detail, transmitted: true }, code)
  }
})

test('a body may be as large as the bound; one that decodes to more is stopped while it arrives', async () => {
  const exact = started()
  exact.head(200)
  exact.data(Buffer.alloc(1000))
  assert.equal(exact.aborted(), 0)
  exact.data(Buffer.alloc(1))
  assert.equal(exact.aborted(), 1)
  const maxBytes = 1024 * 1024
  const bomb = started({ maxBytes })
  bomb.head(200, { 'content-encoding': 'gzip' })
  const packed = gzipSync(Buffer.concat([randomBytes(128 * 1024), Buffer.alloc(2 * maxBytes)]))
  for (let at = 0; at < packed.length; at += 16_384) bomb.data(packed.subarray(at, at + 16_384))
  const from = performance.now()
  while (bomb.aborted() === 0 && performance.now() < from + 10_000) await sleep(5)
  assert.equal(bomb.aborted(), 1)
  bomb.error(new Error('it was to end'))
  assert.deepEqual(await bomb.result, { broken: 'answer_too_large', transmitted: true })
})

const plain = Buffer.from('{"name":"Zoë"}')

test('an encoding is read in any case, between blanks and by its old name', async () => {
  for (const [encoding, body] of [
    ['gzip', gzipSync(plain)],
    ['GZIP', gzipSync(plain)],
    [' x-gzip ', gzipSync(plain)],
    ['Deflate', deflateSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['identity', plain],
    ['', plain],
    ['Identity', plain],
  ] as const) {
    const decoded = await decode(body, { 'content-encoding': encoding }, 1000)
    assert.deepEqual(decoded, { text: plain.toString() }, encoding)
  }
  assert.deepEqual(await decode(plain, {}, 1000), { text: plain.toString() })
  assert.deepEqual(await decode(Buffer.alloc(0), { 'content-encoding': 'gzip' }, 1000), { text: '' })
})

test('what is decoded may be as large as the bound, and no larger', async () => {
  const headers = { 'content-encoding': 'gzip' }
  const body = gzipSync(plain)
  assert.deepEqual(await decode(body, headers, plain.length), { text: plain.toString() })
  assert.deepEqual(await decode(body, headers, plain.length - 1), { unreadable: 'answer_too_large' })
  assert.deepEqual(await decode(plain, headers, 1000), { unreadable: 'unreadable_answer' })
})
