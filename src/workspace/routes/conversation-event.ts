import type { RouteCall } from '../http/call.ts'
import { ticketOf } from '../shapes/ticket.ts'
import { stateOf, statesOfType } from '../shapes/ticket-type.ts'
import type { ConversationRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import type { TicketRow, TicketStateRow } from '../store/ticket-tables.ts'
import { setTicket } from '../store/tickets.ts'
import type { ThreadEvent } from '../threads/event.ts'
import { record } from '../threads/record.ts'
import { recordOnTicket, ticketRow } from '../threads/record-ticket.ts'
import { announce } from '../webhooks/announce.ts'
import { conversationWithPart, ticketItem } from '../webhooks/items.ts'
import type { WebhookTopic } from '../webhooks/topics.ts'
import { findBot } from './admins.ts'
import { findConversation } from './find-conversation.ts'

/**
 * Lets an event happen to a conversation and tells the webhooks (docs/intercom-api.md 6); of one that became a
 * ticket they hear as of a ticket. Gives the row as it is now.
 */
export function happen(
  call: Pick<RouteCall, 'store'>,
  row: ConversationRow,
  event: ThreadEvent,
): ConversationRow {
  const after = record(call.store, row, event)
  if (ticketOf(call.store, row.id) !== undefined) {
    follow(call, row.id, event)
    return findConversation(call.store, row.id)
  }
  for (const topic of topicsOf(row, event)) {
    announce(call, topic, () => conversationWithPart(call.store, row.id))
  }
  return event.type === 'contact_reply' ? reassigned(call.store, after, event.at) : after
}

/** Lets an event happen to a ticket, whether it was a conversation or not. Gives the row as it is now. */
export function happenToTicket(
  call: Pick<RouteCall, 'store'>,
  row: TicketRow,
  event: ThreadEvent,
): TicketRow {
  recordOnTicket(call.store, row, event)
  follow(call, row.id, event)
  return ticketRow(call.store, row.id)
}

/** What follows from an event on a ticket: the notifications, and a contact's answer ends the wait for it. */
function follow(call: Pick<RouteCall, 'store'>, id: number, event: ThreadEvent): void {
  const { store } = call
  for (const topic of ticketTopicsOf(event)) announce(call, topic, () => ticketItem(store, id, topic))
  if (event.type !== 'contact_reply') return
  const row = ticketRow(store, id)
  if (stateOf(store, row.ticket_state_id).category !== 'waiting_on_customer') return
  const next = statesOfType(store, row.ticket_type_id).find(({ category }) => category === 'in_progress')
  if (next !== undefined) moveTicket(call, row, next, event.at)
}

/** Moves a ticket to another state (docs/intercom-api.md 3.12). */
export function moveTicket(
  call: Pick<RouteCall, 'store'>,
  row: TicketRow,
  to: TicketStateRow,
  at: number,
): TicketRow {
  const { store } = call
  const from = stateOf(store, row.ticket_state_id)
  if (from.id === to.id) return row
  setTicket(store, row.id, { ticket_state_id: to.id })
  const bot_id = findBot(store).id
  return happenToTicket(call, row, {
    type: 'ticket_state_updated',
    at,
    bot_id,
    from: from.category,
    to: to.category,
  })
}

/** What an event means to webhooks on a ticket. */
function ticketTopicsOf(event: ThreadEvent): WebhookTopic[] {
  switch (event.type) {
    case 'contact_reply':
      return ['ticket.contact.replied']
    case 'admin_comment':
      return ['ticket.admin.replied']
    case 'admin_note':
      return ['ticket.note.created']
    case 'assign':
      return [event.to.type === 'team' ? 'ticket.team.assigned' : 'ticket.admin.assigned']
    case 'ticket_state_updated':
      return event.to === 'resolved' && event.from !== 'resolved'
        ? ['ticket.state.updated', 'ticket.resolved', 'ticket.closed']
        : ['ticket.state.updated']
    case 'ticket_attribute_updated':
      return ['ticket.attribute.updated']
    case 'participant_added':
      return ['ticket.contact.attached']
    case 'participant_removed':
      return ['ticket.contact.detached']
    default:
      return []
  }
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
