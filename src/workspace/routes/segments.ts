import { notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import type { SegmentRow } from '../store/audience-tables.ts'
import { memberships } from '../store/segments.ts'
import { activeContact } from './find-contact.ts'

/** A segment; `count` only when it was asked for (docs/intercom-api.md 2.12). */
function segment(row: SegmentRow, count?: number) {
  return {
    type: 'segment',
    id: row.id,
    name: row.name,
    created_at: row.created_at,
    updated_at: row.updated_at,
    person_type: row.person_type,
    ...(count === undefined ? {} : { count }),
  }
}

const every = 'SELECT * FROM segments ORDER BY id'

function list({ store, query }: RouteCall) {
  const rows = store.db.all<SegmentRow>(every)
  if (query.get('include_count') !== 'true') {
    return { type: 'segment.list', segments: rows.map((row) => segment(row)) }
  }
  const { sql, values } = memberships(store.clock)
  const count = (id: string) =>
    store.db.number(`SELECT count(*) FROM (${sql}) WHERE segment_id = ?`, ...values, id)
  return { type: 'segment.list', segments: rows.map((row) => segment(row, count(row.id))) }
}

function ofContact({ store, params }: RouteCall) {
  const contact = activeContact(store, params['id'])
  const { sql, values } = memberships(store.clock)
  const rows = store.db.all<SegmentRow>(
    `SELECT * FROM segments WHERE id IN (SELECT segment_id FROM (${sql}) WHERE contact_seq = ?) ORDER BY id`,
    ...values,
    contact.seq,
  )
  return { type: 'list', data: rows.map((row) => segment(row)) }
}

/** Segments are read only: the API makes none (docs/intercom-api.md 3.8). Not paged. */
export const segmentRoutes: readonly Route[] = [
  { method: 'GET', path: '/segments', handle: list },
  {
    method: 'GET',
    path: '/segments/:id',
    handle: ({ store, params }) => {
      const id = params['id'] ?? ''
      const row = store.db.get<SegmentRow>('SELECT * FROM segments WHERE id = ?', id)
      if (row === undefined) throw notFound()
      return segment(row)
    },
  },
  { method: 'GET', path: '/contacts/:id/segments', handle: ofContact },
]
