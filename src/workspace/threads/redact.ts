import type { ConversationRow, PartRow } from '../store/conversation-tables.ts'
import { searchWords } from '../store/fold.ts'
import type { Store } from '../store/store.ts'

/** What is left of a redacted text (docs/intercom-api.md 1.8). */
const redactedBody = '<p><i>This message was deleted</i></p>'

/** Takes the words and files out of a part for good. Inside a write. */
export function redactPart(store: Store, part: PartRow, at: number): void {
  store.db.run(
    `UPDATE conversation_parts SET body = ?, attachments = '[]', redacted = 1, updated_at = ? WHERE id = ?`,
    redactedBody,
    at,
    part.id,
  )
  store.partsEdition += 1
}

/** Takes the words and files out of the message that opened a conversation: the outbox and the search forget them, too. */
export function redactSource(store: Store, row: ConversationRow): void {
  store.db.run(
    `UPDATE conversations SET source_body = ?, source_text = ?, source_attachments = '[]', source_redacted = 1
     WHERE id = ?`,
    redactedBody,
    searchWords(redactedBody),
    row.id,
  )
  store.db.run('UPDATE messages SET body = ? WHERE id = CAST(? AS INTEGER)', redactedBody, row.source_id)
}
