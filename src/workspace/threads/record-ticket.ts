import type { ConversationRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import type { TicketRow } from '../store/ticket-tables.ts'
import { setTicket } from '../store/tickets.ts'
import { advance } from './advance.ts'
import type { ThreadEvent } from './event.ts'
import { addPart, noteReply, record } from './record.ts'
import { startedByAdmin } from './thread.ts'

/** A ticket that there is. */
export function ticketRow(store: Store, id: number): TicketRow {
  const row = store.db.get<TicketRow>('SELECT * FROM tickets WHERE id = ?', id)
  if (row === undefined) throw new Error(`There is no ticket ${id}`)
  return row
}

/**
 * Lets an event happen to a ticket: to its conversation where it was one, else to the ticket itself by the same
 * rules. Gives the row as it is now.
 */
export function recordOnTicket(store: Store, row: TicketRow, event: ThreadEvent): TicketRow {
  if (row.converted === 1) {
    const conversation = store.db.get<ConversationRow>('SELECT * FROM conversations WHERE id = ?', row.id)
    if (conversation === undefined) throw new Error(`Ticket ${row.id} has lost its conversation`)
    record(store, conversation, event)
    return ticketRow(store, row.id)
  }
  const { thread, part } = advance(threadOf(row), event)
  const { open, snoozed_until, admin_assignee_id, team_assignee_id, updated_at } = thread
  addPart(store, row.id, part, event)
  setTicket(store, row.id, { open, snoozed_until, admin_assignee_id, team_assignee_id, updated_at })
  noteReply(store, 'ticket', row.id, event)
  return ticketRow(store, row.id)
}

function threadOf(row: TicketRow) {
  const { created_at, updated_at, snoozed_until, admin_assignee_id, team_assignee_id } = row
  const open = row.open === 1
  const state = snoozed_until !== null ? 'snoozed' : open ? 'open' : 'closed'
  const now = { updated_at, snoozed_until, admin_assignee_id, team_assignee_id, open, state } as const
  return { ...startedByAdmin(created_at), ...now }
}
