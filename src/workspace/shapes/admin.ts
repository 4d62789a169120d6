import type { AdminRow, AppRow } from '../store/app-tables.ts'
import type { Store } from '../store/store.ts'

/** Teams of an admin in the order of the team. */
function teamIds(store: Store, adminId: number): number[] {
  return store.db
    .all<{ team_id: number }>('SELECT team_id FROM team_admins WHERE admin_id = ? ORDER BY team_id', adminId)
    .map((row) => row.team_id)
}

/**
 * An admin as GET /admins lists it (docs/intercom-api.md 2.1): `avatar` only on request, `job_title` only
 * when set.
 */
export function adminItem(store: Store, row: AdminRow, withAvatar = false) {
  return {
    type: 'admin',
    email: row.email,
    id: String(row.id),
    name: row.name,
    ...(row.job_title === null ? {} : { job_title: row.job_title }),
    away_mode_enabled: row.away_mode_enabled === 1,
    away_mode_reassign: row.away_mode_reassign === 1,
    has_inbox_seat: row.has_inbox_seat === 1,
    ...(withAvatar ? { avatar: row.avatar } : {}),
    team_ids: teamIds(store, row.id),
    team_priority_level: {},
  }
}

/**
 * An admin alone or as a note's author: live answers add `away_status_reason_id` there
 * (docs/intercom-api.md 2.1).
 */
export function adminFull(store: Store, row: AdminRow) {
  const { has_inbox_seat, team_ids, team_priority_level, ...head } = adminItem(store, row)
  const away_status_reason_id = row.away_status_reason_id
  return { ...head, away_status_reason_id, has_inbox_seat, team_ids, team_priority_level }
}

/** GET /me (docs/intercom-api.md 2.2): the token's admin and the workspace. */
export function adminWithApp(row: AdminRow, app: AppRow) {
  return {
    type: 'admin',
    id: String(row.id),
    email: row.email,
    name: row.name,
    email_verified: row.email_verified === 1,
    app: {
      type: 'app',
      id_code: app.id_code,
      name: app.name,
      created_at: app.created_at,
      secure: app.secure === 1,
      identity_verification: app.identity_verification === 1,
      timezone: app.timezone,
      region: app.region,
    },
    avatar: { type: 'avatar', image_url: row.avatar },
    has_inbox_seat: row.has_inbox_seat === 1,
  }
}
