import type { Store } from '../store/store.ts'
import { ApiError } from './api-error.ts'

/** A token's permission: `read` for GET and searches, `write` for everything else. */
export type Scope = 'read' | 'write'

/** The caller: the admin in whose name it writes, and the app whose calls share a limit. */
export interface CallerIdentity {
  readonly token: string
  readonly adminId: number
  readonly app: string
  /** The scopes, separated by spaces. */
  readonly scopes: string
}

const bearer = /^bearer +(\S+)$/i
const basic = /^basic +([\w+/-]+=*)$/i

/** The bearer token of an `Authorization` header; undefined if there is none. */
export function bearerToken(header: string | undefined): string | undefined {
  return header === undefined ? undefined : bearer.exec(header.trim())?.[1]
}

/** The token of an `Authorization` header, also as the user name of Basic with an empty password. */
export function tokenOf(header: string | undefined): string | undefined {
  const encoded = header === undefined ? undefined : basic.exec(header.trim())?.[1]
  if (encoded === undefined) return bearerToken(header)
  const credentials = Buffer.from(encoded, 'base64').toString('utf8')
  return /^(\S+):$/.exec(credentials)?.[1]
}

/**
 * The caller of a request. Missing, malformed, unknown and revoked tokens give the same error
 * (docs/intercom-api.md 1.2).
 */
export function authenticate(store: Store, header: string | undefined): CallerIdentity {
  const token = tokenOf(header)
  const caller =
    token === undefined
      ? undefined
      : store.db.get<CallerIdentity>(
          'SELECT token, admin_id AS adminId, app, scopes FROM tokens WHERE token = ?',
          token,
        )
  if (caller === undefined) throw new ApiError(401, 'unauthorized', 'Access Token Invalid')
  return caller
}

/**
 * 403 for a scope that the token lacks; of the two documented codes (docs/intercom-api.md 1.2) the one about
 * tokens.
 */
export function checkScope(scopes: string, reads: boolean): void {
  if (scopes.includes(reads ? 'read' : 'write')) return
  throw new ApiError(403, 'token_unauthorized', 'Not authorized to access resource')
}
