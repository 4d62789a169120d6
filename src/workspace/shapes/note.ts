import type { AdminRow } from '../store/app-tables.ts'
import type { NoteRow } from '../store/contact-tables.ts'
import type { Store } from '../store/store.ts'
import { adminFull } from './admin.ts'

/** A note with the id of its contact, as the store joins it. */
export interface NoteWithContact extends NoteRow {
  /** Null when the contact was deleted. */
  readonly contact_id: string | null
}

/** A note; its author is a whole admin, as live answers have it (docs/intercom-api.md 2.4). */
export function note(store: Store, row: NoteWithContact) {
  const author =
    row.author_id === null
      ? undefined
      : store.db.get<AdminRow>('SELECT * FROM admins WHERE id = ?', row.author_id)
  return {
    type: 'note',
    id: String(row.id),
    created_at: row.created_at,
    contact: row.contact_id === null ? null : { type: 'contact', id: row.contact_id },
    author: author === undefined ? null : adminFull(store, author),
    body: row.body,
  }
}
