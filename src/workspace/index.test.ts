import assert from 'node:assert/strict'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { request } from 'node:http'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { createWorkspace, type WorkspaceOptions } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'workspace-'))

async function get(
  workspace: { accessToken: string; fetch(request: Request): Promise<Response> },
  path: string,
) {
  const headers = { authorization: `Bearer ${workspace.accessToken}` }
  const response = await workspace.fetch(new Request(`http://local${path}`, { headers }))
  return (await response.json()) as { total_count: number; id: string; admins: { name: string }[] }
}

test('an empty workspace has an admin with a seat, the bot, and a token like Intercom makes them', async () => {
  const workspace = await createWorkspace()
  assert.match(Buffer.from(workspace.accessToken, 'base64').toString(), /^tok:/)
  const { admins } = await get(workspace, '/admins')
  assert.deepEqual(
    admins.map(({ name }) => name),
    ['Ada Admin', 'Fin'],
  )
  assert.equal((await get(workspace, '/contacts')).total_count, 0)
  await workspace.close()
})

test('a number seeds that many contacts and half as many conversations more', async () => {
  const workspace = await createWorkspace({ seed: 40 })
  assert.equal((await get(workspace, '/contacts')).total_count, 40)
  assert.equal((await get(workspace, '/conversations')).total_count, 60)
  await workspace.close()
})

test('two workspaces of one process know nothing of each other', async () => {
  const [one, other] = await Promise.all([createWorkspace(), createWorkspace()])
  assert.notEqual(one.accessToken, other.accessToken)
  const headers = { authorization: `Bearer ${other.accessToken}` }
  assert.equal((await one.fetch(new Request('http://local/me', { headers }))).status, 401)
  await Promise.all([one.close(), other.close()])
})

test('a port is on loopback only, is freed by close, and a second listener is told why not', async () => {
  const workspace = await createWorkspace()
  const { url, accessToken, close } = await workspace.listen()
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/)
  const headers = { authorization: `Bearer ${accessToken}` }
  const response = await fetch(`${url}/me`, { headers })
  assert.equal(response.status, 200)
  await response.text()
  const port = Number(new URL(url).port)
  await assert.rejects(workspace.listen({ port }), { message: `Port ${port} is already in use.` })
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)
  if (outside) await assert.rejects(fetch(`http://${outside.address}:${port}/me`, { headers }))
  await close()
  await assert.rejects(fetch(`${url}/me`, { headers }))
  await workspace.close()
})

test('over a socket too, a body above five megabytes is a 400 and the connection ends', async () => {
  const workspace = await createWorkspace()
  const { url, accessToken } = await workspace.listen()
  const headers = { authorization: `Bearer ${accessToken}` }
  const post = (size: number) =>
    fetch(`${url}/tags`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ name: 'x', pad: 'x'.repeat(size) }),
    })
  assert.equal((await post(5_000_000)).status, 200)
  const refused = await post(6_000_000)
  assert.deepEqual([refused.status, refused.headers.get('connection')], [400, 'close'])
  await workspace.close()
})

test('a request whose target is a whole URL is the same request, to faults and the control plane too', async () => {
  const workspace = await createWorkspace({ adminKey: 'key' })
  const { url, accessToken } = await workspace.listen()
  const status = async (path: string, token = accessToken) => {
    const { hostname, port } = new URL(url)
    const headers = { authorization: `Bearer ${token}` }
    const sent = request({ hostname, port, path, headers, agent: false }).end()
    const [answer] = await once(sent, 'response')
    answer.resume()
    return answer.statusCode
  }
  assert.equal(await status(`${url}/me`), 200)
  assert.equal(await status(`${url.toUpperCase()}/contacts?per_page=1`), 200)
  assert.equal(await status(`${url}/contacts?per_page=0`), 400)
  assert.deepEqual([await status(url), await status(`${url}?a=/me`)], [404, 404])
  assert.equal(await status(`${url}/_workspace/clock`, 'key'), 200)
  workspace.control.addFault({ kind: 'status', status: 503, route: 'GET /me' })
  assert.equal(await status(`${url}/me?x`), 503)
  assert.equal(workspace.control.requests(1)[0]?.path, '/me?x')
  await workspace.close()
})

test('a closed workspace says so, however often it is closed', async () => {
  const workspace = await createWorkspace()
  await workspace.close()
  await workspace.close()
  await assert.rejects(get(workspace, '/me'), { message: 'The workspace is closed.' })
  await assert.rejects(workspace.listen(), { message: 'The workspace is closed.' })
})

test('bad options are refused in words', async () => {
  const make = (options: object) => createWorkspace(options as WorkspaceOptions)
  await assert.rejects(
    make({ seed: 'huge' }),
    /^RangeError: seed must be 'empty', 'small', 'large' or a number/,
  )
  await assert.rejects(make({ seed: -1 }), /seed must be/)
  await assert.rejects(make({ seed: 1.5 }), /seed must be/)
  await assert.rejects(
    createWorkspace({ seeds: 'small' } as never),
    /^TypeError: Unknown option "seeds"; there are data, seed, /,
  )
  await assert.rejects(make({ data: '' }), /^TypeError: data must be the path of a file/)
  const workspace = await createWorkspace()
  await assert.rejects(workspace.listen({ port: 70_000 }), /^RangeError: port must be/)
  await workspace.close()
})

test('a data file keeps the token and the data; a seed fills only an empty one', async () => {
  const data = join(folder, 'kept.db')
  const first = await createWorkspace({ data })
  await first.close()
  const second = await createWorkspace({ data, seed: 10 })
  assert.equal(second.accessToken, first.accessToken)
  assert.equal((await get(second, '/contacts')).total_count, 10)
  await assert.rejects(createWorkspace({ data }), /in use by another workspace of this process/)
  await second.close()
  const third = await createWorkspace({ data, seed: 20 })
  assert.equal((await get(third, '/contacts')).total_count, 10)
  await third.close()
})

test('a data file, and those beside it, are for their owner alone, also those of earlier versions', async () => {
  const data = join(folder, 'private.db')
  await (await createWorkspace({ data })).close()
  assert.equal(statSync(data).mode & 0o777, 0o600)
  chmodSync(data, 0o644)
  const workspace = await createWorkspace({ data })
  workspace.control.setSearchLag(60)
  const files = readdirSync(folder).filter((name) => name.startsWith('private.db'))
  assert.ok(files.length > 1)
  for (const name of files) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name)
  await workspace.close()
})

test('a name that SQLite would read as something else is the name of a file', async (t) => {
  const before = process.cwd()
  process.chdir(folder)
  t.after(() => process.chdir(before))
  await (await createWorkspace({ data: ':memory:' })).close()
  assert.ok(existsSync(join(folder, ':memory:')))
})

test('a file that is not ours, or newer than we are, is refused and left as it was', async () => {
  const refusals: [string, RegExp][] = []
  const text = join(folder, 'letter.txt')
  writeFileSync(text, 'Dear database,\n'.repeat(20))
  refusals.push([text, /is not a workspace file/])
  const foreign = join(folder, 'foreign.db')
  const other = new DatabaseSync(foreign)
  other.exec('CREATE TABLE t (x)')
  other.close()
  refusals.push([foreign, /is not a workspace file/])
  const newer = join(folder, 'newer.db')
  await (await createWorkspace({ data: newer })).close()
  const future = new DatabaseSync(newer)
  future.exec('PRAGMA journal_mode = DELETE; PRAGMA user_version = 999')
  future.close()
  refusals.push([newer, /newer version \(schema 999/])
  for (const [data, message] of refusals) {
    const before = readFileSync(data)
    await assert.rejects(createWorkspace({ data, seed: 5 }), message)
    assert.deepEqual(readFileSync(data), before)
    assert.equal(existsSync(`${data}-wal`), false)
  }
  await assert.rejects(createWorkspace({ data: folder }), /is not a file/)
})
