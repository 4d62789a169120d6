import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose'
import { IntercomError } from '../../errors.ts'
import { type Claims, refusedToken } from './token.ts'

export type JwtOptions = {
  issuer: string
  audience: string
  algorithms: readonly string[]
  /** What the header `typ` must be; `any`: it is not looked at. */
  tokenType: string
  clientClaim: string
  toleranceSeconds: number
  /** The time, for tests. */
  now?: () => Date
}

/**
 * Checks an access token that is a JWT (RFC 9068), and answers what it says. Throws an `IntercomError`: of a refused token,
 * or `sign_in_unavailable`.
 */
export function jwtCheck(find: JWTVerifyGetKey, options: JwtOptions): (token: string) => Promise<Claims> {
  const { issuer, audience, algorithms, tokenType, clientClaim, toleranceSeconds } = options
  const now = options.now ?? (() => new Date())
  return async (token) => {
    const currentDate = now()
    const claims = await verified(token, find, {
      issuer,
      audience,
      algorithms: [...algorithms],
      ...(tokenType === 'any' ? {} : { typ: tokenType }),
      requiredClaims: ['exp', 'sub', clientClaim],
      clockTolerance: toleranceSeconds,
      currentDate,
    }).catch((error: unknown) => {
      throw error instanceof IntercomError ? error : reasonOf(error)
    })
    const { iat } = claims
    if (iat !== undefined && iat > currentDate.getTime() / 1000 + toleranceSeconds)
      throw refusedToken('token_not_yet_valid', 'This access token was issued in the future')
    return claims
  }
}

/** Where several keys fit, as of tokens without `kid`, each is tried. */
async function verified(
  token: string,
  find: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, find, options)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload
      } catch (next) {
        if (!(next instanceof errors.JWSSignatureVerificationFailed)) throw next
      }
    }
    throw new errors.JWSSignatureVerificationFailed()
  }
}

const byClaim: Readonly<Record<string, [code: string, why: string]>> = {
  iss: ['wrong_issuer', 'This access token was issued by another issuer'],
  aud: ['wrong_audience', 'This access token is for another resource'],
  typ: ['wrong_token_type', 'The typ of this token is not that of an access token'],
  nbf: ['token_not_yet_valid', 'This access token is not valid yet'],
}

/** An error of jose holds the claims; nothing of it goes on. */
function reasonOf(error: unknown): IntercomError {
  if (error instanceof errors.JWTExpired)
    return refusedToken('token_expired', 'This access token has expired')
  if (error instanceof errors.JWTClaimValidationFailed) {
    const [code, why] = byClaim[error.claim] ?? []
    return refusedToken(code ?? 'token_incomplete', why ?? 'This access token lacks a required claim')
  }
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JOSEAlgNotAllowed)
    return refusedToken(
      'unknown_signing_key',
      'This access token is signed with a key that is not among those of the authorization server',
    )
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return refusedToken('wrong_signature', 'The signature of this access token is wrong')
  return refusedToken('malformed_token', 'This access token cannot be read')
}
