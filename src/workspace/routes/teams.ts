import { ApiError } from '../http/api-error.ts'
import type { Route } from '../http/call.ts'
import { toId } from '../http/input.ts'
import type { TeamRow } from '../store/app-tables.ts'
import type { Store } from '../store/store.ts'

/** A team and its members (docs/intercom-api.md 2.12). */
function team(store: Store, row: TeamRow) {
  const members = store.db.all<{ admin_id: number; level: string }>(
    'SELECT admin_id, level FROM team_admins WHERE team_id = ? ORDER BY position, admin_id',
    row.id,
  )
  const ids = (level: string) =>
    members.filter((member) => member.level === level).map((member) => member.admin_id)
  return {
    type: 'team',
    id: String(row.id),
    name: row.name,
    admin_ids: members.map((member) => member.admin_id),
    admin_priority_level: { primary_admin_ids: ids('primary'), secondary_admin_ids: ids('secondary') },
  }
}

/** Teams (docs/intercom-api.md 3.8); not paged. */
export const teamRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/teams',
    handle: ({ store }) => {
      const rows = store.db.all<TeamRow>('SELECT * FROM teams ORDER BY id')
      return { type: 'team.list', teams: rows.map((row) => team(store, row)) }
    },
  },
  {
    method: 'GET',
    path: '/teams/:id',
    handle: ({ store, params }) => {
      const id = toId(params['id'])
      const row = id === undefined ? undefined : store.db.get<TeamRow>('SELECT * FROM teams WHERE id = ?', id)
      if (row === undefined) throw new ApiError(404, 'team_not_found', 'Team not found')
      return team(store, row)
    },
  },
]
