import type { Row } from './columns.ts'
import { integer, jsonOr, key, text } from './columns.ts'

/**
 * Events of contacts. `moment` is `created_at` in milliseconds plus the event's place among those of the same
 * contact and second, so that a page never ends between two events that look the same.
 */
export const events = {
  id: key,
  uid: text,
  contact_seq: integer,
  name: text,
  created_at: integer,
  moment: integer,
  metadata: jsonOr({}),
}

/** What a contact's events of one name come to; older than 90 days included (docs/intercom-api.md 3.11). */
export const eventSummaries = {
  contact_seq: integer,
  name: text,
  count: integer,
  first: integer,
  last: integer,
}

export type EventRow = Row<typeof events>
export type EventSummaryRow = Row<typeof eventSummaries>
