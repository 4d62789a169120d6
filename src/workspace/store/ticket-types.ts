import type { Store } from './store.ts'
import type { NewTicketType } from './ticket-tables.ts'

/** The states that a workspace begins with, in their order (docs/intercom-api.md 2.13). */
const defaultStates = [
  ['submitted', 'Submitted', 'Submitted'],
  ['in_progress', 'In progress', 'In progress'],
  ['waiting_on_customer', 'Waiting on customer', 'Waiting on you'],
  ['resolved', 'Resolved', 'Resolved'],
] as const

/**
 * Adds a ticket type with the two attributes that every type is born with (docs/intercom-api.md 2.13), and
 * gives it its id; it has the four states that a workspace begins with.
 */
export function insertTicketType(store: Store, type: NewTicketType, at: number): number {
  const id = store.db.number('SELECT ifnull(max(id), 0) + 1 FROM ticket_types')
  store.insert('ticket_types', { ...type, id, created_at: at, updated_at: at })
  const born = [
    { name: '_default_title_', input_options: { multiline: false } },
    { name: '_default_description_', input_options: { multiline: true } },
  ]
  for (const [position, attribute] of born.entries()) {
    const attributeId = store.db.number('SELECT ifnull(max(id), 0) + 1 FROM ticket_type_attributes')
    const times = { created_at: at, updated_at: at }
    const row = { ...attribute, ...times, id: attributeId, ticket_type_id: id, position, built_in: true }
    store.insert('ticket_type_attributes', row)
  }
  for (const [index] of defaultStates.entries()) {
    store.insert('ticket_type_states', { ticket_type_id: id, ticket_state_id: index + 1 })
  }
  return id
}

/** The four states, which every type has to begin with; those of a file of an older program too. */
export function fillTicketStates(store: Store): void {
  for (const [index, [category, internal_label, external_label]] of defaultStates.entries()) {
    store.insert('ticket_states', { id: index + 1, category, internal_label, external_label })
    store.db.run('INSERT INTO ticket_type_states SELECT id, ? FROM ticket_types', index + 1)
  }
}

/**
 * The four states, one type that takes conversations and one that does not: without them `convert` could not be
 * tried.
 */
export function fillTicketTypes(store: Store, at: number): void {
  fillTicketStates(store)
  insertTicketType(store, { name: 'Support request', description: 'Something a customer needs.' }, at)
  const internal = { name: 'Bug report', description: 'For the developers.', icon: '🐞' }
  insertTicketType(store, { ...internal, category: 'Back-office' }, at)
}
