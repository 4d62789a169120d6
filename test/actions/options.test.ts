import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { path } from '../../src/client/path.ts'
import { oneResult } from '../../src/core/envelope.ts'
import { dryRun, plannedOutput } from '../../src/core/run.ts'
import { createIntercom } from '../../src/index.ts'
import { scriptedIntercom, scriptedToken } from '../support/scripted-intercom.ts'

const note = { contact_id: 'abc', body: 'Hello' }

test('options that are unknown or of a wrong type are refused, never ignored', () => {
  const wrong: [object, RegExp][] = [
    [{ readonly: true }, /unknown option "readonly"\. Did you mean "readOnly"\?/],
    [{ readOnly: 'true' }, /readOnly must be true or false/],
    [{ only: 'get_contact' }, /only must be an array/],
    [{ only: ['get_contct'] }, /Did you mean "get_contact"\?/],
    [{ timeoutMs: 0 }, /timeoutMs must be/],
    [{ timeoutMs: '30' }, /timeoutMs must be/],
    [{ deadlineMs: 2 ** 31 }, /deadlineMs must be/],
    [{ settleMs: [] }, /settleMs must be/],
    [{ settleMs: Array(11).fill(1) }, /settleMs must be/],
    [{ journal: '' }, /journal must be/],
    [{ rateLimitFile: '' }, /rateLimitFile must be/],
    [{ accessToken: 5 }, /accessToken must be text/],
    [{ baseUrl: new URL('https://api.intercom.io') }, /baseUrl must be text/],
    [{ onRequest: 5 }, /onRequest must be a function/],
    [{ dispatcher: fetch }, /dispatcher must be an undici Dispatcher/],
    [{ permits: () => {} }, /permits must be a PermitSource/],
    [
      { permits: { lease: () => {} }, rateLimitFile: 'pace.db' },
      /rateLimitFile and permits exclude each other/,
    ],
  ]
  for (const [options, message] of wrong) {
    assert.throws(() => createIntercom({ accessToken: scriptedToken, ...options }), {
      name: 'IntercomError',
      message,
    })
  }
  assert.throws(() => createIntercom(null as never), { name: 'IntercomError' })
  createIntercom({
    accessToken: scriptedToken,
    deadlineMs: 2 ** 31 - 1,
    settleMs: Array(10).fill(1),
    timeoutMs: 1,
  })
})

test('without options a send that may have arrived is read back after two seconds', async () => {
  const waits: object[] = []
  const leave = new AbortController()
  const server = await scriptedIntercom([(_, socket) => socket.destroy()], {
    onUnknown: undefined,
    onWait: ({ reason, ms }) => {
      waits.push({ reason, ms })
      if (reason === 'settle') leave.abort()
    },
  })
  const input = { conversation_id: '7', reply_type: 'admin', admin_id: '1', body: 'Hello' } as const
  const { failure } = await server.intercom.call('reply_to_conversation', input, { signal: leave.signal })
  assert.deepEqual([failure?.outcome, waits], ['unknown', [{ reason: 'settle', ms: 2000 }]])
  await server.close()
})

test('closing a client closes a journal that it has opened, and no other', async () => {
  let closed = 0
  const close = () => {
    closed += 1
  }
  const journal = { acquire: () => Promise.reject(new Error('unused')), close }
  await createIntercom({ accessToken: scriptedToken, journal: journal as never }).close()
  assert.equal(closed, 0)
})

test('what createIntercom throws does not hold the token', () => {
  for (const options of [
    { baseUrl: `https://evil.example/${scriptedToken}` },
    { only: [scriptedToken] },
    { [scriptedToken]: 1 },
  ]) {
    assert.throws(
      () => createIntercom({ accessToken: scriptedToken, ...options }),
      ({ message }: Error) => !message.includes(scriptedToken.slice(0, 12)),
    )
  }
})

test('readOnly and only switch actions off, with all keys of the envelope', async () => {
  for (const options of [{ readOnly: true }, { only: ['list_tags'] }]) {
    const server = await scriptedIntercom([{ json: { type: 'list', data: [] } }], options)
    const { output, failure } = await server.intercom.call('create_note', note)
    assert.deepEqual(
      [output.success, output.result, failure?.code, failure?.outcome],
      [false, null, 'not_allowed', 'not_sent'],
    )
    assert.equal((await server.intercom.listTags()).success, true)
    assert.equal(server.received.length, 1)
    await server.close()
  }
})

test('a dry run makes the lookups and shows the write instead of sending it', async () => {
  const server = await scriptedIntercom(
    ({ path }) => ({
      json: path.endsWith('search') ? { data: [] } : { type: 'contact', id: 'abc', role: 'lead' },
    }),
    { dryRun: true },
  )
  const sent = await server.intercom.sendIncomingMessage(note)
  assert.deepEqual(sent, {
    success: true,
    error: null,
    result: {
      dry_run: true,
      method: 'POST',
      path: '/conversations',
      body: { from: { type: 'lead', id: 'abc' }, body: 'Hello' },
    },
  })
  const upserted = await server.intercom.upsertContact({ email: 'a@b.c' })
  const contact = { dry_run: true, method: 'POST', path: '/contacts', body: { email: 'a@b.c' } }
  assert.deepEqual(upserted, { success: true, error: null, action_type: null, contact })
  assert.deepEqual(
    server.received.map(({ method, path }) => `${method} ${path}`),
    ['GET /contacts/abc', 'POST /contacts/search'],
  )
  await server.close()
})

test('a dry run refuses wrong input like a real one', async () => {
  const server = await scriptedIntercom([{ json: {} }], { dryRun: true })
  assert.equal((await server.intercom.createNote({ contact_id: 'abc', body: ' ' })).success, false)
  await server.close()
})

const output = oneResult<object>()
const put = (id: string) =>
  ({ method: 'PUT', path: path`/x/${id}`, body: { id }, semantics: 'idempotent' }) as const

test('of several writes a dry run shows the first, and only reads are sent', async () => {
  const sent: string[] = []
  const { send, planned } = dryRun(async ({ path }) => {
    sent.push(path.encoded)
    return { read: true }
  })
  assert.deepEqual(await send({ method: 'GET', path: path`/x`, semantics: 'safe' }), { read: true })
  assert.deepEqual(await send({ method: 'POST', path: path`/search`, body: {}, semantics: 'safe' }), {
    read: true,
  })
  assert.equal(planned(), null)
  const first = { dry_run: true, method: 'PUT', path: '/x/1', body: { id: '1' } }
  assert.deepEqual([await send(put('1')), await send(put('2')), planned()], [first, first, first])
  assert.deepEqual(sent, ['/x', '/search'])
})

test('the planned request stands where the answer would, and an answer without it stays as it is', async () => {
  const { send, planned } = dryRun(async () => ({}))
  const result = await send(put('1'))
  const plan = planned()
  assert.ok(plan)
  const action = { output: output.extend({ count: z.int().default(0) }) }
  assert.deepEqual(plannedOutput(action, { success: true, error: null, result, count: 7 }, plan), {
    success: true,
    error: null,
    result: plan,
    count: 0,
  })
  const other = { success: true, error: null, result: { id: '1' }, count: 7 } as const
  assert.deepEqual(plannedOutput(action, other, plan), other)
})
