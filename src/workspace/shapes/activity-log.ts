import { hash } from 'node:crypto'
import type { ActivityRow } from '../store/activity-tables.ts'

/** An entry with the e-mail of its admin, as the store joins it. */
export interface ActivityWithAdmin extends ActivityRow {
  readonly email: string | null
}

/**
 * An entry of GET /admins/activity_logs (docs/intercom-api.md 3.1). Its id is a UUID there, here made from
 * the entry's number.
 */
export function activityLog(row: ActivityWithAdmin) {
  return {
    id: uuid(row.id),
    performed_by: { type: 'admin', id: String(row.admin_id), email: row.email ?? '', ip: '127.0.0.1' },
    metadata: JSON.parse(row.metadata) as unknown,
    created_at: row.created_at,
    activity_type: row.activity_type,
    activity_description: row.activity_description,
  }
}

function uuid(id: number): string {
  const hex = hash('md5', `activity ${id}`)
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`]
  return [...groups, hex.slice(20)].join('-')
}
