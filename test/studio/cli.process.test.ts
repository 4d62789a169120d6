// The commands that open the studio, as a user starts them.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../support/run-command.ts'
import { ask, codeOf, signedIn } from '../support/studio.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))

/** Starts a command in a folder for temporary files of its own; answers what it prints once it is ready. */
async function started(t: TestContext, args: string[], env: Record<string, string> = {}) {
  const temporary = mkdtempSync(join(tmpdir(), 'modulex-intercom-cli-'))
  const { INTERCOM_WORKSPACE_ADMIN_KEY: _, MODULEX_INTERCOM_API_KEY: __, ...own } = process.env
  const child: ChildProcess = spawn(process.execPath, [bin, ...args], {
    env: { ...own, TMPDIR: temporary, XDG_STATE_HOME: temporary, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const stop = async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  t.after(async () => {
    await stop()
    rmSync(temporary, { recursive: true, force: true })
  })
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  const [line] = (await once(lines, 'line')) as [string]
  return { printed: JSON.parse(line) as Record<string, string>, temporary, stop }
}

const foldersIn = (temporary: string) => readdirSync(temporary).filter((name) => name.includes('-studio-'))

test('studio prints its link, serves MCP and REST beside it, and leaves nothing behind', async (t) => {
  const { printed, temporary, stop } = await started(t, ['studio', '--port', '0', '--seed', '5'])
  const { url = '', intercom_url, access_token, rest_url = '', mcp_url } = printed
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/studio\/#code=[\w-]{43}$/)
  assert.equal(mcp_url, `${rest_url}/mcp`)
  const me = await fetch(`${intercom_url}/me`, { headers: { authorization: `Bearer ${access_token}` } })
  assert.equal(me.status, 200)
  const page = await signedIn(rest_url, { code: codeOf(url) })
  const { body } = await ask(rest_url, 'GET /studio/api/session', page)
  assert.deepEqual([body.local, body.workspace, body.views.length], [true, intercom_url, 5])
  assert.equal((await ask(rest_url, 'POST /actions/list_tags', {}, {})).body.success, true)
  assert.equal((await ask(rest_url, 'GET /', { Accept: 'text/html' })).headers.get('location'), '/studio/')
  const [folder = ''] = foldersIn(temporary)
  assert.equal(statSync(join(temporary, folder)).mode & 0o777, 0o700)
  await stop()
  assert.deepEqual(foldersIn(temporary), [])
})

test('with a data file the journal lies beside it, and a held call is decided in the studio', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-data-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const data = join(folder, 'desk.db')
  const { printed } = await started(t, [
    ...['studio', '--port', '0', '--seed', '5', '--data', data, '--sends', 'confirm'],
  ])
  assert.deepEqual([existsSync(`${data}.journal`), existsSync(`${data}.journal.approvals`)], [true, true])
  const { url = '', rest_url = '' } = printed
  const page = await signedIn(rest_url, { code: codeOf(url) })
  const found = await ask(rest_url, 'GET /studio/api/intercom/conversations?per_page=1', page)
  const admins = await ask(rest_url, 'GET /studio/api/intercom/admins', page)
  const send = {
    ...{ conversation_id: found.body.conversations[0].id, reply_type: 'admin', message_type: 'comment' },
    ...{ admin_id: admins.body.admins[0].id, body: 'On its way' },
  }
  const held = await ask(rest_url, 'POST /actions/reply_to_conversation', {}, send)
  assert.equal(held.status, 202)
  assert.match(JSON.stringify(held.body), /\/studio\/sends\/approvals\/apr_/)
  const { approvals } = (await ask(rest_url, 'GET /studio/api/approvals', page)).body
  const path = `POST /studio/api/approvals/${approvals[0].id}/decision`
  assert.equal((await ask(rest_url, path, page, { decision: 'approve' })).body.state, 'done')
})

test('workspace and serve open it too; on a real Intercom it has the rights of its key', async (t) => {
  const [workspace, serve] = await Promise.all([
    started(t, ['workspace', '--port', '0', '--seed', '5', '--studio', '--studio-port', '0']),
    started(t, ['serve', '--port', '0', '--studio', '--read-only'], {
      INTERCOM_ACCESS_TOKEN: 'dG9rOmEtdG9rZW4tb2YtdGVzdHM=',
      INTERCOM_API_BASE_URL: 'http://127.0.0.1:1',
    }),
  ])
  const at = (link = '') => new URL(link).origin
  const beside = workspace.printed['studio']
  const desk = await signedIn(at(beside), { code: codeOf(beside ?? '') })
  assert.equal((await ask(at(beside), 'GET /studio/api/workspace/clock', desk)).status, 200)
  const real = serve.printed['studio']
  const page = await signedIn(at(real), { code: codeOf(real ?? '') })
  const { body } = await ask(at(real), 'GET /studio/api/session', page)
  assert.deepEqual(
    [body.local, body.operator, body.views, body.policy.read_only, body.workspace],
    [false, null, ['actions', 'sends', 'traffic'], true, 'http://127.0.0.1:1'],
  )
  const write = await ask(at(real), 'POST /studio/api/actions/create_note', page, {
    ...{ contact_id: '1', body: 'x' },
  })
  assert.notEqual(write.status, 200)
  assert.equal((await ask(at(real), 'GET /studio/api/workspace/clock', page)).body.code, 'local_only')
})

test('serve ends where it may not open the studio, also with a local Intercom and approvals open', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-refused-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const flags = ['--local', '--port', '0', '--host', '0.0.0.0', '--sends', 'confirm', '--studio']
  const { code, stderr } = await runCommand(
    process.execPath,
    [
      fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url)),
      'serve',
      ...flags,
      '--approvals',
      join(folder, 'approvals.db'),
    ],
    { env: { MODULEX_INTERCOM_API_KEY: 'a-key-of-a-server-that-others-reach' } },
  )
  assert.equal(code, 2, stderr)
  assert.match(stderr, /--studio needs listen\.public_url/)
})
