import {
  type ConnectedWorkspace,
  consentUrl,
  exchangeCode,
  type OAuthApp,
  uninstall,
  type Workspaces,
} from '../../connect/index.ts'
import { consentMs, pendingInstallations } from '../../connect/pending.ts'
import { ended, IntercomError } from '../../errors.ts'
import type { KeyOrToken } from '../key-or-token.ts'
import { bearerOf } from '../keys.ts'
import type { OpenMount } from '../mounts.ts'
import type { Refusal } from '../refusal.ts'
import { isRefusal } from '../sessions.ts'
import { answerIntercom } from './from-intercom.ts'
import { keyPage, named, saying } from './page.ts'

export type ConnectOptions = {
  workspaces: Workspaces
  /** Its redirect URL is `/connect/callback` of this server. */
  app: OAuthApp & { redirectUrl: string }
  people: Pick<KeyOrToken, 'operatorBy'>
  /**
   * Whether anybody may connect a workspace, as an app of the app store needs; otherwise operators alone. A word: whoever
   * knows it begins at `/connect/WORD`, and nobody else.
   */
  open?: boolean | string | undefined
  /** Whether an installation ends at Intercom's app store. */
  appStore?: boolean | undefined
  /** Hears of each workspace that is connected or gone; no token, no code. */
  say?: ((text: string) => void) | undefined
  onConnected?: ((workspace: ConnectedWorkspace) => void) | undefined
  /** In ms. */
  now?: (() => number) | undefined
}

/** Where Intercom's app store takes over again (docs/intercom-api.md 7). */
const appStoreUrl = 'https://app.intercom.com/appstore/redirect'

/**
 * Where workspaces are connected: `/connect` begins, `/connect/callback` ends, `/connect/uninstalled` and
 * `/connect/health` hear from Intercom, `/connect/workspaces` lists and removes for operators.
 */
export function connectMount(options: ConnectOptions): OpenMount {
  const {
    workspaces,
    app,
    people,
    open = false,
    appStore = false,
    say = () => {},
    onConnected,
    now,
  } = options
  const pending = pendingInstallations(now)
  const isSecure = new URL(app.redirectUrl).protocol === 'https:'
  const consent = new URL(consentUrl(app, '')).origin
  const again = `Begin again at ${typeof open === 'string' ? 'the address that the command shows' : '/connect'}.`

  function begin(status: 302 | 303): Response {
    const { state, secret, name } = pending.begin()
    const headers = {
      ...plain,
      Location: consentUrl(app, state),
      'Set-Cookie': cookie(name, secret, isSecure),
    }
    return new Response(null, { status, headers })
  }

  async function beginByKey(request: Request, network: string): Promise<Response> {
    const key = new URLSearchParams(await request.text()).get('key')?.trim() ?? ''
    const found = await people.operatorBy(key, network)
    return isRefusal(found) ? keyPage(consent, found) : begin(303)
  }

  async function finish(request: Request, given: URLSearchParams): Promise<Response> {
    const [state, ...moreStates] = given.getAll('state')
    const [code, ...moreCodes] = given.getAll('code')
    if (state === undefined || moreStates.length > 0 || moreCodes.length > 0)
      return ending(400, `This address is not one that Intercom sends a browser to. ${again}`)
    const cookies = cookiesOf(request)
    const problem = pending.finish(state, (name) => cookies.get(cookieName(name, isSecure)))
    if (problem !== null) return ending(400, `${problems[problem]} ${again}`)
    if (code === undefined || given.has('error'))
      return ending(400, 'Nothing was connected: nobody has agreed.')
    try {
      // Also when the browser has left: the code is used up, and the app installed.
      const { workspace, accessToken } = await exchangeCode(app, code)
      await workspaces.save(workspace, accessToken)
      onConnected?.(workspace)
      say(`Connected the workspace ${workspace.id} (${workspace.region ?? 'no region'}).`)
      return ending(200, `${named(workspace)} is connected. You can close this page.`)
    } catch (error) {
      if (!(error instanceof IntercomError)) throw error
      return ending(502, `Nothing was connected: ${ended(error.message)} ${error.hint ?? ''}`)
    }
  }

  function ending(status: number, text: string): Response {
    const isDone = status === 200
    if (!appStore) return saying(status, isDone ? 'Connected' : 'Not connected', text)
    const url = new URL(appStoreUrl)
    url.searchParams.set('install_success', String(isDone))
    if (!isDone) url.searchParams.set('error_message', text)
    return new Response(null, { status: 302, headers: { ...plain, Location: url.href } })
  }

  async function remove(id: string): Promise<Response> {
    const found = await workspaces.find(id)
    if (found === null)
      return refusal(404, 'workspace_not_connected', 'No workspace with this id is connected.')
    let uninstalled = false
    try {
      uninstalled = await uninstall(found.base_url, await workspaces.accessToken(id), app)
    } catch (error) {
      if (!(error instanceof IntercomError)) throw error
      // A token that cannot be read ends nothing at Intercom. One that Intercom has not answered for stays, to try again.
      if (error.code !== 'workspace_changed')
        return refusal(502, error.code, `Nothing was removed: ${ended(error.message)} ${error.hint ?? ''}`)
    }
    await workspaces.remove(id)
    say(`Removed the workspace ${id}.`)
    return Response.json({ success: true, error: null, id, uninstalled }, { headers: plain })
  }

  async function forOperators(request: Request, id: string | undefined, network: string): Promise<Response> {
    const key = bearerOf(request.headers.get('authorization') ?? undefined)
    const found = key === undefined ? missingKey : await people.operatorBy(key, network)
    if (isRefusal(found)) return refusal(found.status, found.code, found.error, found.headers)
    if (request.method === 'DELETE' && id !== undefined) return await remove(id)
    if (request.method !== 'GET' || id !== undefined)
      return refusal(
        405,
        'method_not_allowed',
        'GET /connect/workspaces lists, DELETE /connect/workspaces/ID removes.',
      )
    return Response.json(
      { success: true, error: null, workspaces: await workspaces.list() },
      { headers: plain },
    )
  }

  async function fetch(request: Request, network: string): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    const route = `${request.method} ${pathname}`
    if (typeof open === 'string') {
      if (route === `GET /connect/${open}`) return begin(302)
    } else if (route === 'GET /connect') return open ? begin(302) : keyPage(consent)
    if (route === 'POST /connect') return await beginByKey(request, network)
    if (route === 'GET /connect/callback') return await finish(request, searchParams)
    if (route === 'POST /connect/uninstalled' || route === 'POST /connect/health')
      return await answerIntercom(pathname, request, { workspaces, app, say })
    const list = /^\/connect\/workspaces(?:\/([\w-]+))?$/.exec(pathname)
    if (list !== null) return await forOperators(request, list[1], network)
    return refusal(404, 'no_such_path', `Nothing is served at this path. ${again}`)
  }

  return {
    path: '/connect',
    open: { fetch: (request, network = '') => fetch(request, network).catch(unexpected) },
    bodyBytes: 16 * 1024,
  }
}

const problems = {
  unknown: 'This installation was not begun here, is over already, or has taken longer than ten minutes.',
  other_browser: 'This installation was begun in another browser, so that it cannot be ended in this one.',
}

/** The file of workspaces cannot be used, for instance; everything else is a fault of the server. */
function unexpected(error: unknown): Response {
  if (!(error instanceof IntercomError)) throw error
  return refusal(503, error.code, `${ended(error.message)} ${error.hint ?? ''}`)
}

const plain = { 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }

function refusal(
  status: number,
  code: string,
  error: string,
  headers: Record<string, string> = {},
): Response {
  const body = { success: false, error: error.trim(), code }
  return Response.json(body, { status, headers: { ...plain, ...headers } })
}

const missingKey: Refusal = {
  status: 401,
  code: 'wrong_key',
  error: 'Send the key of an operator, or their access token, as "Authorization: Bearer KEY".',
}

/** Over https a name that no other host, and no other path, can set. */
function cookieName(name: string, isSecure: boolean): string {
  return `${isSecure ? '__Host-' : ''}modulex_connect_${name}`
}

/** Lax: Intercom sends the browser back from its own site. */
function cookie(name: string, secret: string, isSecure: boolean): string {
  const where = isSecure ? 'Path=/; Secure' : 'Path=/connect'
  return `${cookieName(name, isSecure)}=${secret}; ${where}; Max-Age=${consentMs / 1000}; HttpOnly; SameSite=Lax`
}

function cookiesOf(request: Request): Map<string, string> {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((part): [string, string] => {
    const [name = '', value = ''] = part.trim().split('=', 2)
    return [name, value]
  })
  return new Map(pairs)
}
