import type { Store } from '../store/store.ts'
import type { TicketStateRow, TicketTypeAttributeRow, TicketTypeRow } from '../store/ticket-tables.ts'

/** The categories of states, in their order (docs/intercom-api.md 2.13). */
const categories = ['submitted', 'in_progress', 'waiting_on_customer', 'resolved']

/** Every state, in the order of the categories. */
export function allStates(store: Store): TicketStateRow[] {
  const rows = store.db.all<TicketStateRow>('SELECT * FROM ticket_states ORDER BY id')
  return rows.toSorted((a, b) => categories.indexOf(a.category) - categories.indexOf(b.category))
}

/** The states that tickets of a type can have, in the order of the categories. */
export function statesOfType(store: Store, typeId: number): TicketStateRow[] {
  const ids = store.db.all<{ id: number }>(
    'SELECT ticket_state_id AS id FROM ticket_type_states WHERE ticket_type_id = ?',
    typeId,
  )
  return allStates(store).filter((state) => state.archived === 0 && ids.some(({ id }) => id === state.id))
}

/** A state that something has. */
export function stateOf(store: Store, id: number): TicketStateRow {
  const row = store.db.get<TicketStateRow>('SELECT * FROM ticket_states WHERE id = ?', id)
  if (row === undefined) throw new Error(`There is no ticket state ${id}`)
  return row
}

/** A state as tickets and types show it. */
export function ticketState({ id, category, internal_label, external_label }: TicketStateRow) {
  return { type: 'ticket_state', id: String(id), category, internal_label, external_label }
}

/** The attributes of a type, in their order. */
export function attributesOfType(store: Store, typeId: number): TicketTypeAttributeRow[] {
  return store.db.all<TicketTypeAttributeRow>(
    'SELECT * FROM ticket_type_attributes WHERE ticket_type_id = ? ORDER BY position, id',
    typeId,
  )
}

/** A ticket type inside a ticket: without its states (docs/intercom-api.md 2.13). */
export function ticketTypeOfTicket(store: Store, row: TicketTypeRow) {
  return {
    type: 'ticket_type',
    id: String(row.id),
    name: row.name,
    description: row.description,
    icon: row.icon,
    workspace_id: store.app.id_code,
    archived: row.archived === 1,
    created_at: row.created_at,
    updated_at: row.updated_at,
    is_internal: row.is_internal === 1,
    ticket_type_attributes: {
      type: 'list',
      data: attributesOfType(store, row.id).map((attribute) => typeAttribute(store, attribute)),
    },
    category: row.category,
  }
}

/** A ticket type by itself (docs/intercom-api.md 2.13). */
export function ticketType(store: Store, row: TicketTypeRow) {
  const data = statesOfType(store, row.id).map(ticketState)
  return { ...ticketTypeOfTicket(store, row), ticket_states: { type: 'list', data } }
}

/** A field of a ticket type (docs/intercom-api.md 2.13). */
export function typeAttribute(store: Store, row: TicketTypeAttributeRow) {
  return {
    type: 'ticket_type_attribute',
    id: String(row.id),
    workspace_id: store.app.id_code,
    name: row.name,
    description: row.description,
    data_type: row.data_type,
    input_options: row.input_options === null ? null : (JSON.parse(row.input_options) as unknown),
    order: row.position,
    required_to_create: row.required_to_create === 1,
    required_to_create_for_contacts: row.required_to_create_for_contacts === 1,
    visible_on_create: row.visible_on_create === 1,
    visible_to_contacts: row.visible_to_contacts === 1,
    default: row.built_in === 1,
    ticket_type_id: row.ticket_type_id,
    archived: row.archived === 1,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}
