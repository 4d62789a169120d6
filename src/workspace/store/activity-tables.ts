import { integer, jsonOr, key, type NewRow, type Row, text } from './columns.ts'
import type { Store } from './store.ts'

/**
 * What admins did, as GET /admins/activity_logs tells it: entries are only ever added
 * (docs/intercom-api.md 3.1).
 */
export const activityLogs = {
  id: key,
  created_at: integer,
  admin_id: integer,
  activity_type: text,
  activity_description: text,
  metadata: jsonOr({}),
}

export type ActivityRow = Row<typeof activityLogs>
export type NewActivity = Omit<NewRow<typeof activityLogs>, 'id'>

/**
 * Writes down what an admin did; `activity_type` is one of the words of docs/intercom-api.md 3.1. Inside a
 * write.
 */
export function logActivity(store: Store, activity: NewActivity): void {
  store.db.run(
    `INSERT INTO activity_logs (created_at, admin_id, activity_type, activity_description, metadata)
     VALUES (?, ?, ?, ?, ?)`,
    activity.created_at,
    activity.admin_id,
    activity.activity_type,
    activity.activity_description,
    JSON.stringify(activity.metadata ?? {}),
  )
}
