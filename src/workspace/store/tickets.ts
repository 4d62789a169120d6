import { bindable } from './columns.ts'
import type { ConversationRow } from './conversation-tables.ts'
import type { Store } from './store.ts'
import type { TicketRow, TicketTypeAttributeRow } from './ticket-tables.ts'

/** Gives a ticket its number and stores it, in the first state of its type; `id` is the caller's. */
export function insertTicket(
  store: Store,
  ticket: Pick<TicketRow, 'id' | 'ticket_type_id'> & {
    converted?: boolean
    is_shared: boolean
    company_id?: string | null
    attributes: Readonly<Record<string, unknown>>
    created_at: number
  },
): void {
  const ticket_state_id = store.db.number(
    `SELECT min(id) FROM ticket_type_states JOIN ticket_states ON id = ticket_state_id
     WHERE ticket_type_id = ? AND category = 'submitted' AND archived = 0`,
    ticket.ticket_type_id,
  )
  const ticket_id = store.db.number('SELECT max(ticket_id) + 1 FROM tickets') || 1
  store.insert('tickets', { ...ticket, ticket_id, ticket_state_id, updated_at: ticket.created_at })
}

/** Writes the given columns of a ticket. */
export function setTicket(store: Store, id: number, columns: Readonly<Record<string, unknown>>): void {
  setRow(store, 'tickets', id, columns)
}

/** Writes the given columns of a row by its id. */
export function setRow(
  store: Store,
  table: 'tickets' | 'ticket_types' | 'ticket_type_attributes',
  id: number,
  columns: Readonly<Record<string, unknown>>,
): void {
  const assignments = Object.keys(columns).map((name) => `${name} = ?`)
  const values = Object.values(columns).map(bindable)
  store.db.run(`UPDATE ${table} SET ${assignments.join(', ')} WHERE id = ?`, ...values, id)
}

/** Carries what happened to a conversation over to the ticket that it became, if it did. */
export function followConversation(store: Store, id: number): void {
  const row = store.db.get<ConversationRow>(
    'SELECT conversations.* FROM tickets JOIN conversations USING (id) WHERE id = ? AND converted',
    id,
  )
  if (row === undefined) return
  const { open, snoozed_until, admin_assignee_id, team_assignee_id, company_id, updated_at } = row
  setTicket(store, id, { open, snoozed_until, admin_assignee_id, team_assignee_id, company_id, updated_at })
}

/** Under what a ticket keeps the value of an attribute; a new name changes nothing about it. */
export function attributeKey({ id, name, built_in }: TicketTypeAttributeRow): string {
  return built_in === 1 ? name : String(id)
}
