import { checkedToken, hostOf, regions } from '../client/credentials.ts'
import { IntercomError } from '../errors.ts'
import { ask, type Sending } from './http.ts'
import { type ConnectedWorkspace, isWorkspaceId } from './workspaces.ts'

/** A region of Intercom. */
export type Region = keyof typeof regions

/** Where people consent, by region (docs/intercom-api.md 7). */
const consentHosts: Record<Region, string> = {
  US: 'https://app.intercom.com',
  EU: 'https://app.eu.intercom.com',
  AU: 'https://app.au.intercom.com',
}

/** The app whose installation is asked for, as its Developer Hub has it. */
export type OAuthApp = Sending & {
  clientId: string
  clientSecret: string
  /** One of the app's redirect URLs; `undefined` means its first one. */
  redirectUrl?: string | undefined
  /** Whose hosts ask for consent and exchange the code. @default 'US' */
  region?: Region | undefined
  /** Other hosts than Intercom's, for tests against a local Intercom on loopback, by region. */
  hosts?: Partial<Record<Region, { app: string; api: string }>> | undefined
}

/** The address where somebody consents. */
export function consentUrl(app: OAuthApp, state: string): string {
  const { clientId, redirectUrl, region = 'US' } = app
  const url = new URL(`${app.hosts?.[region]?.app ?? consentHosts[region]}/oauth`)
  url.searchParams.set('client_id', clientId)
  url.searchParams.set('state', state)
  if (redirectUrl !== undefined) url.searchParams.set('redirect_uri', redirectUrl)
  return url.href
}

/**
 * Exchanges a code for a token and asks whose it is. The token is for the host of the workspace's region. Rejects with an
 * `IntercomError` that holds neither code nor token.
 */
export async function exchangeCode(
  app: OAuthApp,
  code: string,
): Promise<{ workspace: ConnectedWorkspace; accessToken: string }> {
  const { clientId, clientSecret, region = 'US' } = app
  const form = { code, client_id: clientId, client_secret: clientSecret }
  const url = new URL('/auth/eagle/token', apiOf(app, region))
  const { status, json } = await ask({ method: 'POST', url, form }, app)
  if (status === 401 || status === 400)
    throw refused(
      'Intercom refused the code',
      'A code is valid once, for five minutes: begin again. If that does not help, check the client id and its secret.',
    )
  if (status !== 200) throw refused(`Intercom answered the code with status ${status}`, 'Begin again.')
  const accessToken = tokenIn(json)
  return { accessToken, workspace: await workspaceOf(app, accessToken) }
}

/** The workspace of a token, asked for at the app's host and then, where that refuses it, at those of the other regions. */
async function workspaceOf(app: OAuthApp, accessToken: string): Promise<ConnectedWorkspace> {
  const own = app.region ?? 'US'
  const all = [own, ...(Object.keys(regions) as Region[]).filter((region) => region !== own)]
  for (const region of all) {
    const url = new URL('/me', apiOf(app, region))
    const { status, json } = await ask({ method: 'GET', url, accessToken }, app)
    if (status === 401) continue
    if (status !== 200) throw refused(`Intercom answered /me with status ${status}`, 'Begin again.')
    return described(app, region, json)
  }
  throw refused('Intercom refused the token that it has just issued', 'Begin again.')
}

function described(app: OAuthApp, asked: Region, json: unknown): ConnectedWorkspace {
  const me = isObject(json) ? json : {}
  const found = isObject(me['app']) ? me['app'] : {}
  const id = found['id_code']
  if (!isWorkspaceId(id)) throw refused('the answer to /me names no workspace', 'Begin again.')
  const region = textOf(found['region'])
  const known = region !== null && Object.hasOwn(regions, region) ? (region as Region) : asked
  return {
    id,
    name: textOf(found['name']),
    region,
    base_url: apiOf(app, known),
    admin: { id: textOf(me['id']) ?? '', name: textOf(me['name']) },
    connected_at: Date.now(),
  }
}

/** Uninstalls the app from a workspace at Intercom. False where its token was not good any more. */
export async function uninstall(
  baseUrl: string,
  accessToken: string,
  sending: Sending = {},
): Promise<boolean> {
  const url = new URL('/auth/uninstall', hostOf({ baseUrl }).origin)
  const { status } = await ask({ method: 'POST', url, accessToken }, sending)
  if (status === 401) return false
  if (status >= 200 && status < 300) return true
  throw refused(
    `Intercom answered the uninstallation with status ${status}`,
    'Try again, or uninstall it in Intercom.',
  )
}

/** Whether Intercom takes a token: false where it refuses it (401). Rejects where that cannot be said. */
export async function isTokenGood(
  baseUrl: string,
  accessToken: string,
  sending: Sending = {},
): Promise<boolean> {
  const url = new URL('/me', hostOf({ baseUrl }).origin)
  const { status } = await ask({ method: 'GET', url, accessToken }, sending)
  if (status === 401) return false
  if (status >= 200 && status < 300) return true
  throw refused(`Intercom answered /me with status ${status}`, 'Try again.')
}

function apiOf(app: OAuthApp, region: Region): string {
  return hostOf({ baseUrl: app.hosts?.[region]?.api ?? regions[region] }).origin
}

function tokenIn(json: unknown): string {
  const given = isObject(json) ? (json['access_token'] ?? json['token']) : null
  try {
    return checkedToken(given)
  } catch {
    throw refused('the answer to the code holds no token', 'Begin again.')
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : null
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function refused(message: string, hint: string): IntercomError {
  return new IntercomError(message, { code: 'connect_failed', outcome: 'rejected', hint })
}
