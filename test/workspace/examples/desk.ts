import assert from 'node:assert/strict'
import { createWorkspace } from '../../../src/workspace/index.ts'

type Workspace = Awaited<ReturnType<typeof createWorkspace>>

/** A request whose answer is compared with an example. */
export interface Question {
  readonly path: string
  readonly body?: unknown
}

/** What an answer held. No body is `undefined`. */
export interface Reply {
  readonly status: number
  readonly body: unknown
}

/** A fresh workspace in which an example's situation is prepared. */
export interface Desk {
  readonly workspace: Workspace
  send(method: string, question: Question, token?: string): Promise<Reply>
  /** Asks for something that must work, and gives the body. The caller says what it reads of it. */
  ask<Body>(method: string, path: string, body?: unknown): Promise<Body>
}

/** Opens a workspace of its own for one example; `small` when it needs what no API call can make. */
export async function openDesk(seed: 'empty' | 'small' = 'empty'): Promise<Desk> {
  const workspace = await createWorkspace({ seed, rateLimit: false })

  async function send(method: string, { path, body }: Question, token = workspace.accessToken) {
    const response = await workspace.fetch(
      new Request(`http://workspace.test${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          'content-type': 'application/json',
          'intercom-version': '2.12',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
  }

  return {
    workspace,
    send,
    ask: async <Body>(method: string, path: string, body?: unknown) => {
      const reply = await send(method, { path, body })
      assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`)
      return reply.body as Body
    },
  }
}
