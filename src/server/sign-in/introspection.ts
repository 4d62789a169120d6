import { createHash } from 'node:crypto'
import { invalidInput } from '../../errors.ts'
import { fetchJson, membersOf, unavailable } from './fetch-json.ts'
import { type Claims, isFor, refusedToken } from './token.ts'

/** Tokens that are remembered, those that are good and those that are not each. */
const mostRemembered = 10_000
/** Questions that the authorization server is asked at once. */
const mostAtOnce = 50

export type IntrospectionOptions = {
  endpoint: string
  clientId: string
  clientSecret: string
  issuer: string
  audience: string
  /** How long an answer counts; one about a good token never beyond the token. */
  cacheSeconds: number
  /** Unix ms, for tests. */
  now?: () => number
}

/** `null`: not active. */
type Known = { claims: Claims | null; until: number }

/**
 * Asks the authorization server about a token (RFC 7662), and answers what it says. Throws an `IntercomError`: of a refused
 * token, or `sign_in_unavailable`.
 */
export function introspection(options: IntrospectionOptions) {
  const { endpoint, clientId, clientSecret, issuer, audience, cacheSeconds } = options
  const now = options.now ?? Date.now
  const remembered = { good: new Map<string, Known>(), bad: new Map<string, Known>() }
  const asking = new Map<string, Promise<Claims | null>>()

  function known(hash: string): Known | undefined {
    const found = remembered.good.get(hash) ?? remembered.bad.get(hash)
    return found !== undefined && found.until > now() ? found : undefined
  }

  function remember(hash: string, claims: Claims | null): void {
    const exp = typeof claims?.['exp'] === 'number' ? claims['exp'] * 1000 : Number.POSITIVE_INFINITY
    const until = Math.min(now() + cacheSeconds * 1000, exp)
    const kept = claims === null ? remembered.bad : remembered.good
    for (const map of Object.values(remembered)) map.delete(hash)
    const [oldest] = kept.keys()
    if (kept.size >= mostRemembered && oldest !== undefined) kept.delete(oldest)
    kept.set(hash, { claims, until })
  }

  async function ask(token: string): Promise<Claims | null> {
    const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`
    const { status, body } = await fetchJson(endpoint, {
      method: 'POST',
      headers: {
        Authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
    })
    const { active, ...claims } = membersOf(body)
    if (status !== 200 || typeof active !== 'boolean')
      throw unavailable(
        `introspection answered ${status}${status === 200 ? ', but not in the form of RFC 7662' : ''}`,
      )
    return active ? claims : null
  }

  async function answerOf(token: string): Promise<Claims | null> {
    const hash = createHash('sha256').update(token).digest('base64')
    const found = known(hash)
    if (found !== undefined) return found.claims
    const running = asking.get(hash)
    if (running !== undefined) return await running
    if (asking.size >= mostAtOnce) throw unavailable('too many access tokens are being checked')
    const one = ask(token)
      .then((claims) => {
        remember(hash, claims)
        return claims
      })
      .finally(() => asking.delete(hash))
    asking.set(hash, one)
    return await one
  }

  return {
    async check(token: string): Promise<Claims> {
      const claims = await answerOf(token)
      if (claims === null)
        throw refusedToken('token_inactive', 'This access token has expired, was revoked, or is unknown')
      const { iss, aud, exp, nbf, token_type: type, typ, token_use } = claims
      if (iss !== undefined && iss !== issuer)
        throw refusedToken('wrong_issuer', 'This access token was issued by another issuer')
      if (!isFor(audience, aud))
        throw refusedToken('wrong_audience', 'This access token is for another resource')
      if (!isTime(exp) || !isTime(nbf))
        throw refusedToken(
          'malformed_token',
          'The authorization server gives no usable exp or nbf for this token',
        )
      if (exp !== undefined && exp * 1000 <= now())
        throw refusedToken('token_expired', 'This access token has expired')
      if (nbf !== undefined && nbf * 1000 > now())
        throw refusedToken('token_not_yet_valid', 'This access token is not valid yet')
      if ((type !== undefined && !/^bearer$/i.test(String(type))) || [typ, token_use].some(isOtherUse))
        throw refusedToken('wrong_token_type', 'This token is not a bearer access token')
      return claims
    },

    /** Whether this server may ask at all. Throws an `IntercomError` that says why not. */
    async tryOut(): Promise<void> {
      const claims = await ask('a token that nobody has').catch((error: Error) => error)
      if (claims instanceof Error)
        throw invalidInput(
          `auth.introspection: ${endpoint} does not answer this server (${claims.message}); check client_id and its secret`,
        )
    },
  }
}

/** Some servers call a refresh token active too. */
function isOtherUse(use: unknown): boolean {
  return typeof use === 'string' && /^(refresh|id)/i.test(use)
}

function isTime(value: unknown): value is number | undefined {
  return value === undefined || Number.isFinite(value)
}
