import { seconds } from '../clock.ts'
import type { Scope } from '../http/authenticate.ts'
import { toId } from '../http/input.ts'
import { newToken } from '../ids.ts'
import { Mistake } from '../mistake.ts'
import type { Store } from '../store/store.ts'

/** A token to make. */
export interface TokenRequest {
  /** Who signs what the token writes; the first admin unless given. */
  readonly admin_id?: number | string | undefined
  /** @default ['read', 'write'] */
  readonly scopes?: readonly Scope[] | undefined
  /** Tokens of one app share a rate limit. @default 'local' */
  readonly app?: string | undefined
}

/** A token that was made; it is shown once. */
export interface Token {
  readonly access_token: string
  readonly admin_id: string
  readonly scopes: readonly Scope[]
  readonly app: string
}

/** Makes a bearer token. Without scopes it is known, and may do nothing. */
export function createToken(store: Store, request: TokenRequest): Token {
  const { admin_id, scopes = ['read', 'write'], app = 'local' } = request
  const admin = store.db.get<{ id: number }>(
    'SELECT id FROM admins WHERE is_bot = 0 AND id = coalesce(?, id) ORDER BY id LIMIT 1',
    admin_id === undefined ? null : (toId(admin_id) ?? 0),
  )
  if (admin === undefined) throw new Mistake(`There is no admin ${admin_id}; GET /admins lists them.`)
  const token = newToken()
  store.insertToken({
    token,
    admin_id: admin.id,
    scopes: scopes.join(' '),
    app,
    created_at: seconds(store.clock),
  })
  return { access_token: token, admin_id: String(admin.id), scopes, app }
}

/**
 * Revokes a token: from now on it is answered like an unknown one (docs/intercom-api.md 1.2). Whether there
 * was one.
 */
export function revokeToken(store: Store, token: string): boolean {
  return store.db.run('DELETE FROM tokens WHERE token = ?', token) > 0
}

/** Every token that is good now. */
export function tokensOf(store: Store): string[] {
  return store.db.all<{ token: string }>('SELECT token FROM tokens').map(({ token }) => token)
}

/** The token that may do everything; a new one when it was revoked. */
export function firstToken(store: Store): string {
  const found = store.db.get<{ token: string }>(
    `SELECT token FROM tokens WHERE scopes = 'read write' ORDER BY created_at, token LIMIT 1`,
  )
  if (found !== undefined) return found.token
  const token = newToken()
  const admin_id = store.db.number('SELECT min(id) FROM admins WHERE is_bot = 0')
  store.insertToken({ token, admin_id, created_at: seconds(store.clock) })
  return token
}
