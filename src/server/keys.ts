import { createHash, timingSafeEqual } from 'node:crypto'
import { invalidInput } from '../errors.ts'
import type { Refusal } from './refusal.ts'

/** 24 random characters cannot be guessed. */
const shortestKey = 24

/** SHA-256 of a key: the form in which keys are kept and compared. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

/** The hash of a key. Throws an `IntercomError` where it is too short to be safe. */
export function checkedKeyHash(key: string, place: string): Buffer {
  if (/^[\x21-\x7e]+$/.test(key) && key.length >= shortestKey) return hashKey(key)
  throw invalidInput(
    `${place}: a key must have ${shortestKey} or more printable ASCII characters without spaces; \`openssl rand -hex 32\` makes one`,
  )
}

/** A caller, known by the hash of a key; `null` is everybody who can reach the server. */
export type Keyed = { keyHash: Buffer | null }

export function isSameKey({ keyHash: one }: Keyed, { keyHash: other }: Keyed): boolean {
  return one === null || other === null ? one === other : one.equals(other)
}

/** The key that an Authorization header carries. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
}

/** Whose key it is. All hashes are compared, in constant time. */
export function ownerOf<Owner extends Keyed>(owners: readonly Owner[], key: string): Owner | undefined {
  const hash = hashKey(key)
  return owners.filter(({ keyHash }) => keyHash !== null && timingSafeEqual(keyHash, hash))[0]
}

/** Whose key an Authorization header carries, if anybody's. */
export function ownerIn<Owner extends Keyed>(
  owners: readonly Owner[],
  authorization: string | undefined,
): Owner | undefined {
  const key = bearerOf(authorization)
  return key === undefined ? undefined : ownerOf(owners, key)
}

/** The caller whose key an Authorization header carries. */
export function authenticate<C extends Keyed>(
  callers: readonly C[],
  authorization: string | undefined,
): C | Refusal {
  const open = callers.find(({ keyHash }) => keyHash === null)
  if (open !== undefined) return open
  const key = bearerOf(authorization)
  if (key === undefined)
    return unauthorized('missing_key', '', 'Send an API key of this server as "Authorization: Bearer KEY".')
  return (
    ownerOf(callers, key) ??
    unauthorized(
      'wrong_key',
      ', error="invalid_token"',
      'This server does not know this API key. Ask its operator for one; an Intercom access token is not a key.',
    )
  )
}

function unauthorized(code: string, challenge: string, error: string): Refusal {
  const headers = { 'WWW-Authenticate': `Bearer realm="modulex-intercom"${challenge}` }
  return { status: 401, code, error, headers }
}
