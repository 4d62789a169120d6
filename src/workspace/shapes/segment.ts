import type { SegmentRow } from '../store/audience-tables.ts'

/** A segment; `count` only when it was asked for (docs/intercom-api.md 2.12). */
export function segment(row: SegmentRow, count?: number) {
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
