import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AccessToken, TokenRequest } from '../control/tokens.ts'
import { dispatcherOf, type WorkspaceDispatcher } from '../dispatcher.ts'
import { bearerToken } from '../http/authenticate.ts'
import { newRequestId } from '../ids.ts'
import { checkApp, type HubApp } from './app.ts'
import { askedBy, backTo, consentPage, type Offered, page } from './consent.ts'
import { Grants } from './grants.ts'
import { type Host, type HostName, hosts, isHostName, serves } from './hosts.ts'
import { listenByName } from './listen.ts'

/** What of a workspace can be connected: one that `createWorkspace` made. */
export interface HubWorkspace {
  readonly accessToken: string
  readonly control: {
    createToken(request: TokenRequest): AccessToken
    revokeToken(accessToken: string): boolean
  }
  fetch(request: Request): Promise<Response>
}

/** Options of `createDeveloperHub`. */
export interface DeveloperHubOptions {
  /** What can be installed. */
  readonly apps: readonly HubApp[]
  /** Into which workspaces; each has an id of its own (`app.id_code` of a fixture). */
  readonly workspaces: readonly HubWorkspace[]
  /** Unix ms, for the age of codes. @default the machine's clock */
  readonly now?: (() => number) | undefined
}

/** Intercom's side of installing an app: its hosts by name, the consent page, codes and tokens. */
export interface DeveloperHub {
  /** Answers for the host that a request names; 421 for any but Intercom's. */
  fetch(request: Request): Promise<Response>
  /** The same for a client: `createIntercom({ …, dispatcher })`. */
  readonly dispatcher: WorkspaceDispatcher
  /** What a browser does on the consent page: agrees for a workspace, or cancels. Gives the address it is sent to. */
  agree(authorizeUrl: string, workspaceId: string | null): Promise<string>
  /** What a teammate does in Intercom. Tells the app; `null` where it names no `uninstall_url`, or does not answer. */
  uninstall(clientId: string, workspaceId: string): Promise<{ status: number } | null>
  /** Asks the app whether it works for a workspace: its answer, `null` without one. */
  checkHealth(clientId: string, workspaceId: string): Promise<unknown>
  /** Opens a port on 127.0.0.1 for each host. */
  listen(): Promise<{ urls: Record<HostName, string>; close(): Promise<void> }>
}

type Member = Offered & { workspace: HubWorkspace; tokens: Map<string, string | null> }

/** Plays Intercom towards apps that are installed into several workspaces (docs/workspace.md). */
export async function createDeveloperHub(options: DeveloperHubOptions): Promise<DeveloperHub> {
  const { now = Date.now } = options
  for (const app of options.apps) checkApp(app)
  const apps = new Map(options.apps.map((app) => [app.client_id, app]))
  if (apps.size < options.apps.length) throw new TypeError('Two apps have the same client_id.')
  const members = new Map<string, Member>()
  for (const workspace of options.workspaces) {
    const member = await memberOf(workspace)
    if (members.has(member.id)) throw new TypeError(`Two workspaces have the id ${member.id}.`)
    members.set(member.id, member)
  }
  const grants = new Grants(now)

  const offeredAt = (host: Host) => [...members.values()].filter(({ region }) => serves(host, region))

  async function answer(name: HostName, request: Request): Promise<Response> {
    const host = hosts[name]
    const { pathname, searchParams } = new URL(request.url)
    const route = `${request.method} ${pathname}`
    if (host.kind === 'app') {
      if (route === 'GET /oauth') return ask(host, searchParams)
      if (route === 'POST /oauth') return decide(host, new URLSearchParams(await request.text()))
      if (route === 'GET /appstore/redirect') return page(200, '<h1>App store</h1>')
      return page(404, '<h1>Not found</h1>')
    }
    if (route === 'POST /auth/eagle/token') return await exchange(host, request)
    if (route === 'POST /auth/uninstall') return await revoke(host, request)
    const own = memberWith(host, request)
    const { workspace } = own ?? [...members.values()][0] ?? {}
    const forwarded = own === undefined ? withoutToken(request) : request
    return workspace === undefined ? unauthorized('Access Token Invalid') : await workspace.fetch(forwarded)
  }

  function ask(host: Host, given: URLSearchParams): Response {
    const asked = askedBy(apps, given)
    return typeof asked === 'string' ? page(400, `<p>${asked}</p>`) : consentPage(asked, offeredAt(host))
  }

  function decide(host: Host, given: URLSearchParams): Response {
    const asked = askedBy(apps, given)
    if (typeof asked === 'string') return page(400, `<p>${asked}</p>`)
    const member = offeredAt(host).find(({ id }) => id === given.get('workspace'))
    if (given.get('decision') !== 'connect') return found(backTo(asked, { error: 'access_denied' }))
    if (member === undefined) return page(400, '<p>Choose a workspace.</p>')
    return found(backTo(asked, { code: grants.give(asked.app.client_id, member.id) }))
  }

  async function exchange(host: Host, request: Request): Promise<Response> {
    const given = await fieldsOf(request)
    const missing = ['code', 'client_id', 'client_secret'].find((name) => given[name] === undefined)
    if (missing !== undefined) return failure(400, 'parameter_not_found', `${missing} is required`)
    const { code = '', client_id = '', client_secret = '' } = given
    const app = apps.get(client_id)
    if (app === undefined || !isSame(client_secret, app.client_secret))
      return unauthorized('Unauthorized Code')
    const member = members.get(grants.take(code, client_id) ?? '')
    if (member === undefined || !serves(host, member.region)) return unauthorized('Unauthorized Code')
    const { access_token } = member.workspace.control.createToken({ app: client_id })
    member.tokens.set(access_token, client_id)
    return Response.json({ token_type: 'Bearer', token: access_token, access_token })
  }

  async function revoke(host: Host, request: Request): Promise<Response> {
    const member = memberWith(host, request)
    const app = apps.get(member?.tokens.get(bearerOf(request)) ?? '')
    if (member === undefined || app === undefined) return unauthorized('Access Token Invalid')
    await remove(app, member)
    return new Response(null, { status: 200 })
  }

  function memberWith(host: Host, request: Request): Member | undefined {
    const token = bearerOf(request)
    return offeredAt(host).find(({ tokens }) => tokens.has(token))
  }

  async function remove(app: HubApp, member: Member): Promise<{ status: number } | null> {
    for (const [token, client] of member.tokens) {
      if (client !== app.client_id) continue
      member.workspace.control.revokeToken(token)
      member.tokens.delete(token)
    }
    const told = await tell(app, app.uninstall_url, { app_id: member.id })
    return told === null ? null : { status: told.status }
  }

  function named(clientId: string, workspaceId: string): { app: HubApp; member: Member } {
    const [app, member] = [apps.get(clientId), members.get(workspaceId)]
    if (app === undefined) throw new RangeError(`There is no app ${clientId}.`)
    if (member === undefined) throw new RangeError(`There is no workspace ${workspaceId}.`)
    return { app, member }
  }

  async function fetch(request: Request): Promise<Response> {
    const { hostname } = new URL(request.url)
    if (!isHostName(hostname)) return new Response('Not a host of Intercom.', { status: 421 })
    return await answer(hostname, request)
  }

  return {
    fetch,
    dispatcher: dispatcherOf(fetch, () => true),
    async agree(authorizeUrl, workspaceId) {
      const { origin, hostname, searchParams } = new URL(authorizeUrl)
      searchParams.set('decision', workspaceId === null ? 'cancel' : 'connect')
      searchParams.set('workspace', workspaceId ?? '')
      const form = { method: 'POST', body: searchParams, redirect: 'manual' } as const
      const send = isHostName(hostname) ? fetch : globalThis.fetch // by name, or on the port of a name
      const answered = await send(new Request(`${origin}/oauth`, form))
      const location = answered.headers.get('location')
      if (location === null) throw new RangeError(`The consent page answers: ${await answered.text()}`)
      return location
    },
    uninstall(clientId, workspaceId) {
      const { app, member } = named(clientId, workspaceId)
      return remove(app, member)
    },
    async checkHealth(clientId, workspaceId) {
      const { app } = named(clientId, workspaceId)
      const told = await tell(app, app.health_check_url, { workspace_id: workspaceId })
      return told === null ? null : await told.json().catch(() => null)
    },
    listen: () => listenByName(answer),
  }
}

async function memberOf(workspace: HubWorkspace): Promise<Member> {
  const headers = { authorization: `Bearer ${workspace.accessToken}` }
  const answered = await workspace.fetch(new Request('https://api.intercom.io/me', { headers }))
  const { app } = (await answered.json()) as { app: { id_code: string; name: string; region: string } }
  const { id_code: id, name, region } = app
  return { id, name, region, workspace, tokens: new Map([[workspace.accessToken, null]]) }
}

/** Intercom signs with the client secret: HMAC-SHA256 in hex (docs/intercom-api.md 7). `null` where nobody answers. */
async function tell(app: HubApp, url: string | undefined, what: object): Promise<Response | null> {
  if (url === undefined) return null
  const body = JSON.stringify(what)
  const signature = createHmac('sha256', app.client_secret).update(body).digest('hex')
  const headers = { 'content-type': 'application/json', accept: '*/*', 'x-body-signature': signature }
  const init = {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(5000),
  } as const
  return await globalThis.fetch(url, init).catch(() => null)
}

/** The fields of a form or of JSON. */
async function fieldsOf(request: Request): Promise<Record<string, string | undefined>> {
  const text = await request.text()
  if (!request.headers.get('content-type')?.startsWith('application/json'))
    return Object.fromEntries(new URLSearchParams(text))
  try {
    const fields = Object.entries(JSON.parse(text) as object)
    return Object.fromEntries(fields.filter(([, value]) => typeof value === 'string'))
  } catch {
    return {}
  }
}

function bearerOf(request: Request): string {
  return bearerToken(request.headers.get('authorization') ?? undefined) ?? ''
}

function withoutToken(request: Request): Request {
  const headers = new Headers(request.headers)
  headers.delete('authorization')
  return new Request(request, { headers })
}

function isSame(a: string, b: string): boolean {
  const [given, own] = [Buffer.from(a), Buffer.from(b)]
  return given.length === own.length && timingSafeEqual(given, own)
}

function found(location: string): Response {
  return new Response(null, { status: 302, headers: { Location: location, 'Cache-Control': 'no-store' } })
}

function unauthorized(message: string): Response {
  return failure(401, 'unauthorized', message)
}

function failure(status: number, code: string, message: string): Response {
  const body = { type: 'error.list', request_id: newRequestId(), errors: [{ code, message }] }
  return Response.json(body, { status })
}
