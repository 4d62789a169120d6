import { AssertionError } from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createWorkspace } from '../../src/workspace/index.ts'
import { loadValidator } from '../openapi-validator/index.ts'

type Workspace = Awaited<ReturnType<typeof createWorkspace>>
type WorkspaceOptions = NonNullable<Parameters<typeof createWorkspace>[0]>

/** Set by `test-hosts`, which puts a proxy in front: the port to listen on, and the address for clients. */
const { WORKSPACE_PORT: fixedPort, WORKSPACE_URL: proxyUrl } = process.env

/** One request and its answer. The token is left out of the headers. */
interface Exchange {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly status: number
  readonly response: unknown
}

/** A workspace on a loopback port whose traffic is validated. */
export interface CheckedWorkspace {
  readonly url: string
  readonly accessToken: string
  readonly workspace: Workspace
  readonly exchanges: readonly Exchange[]
  /** Answers as over HTTP, validated too, without a socket. */
  answer(request: Request): Promise<Response>
  /** What the validator has found so far. */
  readonly violations: readonly string[]
  /** Stops everything, then throws if there were violations. */
  close(): Promise<void>
}

/**
 * Starts a workspace over real HTTP. With INTERCOM_OPENAPI set every answer is validated, and with
 * `checkRequests` every request too (off by default: tests send bad requests on purpose). The rate limit is
 * lifted unless asked for: tests are faster than it allows.
 */
export async function openCheckedWorkspace(
  options: WorkspaceOptions & { checkRequests?: boolean } = {},
): Promise<CheckedWorkspace> {
  const { checkRequests = false, ...own } = options
  const making = createWorkspace({ rateLimit: false, ...own })
  const [workspace, validator] = await Promise.all([making, loadValidator()])
  const exchanges: Exchange[] = []
  // By kind: a list of a hundred invalid items is one violation, not a hundred.
  const violations = new Map<string, string>()

  async function answer(incoming: Request): Promise<Response> {
    const text = await incoming.text()
    const { pathname, search, searchParams } = new URL(incoming.url)
    const { method, headers } = incoming
    const given = await workspace.fetch(
      new Request(incoming.url, { method, headers, ...(text && { body: text }) }),
    )
    const path = pathname + search
    const body = parsed(text)
    const isFile = given.headers.get('content-type') === 'application/octet-stream'
    const sent = given.clone()
    const response = isFile ? await sent.bytes() : parsed(await sent.text())
    const { status } = given

    const { authorization: _, ...shown } = Object.fromEntries(headers)
    exchanges.push({
      method,
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: shown,
      body,
      status,
      response,
    })
    const found = [
      ...(checkRequests ? (validator?.checkRequest({ method, path, headers, body }) ?? []) : []),
      ...(validator?.checkResponse({
        method,
        path,
        status,
        headers: given.headers,
        body: response,
        requestHeaders: headers,
      }) ?? []),
    ]
    for (const violation of found) {
      const kind = violation.replaceAll(/\/\d+(?=[/:])/g, '/*')
      if (!violations.has(kind)) violations.set(kind, violation)
    }
    return given
  }
  const server = createAdaptorServer({ fetch: answer })
  server.listen(Number(fixedPort ?? 0), '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  async function stop() {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
    await workspace.close()
  }
  let stopped: Promise<void> | undefined

  return {
    url: proxyUrl ?? `http://127.0.0.1:${port}`,
    accessToken: workspace.accessToken,
    workspace,
    exchanges,
    answer,
    get violations() {
      return [...violations.values()]
    },
    async close() {
      stopped ??= stop()
      await stopped
      if (violations.size > 0) {
        throw new AssertionError({
          message: `Not as Intercom's API description and docs/intercom-api.md allow:\n${[...violations.values()].join('\n')}`,
        })
      }
    },
  }
}

function parsed(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
