import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createIntercom } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { bareEnv } from '../../test/openapi-validator/child-env.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
const secret = (name: string) => name.padEnd(32, '-')

/** Callers: `agent` asks in forms and the inbox, `other` is another key, `app` lets an app decide. */
export const keys = { agent: secret('agent'), other: secret('other'), app: secret('app') }
export type Caller = keyof typeof keys
/** Operators: `ada` decides on all, `bob` on what `other` asks alone. */
export const operators = { ada: secret('ada'), bob: secret('bob') }

export type World = Awaited<ReturnType<typeof world>>

/**
 * `serve` in a process of its own, and the Intercom that it sends to, which tells of every write. `delayMs`: how long a
 * write takes to arrive, and its answer to come back.
 */
export async function world(delayMs = () => 0) {
  const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
  const { accessToken, dispatcher } = workspace
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-approvals-'))
  /** Bodies of the writes, as they came. */
  const writes: string[] = []
  const front = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    const body = await text(request)
    const isWrite = method !== 'GET' && !/\/search(\?|$)/.test(url)
    if (isWrite) {
      await sleep(delayMs())
      writes.push(body)
    }
    const sent = { method, headers: headers as Record<string, string>, ...(body === '' ? {} : { body }) }
    const answer = await workspace.fetch(new Request(`http://local${url}`, sent))
    if (isWrite) await sleep(delayMs())
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(Buffer.from(await answer.arrayBuffer()))
  })
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  const base_url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`
  const many = { calls_per_minute: 1_000_000, concurrent_calls: 10_000 }
  const key = { access_token_env: 'TOKEN', base_url, sends: 'confirm', ...many }
  const config = {
    listen: { port: 0 },
    journal: join(folder, 'journal.db'),
    keys: [
      { name: 'agent', key_env: 'AGENT', ...key },
      { name: 'other', key_env: 'OTHER', ...key },
      { name: 'app', key_env: 'APP', ...key, confirm_by: ['form', 'app'] },
    ],
    operators: [
      { name: 'ada', key_env: 'ADA' },
      { name: 'bob', key_env: 'BOB', callers: ['other'] },
    ],
  }
  writeFileSync(join(folder, 'serve.json'), JSON.stringify(config))
  const env = {
    TOKEN: accessToken,
    AGENT: keys.agent,
    OTHER: keys.other,
    APP: keys.app,
    ADA: operators.ada,
    BOB: operators.bob,
  }
  const begin = () => serve(['--config', join(folder, 'serve.json')], env)
  let started = await begin()
  const intercom = createIntercom({ accessToken, dispatcher })
  const { conversations } = await intercom.listConversations({ per_page: 20 })
  const { result: admins } = await intercom.listAdmins()
  return {
    get url() {
      return started.url
    },
    writes,
    conversations: (conversations ?? []).map(({ id }) => String(id)),
    admin: String(admins?.admins[0]?.id),
    /** SIGKILL. */
    async kill() {
      const ended = once(started.child, 'exit')
      started.child.kill('SIGKILL')
      await ended
    },
    async restart() {
      started = await begin()
    },
    /** Starts `approvals`, beside the server or without it, on its file. */
    approvals(...args: string[]): ChildProcess {
      const file = join(folder, 'journal.db.approvals')
      return spawn(process.execPath, [bin, 'approvals', ...args, '--approvals', file], {
        env: { ...bareEnv(), INTERCOM_ACCESS_TOKEN: accessToken, INTERCOM_API_BASE_URL: base_url },
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    },
    isUp: () => started.child.exitCode === null && started.child.signalCode === null,
    async close() {
      const ended = once(started.child, 'exit')
      started.child.kill('SIGTERM')
      await ended
      front.closeAllConnections()
      front.close()
      await workspace.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Starts `serve`; answers once it listens. */
async function serve(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [bin, 'serve', ...args], {
    env: { ...bareEnv(), ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  for await (const line of createInterface({ input: child.stdout }))
    return { child, url: (JSON.parse(line) as { url: string }).url }
  throw new Error('serve ended before it listened')
}
