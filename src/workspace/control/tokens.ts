import { seconds } from '../clock.ts'
import { ControlError } from '../control-error.ts'
import type { Scope } from '../http/authenticate.ts'
import { toId } from '../http/input.ts'
import { newToken } from '../ids.ts'
import type { Store } from '../store/store.ts'

/** A token to create. */
export interface TokenRequest {
  /** The admin in whose name the token writes. @default the first admin */
  readonly admin_id?: number | string | undefined
  /** @default ['read', 'write'] */
  readonly scopes?: readonly Scope[] | undefined
  /** Tokens of one app share a rate limit. @default 'local' */
  readonly app?: string | undefined
}

/** A new token; it is shown once. */
export interface AccessToken {
  readonly access_token: string
  readonly admin_id: string
  readonly scopes: readonly Scope[]
  readonly app: string
}

/** Creates a bearer token. Without scopes it is valid but allows nothing. */
export function createToken(store: Store, request: TokenRequest): AccessToken {
  const { admin_id, scopes = ['read', 'write'], app = 'local' } = request
  const admin = store.db.get<{ id: number }>(
    'SELECT id FROM admins WHERE is_bot = 0 AND id = coalesce(?, id) ORDER BY id LIMIT 1',
    admin_id === undefined ? null : (toId(admin_id) ?? 0),
  )
  if (admin === undefined) throw new ControlError(`There is no admin ${admin_id}; GET /admins lists them.`)
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

/** Revokes a token: it is then answered like an unknown one (docs/intercom-api.md 1.2). False if there is none. */
export function revokeToken(store: Store, token: string): boolean {
  return store.db.run('DELETE FROM tokens WHERE token = ?', token) > 0
}

/** All valid tokens, with what to call each: its app and admin. */
export function tokensOf(store: Store): Map<string, string> {
  const rows = store.db.all<{ token: string; name: string }>(
    `SELECT token, app || ':' || admin_id AS name FROM tokens`,
  )
  return new Map(rows.map(({ token, name }) => [token, name]))
}

/** Makes a given token one of the first admin's, with all scopes, unless it is known already. */
export function fixToken(store: Store, token: string): void {
  if (store.db.number('SELECT count(*) FROM tokens WHERE token = ?', token) > 0) return
  const admin_id = store.db.number('SELECT min(id) FROM admins WHERE is_bot = 0')
  store.insertToken({ token, admin_id, created_at: seconds(store.clock) })
}

/** The token with all scopes; a new one if it was revoked. */
export function firstToken(store: Store): string {
  const found = store.db.get<{ token: string }>(
    `SELECT token FROM tokens WHERE scopes = 'read write' ORDER BY created_at, token LIMIT 1`,
  )
  if (found !== undefined) return found.token
  const token = newToken()
  fixToken(store, token)
  return token
}
