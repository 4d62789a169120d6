// Wrong keys are limited wherever one is tried, and keep nobody out who has a right one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyOrToken } from '../../src/server/key-or-token.ts'
import { wrongKeys } from '../../src/server/wrong-keys.ts'
import { ask, bearer, desk, keys, operators } from '../support/approvals-desk.ts'
import { developerHub, mountOf, operatorKey } from '../support/connecting.ts'
import { caller, served } from '../support/served.ts'

const wrong = { status: 401, code: 'wrong_key', error: 'This is wrong.' }

test('wrong keys are limited by the network they come from, for a minute', () => {
  let now = 0
  const { refused } = wrongKeys(() => now)
  const tried = (network = '192.0.2.1') => refused(network, wrong).status
  assert.deepEqual(
    Array.from({ length: 11 }, () => tried()),
    [...Array.from({ length: 10 }, () => 401), 429],
  )
  assert.equal(tried('192.0.2.2'), 401, 'other networks are not limited')
  now += 60_000
  assert.equal(tried(), 401)
})

test('at every place where a key is tried there is one limit, and who has a right key is let in', async (t) => {
  const limit = wrongKeys()
  const people = keyOrToken({ operators, wrong: limit })
  const connect = mountOf(await developerHub(t), { people })
  const { mount } = (await desk(t)).approvals
  const own = { mounts: [mount, connect], wrong: limit }
  const { url } = await served(t, () => new Response(), { ...own, callers: [caller(keys.agent)] })
  const nobody = bearer('key-of-nobody-at-all-0000009')
  const form = (key: string) =>
    fetch(`${url}/connect`, { method: 'POST', body: new URLSearchParams({ key }) })
  const places: [string, () => Promise<{ status: number }>][] = [
    ['an API key', () => ask(url, 'GET /approvals/apr_1', nobody)],
    ["an operator's key in a header", () => ask(url, 'GET /approvals', nobody)],
    ['in the form', () => form('wrong')],
    ['of the list of workspaces', () => ask(url, 'GET /connect/workspaces', nobody)],
  ]
  const statuses: number[] = []
  for (let round = 0; round < 3; round += 1)
    for (const [, tries] of places) statuses.push((await tries()).status)
  assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 401), 429, 429])
  for (const [name, tries] of places) assert.equal((await tries()).status, 429, name)
  const { status, headers, body } = await ask(url, 'GET /connect/workspaces', nobody)
  assert.deepEqual([status, body.code], [429, 'too_many_wrong_keys'])
  assert.match(String(headers.get('retry-after')), /^\d+$/)
  assert.equal((await ask(url, 'GET /approvals', bearer(keys.ada))).status, 200)
  assert.equal((await ask(url, 'GET /approvals', bearer(keys.agent))).status, 403)
  assert.equal((await ask(url, 'GET /connect/workspaces', bearer(keys.ada))).status, 200)
  assert.notEqual(operatorKey, keys.ada)
})

test('a server without API keys limits them too, whether it serves nobody or everybody', async (t) => {
  const nobody = bearer('key-of-nobody-at-all-0000009')
  for (const [callers, status] of [
    [[], 401],
    [[caller(null)], 403],
  ] as const) {
    const { url } = await desk(t, { callers: [...callers] })
    const tried = Array.from({ length: 11 }, () => ask(url, 'GET /approvals', nobody))
    const statuses = (await Promise.all(tried)).map((one) => one.status)
    assert.deepEqual(statuses.toSorted(), [...Array.from({ length: 10 }, () => status), 429])
    assert.equal((await ask(url, 'GET /approvals', bearer(keys.ada))).status, 200)
  }
})
