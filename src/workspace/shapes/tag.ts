import type { Store } from '../store/store.ts'

/** A tag on a contact or conversation as the store joins it. */
export interface AppliedTagRow {
  readonly id: number
  readonly name: string
  readonly applied_at: number | null
  readonly applied_by: number | null
}

/** A tag by itself (docs/intercom-api.md 2.5). */
export function basicTag(row: { id: number; name: string }) {
  return { type: 'tag', id: String(row.id), name: row.name }
}

/** A tag and who put it there (docs/intercom-api.md 2.5). */
export function appliedTag(row: AppliedTagRow) {
  return {
    ...basicTag(row),
    applied_at: row.applied_at,
    applied_by: row.applied_by === null ? null : { type: 'admin', id: String(row.applied_by) },
  }
}

/** The tags of a contact, oldest first. */
export function tagsOfContact(store: Store, seq: number): AppliedTagRow[] {
  return store.db.all<AppliedTagRow>(
    `SELECT tags.id, tags.name, applied_at, applied_by FROM contact_tags JOIN tags ON tags.id = tag_id
     WHERE contact_seq = ? ORDER BY applied_at, tags.id`,
    seq,
  )
}

/** The tags of a conversation, oldest first. */
export function tagsOfConversation(store: Store, id: number): AppliedTagRow[] {
  return store.db.all<AppliedTagRow>(
    `SELECT tags.id, tags.name, applied_at, applied_by FROM conversation_tags JOIN tags ON tags.id = tag_id
     WHERE conversation_id = ? ORDER BY applied_at, tags.id`,
    id,
  )
}
