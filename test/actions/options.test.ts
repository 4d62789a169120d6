import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { scriptedIntercom, scriptedToken } from '../support/scripted-intercom.ts'

const note = { contact_id: 'abc', body: 'Hello' }

test('options that are unknown or of a wrong type are refused, never ignored', () => {
  const wrong: [object, RegExp][] = [
    [{ readonly: true }, /no option "readonly"\. Did you mean "readOnly"\?/],
    [{ readOnly: 'true' }, /readOnly must be true or false/],
    [{ only: 'get_contact' }, /only must be an array/],
    [{ only: ['get_contct'] }, /Did you mean "get_contact"\?/],
    [{ timeoutMs: 0 }, /timeoutMs must be/],
    [{ timeoutMs: '30' }, /timeoutMs must be/],
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
