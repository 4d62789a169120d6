import type { Author } from './conversation.ts'

/** A ticket (docs/intercom-api.md 2.13); times are Unix seconds. */
export type Ticket = {
  type: 'ticket'
  /** The id that calls take. */
  id: string
  /** The number that people see. */
  ticket_id: string
  /** By name; title and description are `_default_title_` and `_default_description_`. */
  ticket_attributes: Record<string, unknown>
  ticket_state: TicketState
  ticket_type: TicketType | null
  contacts: { type: 'contact.list'; contacts: { type: 'contact'; id: string; external_id: string | null }[] }
  /** `"0"` for nobody. */
  admin_assignee_id: string
  team_assignee_id: string
  created_at: number
  updated_at: number
  open: boolean
  snoozed_until?: number | null
  /** Customer, Back-office or Tracker. */
  category: string
  is_shared: boolean
  /** The newest 500, oldest first. */
  ticket_parts: { type: 'ticket_part.list'; ticket_parts: TicketPart[]; total_count: number } | null
}

/** A state of tickets; its category is submitted, in_progress, waiting_on_customer or resolved. */
export type TicketState = {
  type: 'ticket_state'
  id: string
  category: string
  internal_label: string
  external_label: string
}

/** One entry of a ticket's thread; entries that only record a change have no body. */
export type TicketPart = {
  type: 'ticket_part'
  id: string
  part_type: string
  /** HTML. */
  body?: string | null
  created_at: number
  updated_at: number
  author: Author
  attachments?: unknown[]
}

/** A type of tickets; its states are not in the type that a ticket shows. */
export type TicketType = {
  type: 'ticket_type'
  id: string
  name: string
  description: string | null
  category: string
  archived: boolean
  ticket_type_attributes: { type: 'list'; data: TicketTypeAttribute[] }
  ticket_states?: { type: 'list'; data: TicketState[] }
}

/** What tickets of a type can say. */
export type TicketTypeAttribute = {
  type: 'ticket_type_attribute'
  id: string
  name: string
  description: string | null
  data_type: string
  /** Of a list `{ items: [{ id, name }] }`: an item's id is its value. */
  input_options: Record<string, unknown> | null
  required_to_create: boolean
  archived: boolean
}
