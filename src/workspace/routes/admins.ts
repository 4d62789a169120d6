import { ApiError } from '../http/api-error.ts'
import type { Route } from '../http/call.ts'
import { toId } from '../http/input.ts'
import { adminFull, adminItem, adminWithApp } from '../shapes/admin.ts'
import type { AdminRow } from '../store/app-tables.ts'
import type { Store } from '../store/store.ts'

/** An admin by id, given as a number or as digits. */
export function findAdmin(store: Store, id: unknown): AdminRow | undefined {
  const number = toId(id)
  return number === undefined
    ? undefined
    : store.db.get<AdminRow>('SELECT * FROM admins WHERE id = ?', number)
}

/** The bot teammate, Fin; every workspace has one. */
export function findBot(store: Store): AdminRow {
  const bot = store.db.get<AdminRow>('SELECT * FROM admins WHERE is_bot = 1 ORDER BY id LIMIT 1')
  if (bot === undefined) throw new Error('The workspace has no bot teammate')
  return bot
}

/** Who the token is, and the workspace's admins; neither is paged (docs/intercom-api.md 3.1). */
export const adminRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/me',
    handle: ({ store, adminId }) => {
      const row = findAdmin(store, adminId)
      if (row === undefined) throw new ApiError(401, 'unauthorized', 'Access Token Invalid')
      return adminWithApp(row, store.app)
    },
  },
  {
    method: 'GET',
    path: '/admins',
    handle: ({ store, query }) => {
      const withAvatar = query.get('display_avatar') === 'true'
      const rows = store.db.all<AdminRow>('SELECT * FROM admins ORDER BY is_bot, id')
      return { type: 'admin.list', admins: rows.map((row) => adminItem(store, row, withAvatar)) }
    },
  },
  {
    method: 'GET',
    path: '/admins/:id',
    handle: ({ store, params }) => {
      const row = findAdmin(store, params['id'])
      if (row === undefined) throw new ApiError(404, 'admin_not_found', 'Admin not found')
      return adminFull(store, row)
    },
  },
]
