import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { createAdaptorServer } from '@hono/node-server'
import type { Operator } from '../../src/server/approvals/operator.ts'
import type { ServedApprovals } from '../../src/server/approvals/serving.ts'
import type { Caller } from '../../src/server/caller.ts'
import type { Mount } from '../../src/server/mounts.ts'
import { mcpMount, restMounts } from '../../src/server/mounts.ts'
import { journalOf } from '../../src/server/rest/idempotency.ts'
import { authSchema } from '../../src/server/sign-in/config.ts'
import { type CurrentSignIn, signInOf } from '../../src/server/sign-in/sign-in.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { type Issuer, issuer } from './issuer.ts'
import { caller, served } from './served.ts'

export const key = 'key-of-the-support-agent-0001'
const publicUrl = 'https://mcp.example.com'

/** A local Intercom that remembers the Authorization headers it was sent, and a reply to a conversation of it. */
export async function intercomOf(t: TestContext) {
  const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
  const seen = new Set<string | null>()
  const server = createAdaptorServer({
    fetch: (request: Request) => {
      seen.add(request.headers.get('authorization'))
      return workspace.fetch(request)
    },
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    server.close()
    await workspace.close()
  })
  const token = workspace.accessToken
  const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const first = async (name: string): Promise<string> => {
    const answer = await fetch(`${base_url}/${name}`, { headers: { Authorization: `Bearer ${token}` } })
    return ((await answer.json()) as Record<string, { id: string }[]>)[name]?.[0]?.id ?? ''
  }
  const [conversation_id, admin_id] = [await first('conversations'), await first('admins')]
  const reply = (message_type: 'note' | 'comment') => ({
    ...{ conversation_id, reply_type: 'admin', message_type, admin_id, body: 'Hello' },
  })
  return { seen, token, base_url, reply }
}

/** What came back. */
export type Came = {
  status: number
  challenge: string | null
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as callers of a plain HTTP API do
  body: any
}

export type SignedInOptions = {
  auth?: object
  env?: Record<string, string>
  callers?: Caller[]
  operators?: Operator[]
  /** A file: with it there are idempotency keys. */
  journal?: string
  /** Holds calls, and knows by `signedIn` who signs in. */
  heldBy?: ServedApprovals['heldBy']
  signedIn?: CurrentSignIn
  mounts?: Mount[]
}

/** A server with REST and MCP whose callers sign in with an issuer. */
export async function signedIn(t: TestContext, options: SignedInOptions = {}, given?: Issuer) {
  const at = given ?? (await issuer(t))
  const { auth, env = {}, callers = [caller(key, { name: 'support' })], operators = [], heldBy } = options
  const config = authSchema.parse({ issuer: at.url, allow: [{ access_token_env: 'TOKEN' }], ...auth })
  const journal = options.journal === undefined ? undefined : journalOf(options.journal, 1e6)
  const sources = { env: { TOKEN: 'token-of-the-workspace', SECRET: 'a-secret', ...env }, folder: '.' }
  const signIn = await signInOf(config, {
    ...{ publicUrl, sources, journal, operators },
    ...(heldBy && { heldBy }),
  })
  if (options.signedIn) options.signedIn.current = signIn
  const mounts = [mcpMount({ bodyBytes: 1e6 }), ...restMounts(), signIn.mount, ...(options.mounts ?? [])]
  const hosts = ['mcp.example.com']
  const { url, lines, prepare } = await served(t, () => new Response(), { signIn, callers, mounts, hosts })

  async function ask(token: string, start: string, body?: unknown, more: object = {}): Promise<Came> {
    const [method = '', path = ''] = start.split(' ')
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
        'Content-Type': 'application/json',
        Accept: 'application/json',
        ...more,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    const { status, headers } = response
    return {
      status,
      headers,
      challenge: headers.get('www-authenticate'),
      body: isJson ? JSON.parse(text) : text,
    }
  }
  const call = (token: string, name: string, input: object = {}, more: object = {}) =>
    ask(token, `POST /actions/${name}`, input, more)
  const mcp = (token: string, method: string, params: object = {}) =>
    ask(token, 'POST /mcp', { jsonrpc: '2.0', id: 1, method, params })
  /** Puts other entries in the place of `auth.allow`. */
  const allowing = (allow: object[]) =>
    prepare({ callers, signIn: signIn.withEntries(authSchema.shape.allow.parse(allow)) })()
  return { at, url, lines, ask, call, mcp, signIn, allowing }
}
