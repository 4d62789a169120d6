import type { OpenMount } from '../mounts.ts'
import type { Refusal } from '../refusal.ts'
import type { CallScope } from './config.ts'

const wellKnown = '/.well-known/oauth-protected-resource'

export type Challenges = ReturnType<typeof challengesOf>

/**
 * What a client needs to sign in: the metadata of this server (RFC 9728), and where to find it. `scopes`: what it is to
 * ask for first.
 */
export function challengesOf(publicUrl: string, scopes: readonly CallScope[]) {
  const resource = `${new URL(publicUrl).origin}/mcp`
  const metadataUrl = `${new URL(publicUrl).origin}${wellKnown}/mcp`

  function header(asked: readonly CallScope[], error = ''): string {
    return `Bearer ${error}resource_metadata="${metadataUrl}", scope="${asked.join(' ')}"`
  }

  /** `WWW-Authenticate` of a call that needs these scopes. */
  const insufficient = (needed: readonly CallScope[]) => header(needed, 'error="insufficient_scope", ')

  return {
    resource,
    insufficient,
    missing: refusal(
      401,
      'missing_key',
      'Sign in, or send an API key or an access token of this server as "Authorization: Bearer TOKEN".',
      header(scopes),
    ),
    noScope: refusal(
      403,
      'insufficient_scope',
      `This access token has none of the scopes of this server. Sign in again and allow ${scopes.join(', ')}.`,
      insufficient(scopes),
    ),
    /** `error`: without quotes. */
    invalid: (code: string, error: string): Refusal =>
      refusal(401, code, error, header(scopes, `error="invalid_token", error_description="${error}", `)),
    mountFor(issuer: string): OpenMount {
      const document = {
        resource,
        authorization_servers: [issuer],
        scopes_supported: scopes,
        bearer_methods_supported: ['header'],
        resource_name: 'Intercom',
      }
      return {
        path: '/.well-known', // clients try other documents too, and a 401 would send them to sign in for one
        open: {
          fetch({ url, method }) {
            const { pathname } = new URL(url)
            if (pathname !== wellKnown && pathname !== `${wellKnown}/mcp`)
              return refused(404, 'no_such_path', 'Nothing is served at this path.')
            if (method !== 'GET' && method !== 'HEAD')
              return refused(405, 'method_not_allowed', 'This path takes GET only.', { Allow: 'GET, HEAD' })
            return Response.json(document, { headers: { 'Cache-Control': 'max-age=300' } })
          },
        },
      }
    },
  }
}

function refusal(status: number, code: string, error: string, challenge: string): Refusal {
  return { status, code, error, headers: { 'WWW-Authenticate': challenge } }
}

function refused(
  status: number,
  code: string,
  error: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json({ success: false, error, code }, { status, headers })
}
