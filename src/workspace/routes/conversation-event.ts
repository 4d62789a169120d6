import type { RouteCall } from '../http/call.ts'
import type { ConversationRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import type { ThreadEvent } from '../threads/event.ts'
import { record } from '../threads/record.ts'
import { announce } from '../webhooks/announce.ts'
import { conversationWithPart } from '../webhooks/items.ts'
import type { WebhookTopic } from '../webhooks/topics.ts'
import { findBot } from './admins.ts'

/**
 * Lets an event happen to a conversation and tells the webhooks (docs/intercom-api.md 6). Gives the row as it
 * is now.
 */
export function happen(
  call: Pick<RouteCall, 'store'>,
  row: ConversationRow,
  event: ThreadEvent,
): ConversationRow {
  const after = record(call.store, row, event)
  for (const topic of topicsOf(row, event)) {
    announce(call, topic, () => conversationWithPart(call.store, row.id))
  }
  return event.type === 'contact_reply' ? reassigned(call.store, after, event.at) : after
}

/** Who is away with `away_mode_reassign` loses what contacts answer, to nobody (docs/intercom-api.md 3.1). */
function reassigned(store: Store, row: ConversationRow, at: number): ConversationRow {
  if (row.admin_assignee_id === null) return row
  const away = store.db.number(
    'SELECT away_mode_enabled AND away_mode_reassign FROM admins WHERE id = ?',
    row.admin_assignee_id,
  )
  if (away === 0) return row
  return record(store, row, { type: 'away_mode_assignment', at, bot_id: findBot(store).id })
}

/** What an event means to webhooks, by the state it met; a reply that wakes a snoozed conversation is two things. */
function topicsOf(before: ConversationRow, event: ThreadEvent): WebhookTopic[] {
  const woken: WebhookTopic[] = before.state === 'snoozed' ? ['conversation.admin.unsnoozed'] : []
  switch (event.type) {
    case 'contact_reply':
      return ['conversation.user.replied']
    case 'admin_comment':
      return ['conversation.admin.replied', ...woken]
    case 'admin_note':
      return ['conversation.admin.noted', ...woken]
    case 'close':
      return ['conversation.admin.closed']
    case 'snooze':
      return ['conversation.admin.snoozed']
    case 'open':
      return ['conversation.admin.opened', ...woken]
    case 'assign':
      return before.state === 'open'
        ? ['conversation.admin.assigned', 'conversation.admin.open.assigned']
        : ['conversation.admin.assigned']
    case 'wake':
      return ['conversation.admin.unsnoozed']
    case 'company_updated':
      return ['conversation.company.updated']
    case 'participant_added':
      return ['conversation.contact.attached']
    case 'participant_removed':
      return ['conversation.contact.detached']
    default:
      return []
  }
}
