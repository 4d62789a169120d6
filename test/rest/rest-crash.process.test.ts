import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createIntercom } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { childEnv } from '../openapi-validator/child-env.ts'
import { runCommand } from '../support/run-command.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))

/** The command line's server, once it is ready. */
async function serve(t: TestContext, env: Record<string, string>, ...flags: string[]) {
  const child = spawn(process.execPath, [bin, 'serve', '--port', '0', ...flags], {
    env: childEnv(env),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  t.after(() => child.kill('SIGKILL'))
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { child, url: (JSON.parse(line) as { url: string }).url }
}

test('a server that is killed while it sends leaves one reply, which its successor finds under the same key', async (t) => {
  const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-crash-'))
  const { url, accessToken } = await workspace.listen()
  const intercom = createIntercom({ accessToken, baseUrl: url })
  t.after(async () => {
    await workspace.close()
    rmSync(folder, { recursive: true })
  })
  const { result: staff } = await intercom.listAdmins()
  const { contacts } = await intercom.searchContacts({ query_field: 'role', query_value: 'user' })
  const { result } = await intercom.sendIncomingMessage({
    contact_id: String(contacts[0]?.id),
    body: 'Hello',
  })
  const conversation_id = String(result?.conversation_id)
  const admin_id = String(staff?.admins.find(({ has_inbox_seat }) => has_inbox_seat)?.id)
  const request = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'ticket-1' },
    body: JSON.stringify({ conversation_id, reply_type: 'admin', admin_id, body: 'Once' }),
  }
  const env = { INTERCOM_ACCESS_TOKEN: accessToken, INTERCOM_API_BASE_URL: url }
  const route = 'POST /conversations/{id}/reply'
  const { id: fault } = workspace.control.addFault({ kind: 'stall', route, count: 1 })

  const first = await serve(t, env, '--journal', join(folder, 'journal.db'))
  const lost = fetch(`${first.url}/actions/reply_to_conversation`, request).catch(() => 'lost')
  while (workspace.control.faults().find(({ id }) => id === fault)?.injected !== 1) await sleep(10)
  first.child.kill('SIGKILL')
  assert.equal(await lost, 'lost')

  const config = join(folder, 'config.json')
  writeFileSync(config, '{ "journal": "journal.db" }')
  const second = await serve(t, env, '--config', config)
  const statuses: number[] = []
  while (statuses.at(-1) !== 200) {
    const answer = await fetch(`${second.url}/actions/reply_to_conversation`, request)
    statuses.push(answer.status)
    assert.ok([200, 409].includes(answer.status), `${answer.status} ${await answer.text()}`)
    await sleep(200)
  }
  const { result: thread } = await intercom.getConversation({ conversation_id })
  const bodies = thread?.conversation_parts.conversation_parts.flatMap(({ body }) => body ?? [])
  assert.deepEqual(bodies, ['<p>Once</p>'])
})

test('a journal that cannot be used is wrong usage', async () => {
  const { code, stderr } = await runCommand(
    process.execPath,
    [bin, 'serve', '--local', '--port', '0', '--journal', '/absent/journal.db'],
    { env: {} },
  )
  assert.equal(code, 2)
  assert.match(stderr, /\/absent\/journal\.db/)
})
