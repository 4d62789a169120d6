import { ApiError, notFound } from '../http/api-error.ts'
import { toId } from '../http/input.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import type { ConversationRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'

/**
 * A conversation by the id of a path, or 404; the text is `Resource Not Found` except for tags
 * (docs/intercom-api.md 3.5).
 */
export function findConversation(store: Store, id: unknown, message?: string): ConversationRow {
  const number = toId(id)
  const row =
    number === undefined
      ? undefined
      : store.db.get<ConversationRow>('SELECT * FROM conversations WHERE id = ?', number)
  if (row === undefined) throw notFound(message)
  return row
}

/** The newest conversation of a contact, which `last` stands for in a reply (docs/intercom-api.md 3.5). */
export function newestConversation(store: Store, { seq }: ContactRow): ConversationRow {
  const row = store.db.get<ConversationRow>(
    `SELECT conversations.* FROM conversation_contacts JOIN conversations ON id = conversation_id
     WHERE contact_seq = ? ORDER BY id DESC LIMIT 1`,
    seq,
  )
  if (row === undefined) {
    throw new ApiError(422, 'unprocessable_entity', 'The contact has no conversations')
  }
  return row
}
