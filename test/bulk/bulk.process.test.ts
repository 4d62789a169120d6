import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createIntercom } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { childEnv } from '../openapi-validator/child-env.ts'
import { correspondence } from '../support/correspondence.ts'
import { runCommand } from '../support/run-command.ts'

// `bulk` on the command line, against a workspace that says what really happened.
const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-bulk-'))
const workspace = await createWorkspace({ seed: 'small', rateLimit: { app: 100_000, workspace: false } })
const { url, accessToken } = await workspace.listen()
const env = {
  INTERCOM_ACCESS_TOKEN: accessToken,
  INTERCOM_API_BASE_URL: url,
  XDG_STATE_HOME: join(folder, 'state'),
}
const { admin_id, contact_id, conversation, bodies } = await correspondence(
  createIntercom({ accessToken, baseUrl: url }),
)
after(async () => {
  await workspace.close()
  rmSync(folder, { recursive: true })
})

/** In a process of its own. */
const bulkProcess = (args: string[]) => runCommand(process.execPath, [bin, 'bulk', ...args], { env })

let files = 0
function file(content: string, name = 'rows.csv'): string {
  const path = join(folder, `${files++}-${name}`)
  writeFileSync(path, content)
  return path
}

const notes = (count: number) =>
  `contact_id,body\n${Array.from({ length: count }, (_, n) => `${contact_id},Note ${n}`).join('\n')}\n`
const linesOf = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1)

test('wrong usage of bulk ends a process with exit code 2', async () => {
  const { code, stdout, stderr } = await bulkProcess(['create_note'])
  assert.deepEqual([code, stdout], [2, ''])
  assert.match(stderr, /needs a file, or - for stdin/)
})

test('Ctrl-C ends after the rows under way, with 130, and the same command goes on', async () => {
  const path = file(notes(200))
  const child = spawn(process.execPath, [bin, 'bulk', 'create_note', path, '--rate', '100'], {
    env: childEnv(env),
    stdio: 'ignore',
  })
  const results = join(`${path}.create_note.job`, 'results.jsonl')
  while (!existsSync(results) || linesOf(results).length < 20) await sleep(20)
  child.kill('SIGINT')
  assert.deepEqual(await once(child, 'exit'), [130, null])
  const done = linesOf(results).length
  assert.ok(done >= 20 && done < 200, `${done}`)
  const { code, stdout } = await bulkProcess(['create_note', path])
  assert.deepEqual([code, JSON.parse(stdout).succeeded, linesOf(results).length], [0, 200, 200])
})

test('after a SIGKILL and without its results a job still sends every row exactly once', async () => {
  const ids = await Promise.all(Array.from({ length: 40 }, () => conversation()))
  const rows = [...ids, ...ids].map((id, n) => `${id},admin,${admin_id},Row ${n}`)
  const path = file(`conversation_id,reply_type,admin_id,body\n${rows.join('\n')}\n`)
  const fault = workspace.control.addFault({
    kind: 'delay',
    ms: 150,
    route: 'POST /conversations/{id}/reply',
  })
  const child = spawn(process.execPath, [bin, 'bulk', 'reply_to_conversation', path], {
    env: childEnv(env),
    stdio: 'ignore',
  })
  const results = join(`${path}.reply_to_conversation.job`, 'results.jsonl')
  while (!existsSync(results) || linesOf(results).length < 40) await sleep(5)
  child.kill('SIGKILL')
  await once(child, 'exit')
  workspace.control.clearFaults(fault.id)
  rmSync(results)
  const { code, stdout } = await bulkProcess(['reply_to_conversation', path])
  assert.deepEqual([code, JSON.parse(stdout).succeeded, linesOf(results).length], [0, 80, 80])
  for (const [n, id] of ids.entries()) {
    assert.deepEqual(await bodies(id), [`<p>Row ${n}</p>`, `<p>Row ${n + 40}</p>`])
  }
})
