import { ControlError } from '../control-error.ts'
import { toId } from '../http/input.ts'
import { anyContact } from '../routes/find-contact.ts'
import { answerMessage } from '../routes/message-answer.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import type { ConversationRow, MessageRow, PartRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import type { TicketRow } from '../store/ticket-tables.ts'
import { reachingParts } from '../threads/reaches.ts'
import {
  type MessengerConversation,
  type MessengerMessage,
  shownConversation,
  shownMessage,
  shownPart,
  shownSource,
  shownTicket,
} from './messenger-shapes.ts'

export type { MessengerConversation, MessengerMessage } from './messenger-shapes.ts'

/** A customer's Messenger: the list of their conversations and tickets, the one with the newest message first. */
export interface Messenger {
  readonly contact: {
    readonly id: string
    readonly role: string
    readonly name: string | null
    readonly email: string | null
  }
  readonly conversations: readonly MessengerConversation[]
  readonly has_more: boolean
}

/** One conversation of a customer, oldest message first; the newest 500 when there are more. */
export interface MessengerThread {
  readonly contact: Messenger['contact']
  readonly conversation: MessengerConversation
  readonly messages: readonly MessengerMessage[]
  readonly has_more: boolean
}

const mostMessages = 500

/** The conversations of a customer as they see them. */
export function messenger(store: Store, contactId: string, limit: number): Messenger {
  const contact = customer(store, contactId)
  const conversations = store.db
    .all<ConversationRow>(
      `SELECT conversations.* FROM conversation_contacts JOIN conversations ON id = conversation_id
       WHERE contact_seq = ? ORDER BY id DESC`,
      contact.seq,
    )
    .map((row) => shownConversation(store, contact, row))
  const messages = store.db
    .all<MessageRow>(
      `SELECT * FROM messages WHERE contact_seq = ? AND conversation_id IS NULL AND kind = 'admin_message'
       ORDER BY id DESC`,
      contact.seq,
    )
    .map((row) => shownMessage(store, row))
  const tickets = store.db
    .all<TicketRow>(`${ticketsOf} ORDER BY id DESC`, contact.seq)
    .flatMap((row) => shownTicket(store, contact, row) ?? [])
  const all = [...conversations, ...messages, ...tickets].toSorted((a, b) => timeOf(b) - timeOf(a))
  return {
    contact: shownContact(contact),
    conversations: all.slice(0, limit),
    has_more: all.length > limit,
  }
}

/** Tickets of a contact that were no conversations. */
const ticketsOf = `SELECT tickets.* FROM ticket_contacts JOIN tickets ON tickets.id = ticket_contacts.ticket_id
  WHERE contact_seq = ? AND converted = 0`

function timeOf({ last, created_at }: MessengerConversation): number {
  return last?.at ?? created_at
}

/** One of them: a conversation, a message that they have not answered, or a ticket that was no conversation. */
export interface MessengerPlace {
  readonly conversation?: string | undefined
  readonly message?: string | undefined
  readonly ticket?: string | undefined
}

/** A conversation of a customer, a message that they have not answered, or a ticket of theirs. */
export function messengerThread(
  store: Store,
  contactId: string,
  { conversation: id, message, ticket }: MessengerPlace,
): MessengerThread {
  const contact = customer(store, contactId)
  const shown = { contact: shownContact(contact) }
  if ([id, message, ticket].filter((one) => one !== undefined).length !== 1)
    throw new ControlError('Give either a conversation, a message or a ticket.')
  if (message !== undefined) {
    const conversation = shownMessage(store, messageTo(store, contact, message))
    return { ...shown, conversation, messages: [conversation.last], has_more: false }
  }
  if (ticket !== undefined) {
    const row = store.db.get<TicketRow>(`${ticketsOf} AND tickets.id = ?`, contact.seq, toId(ticket) ?? -1)
    const conversation = row && shownTicket(store, contact, row)
    if (row === undefined || conversation === undefined)
      throw new ControlError(
        `Contact ${contact.id} sees no ticket '${ticket}'. One that was a conversation is found as that.`,
      )
    return { ...shown, conversation, ...partsSeen(store, contact, row.id) }
  }
  const row = store.db.get<ConversationRow>(
    `SELECT conversations.* FROM conversation_contacts JOIN conversations ON id = conversation_id
     WHERE contact_seq = ? AND id = ?`,
    contact.seq,
    toId(id) ?? -1,
  )
  if (row === undefined)
    throw new ControlError(`Contact ${contact.id} takes part in no conversation '${id}'.`)
  const { messages, has_more } = partsSeen(store, contact, row.id)
  return {
    ...shown,
    conversation: shownConversation(store, contact, row),
    messages: has_more ? messages : [shownSource(contact, row), ...messages],
    has_more,
  }
}

/** Of a conversation or a ticket, without what began it. */
function partsSeen(store: Store, contact: ContactRow, id: number) {
  const parts = store.db
    .all<PartRow>(
      `SELECT * FROM conversation_parts WHERE conversation_id = ? AND ${reachingParts} ORDER BY id DESC LIMIT ?`,
      id,
      mostMessages,
    )
    .toReversed()
  const messages = parts.map((part) => shownPart(store, contact, part))
  return { messages, has_more: parts.length === mostMessages }
}

/**
 * The customer answers an admin's message that has no conversation yet, which no operation of Intercom's API does.
 * Gives the conversation's id.
 */
export function answerInMessenger(store: Store, contactId: string, messageId: string, body: string): string {
  const { id } = messageTo(store, customer(store, contactId), messageId)
  return String(store.write(() => answerMessage({ store }, id, body)).id)
}

/** Whoever can open the Messenger: visitors too, and nobody who is archived or gone. */
function customer(store: Store, id: string): ContactRow {
  const row = anyContact(store, id)
  if (row === undefined || !['active', 'visitor'].includes(row.standing))
    throw new ControlError(`There is no contact '${id}', or it is archived, deleted or merged.`)
  return row
}

function messageTo(store: Store, contact: ContactRow, id: string): MessageRow {
  const row = store.db.get<MessageRow>(
    `SELECT * FROM messages WHERE id = ? AND contact_seq = ? AND kind = 'admin_message'`,
    toId(id) ?? -1,
    contact.seq,
  )
  if (row === undefined) throw new ControlError(`No admin sent contact ${contact.id} a message '${id}'.`)
  if (row.conversation_id !== null)
    throw new ControlError(`Message ${id} has a conversation by now: ${row.conversation_id}.`)
  return row
}

function shownContact({ id, role, name, email }: ContactRow): Messenger['contact'] {
  return { id, role, name, email }
}
