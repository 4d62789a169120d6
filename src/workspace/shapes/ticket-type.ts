import type { Store } from '../store/store.ts'
import type { TicketTypeAttributeRow, TicketTypeRow } from '../store/ticket-tables.ts'

/** The states of every ticket, in their order (docs/intercom-api.md 2.13); nobody has made others here. */
const states = [
  ['submitted', 'Submitted', 'Submitted'],
  ['in_progress', 'In progress', 'In progress'],
  ['waiting_on_customer', 'Waiting on customer', 'Waiting on you'],
  ['resolved', 'Resolved', 'Resolved'],
] as const

/** The states as objects, one id each. */
export const ticketStates = states.map(([category, internal_label, external_label], index) => ({
  type: 'ticket_state',
  id: String(index + 1),
  category,
  internal_label,
  external_label,
}))

/** The state of a category. */
export function ticketState(category: string) {
  const state = ticketStates.find((candidate) => candidate.category === category)
  if (state === undefined) throw new RangeError(`there is no ticket state ${category}`)
  return state
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
  return { ...ticketTypeOfTicket(store, row), ticket_states: { type: 'list', data: ticketStates } }
}

function typeAttribute(store: Store, row: TicketTypeAttributeRow) {
  return {
    type: 'ticket_type_attribute',
    id: String(row.id),
    workspace_id: store.app.id_code,
    name: row.name,
    description: row.description,
    data_type: row.data_type,
    input_options: row.input_options === null ? null : (JSON.parse(row.input_options) as unknown),
    order: row.position,
    required_to_create: false,
    required_to_create_for_contacts: false,
    visible_on_create: true,
    visible_to_contacts: true,
    default: row.built_in === 1,
    ticket_type_id: row.ticket_type_id,
    archived: false,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}
