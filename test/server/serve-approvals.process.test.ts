// `serve` with a person who decides: one server from held to sent.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { after, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { childEnv } from '../openapi-validator/child-env.ts'
import { ask, bearer, keys } from '../support/approvals-desk.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-serve-approvals-'))
after(() => rmSync(folder, { recursive: true }))

async function started(t: TestContext, env: Record<string, string>, ...flags: string[]) {
  const child: ChildProcess = spawn(process.execPath, [bin, 'serve', '--local', '--port', '0', ...flags], {
    env: childEnv({ MODULEX_INTERCOM_API_KEY: keys.agent, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  assert.ok(child.stdout && child.stderr)
  const stderr = text(child.stderr)
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  const stopped = async () => {
    child.kill('SIGTERM')
    const [code] = (await once(child, 'exit')) as [number]
    return { code, stderr: await stderr }
  }
  return { url, stopped }
}

/** What `serve` answers to a reply in some conversation. */
async function reply(url: string) {
  const post = (name: string, input: object) => ask(url, `POST /actions/${name}`, bearer(keys.agent), input)
  const { body: admins } = await post('list_admins', {})
  const { body: found } = await post('list_conversations', { per_page: 1 })
  const input = {
    conversation_id: found.conversations[0].id,
    reply_type: 'admin',
    message_type: 'comment',
    admin_id: admins.result.admins.find((one: { has_inbox_seat: boolean }) => one.has_inbox_seat).id,
    body: 'Decided by a person',
  }
  return () => post('reply_to_conversation', input)
}

test('a server holds a send, an operator approves it, and the same call gets the outcome', async (t) => {
  const file = join(folder, 'one.db')
  const env = { MODULEX_INTERCOM_OPERATOR_KEY: keys.ada }
  const { url, stopped } = await started(t, env, '--sends', 'confirm', '--approvals', file)
  const call = await reply(url)
  const held = await call()
  assert.equal(held.status, 202, JSON.stringify(held.body))
  const { body: list } = await ask(url, 'GET /approvals', bearer(keys.ada))
  const [{ id, preview }] = list.approvals
  assert.equal(held.headers.get('location'), `/approvals/${id}`)
  assert.ok(held.body.error.includes(`${url}/approvals/${id}`))
  assert.equal(preview.text, 'Decided by a person')
  assert.equal((await ask(url, 'GET /readyz')).status, 200)
  const decided = await ask(url, `POST /approvals/${id}/decision`, bearer(keys.ada), { decision: 'approve' })
  assert.deepEqual(
    [decided.body.state, decided.body.decided_by, decided.body.road],
    ['done', 'operator', 'api'],
  )
  assert.equal((await call()).status, 200)
  const { code, stderr } = await stopped()
  assert.equal(code, 0)
  assert.match(stderr, new RegExp(`Approvals are decided at ${url}/approvals`))
  assert.ok(existsSync(`${file}.journal`))
  assert.equal(statSync(file).mode & 0o777, 0o600)
  for (const secret of [keys.agent, keys.ada, 'Decided by a person']) assert.ok(!stderr.includes(secret))
})

test('without an operator it says who can decide, and gives no dead link', async (t) => {
  const file = join(folder, 'none.db')
  const { url, stopped } = await started(t, {}, '--sends', 'confirm', '--approvals', file)
  const { status, body } = await (await reply(url))()
  assert.equal(status, 202)
  assert.ok(body.error.includes('`modulex-intercom approvals`') && !body.error.includes(url), body.error)
  assert.equal((await ask(url, 'GET /approvals', { Accept: 'text/html' })).status, 401)
  const { stderr } = await stopped()
  assert.match(stderr, /No operator is configured, so there is no page: set MODULEX_INTERCOM_OPERATOR_KEY/)
  assert.ok(stderr.includes(`modulex-intercom approvals --approvals ${file}`))
})
