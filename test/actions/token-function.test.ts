import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fingerprintOf, hostOf, ownerOf } from '../../src/client/credentials.ts'
import { sharedRateLimiter } from '../../src/client/rate-limit/rate-limiter.ts'
import { createIntercom, IntercomError } from '../../src/index.ts'
import { errorList, scriptedIntercom } from '../support/scripted-intercom.ts'

const tokenOf = (name: string) => Buffer.from(`tok:${name}-3141592653-5897932384:1:0`).toString('base64')
const [first, second] = [tokenOf('first'), tokenOf('second')]
const note = { contact_id: '6762f0dd1bb69f9f2193bb83', body: 'Hello' }
const tag = { contact_id: note.contact_id, tag_id: '7' }

test('a function is asked before each request, so that a changed token is used at once', async () => {
  let token = first
  const accessToken = async () => token
  const server = await scriptedIntercom([{ json: { type: 'list', data: [] } }], { accessToken })
  await server.intercom.listTags()
  token = `${second}\n`
  await server.intercom.listTags()
  const sent = server.received.map(({ headers }) => headers['authorization'])
  assert.deepEqual(sent, [`Bearer ${first}`, `Bearer ${second}`])
  await server.close()
})

const secret = 'the database said: dG9rOnNlY3JldA=='
const failing: [name: string, give: () => never, code: string, said: RegExp][] = [
  ['it throws', () => raise(new Error(secret)), 'token_unavailable', /failed \(Error\)/],
  ['it rejects', () => Promise.reject(new TypeError(secret)) as never, 'token_unavailable', /\(TypeError\)/],
  [
    'it throws a system error',
    () => raise(Object.assign(new Error(secret), { code: 'ECONNREFUSED' })),
    'token_unavailable',
    /\(Error ECONNREFUSED\)/,
  ],
  ['it throws no error', () => raise(secret), 'token_unavailable', /threw no error/],
  ['it gives nothing', () => undefined as never, 'missing_token', /no access token/],
  ['it gives an empty text', () => ' ' as never, 'missing_token', /no access token/],
  ['it gives a number', () => 5 as never, 'missing_token', /no access token/],
  ['it gives a whole header', () => `Bearer ${first}` as never, 'invalid_token', /scheme/],
  [
    'it says itself what is wrong',
    () => raise(new IntercomError('the workspace is not connected', { code: 'not_connected' })),
    'not_connected',
    /the workspace is not connected/,
  ],
]

function raise(error: unknown): never {
  throw error
}

test('when the function fails nothing is sent nor recorded, and no word of a secret is said', async () => {
  const journal = join(mkdtempSync(join(tmpdir(), 'token-')), 'sends.db')
  let give: () => string = () => first
  const accessToken = () => give()
  const server = await scriptedIntercom([{ json: { type: 'note', id: '1' } }], { accessToken, journal })
  for (const [name, fails, code, said] of failing) {
    give = fails
    const key = { idempotencyKey: name }
    const { output, failure } = await server.intercom.call('create_note', note, key)
    assert.deepEqual([failure?.code, failure?.outcome], [code, 'not_sent'], name)
    assert.match(output.error ?? '', said)
    assert.doesNotMatch(JSON.stringify({ output, failure }), /dG9r|database/, name)
    assert.equal(server.received.length, 0)
  }
  give = () => first
  for (const [name] of failing) {
    const { output } = await server.intercom.call('create_note', note, { idempotencyKey: name })
    assert.equal(output.error, null, `${name}: its key is free again`)
  }
  assert.equal(server.received.length, failing.length)
  await server.intercom.close()
  await server.close()
})

test('a function that never answers ends with the call', async () => {
  const asked = Promise.withResolvers<void>()
  const accessToken = () => {
    asked.resolve()
    return new Promise<string>(() => {})
  }
  const server = await scriptedIntercom([{ json: {} }], { accessToken })
  const leave = new AbortController()
  const called = server.intercom.call('create_note', note, { signal: leave.signal })
  await asked.promise
  leave.abort()
  const { failure } = await called
  assert.deepEqual([failure?.code, failure?.outcome, server.received.length], ['aborted', 'not_sent', 0])
  await server.close()
})

test('once a request may have taken effect, a failing function does not make it "not sent"', async () => {
  let asked = 0
  const accessToken = () => (asked++ === 0 ? first : raise(new Error(secret)))
  const server = await scriptedIntercom([(response) => response.destroy()], { accessToken })
  const { failure } = await server.intercom.call('add_tag_to_contact', tag)
  assert.deepEqual([failure?.code, failure?.outcome, asked], ['token_unavailable', 'unknown', 2])
  await server.close()
})

test('every token that was seen is redacted, and refused in what is sent', async () => {
  let token = first
  const accessToken = () => token
  const echo = { json: { type: 'list', data: [{ type: 'tag', id: '1', name: `${first} ${second}` }] } }
  const server = await scriptedIntercom([echo], { accessToken })
  await server.intercom.listTags()
  token = second
  const { output } = await server.intercom.call('list_tags')
  assert.doesNotMatch(JSON.stringify(output), new RegExp(`${first.slice(0, 20)}|${second.slice(0, 20)}`))
  const before = server.received.length
  for (const held of [first, second, tokenOf('third')]) {
    token = held // the last one is known only once it is given
    const { failure } = await server.intercom.call('create_note', { ...note, body: `see ${held}` })
    assert.deepEqual([failure?.code, failure?.outcome], ['invalid_input', 'not_sent'])
  }
  assert.equal(server.received.length, before)
  await server.close()
})

test('whoever keeps the token hears that Intercom has refused it, and cannot change the answer', async () => {
  const refused: string[] = []
  const onRefusedToken = async (token: string) => {
    refused.push(token)
    throw new Error(secret)
  }
  const unauthorized = { status: 401, json: errorList('unauthorized', 'Access Token Invalid') }
  const options = { accessToken: () => second, onRefusedToken }
  const server = await scriptedIntercom([unauthorized, { json: { type: 'list', data: [] } }], options)
  const { failure } = await server.intercom.call('list_tags')
  assert.deepEqual([failure?.code, failure?.status, refused], ['unauthorized', 401, [second]])
  assert.equal((await server.intercom.listTags()).error, null)
  assert.equal(refused.length, 1)
  await server.close()
})

test('a hook that never answers ends with the call, and what it answers is what to do', async () => {
  const unauthorized = { status: 401, json: errorList('unauthorized', 'Access Token Invalid') }
  const leave = new AbortController()
  const never = () => {
    leave.abort()
    return new Promise<void>(() => {})
  }
  const hanging = await scriptedIntercom([unauthorized], { onRefusedToken: never })
  const { failure } = await hanging.intercom.call('list_tags', {}, { signal: leave.signal })
  assert.equal(failure?.code, 'unauthorized')
  await hanging.close()
  const said = await scriptedIntercom([unauthorized], { onRefusedToken: async () => 'Ask the vault.' })
  assert.match((await said.intercom.listTags()).error ?? '', /Ask the vault/)
  await said.close()
})

test('the rate limit and the fingerprint belong to the workspace, whatever its token is', () => {
  const host = hostOf({})
  const give = () => first
  const limiter = (accessToken: string | (() => string), workspaceId?: string) =>
    sharedRateLimiter(host.origin, ownerOf({ ...host, accessToken, workspaceId }), undefined)
  const print = (accessToken: string | (() => string), workspaceId?: string) =>
    fingerprintOf({ ...host, accessToken, workspaceId })
  assert.equal(
    limiter(first, 'abc'),
    limiter(() => second, 'abc'),
  )
  assert.notEqual(limiter(first, 'abc'), limiter(first, 'def'))
  assert.equal(limiter(give), limiter(give))
  assert.notEqual(
    limiter(() => first),
    limiter(() => first),
  )
  assert.equal(print(first, 'abc'), print(give, 'abc'))
  assert.notEqual(print(first, 'abc'), print(first, 'def'))
  const eu = hostOf({ baseUrl: 'https://api.eu.intercom.io' })
  assert.equal(print(first, 'abc'), fingerprintOf({ ...eu, accessToken: second, workspaceId: 'abc' }))
  assert.notEqual(print(first), fingerprintOf({ ...eu, accessToken: first }))
  assert.notEqual(
    print(give, 'abc'),
    fingerprintOf({ ...hostOf({ baseUrl: 'http://127.0.0.1:1' }), accessToken: give, workspaceId: 'abc' }),
  )
  assert.notEqual(
    print(give),
    print(give),
    'what is held for an unnamed workspace is made by no other client',
  )
  assert.equal(createIntercom({ accessToken: give, workspaceId: 'abc' }).workspace, print(second, 'abc'))
})

test('processes cannot share the rate limit of a function that names no workspace', () => {
  assert.throws(
    () => createIntercom({ accessToken: () => first, rateLimitFile: 'limits.db' }),
    /needs workspaceId/,
  )
  for (const workspaceId of ['', 'a b', 'x'.repeat(65)])
    assert.throws(() => createIntercom({ accessToken: first, workspaceId }), /workspaceId must be/)
})
