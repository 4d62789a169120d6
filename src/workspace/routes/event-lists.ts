import { seconds } from '../clock.ts'
import { invalid, missing, notFound } from '../http/api-error.ts'
import type { RouteCall } from '../http/call.ts'
import { toId } from '../http/input.ts'
import { perPage } from '../http/pages.ts'
import { event, eventSummary } from '../shapes/event.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import type { EventRow, EventSummaryRow } from '../store/event-tables.ts'
import type { Store } from '../store/store.ts'
import { activeContact, contactByEmail, contactByExternalId } from './find-contact.ts'

/** Older events are counted, but not listed (docs/intercom-api.md 3.11). */
const listedDays = 90

/** GET /events: newest first, or with `summary` what they come to (docs/intercom-api.md 3.11). */
export function eventList(call: RouteCall) {
  const { store, query } = call
  if (query.get('type') === null) throw missing('type not specified')
  if (query.get('type') !== 'user') throw invalid("Type isn't an option")
  const contact = contactOf(store, query)
  if (query.get('summary') === 'true') {
    const rows = store.db.all<EventSummaryRow>(
      'SELECT * FROM event_summaries WHERE contact_seq = ? ORDER BY name LIMIT 1000',
      contact.seq,
    )
    return eventSummary(rows, contact)
  }
  const size = perPage(query.get('per_page'), 50)
  const oldest = (seconds(store.clock) - listedDays * 24 * 3600) * 1000
  const rows = store.db.all<EventRow>(
    'SELECT * FROM events WHERE contact_seq = ? AND moment >= ? AND moment < ? ORDER BY moment DESC LIMIT ?',
    contact.seq,
    Math.max(oldest, moment(query.get('since')) ?? 0),
    moment(query.get('before')) ?? Number.MAX_SAFE_INTEGER,
    size + 1,
  )
  const page = rows.slice(0, size)
  return {
    type: 'event.list',
    events: page.map((row) => event(row, contact)),
    pages: links(call, contact, page, size, rows.length > size),
  }
}

/**
 * `next` leads to older events, `since` to those that come; both in milliseconds, as in
 * docs/intercom-api.md 2.12.
 */
function links(call: RouteCall, contact: ContactRow, page: readonly EventRow[], size: number, more: boolean) {
  const link = (parameters: string) =>
    `${call.origin}/events?${parameters}&intercom_user_id=${contact.id}&type=user`
  const newest = page[0]
  const last = page.at(-1)
  return {
    ...(more && last ? { next: link(`per_page=${size}&before=${last.moment}`) } : {}),
    ...(newest ? { since: link(`since=${newest.moment + 1}`) } : {}),
  }
}

function moment(value: string | null): number | undefined {
  if (value === null || value === '') return undefined
  const time = toId(value)
  if (time === undefined) throw invalid('Before and since must be times in milliseconds')
  return time
}

function contactOf(store: Store, query: URLSearchParams): ContactRow {
  const id = query.get('intercom_user_id')
  if (id !== null) return activeContact(store, id)
  const external = query.get('user_id')
  const email = query.get('email')
  if (external === null && email === null) throw missing('user_id, email or intercom_user_id not specified')
  const row = external === null ? contactByEmail(store, email ?? '') : contactByExternalId(store, external)
  if (row === undefined) throw notFound('User Not Found')
  return row
}
