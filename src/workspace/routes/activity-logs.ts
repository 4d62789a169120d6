import { invalid, missing } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { offsetPages, pageNumber, perPage } from '../http/pages.ts'
import { type ActivityWithAdmin, activityLog } from '../shapes/activity-log.ts'

const digits = /^\d{1,12}$/

/**
 * A Unix second in digits, as docs/intercom-api.md 3.1 says, or an ISO date, as the official SDK's suite
 * sends (docs/intercom-api.md 3.1).
 */
function moment(text: string, label: string): number {
  const at = digits.test(text) ? Number(text) : Math.floor(Date.parse(text) / 1000)
  if (!Number.isFinite(at)) throw invalid(`${label} is invalid`)
  return at
}

function list({ store, query, origin }: RouteCall) {
  const after = query.get('created_at_after')
  if (!after) throw missing('created_at_after not specified')
  const before = query.get('created_at_before')
  const from = moment(after, 'Created At After')
  const until = before ? moment(before, 'Created At Before') : Number.MAX_SAFE_INTEGER
  const size = perPage(query.get('per_page'), 20)
  const page = pageNumber(query.get('page'))
  const within = 'activity_logs.created_at BETWEEN ? AND ?'
  const total = store.db.number(`SELECT count(*) FROM activity_logs WHERE ${within}`, from, until)
  const rows = store.db.all<ActivityWithAdmin>(
    `SELECT activity_logs.*, email FROM activity_logs LEFT JOIN admins ON admins.id = admin_id
     WHERE ${within} ORDER BY activity_logs.created_at DESC, activity_logs.id DESC LIMIT ? OFFSET ?`,
    from,
    until,
    size,
    (page - 1) * size,
  )
  const pages = offsetPages(page, size, total, `${origin}/admins/activity_logs`)
  const range = new URLSearchParams({ created_at_after: after, ...(before && { created_at_before: before }) })
  return {
    type: 'activity_log.list',
    // The next page is about the same time.
    pages: { ...pages, next: pages.next === null ? null : `${pages.next}&${range}` },
    activity_logs: rows.map(activityLog),
  }
}

/** What admins did, the latest first, in pages of 20 (docs/intercom-api.md 1.6, 3.1). */
export const activityLogRoutes: readonly Route[] = [
  { method: 'GET', path: '/admins/activity_logs', handle: list },
]
