import { flag, integer, jsonOr, key, maybeJson, type NewRow, type Row, text, textOr } from './columns.ts'
import type { Store } from './store.ts'

/** Ticket types: only a type of category `Customer` takes a conversation (docs/intercom-api.md 3.12). */
export const ticketTypes = {
  id: key,
  name: text,
  description: textOr(''),
  icon: textOr('🎟️'),
  category: textOr('Customer'),
  is_internal: flag(false),
  archived: flag(false),
  created_at: integer,
  updated_at: integer,
}

/** The fields of a ticket type; `position` is `order` on the wire, `built_in` is `default`. */
export const ticketTypeAttributes = {
  id: key,
  ticket_type_id: integer,
  name: text,
  description: textOr(''),
  data_type: textOr('string'),
  input_options: maybeJson,
  position: integer,
  built_in: flag(false),
  created_at: integer,
  updated_at: integer,
}

/**
 * Conversations that became tickets: `id` is the conversation's, `ticket_id` the number that people see
 * (docs/intercom-api.md 3.12).
 */
export const tickets = {
  id: key,
  ticket_id: integer,
  ticket_type_id: integer,
  state: textOr('submitted'),
  attributes: jsonOr({}),
  created_at: integer,
  updated_at: integer,
}

export type TicketTypeRow = Row<typeof ticketTypes>
export type TicketTypeAttributeRow = Row<typeof ticketTypeAttributes>
export type TicketRow = Row<typeof tickets>
type NewTicketType = Omit<NewRow<typeof ticketTypes>, 'id' | 'created_at' | 'updated_at'>

/**
 * Adds a ticket type with the two attributes that every type is born with (docs/intercom-api.md 2.13), and
 * gives it its id.
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
  return id
}

/** One type that takes conversations and one that does not: without them `convert` could not be tried. */
export function fillTicketTypes(store: Store, at: number): void {
  insertTicketType(store, { name: 'Support request', description: 'Something a customer needs.' }, at)
  const internal = { name: 'Bug report', description: 'For the developers.', icon: '🐞' }
  insertTicketType(store, { ...internal, category: 'Back-office' }, at)
}
