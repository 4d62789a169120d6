import { invalidInput } from '../../errors.ts'
import { type Sources, secretOf } from '../secrets.ts'
import type { AuthConfig } from './config.ts'
import { introspection } from './introspection.ts'
import { issuerOf } from './issuer.ts'
import { jwtCheck } from './jwt.ts'
import { keySetOf } from './key-set.ts'
import { type Claims, refusedToken } from './token.ts'

/** How tokens are checked, after what can be found wrong before any comes. */
export async function checkOf(config: AuthConfig, resource: string, sources: Sources) {
  const { issuer, audience = resource, algorithms } = config
  const { jwksUri, introspectionEndpoint, hasPkce } = await issuerOf(issuer)
  const asked = config.introspection && {
    ...config.introspection,
    secret: secretOf(config.introspection, 'client_secret', 'auth.introspection', sources),
  }
  if (asked && introspectionEndpoint === null)
    throw invalidInput(
      'auth.introspection: the metadata of the authorization server has no introspection_endpoint',
    )
  if (!asked && jwksUri === null)
    throw invalidInput(
      'auth.issuer: the metadata of the authorization server has no jwks_uri, so no token could be checked; for opaque tokens add auth.introspection',
    )
  const opaque =
    asked &&
    introspection({
      endpoint: String(introspectionEndpoint),
      clientId: asked.client_id,
      clientSecret: asked.secret,
      issuer,
      audience,
      cacheSeconds: asked.cache_seconds,
    })
  await opaque?.tryOut()
  const jwt =
    jwksUri === null
      ? null
      : jwtCheck(await keySetOf(jwksUri, { algorithms, outageMs: config.outage_minutes * 60_000 }), {
          issuer,
          audience,
          algorithms,
          tokenType: config.token_type,
          clientClaim: config.client_claim,
          toleranceSeconds: config.clock_tolerance_seconds,
        })
  return {
    warnings: hasPkce
      ? []
      : [
          'The metadata of the authorization server does not announce PKCE with S256, without which MCP clients refuse to sign in. Switch it on there.',
        ],
    async check(token: string): Promise<Claims> {
      const isJwt = /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)
      if (isJwt && jwt !== null) {
        const claims = await jwt(token)
        if (asked?.tokens === 'all') await opaque?.check(token)
        return claims
      }
      if (opaque) return await opaque.check(token)
      throw refusedToken('malformed_token', 'This is neither an API key nor an access token of this server')
    },
  }
}
