import type { EventSummaryRow } from './event-tables.ts'
import type { Store } from './store.ts'

/** Adds to what a contact's events of one name come to. */
export function summarise(
  store: Store,
  contactSeq: number,
  seen: Omit<EventSummaryRow, 'contact_seq'>,
): void {
  store.db.run(
    `INSERT INTO event_summaries (contact_seq, name, count, first, last) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count,
       first = min(first, excluded.first), last = max(last, excluded.last)`,
    contactSeq,
    seen.name,
    seen.count,
    seen.first,
    seen.last,
  )
}

/** Adds what one contact's events come to to another's. */
export function moveSummaries(store: Store, from: number, into: number): void {
  const rows = store.db.all<EventSummaryRow>('SELECT * FROM event_summaries WHERE contact_seq = ?', from)
  for (const row of rows) summarise(store, into, row)
  store.db.run('DELETE FROM event_summaries WHERE contact_seq = ?', from)
}
