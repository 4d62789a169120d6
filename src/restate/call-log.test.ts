import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { test } from 'node:test'
import { type HooksProvider, TerminalError } from '@restatedev/restate-sdk'
import { type LogLine, logged } from '../server/log.ts'
import { callLog } from './call-log.ts'

/** Runs something as the SDK may run a step: not from within the handler. */
const outside = AsyncLocalStorage.snapshot()
const lines: LogLine[] = []
const hooks = callLog((line) => lines.push(line))

/** The interceptors of one attempt of an invocation. */
function attempt(service: string, handler: string) {
  const target = { service, handler, key: 'a key of the caller' }
  const request = { id: 'inv_1', target, body: Buffer.from('{"contact_id":"canary"}') }
  return hooks({ request } as unknown as Parameters<HooksProvider>[0]).interceptor // what is used of it
}

/** A client whose calls fail with these codes, one after the other. */
function failing(...codes: (string | null)[]) {
  const call = async () => {
    const code = codes.shift() ?? null
    return { failure: code === null ? null : { code } }
  }
  return logged({ call } as never) as { call(name: string): Promise<unknown> }
}

test('a call is one line, with what it did at Intercom and neither its input nor its key', async () => {
  const intercom = failing('timeout', null)
  const interceptor = attempt('intercom_once', 'create_note')
  await interceptor?.handler?.(async () => {
    const step = async () => void (await intercom.call('create_note'))
    await outside(() => interceptor.run?.('create_note', step))
    await intercom.call('create_note')
  })
  const [line] = lines.splice(0)
  assert.ok(line)
  const { time, ms, ...rest } = line
  assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000 && ms >= 0)
  assert.deepEqual(rest, {
    request_id: 'inv_1',
    key: null,
    method: 'POST',
    path: '/intercom_once/create_note',
    status: 200,
    bytes: 23,
    actions: ['create_note: timeout', 'create_note: ok'],
    error: null,
  })
})

test('a refusal has its status and code; what will be repeated, and calls of the workers themselves, have no line', async () => {
  const refused = new TerminalError('canary', { errorCode: 404, metadata: { code: 'not_found' } })
  for (const error of [refused, new TerminalError('canary'), new Error('suspended')]) {
    const thrown = attempt('intercom', 'get_contact')?.handler?.(() => Promise.reject(error))
    await assert.rejects(async () => await thrown, error)
  }
  for (const service of ['intercom_rate', 'intercom_claims'])
    assert.equal(attempt(service, 'lease'), undefined)
  const said = lines.splice(0)
  assert.deepEqual(
    said.map(({ status, error }) => [status, error]),
    [
      [404, 'not_found'],
      [500, 'terminal_error'],
    ],
  )
  assert.doesNotMatch(JSON.stringify(said), /canary|a key/)
})

test('a log that fails changes nothing', async () => {
  const provider = callLog(() => {
    throw new Error('disk full')
  })
  const request = {
    id: 'inv_1',
    target: { service: 'intercom', handler: 'list_tags' },
    body: Buffer.alloc(0),
  }
  const { interceptor } = provider({ request } as unknown as Parameters<HooksProvider>[0])
  await interceptor?.handler?.(async () => {})
})
