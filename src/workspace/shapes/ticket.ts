import { escapeName } from '../entities.ts'
import type { ConversationRow, PartRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import type { TicketRow, TicketTypeRow } from '../store/ticket-tables.ts'
import { parseObject } from './contact.ts'
import { type Author, authorsOf, part } from './part.ts'
import { attributesOfType, stateOf, ticketState, ticketTypeOfTicket } from './ticket-type.ts'

/** Like a conversation, a ticket shows its newest 500 parts (docs/intercom-api.md 2.13). */
const shownParts = 500

/** The ticket that a conversation became, if it did. */
export function ticketOf(store: Store, conversationId: number): TicketRow | undefined {
  return store.db.get<TicketRow>('SELECT * FROM tickets WHERE id = ?', conversationId)
}

function typeOf(store: Store, row: TicketRow): TicketTypeRow {
  const type = store.db.get<TicketTypeRow>('SELECT * FROM ticket_types WHERE id = ?', row.ticket_type_id)
  if (type === undefined) throw new Error(`Ticket ${row.id} has no type`)
  return type
}

/** `ticket` of a conversation, as webhooks of live workspaces show it: its id is the conversation's, a number. */
export function ticketSummary(store: Store, row: TicketRow) {
  const type = typeOf(store, row)
  const state = stateOf(store, row.ticket_state_id)
  const given = parseObject(row.attributes)
  const attributes = attributesOfType(store, type.id).map(({ name, data_type }) => [
    name,
    { value: given[name] ?? null, type: data_type },
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

/**
 * A ticket (docs/intercom-api.md 2.13): the conversation seen as one. Assignees are texts here, "0" for
 * nobody.
 */
export function ticket(store: Store, row: TicketRow, conversation: ConversationRow) {
  const contacts = store.db.all<{ id: string; external_id: string | null }>(
    `SELECT contacts.id, external_id FROM conversation_contacts JOIN contacts ON seq = contact_seq
     WHERE conversation_id = ? ORDER BY seq`,
    row.id,
  )
  const type = typeOf(store, row)
  return {
    type: 'ticket',
    id: String(row.id),
    ticket_id: String(row.ticket_id),
    ticket_attributes: parseObject(row.attributes),
    ticket_state: ticketState(stateOf(store, row.ticket_state_id)),
    ticket_type: ticketTypeOfTicket(store, type),
    contacts: {
      type: 'contact.list',
      contacts: contacts.map(({ id, external_id }) => ({ type: 'contact', id, external_id })),
    },
    admin_assignee_id: String(conversation.admin_assignee_id ?? 0),
    team_assignee_id: String(conversation.team_assignee_id ?? 0),
    created_at: conversation.created_at,
    updated_at: Math.max(row.updated_at, conversation.updated_at),
    ticket_parts: ticketParts(store, conversation),
    open: conversation.open === 1,
    ...(conversation.snoozed_until === null ? {} : { snoozed_until: conversation.snoozed_until }),
    linked_objects: { type: 'list', data: [], total_count: 0, has_more: false },
    category: type.category,
    is_shared: true,
  }
}

/**
 * The message that opened the conversation is a ticket's first part, a comment (docs/intercom-api.md 2.13).
 */
function ticketParts(store: Store, conversation: ConversationRow) {
  const rows = store.db.all<PartRow>(
    'SELECT * FROM conversation_parts WHERE conversation_id = ? ORDER BY id DESC LIMIT ?',
    conversation.id,
    shownParts,
  )
  const author = authorsOf(store)
  const parts = rows.reverse().map((row) => ticketPart(row, author(row.author_type, row.author_id)))
  const all = [sourcePart(conversation), ...parts]
  const total = store.db.number(
    'SELECT count(*) FROM conversation_parts WHERE conversation_id = ?',
    conversation.id,
  )
  return { type: 'ticket_part.list', ticket_parts: all.slice(-shownParts), total_count: total + 1 }
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

function ticketPart(row: PartRow, author: Author) {
  const whole = part(row, author, false)
  // The part of a change of state tells it and has no body; converting is the only change there is
  // (docs/intercom-api.md 2.13).
  const state = row.part_type === 'ticket_state_updated_by_admin'
  return {
    type: 'ticket_part',
    id: whole.id,
    part_type: whole.part_type,
    ...(state ? { ticket_state: 'submitted', previous_ticket_state: 'submitted' } : { body: whole.body }),
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
