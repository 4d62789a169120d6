import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK } from 'jose'

/** What is used of `oidc-provider`, which brings no types. */
type Provider = {
  callback(): (request: IncomingMessage, response: ServerResponse) => void
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>
}
type Context = {
  oidc: {
    client: { clientId: string }
    session: { accountId: string }
    params: { scope?: string; resource?: string | string[] }
    provider: { Grant: new (of: object) => Grant }
  }
}
type Grant = {
  addOIDCScope(scope: string): void
  addResourceScope(resource: string, scope: string): void
  save(): Promise<string>
}

const name: string = 'oidc-provider' // it is installed with this folder only

export const redirectUri = 'http://127.0.0.1:9/callback'
export const robot = { client_id: 'robot', client_secret: 'a-secret-of-the-robot-0123456789' }
export const desk = { client_id: 'approvals-desk', client_secret: 'a-secret-of-the-desk-0123456789' }
export const introspecting = { client_id: 'intercom-mcp', client_secret: 'a-secret-of-the-server-0123456789' }
export const desktop = { client_id: 'desktop', redirect_uris: [redirectUri] }

async function signingKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' }
}

/**
 * An authorization server on loopback, at which whoever comes is `ada` and allows what is asked for. `resources`: the tokens
 * it issues for each resource, and for how many seconds.
 */
export async function authorizationServer(
  resources: ReadonlyMap<string, { format: 'jwt' | 'opaque'; seconds: number }>,
) {
  const { default: Made } = (await import(name)) as {
    default: new (issuer: string, config: object) => Provider
  }
  const { errors } = (await import(name)) as { errors: { InvalidTarget: new () => Error } }
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let keys = [await signingKey('first')]
  let provider = made()

  function made(): Provider {
    return new Made(issuer, {
      jwks: { keys },
      clients: [
        {
          ...desktop,
          application_type: 'native',
          token_endpoint_auth_method: 'none',
          grant_types: ['authorization_code', 'refresh_token'],
        },
        ...[robot, desk, introspecting].map((one) => ({
          ...one,
          redirect_uris: [],
          response_types: [],
          grant_types: ['client_credentials'],
        })),
      ],
      clientDefaults: { id_token_signed_response_alg: 'ES256' },
      cookies: { keys: ['not a secret'] },
      pkce: { required: () => true },
      scopes: ['openid', 'offline_access', 'intercom:read', 'intercom:write', 'intercom:send'],
      issueRefreshToken: () => true,
      findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
      interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      loadExistingGrant,
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        introspection: { enabled: true, allowedPolicy: () => true },
        revocation: { enabled: true, allowedPolicy: () => true },
        registration: { enabled: true },
        resourceIndicators: {
          enabled: true,
          useGrantedResource: () => true,
          getResourceServerInfo(_: unknown, resource: string) {
            const known = resources.get(resource)
            if (known === undefined) throw new errors.InvalidTarget()
            return {
              scope: 'intercom:read intercom:write intercom:send intercom:approve',
              audience: resource,
              accessTokenFormat: known.format,
              accessTokenTTL: known.seconds,
              jwt: { sign: { alg: 'ES256' } },
            }
          },
        },
      },
    })
  }

  /** All that is asked for is allowed at once. */
  async function loadExistingGrant({ oidc }: Context): Promise<Grant> {
    const { client, session, params } = oidc
    const grant = new oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope(`openid offline_access ${params.scope ?? ''}`)
    for (const resource of [params.resource ?? []].flat())
      grant.addResourceScope(resource, params.scope ?? '')
    await grant.save()
    return grant
  }

  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return provider.callback()(request, response)
    provider
      .interactionFinished(request, response, { login: { accountId: 'ada' }, consent: {} })
      .catch(() => response.end())
  })

  return {
    issuer,
    /** Signs with a new key from now on; the old one is published still. */
    async rotate(): Promise<void> {
      keys = [await signingKey('second'), ...keys]
      provider = made()
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Opens an address as a browser does, with its cookies; answers the parameters with which it is sent back to the client. */
export async function browse(start: URL): Promise<URLSearchParams> {
  const cookies = new Map<string, string>()
  let url = start
  for (let steps = 0; steps < 10; steps += 1) {
    if (url.href.startsWith(redirectUri)) return url.searchParams
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const one of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(one) ?? []
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null)
      throw new Error(`${url.pathname} answered ${response.status}: ${(await response.text()).slice(0, 500)}`)
    url = new URL(location, url)
  }
  throw new Error('too many redirects')
}
