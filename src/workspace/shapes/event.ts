import type { ContactRow } from '../store/contact-tables.ts'
import type { EventRow, EventSummaryRow } from '../store/event-tables.ts'
import { parseObject } from './contact.ts'

/** Whose events they are; a contact without an e-mail or an external id has an empty one. */
function whose(contact: ContactRow) {
  return {
    email: contact.email ?? '',
    intercom_user_id: contact.id,
    user_id: contact.external_id ?? '',
  }
}

/** An event (docs/intercom-api.md 2.12). */
export function event(row: EventRow, contact: ContactRow) {
  return {
    type: 'event',
    event_name: row.name,
    created_at: row.created_at,
    id: row.uid,
    ...whose(contact),
    metadata: parseObject(row.metadata),
  }
}

/**
 * What a contact's events come to, by name (docs/intercom-api.md 2.12). `pages` is in the official example,
 * always on one page.
 */
export function eventSummary(rows: readonly EventSummaryRow[], contact: ContactRow) {
  return {
    type: 'event.summary',
    ...whose(contact),
    events: rows.map((row) => ({
      name: row.name,
      first: isoTime(row.first),
      last: isoTime(row.last),
      count: row.count,
      description: '',
    })),
    pages: {},
  }
}

/** `2014-01-16T23:12:21.000+00:00`, as the description writes it. */
function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('Z', '+00:00')
}
