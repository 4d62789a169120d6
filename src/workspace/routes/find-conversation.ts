import { notFound } from '../http/api-error.ts'
import { toId } from '../http/input.ts'
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

/**
 * The newest conversation of the workspace, which `last` stands for in a reply (docs/intercom-api.md 3.5).
 */
export function lastConversation(store: Store): ConversationRow {
  const row = store.db.get<ConversationRow>('SELECT * FROM conversations ORDER BY id DESC LIMIT 1')
  if (row === undefined) throw notFound()
  return row
}
