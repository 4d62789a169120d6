import { invalidInput } from '../../errors.ts'
import { isSecure } from './config.ts'
import { fetchJson, membersOf } from './fetch-json.ts'

/** What an authorization server says of itself, as far as this server needs it. */
export type Issuer = {
  issuer: string
  jwksUri: string | null
  introspectionEndpoint: string | null
  /** Whether it says that it takes PKCE with S256, without which MCP clients refuse to sign in. */
  hasPkce: boolean
}

/**
 * The metadata of an authorization server (RFC 8414, OpenID Connect Discovery). Throws an `IntercomError` that says what
 * is wrong with it.
 */
export async function issuerOf(issuer: string): Promise<Issuer> {
  const tried: string[] = []
  for (const url of metadataUrls(issuer)) {
    const { status, body } = await fetchJson(url).catch((error: Error) => ({
      status: error.message,
      body: undefined,
    }))
    if (status === 200 && body !== undefined) return checked(issuer, url, membersOf(body))
    tried.push(`${url}: ${status === 200 ? 'no JSON' : status}`)
  }
  throw invalidInput(
    `auth.issuer: the metadata of the authorization server cannot be read (${tried.join('; ')}); redirects are not followed`,
  )
}

/** With the issuer's path behind the well-known part, and before it. */
function metadataUrls(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer)
  const own = pathname.replace(/\/$/, '')
  const urls = [
    `${origin}/.well-known/oauth-authorization-server${own}`,
    `${origin}${own}/.well-known/openid-configuration`,
    `${origin}/.well-known/openid-configuration${own}`,
  ]
  return [...new Set(urls)]
}

function checked(issuer: string, url: string, metadata: Record<string, unknown>): Issuer {
  if (metadata['issuer'] !== issuer) {
    const named = typeof metadata['issuer'] === 'string' ? JSON.stringify(metadata['issuer']) : 'none'
    throw invalidInput(
      `auth.issuer: the metadata at ${url} names another issuer, ${named}; the two must match exactly, including a slash at the end`,
    )
  }
  const methods = metadata['code_challenge_methods_supported']
  return {
    issuer,
    jwksUri: urlIn(metadata, 'jwks_uri'),
    introspectionEndpoint: urlIn(metadata, 'introspection_endpoint'),
    hasPkce: Array.isArray(methods) && methods.includes('S256'),
  }
}

function urlIn(metadata: Record<string, unknown>, name: string): string | null {
  const given = metadata[name]
  if (given === undefined || given === null) return null
  const url = typeof given === 'string' ? URL.parse(given) : null
  if (url === null || !isSecure(url))
    throw invalidInput(`auth.issuer: ${name} in its metadata is not an https URL (http only on this machine)`)
  return url.href
}
