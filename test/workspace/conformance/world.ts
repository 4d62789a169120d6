import assert from 'node:assert/strict'
import { type CheckedWorkspace, openCheckedWorkspace } from '../../support/checked-workspace.ts'

/** A request of these tests. `headers` replace the usual ones; null leaves one out. */
export interface Call {
  readonly body?: unknown
  /** Sent as it is, whatever it is. */
  readonly text?: string
  readonly headers?: Readonly<Record<string, string | null>>
}

/** The first error of an answer, with its status. */
interface Refusal {
  readonly status: number
  readonly code: string | undefined
  readonly message: string | undefined
}

/** A seeded workspace whose answers are validated, with a few objects to use and two ways to send requests. */
export interface World extends CheckedWorkspace {
  readonly me: { readonly id: string; readonly app: { readonly id_code: string } }
  readonly admins: readonly { readonly id: string; readonly name: string; readonly has_inbox_seat: boolean }[]
  readonly user: { readonly id: string; readonly external_id: string; readonly email: string }
  readonly lead: { readonly id: string }
  readonly tag: { readonly id: string; readonly name: string }
  readonly conversation: { readonly id: string }
  /** Sends a request that must succeed, and returns the body. The validator checks its shape. */
  ask<Body>(method: string, path: string, call?: Call): Promise<Body>
  /** Asks for something that must be refused. */
  refused(method: string, path: string, call?: Call): Promise<Refusal>
}

/** An id that no contact has. */
export const NO_CONTACT = '0123456789abcdef01234567'

/** Opens the world these tests share. */
export async function openWorld(): Promise<World> {
  const workspace = await openCheckedWorkspace({ seed: 'small', rateLimit: false })

  async function send(method: string, path: string, { body, text, headers }: Call = {}) {
    const payload = text ?? (body === undefined ? undefined : JSON.stringify(body))
    const all = {
      authorization: `Bearer ${workspace.accessToken}`,
      accept: 'application/json',
      'intercom-version': '2.12',
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    }
    const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null)
    const response = await fetch(workspace.url + path, {
      method,
      headers: sent,
      ...(payload === undefined ? {} : { body: payload }),
    })
    const answer = await response.text()
    return { status: response.status, answer }
  }

  async function ask<Body>(method: string, path: string, call?: Call): Promise<Body> {
    const { status, answer } = await send(method, path, call)
    assert.ok(status >= 200 && status < 300, `${method} ${path}: ${status} ${answer}`)
    return (answer === '' ? undefined : JSON.parse(answer)) as Body
  }

  async function refused(method: string, path: string, call?: Call): Promise<Refusal> {
    const { status, answer } = await send(method, path, call)
    assert.ok(status >= 400, `${method} ${path}: ${status} ${answer}`)
    const [error] = (JSON.parse(answer) as { errors: { code: string; message: string }[] }).errors
    return { status, code: error?.code, message: error?.message }
  }

  const person = { external_id: 'conformance-1', email: 'conformance@example.com', name: 'Connie Form' }
  const user = await ask<World['user']>('POST', '/contacts', { body: { role: 'user', ...person } })
  const lead = await ask<World['lead']>('POST', '/contacts', { body: { role: 'lead', name: 'Lee D' } })
  const from = { type: 'user', id: user.id }
  const message = await ask<{ conversation_id: string }>('POST', '/conversations', {
    body: { from, body: 'Hello' },
  })
  // `assign` keeps the workspace's own getters alive, which a spread would freeze.
  return Object.assign(workspace, {
    ask,
    refused,
    user,
    lead,
    me: await ask<World['me']>('GET', '/me'),
    admins: (await ask<{ admins: World['admins'] }>('GET', '/admins')).admins,
    tag: await ask<World['tag']>('POST', '/tags', { body: { name: 'Conformance' } }),
    conversation: { id: message.conversation_id },
  })
}
