import {
  flag,
  integer,
  jsonOr,
  key,
  maybeInteger,
  maybeJson,
  maybeText,
  type NewRow,
  type Row,
  text,
  textOr,
} from './columns.ts'

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
  required_to_create: flag(false),
  required_to_create_for_contacts: flag(false),
  visible_on_create: flag(true),
  visible_to_contacts: flag(true),
  archived: flag(false),
  created_at: integer,
  updated_at: integer,
}

/** Ticket states: `category` is submitted, in_progress, waiting_on_customer or resolved. */
export const ticketStates = {
  id: key,
  category: text,
  internal_label: text,
  external_label: text,
  archived: flag(false),
}

/** The states that tickets of a type can have; at least one of each category. */
export const ticketTypeStates = { ticket_type_id: integer, ticket_state_id: integer }

/**
 * Tickets: `id` is that of no other conversation, `ticket_id` the number that people see
 * (docs/intercom-api.md 3.12). A converted ticket is a conversation of the same id, whose parts, people, tags
 * and teammates it has; `open` to `updated_at` follow the conversation. The parts of any other are
 * `conversation_parts` under its own id.
 */
export const tickets = {
  id: key,
  ticket_id: integer,
  ticket_type_id: integer,
  ticket_state_id: integer,
  converted: flag(false),
  /** Values by the attribute's id; of a built-in one by its name, `_default_title_` or `_default_description_`. */
  attributes: jsonOr({}),
  is_shared: flag(true),
  /** Intercom's id of the company it is about. */
  company_id: maybeText,
  open: flag(true),
  snoozed_until: maybeInteger,
  admin_assignee_id: maybeInteger,
  team_assignee_id: maybeInteger,
  created_at: integer,
  updated_at: integer,
}

/** People of a ticket that is no conversation; here and below `ticket_id` is the ticket's `id`. */
export const ticketContacts = { ticket_id: integer, contact_seq: integer }

/** Admins that wrote a comment on a ticket that is no conversation. */
export const ticketTeammates = { ticket_id: integer, admin_id: integer }

/** Tags on tickets that are no conversations. */
export const ticketTags = {
  ticket_id: integer,
  tag_id: integer,
  applied_at: integer,
  applied_by: maybeInteger,
}

/** The categories of the states that a part of type `ticket_state_updated_by_admin` tells of. */
export const ticketPartStates = { part_id: key, ticket_state: text, previous_ticket_state: text }

export type TicketTypeRow = Row<typeof ticketTypes>
export type TicketTypeAttributeRow = Row<typeof ticketTypeAttributes>
export type TicketStateRow = Row<typeof ticketStates>
export type TicketRow = Row<typeof tickets>
export type NewTicketType = Omit<NewRow<typeof ticketTypes>, 'id' | 'created_at' | 'updated_at'>
