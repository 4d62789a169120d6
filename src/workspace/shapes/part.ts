import { escapeName } from '../entities.ts'
import { plainText } from '../html.ts'
import type { PartRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'

/**
 * Who wrote something, as the wire names them: the name may be null, the e-mail is text
 * (docs/intercom-api.md 2.8).
 */
export interface Author {
  readonly id: string
  readonly type: string
  readonly name: string | null
  readonly email: string
}

/** Looks authors up as they are called today, each once in an answer. */
export function authorsOf(store: Store): (type: string, id: string) => Author {
  const seen = new Map<string, Author>()
  return (type, id) => {
    const known = seen.get(id)
    if (known !== undefined && known.type === type) return known
    const sql =
      type === 'admin' || type === 'bot'
        ? 'SELECT name, email FROM admins WHERE id = CAST(? AS INTEGER)'
        : 'SELECT name, email FROM contacts WHERE id = ?'
    const row = store.db.get<{ name: string | null; email: string | null }>(sql, id)
    const author = { id, type, name: escapeName(row?.name ?? null), email: row?.email ?? '' }
    seen.set(id, author)
    return author
  }
}

/** A part in the key order of live answers (docs/intercom-api.md 2.8). */
export function part(row: PartRow, author: Author, plain: boolean) {
  return {
    type: 'conversation_part',
    id: String(row.id),
    part_type: row.part_type,
    body: plain && row.body !== null ? plainText(row.body) : row.body,
    created_at: row.created_at,
    updated_at: row.updated_at,
    notified_at: row.notified_at,
    assigned_to:
      row.assigned_to_type === null ? null : { type: row.assigned_to_type, id: row.assigned_to_id },
    author,
    attachments: JSON.parse(row.attachments) as unknown,
    external_id: row.external_id,
    redacted: row.redacted === 1,
  }
}
