import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { parseConfig } from '../../src/server/config.ts'
import { callersOf } from '../../src/server/configured-callers.ts'
import { mcpMount, restMounts } from '../../src/server/mounts.ts'
import { journalOf } from '../../src/server/rest/idempotency.ts'
import { browserAt, developerHub, mountOf, pathOf } from '../support/connecting.ts'
import { served } from '../support/served.ts'

const keys = Object.fromEntries(
  ['of_eu', 'any', 'au_only'].map((name) => [name, randomBytes(24).toString('hex')]),
) as Record<'of_eu' | 'any' | 'au_only', string>

const config = parseConfig(
  JSON.stringify({
    keys: [
      { name: 'of-eu', key_env: 'of_eu', workspace: 'eu00001' },
      { name: 'any', key_env: 'any', workspaces: 'any' },
      { name: 'au-only', key_env: 'au_only', workspaces: ['au00001'], concurrent_calls: 1 },
    ],
  }),
)

/** A server with workspaces that are connected while it runs. */
async function setUp(t: TestContext) {
  const hub = await developerHub(t)
  const journal = journalOf(join(mkdtempSync(join(tmpdir(), 'connect-')), 'sends.db'), 1e6)
  t.after(() => journal.close())
  const callers = callersOf(config.keys ?? [], { env: keys, folder: '.', workspaces: hub.store }, journal)
  const mounts = [mcpMount({ bodyBytes: 1e6 }), ...restMounts(), mountOf(hub)]
  const server = await served(t, () => new Response(), { callers, mounts })
  hub.app.uninstall_url = `${server.url}/connect/uninstalled`

  async function install(id: string): Promise<void> {
    const browser = browserAt((path, init) => fetch(`${server.url}${path}`, init))
    const answer = await browser.ask(pathOf(await hub.hub.agree(await browser.begin(), id)))
    assert.equal(answer.status, 200, await answer.text())
  }

  async function call(key: keyof typeof keys, workspace: string | null, more: Record<string, string> = {}) {
    return await post('list_tags', {}, key, workspace, more)
  }

  async function post(
    action: string,
    input: object,
    key: keyof typeof keys,
    workspace: string | null,
    more: Record<string, string> = {},
  ) {
    const chosen: Record<string, string> = workspace === null ? {} : { 'intercom-workspace': workspace }
    const headers = {
      authorization: `Bearer ${keys[key]}`,
      'content-type': 'application/json',
      ...chosen,
      ...more,
    }
    const answer = await fetch(`${server.url}/actions/${action}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(input),
    })
    const json = (await answer.json()) as {
      error: string | null
      code?: string
      result?: { data?: { name: string }[] } | null
      contact?: { id: string }
    }
    return {
      status: answer.status,
      error: json.error,
      code: json.code,
      tags: json.result?.data?.map(({ name }) => name) ?? [],
      json,
    }
  }
  return { ...hub, server, install, call, post }
}

test('two workspaces are installed, called, and one uninstalled, while the other goes on', async (t) => {
  const { hub, store, server, install, call } = await setUp(t)
  const before = await call('of_eu', null)
  assert.deepEqual([before.status, before.tags], [404, []])
  assert.match(before.error ?? '', /eu00001 is not connected/)
  assert.deepEqual((await call('any', 'eu00001')).code, 'workspace_not_connected')

  await install('eu00001')
  await install('au00001')
  const first = {
    of_eu: await call('of_eu', null),
    eu: await call('any', 'eu00001'),
    au: await call('any', 'au00001'),
  }
  assert.deepEqual([first.of_eu.tags, first.eu.tags, first.au.tags], [['of-eu'], ['of-eu'], ['of-au']])
  assert.deepEqual((await call('au_only', 'au00001')).tags, ['of-au'])

  assert.deepEqual(await hub.uninstall('acme', 'eu00001'), { status: 200 })
  assert.deepEqual(
    (await store.list()).map(({ id }) => id),
    ['au00001'],
  )
  const after = await call('of_eu', null)
  assert.deepEqual([after.status, after.tags], [404, []])
  assert.match(after.error ?? '', /eu00001 is not connected.*Nothing was sent/)
  assert.deepEqual(
    [(await call('any', 'eu00001')).status, (await call('any', 'au00001')).tags],
    [404, ['of-au']],
  )

  await install('eu00001')
  assert.deepEqual((await call('of_eu', null)).tags, ['of-eu'], 'it is there again without a restart')
  const log = JSON.stringify(server.lines)
  for (const secret of [
    await store.accessToken('eu00001'),
    'dG9r',
    'state=',
    'code=',
    ...Object.values(keys),
  ])
    assert.ok(!log.includes(secret))
})

test('a token that Intercom refuses is said, and marked', async (t) => {
  const { app, hub, store, install, call } = await setUp(t)
  await install('eu00001')
  delete app.uninstall_url // nobody tells the server
  await hub.uninstall('acme', 'eu00001')
  const refused = await call('of_eu', null)
  assert.deepEqual([refused.status, refused.tags], [403, []])
  assert.match(refused.error ?? '', /401 unauthorized: Access Token Invalid/)
  assert.equal((await store.find('eu00001'))?.state, 'refused')
})

test('the header that names a workspace is for keys that may choose, and for their workspaces', async (t) => {
  const { install, call, server } = await setUp(t)
  await install('eu00001')
  await install('au00001')
  const attempts: [key: keyof typeof keys, workspace: string | null, status: number, code: string][] = [
    ['of_eu', 'au00001', 403, 'workspace_not_chosen'],
    ['of_eu', 'eu00001', 403, 'workspace_not_chosen'],
    ['of_eu', '', 403, 'workspace_not_chosen'],
    ['any', null, 400, 'workspace_missing'],
    ['any', '', 400, 'workspace_missing'],
    ['any', 'eu00001, au00001', 400, 'workspace_missing'],
    ['any', "x' OR 1", 400, 'workspace_missing'],
    ['any', 'nobody', 404, 'workspace_not_connected'],
    ['any', '-', 404, 'workspace_not_connected'],
    ['au_only', 'eu00001', 403, 'workspace_not_allowed'],
    ['au_only', 'nobody', 403, 'workspace_not_allowed'],
  ]
  for (const [key, workspace, status, code] of attempts) {
    const answer = await call(key, workspace)
    assert.deepEqual([answer.status, answer.code], [status, code], `${key} ${workspace}`)
  }
  const names = server.lines.filter(({ path }) => path.startsWith('/actions')).map(({ key }) => key)
  assert.ok(names.includes('any') && !names.includes(null))
  const stranger = await fetch(`${server.url}/actions`, { headers: { 'intercom-workspace': 'eu00001' } })
  assert.equal(stranger.status, 401)
})

test('an idempotency key counts within one workspace', async (t) => {
  const { install, post } = await setUp(t)
  await install('eu00001')
  await install('au00001')
  const key = { 'idempotency-key': 'order-7' }
  const contact = { email: 'ada@example.com', name: 'Ada' }
  const made = await Promise.all(
    ['eu00001', 'au00001'].map((id) => post('upsert_contact', contact, 'any', id, key)),
  )
  const again = await post('upsert_contact', contact, 'any', 'au00001', key)
  const ids = [...made, again].map(({ json }) => json.contact?.id)
  assert.deepEqual(
    made.map(({ status, error }) => [status, error]),
    [
      [200, null],
      [200, null],
    ],
  )
  assert.notEqual(ids[0], ids[1])
  assert.equal(ids[1], ids[2])
})

test('the configuration of docs/connect.md is one', () => {
  const page = readFileSync(new URL('../../docs/connect.md', import.meta.url), 'utf8')
  const [, json = ''] = /```json\n(.*?)```/s.exec(page) ?? []
  assert.deepEqual(
    parseConfig(json).keys?.map(({ workspace, workspaces }) => workspace ?? workspaces),
    ['abc12345', 'any'],
  )
})

test('what contradicts itself in a configuration is refused', () => {
  const { keys: _, ...rest } = config
  const wrong: [key: object, said: RegExp][] = [
    [{ workspace: 'eu00001', access_token_env: 'T' }, /takes exactly one of/],
    [{ workspace: 'eu00001', workspaces: 'any' }, /takes exactly one of/],
    [{ workspace: 'a b' }, /takes the id of a workspace/],
    [{ workspaces: [] }, /workspaces/],
    [{ workspaces: 'all' }, /takes ids of workspaces, or "any"/],
    [
      { workspace: 'eu00001', base_url: 'https://api.eu.intercom.io' },
      /region of a connected workspace is known/,
    ],
  ]
  for (const [key, said] of wrong) {
    const text = JSON.stringify({ ...rest, keys: [{ name: 'x', key_env: 'K', ...key }] })
    assert.throws(() => parseConfig(text), said)
  }
  const { keys: given = [] } = config
  assert.throws(() => callersOf(given, { env: keys, folder: '.' }), /keys\[0\].*need connect/)
  for (const [connect, said] of [
    [{ file: 'w.db', key_env: 'A', key_file: 'b' }, /not both/],
    [{ file: 'w.db', client_id: 'x' }, /takes exactly one of client_secret_env, client_secret_file/],
    [{ file: 'w.db', client_secret_env: 'X' }, /needs client_id/],
    [{ client_id: 'x' }, /connect\.file/],
    [
      { file: 'w.db', hosts: { EU: { app: 'https://evil.example', api: 'http://127.0.0.1:1' } } },
      /on this machine/,
    ],
    [{ file: 'w.db', client_secret: 'x' }, /Did you mean "client_secret_env"/],
  ] as [object, RegExp][])
    assert.throws(() => parseConfig(JSON.stringify({ connect })), said)
})
