import { escapeName } from '../entities.ts'
import type { ConversationRow, PartRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import type { TicketRow, TicketTypeRow } from '../store/ticket-tables.ts'
import { attributeKey } from '../store/tickets.ts'
import { parseObject } from './contact.ts'
import { type Author, authorsOf, part } from './part.ts'
import { attributesOfType, stateOf, ticketState, ticketTypeOfTicket } from './ticket-type.ts'

/** Like a conversation, a ticket shows its newest 500 parts (docs/intercom-api.md 2.13). */
const shownParts = 500

/** A ticket by its id, which is that of the conversation that it was, if it was one. */
export function ticketOf(store: Store, id: number): TicketRow | undefined {
  return store.db.get<TicketRow>('SELECT * FROM tickets WHERE id = ?', id)
}

/** The type of a ticket. */
export function typeOf(store: Store, row: TicketRow): TicketTypeRow {
  const type = store.db.get<TicketTypeRow>('SELECT * FROM ticket_types WHERE id = ?', row.ticket_type_id)
  if (type === undefined) throw new Error(`Ticket ${row.id} has no type`)
  return type
}

/** Only a Back-office ticket is shared or not as it is said (docs/intercom-api.md 3.12). */
export function isShared({ category }: TicketTypeRow, row: TicketRow): boolean {
  return category === 'Customer' || (category === 'Back-office' && row.is_shared === 1)
}

/** `ticket` of a conversation, as webhooks of live workspaces show it: its id is the conversation's, a number. */
export function ticketSummary(store: Store, row: TicketRow) {
  const type = typeOf(store, row)
  const state = stateOf(store, row.ticket_state_id)
  const given = parseObject(row.attributes)
  const attributes = attributesOfType(store, type.id).map((attribute) => [
    attribute.name,
    { value: given[attributeKey(attribute)] ?? null, type: attribute.data_type },
  ])
  return {
    type: 'ticket',
    id: row.id,
    url: `https://app.intercom.com/a/apps/${store.app.id_code}/conversations/${row.id}`,
    custom_attributes: Object.fromEntries(attributes) as unknown,
    state: state.category,
    ticket_type: type.name,
    ticket_type_description: type.description,
    ticket_type_emoji: type.icon,
    ticket_custom_state_admin_label: state.internal_label,
    ticket_custom_state_user_label: state.external_label,
  }
}

/** A ticket (docs/intercom-api.md 2.13). Assignees are texts here, "0" for nobody. */
export function ticket(store: Store, row: TicketRow) {
  const type = typeOf(store, row)
  return {
    type: 'ticket',
    id: String(row.id),
    ticket_id: String(row.ticket_id),
    ticket_attributes: ticketAttributes(store, row),
    ticket_state: ticketState(stateOf(store, row.ticket_state_id)),
    ticket_type: ticketTypeOfTicket(store, type),
    contacts: { type: 'contact.list', contacts: peopleOf(store, row) },
    admin_assignee_id: String(row.admin_assignee_id ?? 0),
    team_assignee_id: String(row.team_assignee_id ?? 0),
    created_at: row.created_at,
    updated_at: row.updated_at,
    ticket_parts: ticketParts(store, row),
    open: row.open === 1,
    ...(row.snoozed_until === null ? {} : { snoozed_until: row.snoozed_until }),
    linked_objects: { type: 'list', data: [], total_count: 0, has_more: false },
    category: type.category,
    is_shared: isShared(type, row),
  }
}

/** Archived attributes stay where they were filled in (docs/intercom-api.md 3.12). */
function ticketAttributes(store: Store, row: TicketRow): unknown {
  const given = parseObject(row.attributes)
  const shown = attributesOfType(store, row.ticket_type_id).flatMap((attribute) => {
    const value = given[attributeKey(attribute)] ?? null
    return attribute.archived === 1 && value === null ? [] : [[attribute.name, value]]
  })
  return Object.fromEntries(shown)
}

function peopleOf(store: Store, row: TicketRow) {
  const of = row.converted === 1 ? 'conversation' : 'ticket'
  const contacts = store.db.all<{ id: string; external_id: string | null }>(
    `SELECT contacts.id, external_id FROM ${of}_contacts JOIN contacts ON seq = contact_seq
     WHERE ${of}_id = ? ORDER BY seq`,
    row.id,
  )
  return contacts.map(({ id, external_id }) => ({ type: 'contact', id, external_id }))
}

interface TicketPartRow extends PartRow {
  readonly ticket_state: string | null
  readonly previous_ticket_state: string | null
}

const selectParts = `SELECT conversation_parts.*, ticket_state, previous_ticket_state FROM conversation_parts
  LEFT JOIN ticket_part_states ON part_id = id WHERE conversation_id = ?`

/** The newest part of a ticket, or the first one after another. */
export function newestPart(store: Store, ticketId: number, after?: number) {
  const row =
    after === undefined
      ? store.db.get<TicketPartRow>(`${selectParts} ORDER BY id DESC LIMIT 1`, ticketId)
      : store.db.get<TicketPartRow>(`${selectParts} AND id > ? ORDER BY id LIMIT 1`, ticketId, after)
  if (row === undefined) throw new Error(`Ticket ${ticketId} has no such part`)
  return ticketPart(row, authorsOf(store)(row.author_type, row.author_id))
}

/** The message that opened a conversation is its ticket's first part, a comment (docs/intercom-api.md 2.13). */
function ticketParts(store: Store, { id, converted }: TicketRow) {
  const rows = store.db.all<TicketPartRow>(`${selectParts} ORDER BY id DESC LIMIT ?`, id, shownParts)
  const author = authorsOf(store)
  const parts = rows.reverse().map((row) => ticketPart(row, author(row.author_type, row.author_id)))
  const total = store.db.number('SELECT count(*) FROM conversation_parts WHERE conversation_id = ?', id)
  const conversation =
    converted === 1
      ? store.db.get<ConversationRow>('SELECT * FROM conversations WHERE id = ?', id)
      : undefined
  const all = conversation === undefined ? parts : [sourcePart(conversation), ...parts]
  return {
    type: 'ticket_part.list',
    ticket_parts: all.slice(-shownParts),
    total_count: total + (conversation === undefined ? 0 : 1),
  }
}

function sourcePart(conversation: ConversationRow) {
  const author: Author = {
    id: conversation.source_author_id,
    type: conversation.source_author_type,
    name: escapeName(conversation.source_author_name),
    email: conversation.source_author_email ?? '',
  }
  return {
    type: 'ticket_part',
    id: conversation.source_id,
    part_type: 'comment',
    body: conversation.source_body,
    created_at: conversation.created_at,
    updated_at: conversation.created_at,
    author: ticketAuthor(author),
    attachments: JSON.parse(conversation.source_attachments) as unknown,
    redacted: conversation.source_redacted === 1,
  }
}

function ticketPart(row: TicketPartRow, author: Author) {
  const whole = part(row, author, false)
  const { ticket_state, previous_ticket_state } = row
  return {
    type: 'ticket_part',
    id: whole.id,
    part_type: whole.part_type,
    ...(whole.body === null ? {} : { body: whole.body }),
    ...(ticket_state === null ? {} : { ticket_state, previous_ticket_state }),
    created_at: whole.created_at,
    updated_at: whole.updated_at,
    ...(whole.assigned_to === null ? {} : { assigned_to: whole.assigned_to }),
    author: ticketAuthor(author),
    attachments: whole.attachments,
    redacted: whole.redacted,
  }
}

/** Tickets know users, no leads (docs/intercom-api.md 2.13). */
function ticketAuthor({ type, ...author }: Author) {
  return { id: author.id, type: type === 'lead' ? 'user' : type, name: author.name, email: author.email }
}
