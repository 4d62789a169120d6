import { seconds } from '../clock.ts'
import { ApiError, invalid } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { conversation } from '../shapes/conversation.ts'
import type { ConversationRow, PartRow } from '../store/conversation-tables.ts'
import { redactPart, redactSource } from '../threads/redact.ts'
import { announce } from '../webhooks/announce.ts'
import { conversationWithoutParts, conversationWithPart } from '../webhooks/items.ts'
import { findAdmin } from './admins.ts'
import { findConversation } from './find-conversation.ts'

function redact(call: RouteCall) {
  const { store, body } = call
  const type = body.option('type', ['conversation_part', 'source'])
  if (type === undefined) throw invalid("Type isn't an option")
  const id = body.id('conversation_id')
  const row = store.db.get<ConversationRow>('SELECT * FROM conversations WHERE id = ?', id)
  const at = seconds(store.clock)
  if (type === 'source') {
    const sourceId = body.id('source_id')
    if (row === undefined || row.source_id !== String(sourceId)) throw nothingThere()
    // Only what a contact wrote can be taken back (docs/intercom-api.md 3.5).
    if (row.source_delivered_as !== 'customer_initiated') throw notRedactable()
    if (row.source_redacted === 0) {
      redactSource(store, row)
      noteDeletion(call, row, at)
      announce(call, 'conversation_part.redacted', () => conversationWithoutParts(store, row.id))
    }
  } else {
    const partId = body.id('conversation_part_id')
    const part = store.db.get<PartRow>('SELECT * FROM conversation_parts WHERE id = ?', partId)
    if (row === undefined || part === undefined || part.conversation_id !== row.id) throw nothingThere()
    if (part.body === null) throw notRedactable()
    if (part.redacted === 0) {
      redactPart(store, part, at)
      noteDeletion(call, row, at)
      announce(call, 'conversation_part.redacted', () => conversationWithPart(store, row.id, part.id))
    }
  }
  return conversation(store, findConversation(store, row.id), false)
}

/**
 * A deletion makes the conversation younger, and is one of the things that the activity log knows
 * (docs/intercom-api.md 3.1).
 */
function noteDeletion({ store, adminId }: RouteCall, row: ConversationRow, at: number): void {
  store.db.run('UPDATE conversations SET updated_at = max(updated_at, ?) WHERE id = ?', at, row.id)
  store.insert('activity_logs', {
    created_at: at,
    admin_id: adminId,
    activity_type: 'conversation_part_deletion',
    activity_description: `${findAdmin(store, adminId)?.name} deleted a message of conversation ${row.id}.`,
    metadata: {},
  })
}

function nothingThere(): ApiError {
  const message = 'Conversation part or message not found'
  return new ApiError(404, 'conversation_part_or_message_not_found', message)
}

/** The status is a choice (docs/intercom-api.md 3.5), and so is the text. */
function notRedactable(): ApiError {
  return new ApiError(422, 'conversation_part_not_redactable', 'Conversation part is not redactable')
}

/**
 * POST /conversations/redact (docs/intercom-api.md 3.5): what is redacted already stays so, without an error.
 */
export const redactRoutes: readonly Route[] = [
  { method: 'POST', path: '/conversations/redact', handle: redact },
]
