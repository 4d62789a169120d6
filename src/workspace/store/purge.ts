import { seconds } from '../clock.ts'
import type { Store } from './store.ts'

/** A deleted contact keeps its identifiers for seven days (docs/intercom-api.md 3.2). */
export const graceSeconds = 7 * 24 * 3600

/** So that no request pays for all that was deleted before it. */
const atOnce = 100

const links = [
  ...['contact_attributes', 'contact_tags', 'contact_companies', 'contact_subscriptions'],
  ...['notes', 'events', 'event_summaries'],
]

/**
 * Ends the grace of contacts that were deleted seven days ago or earlier by the workspace's clock. What is left
 * is a nameless row, because conversations name everybody who took part in them. Runs before every write to
 * contacts, and costs a look into an index when there is nothing to do.
 */
export function purgeDeleted(store: Store): void {
  const expired = store.db.all<{ seq: number }>(
    'SELECT seq FROM contacts WHERE deleted_at <= ? LIMIT ?',
    seconds(store.clock) - graceSeconds,
    atOnce,
  )
  for (const { seq } of expired) {
    for (const table of links) store.db.run(`DELETE FROM ${table} WHERE contact_seq = ?`, seq)
    store.db.run(
      `UPDATE contacts SET standing = 'purged', deleted_at = NULL, external_id = NULL, email = NULL, phone = NULL,
         name = NULL, avatar = NULL, email_domain = NULL, email_folded = NULL, name_folded = NULL,
         external_id_folded = NULL, details = '{}', custom_attributes = '{}' WHERE seq = ?`,
      seq,
    )
  }
}
