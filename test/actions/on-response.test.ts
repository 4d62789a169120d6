// The hook `onResponse`: every attempt, once its outcome is known; nothing that it does changes one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ResponseEvent } from '../../src/client/call.ts'
import { createIntercom } from '../../src/index.ts'
import { errorList, scriptedIntercom, scriptedToken } from '../support/scripted-intercom.ts'

const contact = { type: 'contact', id: '6762f0dd1bb69f9f2193bb83' }
const read = ['get_contact', { contact_id: contact.id }] as const
const limited = {
  'x-ratelimit-limit': '1667',
  'x-ratelimit-remaining': '1600',
  'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 5),
  'x-request-id': '002abc',
}

test('each attempt is told with its route, its outcome and what the headers say', async () => {
  const seen: (ResponseEvent & { after: string })[] = []
  let before = ''
  const server = await scriptedIntercom(
    [
      { status: 503, json: errorList('server_error', 'busy') },
      (_, socket) => socket.destroy(),
      { json: contact, headers: limited },
    ],
    {
      onRequest: ({ attempt }) => {
        before = `request ${attempt}`
      },
      onResponse: (event) => void seen.push({ ...event, after: before }),
    },
  )
  const { output, trace } = await server.intercom.call(...read)
  assert.equal(output.success, true)
  assert.deepEqual(
    seen.map(({ method, path, route, attempt, status, after }) => [
      method,
      path,
      route,
      attempt,
      status,
      after,
    ]),
    [
      ['GET', `/contacts/${contact.id}`, '/contacts/{id}', 1, 503, 'request 1'],
      ['GET', `/contacts/${contact.id}`, '/contacts/{id}', 2, null, 'request 2'],
      ['GET', `/contacts/${contact.id}`, '/contacts/{id}', 3, 200, 'request 3'],
    ],
  )
  const [busy, broken, fine] = seen
  assert.deepEqual([busy?.code, fine?.code], ['server_error', null])
  assert.match(String(broken?.code), /\w/)
  assert.deepEqual([fine?.request_id, fine?.rate_limit], ['002abc', trace.rate_limit])
  assert.equal(fine?.rate_limit?.remaining, 1600)
  assert.ok(seen.every(({ ms }) => ms >= 0))
  assert.ok(!JSON.stringify(seen).includes(scriptedToken))
  await server.close()
})

test('a hook that throws, rejects or never ends changes no outcome', async () => {
  for (const onResponse of [
    () => {
      throw new Error('thrown')
    },
    async () => {
      throw new Error('rejected')
    },
    () => new Promise<void>(() => {}),
  ]) {
    const server = await scriptedIntercom([{ json: contact }], { onResponse, deadlineMs: 5000 })
    assert.equal((await server.intercom.call(...read)).output.success, true)
    await server.close()
  }
})

test('what is never transmitted has no response, and another type is refused', async () => {
  const seen: unknown[] = []
  const server = await scriptedIntercom([{ json: contact }], {
    onRequest: () => {
      throw new Error('not today')
    },
    onResponse: (event) => void seen.push(event),
  })
  await server.intercom.call(...read)
  assert.deepEqual(seen, [])
  await server.close()
  const wrong = { accessToken: scriptedToken, onResponse: 5 } as never
  assert.throws(() => createIntercom(wrong), /onResponse must be a function/)
})
