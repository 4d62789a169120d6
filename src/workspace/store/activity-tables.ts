import { assignedKey, integer, jsonOr, type Row, text } from './columns.ts'

/**
 * What admins did, as GET /admins/activity_logs tells it: entries are only ever added
 * (docs/intercom-api.md 3.1).
 */
export const activityLogs = {
  id: assignedKey,
  created_at: integer,
  admin_id: integer,
  activity_type: text,
  activity_description: text,
  metadata: jsonOr({}),
}

export type ActivityRow = Row<typeof activityLogs>
