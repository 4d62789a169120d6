import { flag, integer, jsonOr, key, maybeJson, type NewRow, type Row, text, textOr } from './columns.ts'

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
export type NewTicketType = Omit<NewRow<typeof ticketTypes>, 'id' | 'created_at' | 'updated_at'>
