import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createWorkspace } from '../../src/workspace/index.ts'

const writers = 8
const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))

/** What came of one round: how many writes were answered, and which of them the file does not hold. */
export interface Storm {
  readonly answered: number
  readonly missing: readonly string[]
}

/**
 * Opens the workspace of a file in a process of its own, writes contacts, notes and replies over eight connections,
 * kills the process with SIGKILL once so many are answered, opens the file here and reads every answered write.
 */
export async function stormRound(data: string, killAfter: number): Promise<Storm> {
  const first = await open(data)
  const written: string[] = []
  const gone = once(first.process, 'exit')
  const write = async (writer: number) => {
    let contact = ''
    for (let i = 0; ; i++) {
      const [path, body] = contact
        ? [`/contacts/${contact}/notes`, { body: `${writer}.${i}` }]
        : ['/contacts', { role: 'user', external_id: `${process.pid}-${Date.now()}-${writer}-${i}` }]
      const answer = await first.post(path, body)
      // A killed server leaves requests without an answer; those may or may not have happened.
      if (answer === undefined) return
      written.push(contact ? `/notes/${answer.id}` : `/contacts/${answer.id}`)
      if (written.length === killAfter) first.process.kill('SIGKILL')
      contact = i % 5 === 0 ? String(answer.id) : i % 5 === 4 ? '' : contact
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
  first.process.kill('SIGKILL')
  await gone

  const second = await createWorkspace({ data, rateLimit: false })
  const headers = { authorization: `Bearer ${second.accessToken}` }
  const missing: string[] = []
  for (const path of written) {
    const { status } = await second.fetch(new Request(`http://local${path}`, { headers }))
    if (status !== 200) missing.push(path)
  }
  await second.close()
  return { answered: written.length, missing }
}

interface Opened {
  readonly process: ChildProcess
  post(path: string, body: object): Promise<{ id: unknown } | undefined>
}

async function open(data: string): Promise<Opened> {
  const args = [bin, 'workspace', '--data', data, '--seed', 'empty', '--port', '0']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { url, access_token } = JSON.parse(line) as { url: string; access_token: string }
  const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' }
  /** Within the limit of calls, and patient when it is reached. */
  const call = async (path: string, init: RequestInit): Promise<Response> => {
    for (;;) {
      const response = await fetch(`${url}${path}`, { ...init, headers })
      if (response.status !== 429) return response
      await response.body?.cancel()
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  return {
    process: child,
    post: async (path, body) => {
      try {
        const response = await call(path, { method: 'POST', body: JSON.stringify(body) })
        return response.ok ? ((await response.json()) as { id: unknown }) : undefined
      } catch {
        return undefined
      }
    },
  }
}
