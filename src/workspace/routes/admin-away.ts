import { seconds } from '../clock.ts'
import { ApiError, invalid, missing } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { type Input, toId } from '../http/input.ts'
import { isAtLeast } from '../http/versions.ts'
import { adminFull } from '../shapes/admin.ts'
import { awayStatusReason, awayStatusReasons } from '../shapes/away-status-reason.ts'
import type { AdminRow } from '../store/app-tables.ts'
import { announce } from '../webhooks/announce.ts'
import { findAdmin } from './admins.ts'

function required(body: Input, name: string): boolean {
  const value = body.flag(name)
  if (value === undefined || value === null) throw missing(`${name} not specified`)
  return value
}

function setAway(call: RouteCall) {
  const { store, params, body } = call
  const found = findAdmin(store, params['id'])
  // The bot is never away. The text is not that of GET /admins/{id} (docs/intercom-api.md 3.1).
  if (found === undefined || found.is_bot === 1) {
    throw new ApiError(404, 'admin_not_found', 'Admin for admin_id not found')
  }
  const enabled = required(body, 'away_mode_enabled')
  const reassign = required(body, 'away_mode_reassign')
  const row: AdminRow = {
    ...found,
    away_mode_enabled: enabled ? 1 : 0,
    away_mode_reassign: reassign ? 1 : 0,
    away_status_reason_id: enabled ? reasonOf(call, found) : null,
  }
  const changed =
    row.away_mode_enabled !== found.away_mode_enabled ||
    row.away_mode_reassign !== found.away_mode_reassign ||
    row.away_status_reason_id !== found.away_status_reason_id
  if (changed) {
    store.db.run(
      'UPDATE admins SET away_mode_enabled = ?, away_mode_reassign = ?, away_status_reason_id = ? WHERE id = ?',
      row.away_mode_enabled,
      row.away_mode_reassign,
      row.away_status_reason_id,
      row.id,
    )
    logChange(call, row)
    announce(call, 'admin.away_mode_updated', () => adminFull(store, row))
  }
  return adminFull(store, row)
}

/** The reason that is given, else the one that stays. Versions before 2.14 do not know it, and overlook it. */
function reasonOf({ body, version }: RouteCall, found: AdminRow): number | null {
  const given = isAtLeast(version, '2.14') ? body.get('away_status_reason_id') : undefined
  if (given === undefined) return found.away_status_reason_id
  if (given === null) return null
  const reason = awayStatusReasons.find(({ id }) => id === toId(given))
  if (reason === undefined) throw invalid('Away status reason is invalid')
  if (reason.deleted) throw invalid('Away status reason is deleted')
  return reason.id
}

/** The metadata's keys are those of docs/intercom-api.md 3.1; the sentence is ours. */
function logChange({ store, adminId }: RouteCall, row: AdminRow): void {
  const by = findAdmin(store, adminId) ?? row
  const away = row.away_mode_enabled === 1
  store.insert('activity_logs', {
    created_at: seconds(store.clock),
    admin_id: by.id,
    activity_type: 'admin_away_mode_change',
    activity_description: `${by.name} set ${row.name} to ${away ? 'away' : 'active'}.`,
    metadata: {
      away_mode: away,
      away_status_reason: awayStatusReasons.find(({ id }) => id === row.away_status_reason_id)?.label ?? null,
      reassign_conversations: row.away_mode_reassign === 1,
      source: `admin update from api - Admin id: ${by.id}`,
      auto_changed: 'false',
      update_by: by.id,
      update_by_name: by.name,
    },
  })
}

/**
 * PUT /admins/{id}/away (docs/intercom-api.md 3.1): asking for what is already so changes nothing and leaves
 * no entry. The reasons are an array in 2.14, deleted ones included; a list object came with 2.15.
 */
export const adminAwayRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/away_status_reasons',
    handle: ({ store, version }) => {
      const data = awayStatusReasons.map((reason) => awayStatusReason(reason, store.app))
      return isAtLeast(version, '2.15') ? { type: 'list', data } : data
    },
  },
  { method: 'PUT', path: '/admins/:id/away', handle: setAway },
]
