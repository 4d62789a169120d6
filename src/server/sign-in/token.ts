import { IntercomError } from '../../errors.ts'
import { approveScope, type CallScope, callScopes } from './config.ts'

/** Whom an access token was issued to, and for what. */
export type Identity = {
  issuer: string
  subject: string
  client: string
  scopes: readonly (CallScope | typeof approveScope)[]
  /** When the token is over, Unix ms, where that is said. */
  until: number | undefined
}

/** What says so, from a token that has been checked or an answer of the authorization server. */
export type Claims = Readonly<Record<string, unknown>>

/** Characters of a name that is taken from a token. */
const longestName = 512

/** A token that is not good here: `code` is for the log, neither text quotes anything of it. */
export function refusedToken(code: string, why: string): IntercomError {
  return new IntercomError(why, { code })
}

/**
 * Throws an `IntercomError` (a refused token) where the claims do not name a subject and a client, or bind the token to a
 * key: this server does not ask for proof of it, so that whoever has stolen it could use it.
 */
export function identityOf(
  claims: Claims,
  { issuer, clientClaim, scopeClaim }: { issuer: string; clientClaim: string; scopeClaim: string },
): Identity {
  if (claims['cnf'] !== undefined)
    throw refusedToken(
      'token_bound',
      'This access token is bound to a key (DPoP, mTLS), which is not supported',
    )
  return {
    issuer,
    subject: nameIn(claims, 'sub'),
    client: nameIn(claims, clientClaim),
    scopes: scopesIn(claims[scopeClaim]),
    until: typeof claims['exp'] === 'number' ? claims['exp'] * 1000 : undefined,
  }
}

function nameIn(claims: Claims, claim: string): string {
  const name = claims[claim]
  if (typeof name === 'string' && name !== '' && name.length <= longestName) return name
  throw refusedToken('token_incomplete', `This access token has no usable claim ${claim}`)
}

/** Of a text with blanks (RFC 8693), or an array, as some servers write it. */
function scopesIn(given: unknown): Identity['scopes'] {
  const all = typeof given === 'string' ? given.split(' ') : Array.isArray(given) ? given : []
  return [...callScopes, approveScope].filter((scope) => all.includes(scope))
}

/** Whether the audience of a token is, or holds, exactly this one. */
export function isFor(audience: string, given: unknown): boolean {
  return given === audience || (Array.isArray(given) && given.includes(audience))
}
