import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Dispatcher } from 'undici'
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
