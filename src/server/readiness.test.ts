import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  errorList,
  type Reply,
  scriptedIntercom,
  scriptedToken,
} from '../../test/support/scripted-intercom.ts'
import { credentials } from '../client/credentials.ts'
import type { ListedWorkspace } from '../connect/index.ts'
import { type ReadinessCheck, readyMount, tokenCheck, unusableIn, workspacesCheck } from './readiness.ts'

const admin = { id: '1', name: null }
const me = { json: { type: 'admin', id: '1', app: { id_code: 'abc' } } }
const revoked = { status: 401, json: errorList('unauthorized', `Access Token ${scriptedToken} is invalid`) }

async function scripted(t: TestContext, script: Reply[]) {
  const { url, received, close } = await scriptedIntercom(script)
  t.after(close)
  return { workspace: credentials({ accessToken: scriptedToken, baseUrl: url }), received }
}

test('Intercom is asked once for all who ask within thirty seconds', async (t) => {
  const { workspace, received } = await scripted(t, [me, revoked, me])
  let now = 0
  const check = tokenCheck(workspace, () => now)
  const answers = await Promise.all(Array.from({ length: 20 }, () => check()))
  assert.deepEqual([new Set(answers), received.length], [new Set([null]), 1])
  now = 29_999
  assert.deepEqual([await check(), received.length], [null, 1])
  now = 30_000
  assert.equal((await check())?.code, 'token_rejected')
  now = 59_999
  assert.deepEqual([(await check())?.code, received.length], ['token_rejected', 2])
  now = 60_000
  assert.deepEqual([await check(), received.length], [null, 3])
  assert.deepEqual(new Set(received.map(({ method, path }) => `${method} ${path}`)), new Set(['GET /me']))
})

test('the reason says what is wrong in words of ours', async (t) => {
  const secretive = (status: number): Reply => ({
    status,
    json: errorList('canary', `canary ${scriptedToken}`),
  })
  const cases: [Reply, string | undefined][] = [
    [revoked, 'token_rejected'],
    [secretive(403), 'intercom_failed'],
    [secretive(404), 'intercom_failed'],
    [secretive(500), 'intercom_failed'],
    [secretive(503), 'intercom_failed'],
    [
      (response) => response.writeHead(403, { 'content-type': 'text/html' }).end('<p>canary'),
      'intercom_failed',
    ],
    [(response) => response.writeHead(200, { 'content-type': 'canary' }).end('canary'), 'intercom_failed'],
    [(response) => response.writeHead(302, { location: 'http://canary.example/' }).end(), 'intercom_failed'],
    [{ json: { canary: true } }, 'intercom_failed'],
    [(_, socket) => socket.destroy(), 'intercom_unreachable'],
    [{ status: 429, json: errorList('rate_limit_exceeded', 'canary') }, undefined],
  ]
  for (const [reply, code] of cases) {
    const { workspace } = await scripted(t, [reply])
    const response = await readyMountOf(workspace)
    const text = await response.text()
    assert.deepEqual([response.status, JSON.parse(text).code], [code === undefined ? 200 : 503, code], text)
    assert.doesNotMatch(text, /canary/)
    assert.ok(!text.includes(scriptedToken.slice(0, 12)), text)
    assert.equal(response.headers.get('cache-control'), 'no-store')
  }
  const nobody = credentials({ accessToken: scriptedToken, baseUrl: 'http://127.0.0.1:1' })
  const { status, ...rest } = (await (await readyMountOf(nobody)).json()) as Record<string, string>
  assert.deepEqual([status, rest['code']], ['not_ready', 'intercom_unreachable'])
})

async function readyMountOf(...workspaces: ReturnType<typeof credentials>[]): Promise<Response> {
  const mount = readyMount(workspacesCheck(workspaces))
  assert.ok('open' in mount)
  return await mount.open.fetch(new Request('http://localhost/readyz'))
}

test('a server with several workspaces is ready while one of them is, and asks for each once', async (t) => {
  const good = await scripted(t, [me])
  const bad = await scripted(t, [revoked])
  for (const [workspaces, status] of [
    [[bad.workspace, good.workspace, good.workspace], 200],
    [[bad.workspace, bad.workspace], 503],
    [[], 200],
  ] as const)
    assert.equal((await readyMountOf(...workspaces)).status, status)
  assert.deepEqual([good.received.length, bad.received.length], [1, 2])
})

test('connected workspaces whose token was refused are named by id, and the server is ready for the others', async () => {
  const state = { refused_at: null, name: 'Customer Ltd', region: null, base_url: '', admin, connected_at: 0 }
  const all: ListedWorkspace[] = [
    { ...state, id: 'good0001', state: 'connected' },
    { ...state, id: 'gone0001', state: 'refused', refused_at: 7 },
    { ...state, id: 'odd00001', state: 'changed' },
  ]
  const bodyWith = async (check: ReadinessCheck, list: () => Promise<ListedWorkspace[]>) => {
    const mount = readyMount(check, () => unusableIn({ list }))
    assert.ok('open' in mount)
    const response = await mount.open.fetch(new Request('http://localhost/readyz'))
    return [response.status, await response.json()]
  }
  const named = [
    { id: 'gone0001', state: 'refused', refused_at: 7 },
    { id: 'odd00001', state: 'changed', refused_at: null },
  ]
  const ready = async () => null
  assert.deepEqual(await bodyWith(ready, async () => all), [
    200,
    { status: 'ok', unusable_workspaces: 2, workspaces: named },
  ])
  assert.deepEqual(await bodyWith(ready, async () => all.slice(0, 1)), [200, { status: 'ok' }])
  const many = Array.from({ length: 500 }, (_, at) => ({
    ...state,
    id: `gone-${at}`,
    state: 'refused' as const,
  }))
  const [, body] = (await bodyWith(ready, async () => many)) as [number, { workspaces: object[] }]
  assert.equal(body.workspaces.length, 100)
  const failing = async () => ({ code: 'workspaces_failed', error: 'No.' })
  const broken = await bodyWith(failing, () => Promise.reject(new Error('canary')))
  assert.deepEqual(broken, [503, { status: 'not_ready', code: 'workspaces_failed', error: 'No.' }])
})
