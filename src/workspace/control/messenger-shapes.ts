import { bodyToHtml, plainText } from '../html.ts'
import { anyContact } from '../routes/find-contact.ts'
import { parseObject } from '../shapes/contact.ts'
import { isShared, ticketOf, typeOf } from '../shapes/ticket.ts'
import { stateOf } from '../shapes/ticket-type.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import type { ConversationRow, MessageRow, PartRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import type { TicketRow } from '../store/ticket-tables.ts'
import { reachingParts } from '../threads/reaches.ts'

/** What somebody said, as a customer reads it: names without addresses, and nothing of what was deleted. */
export interface MessengerMessage {
  readonly id: string
  readonly at: number
  readonly from: {
    readonly type: 'customer' | 'teammate' | 'bot'
    readonly name: string | null
    readonly is_you: boolean
  }
  /** Both are null for what was deleted. */
  readonly html: string | null
  readonly text: string | null
  readonly attachments: readonly unknown[]
  readonly deleted: boolean
}

/**
 * A conversation in a customer's list. `conversation_id` is null of an admin's message that nobody answered, and of a
 * ticket that was no conversation.
 */
export interface MessengerConversation {
  readonly conversation_id: string | null
  /** Of a ticket that was no conversation, else null. */
  readonly ticket_id: string | null
  /** Of the admin's message that began it, else null. */
  readonly message_id: string | null
  /** `email` where it reaches this customer by e-mail only. */
  readonly channel: 'inapp' | 'email'
  readonly subject: string | null
  readonly created_at: number
  /** A snoozed conversation is an open one to its customer. An answer opens a closed one again. */
  readonly closed: boolean
  /** Whether something of the team has not been read; null where Intercom keeps no such thing. */
  readonly unread: boolean | null
  readonly rating: { readonly score: number; readonly remark: string; readonly at: number } | null
  /** The state of a ticket by the name that customers see. */
  readonly ticket: {
    readonly type: string
    readonly state: string
    readonly title: string | null
    readonly description: string | null
  } | null
  /** The newest message; null of a ticket on which nobody has said anything. */
  readonly last: MessengerMessage | null
}

/** A conversation in the list of one of its customers. */
export function shownConversation(
  store: Store,
  contact: ContactRow,
  row: ConversationRow,
): MessengerConversation {
  const last = lastPart(store, contact, row.id) ?? shownSource(contact, row)
  const begunByTeam = row.source_delivered_as !== 'customer_initiated'
  return {
    conversation_id: String(row.id),
    ticket_id: null,
    message_id: begunByTeam ? row.source_id : null,
    channel: channelOf(contact, row, begunByTeam),
    subject: row.source_subject || null,
    created_at: row.created_at,
    closed: row.state === 'closed',
    unread: row.read === 0 && !last.from.is_you,
    rating: ratingOf(row),
    ticket: ticketSeen(store, ticketOf(store, row.id)),
    last,
  }
}

/** A ticket that was no conversation; undefined if it is not shared with customers. */
export function shownTicket(
  store: Store,
  contact: ContactRow,
  row: TicketRow,
): MessengerConversation | undefined {
  const ticket = ticketSeen(store, row)
  if (ticket === null) return undefined
  return {
    conversation_id: null,
    ticket_id: String(row.id),
    message_id: null,
    channel: 'inapp',
    subject: null,
    created_at: row.created_at,
    closed: row.open === 0,
    unread: null,
    rating: null,
    ticket,
    last: lastPart(store, contact, row.id) ?? null,
  }
}

function lastPart(store: Store, contact: ContactRow, id: number): MessengerMessage | undefined {
  const part = store.db.get<PartRow>(
    `SELECT * FROM conversation_parts WHERE conversation_id = ? AND ${reachingParts} ORDER BY id DESC LIMIT 1`,
    id,
  )
  return part && shownPart(store, contact, part)
}

/** The Messenger has one customer in a conversation; whoever is added takes part by e-mail (intercom.com/help/en/articles/6435588). */
function channelOf(contact: ContactRow, row: ConversationRow, begunByTeam: boolean): 'inapp' | 'email' {
  const isFirst = begunByTeam || row.source_author_id === contact.id
  return row.source_type !== 'email' && isFirst ? 'inapp' : 'email'
}

function ratingOf(row: ConversationRow): MessengerConversation['rating'] {
  if (row.conversation_rating === null) return null
  const { rating, remark, created_at } = parseObject(row.conversation_rating)
  return typeof rating === 'number'
    ? { score: rating, remark: String(remark ?? ''), at: Number(created_at) }
    : null
}

function ticketSeen(store: Store, row: TicketRow | undefined): MessengerConversation['ticket'] {
  if (row === undefined) return null
  const type = typeOf(store, row)
  if (!isShared(type, row)) return null
  const { _default_title_: title, _default_description_: description } = parseObject(row.attributes)
  return {
    type: type.name,
    state: stateOf(store, row.ticket_state_id).external_label,
    title: typeof title === 'string' ? title : null,
    description: typeof description === 'string' ? description : null,
  }
}

/** An admin's message that has no conversation, as a conversation in the list. */
export function shownMessage(
  store: Store,
  row: MessageRow,
): MessengerConversation & { readonly last: MessengerMessage } {
  const html = bodyToHtml(row.body)
  const last: MessengerMessage = {
    id: String(row.id),
    at: row.created_at,
    from: { type: 'teammate', name: nameOfAdmin(store, row.admin_id), is_you: false },
    html,
    text: plainText(html),
    attachments: [],
    deleted: false,
  }
  return {
    conversation_id: null,
    ticket_id: null,
    message_id: last.id,
    channel: row.message_type === 'email' ? 'email' : 'inapp',
    subject: row.subject || null,
    created_at: row.created_at,
    closed: false,
    unread: null,
    rating: null,
    ticket: null,
    last,
  }
}

/** What began a conversation. */
export function shownSource(contact: ContactRow, row: ConversationRow): MessengerMessage {
  const author = { type: row.source_author_type, id: row.source_author_id, name: row.source_author_name }
  const { source_body: body, source_attachments: attachments, source_redacted: redacted } = row
  return said(contact, author, { id: row.source_id, body, attachments, redacted, created_at: row.created_at })
}

/** A part that reaches customers. */
export function shownPart(store: Store, contact: ContactRow, row: PartRow): MessengerMessage {
  const { author_type: type, author_id: id } = row
  const isTeam = type === 'admin' || type === 'bot'
  const name = isTeam ? nameOfAdmin(store, Number(id)) : (anyContact(store, id)?.name ?? null)
  return said(contact, { type, id, name }, { ...row, id: String(row.id) })
}

function said(
  contact: ContactRow,
  author: { type: string; id: string; name: string | null },
  row: { id: string; body: string | null; attachments: string; redacted: number; created_at: number },
): MessengerMessage {
  const { type, id, name } = author
  const deleted = row.redacted === 1
  const html = deleted ? null : row.body
  return {
    id: row.id,
    at: row.created_at,
    from: {
      type: type === 'admin' ? 'teammate' : type === 'bot' ? 'bot' : 'customer',
      name,
      is_you: id === contact.id,
    },
    html,
    text: html === null ? null : plainText(html),
    attachments: deleted ? [] : (JSON.parse(row.attachments) as unknown[]),
    deleted,
  }
}

function nameOfAdmin(store: Store, id: number | null): string | null {
  return store.db.get<{ name: string }>('SELECT name FROM admins WHERE id = ?', id)?.name ?? null
}
