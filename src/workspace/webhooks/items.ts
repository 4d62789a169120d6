import { seconds } from '../clock.ts'
import { contact } from '../shapes/contact.ts'
import { conversationItem } from '../shapes/conversation.ts'
import { authorsOf, part } from '../shapes/part.ts'
import { basicTag } from '../shapes/tag.ts'
import { newestPart, ticket, ticketOf } from '../shapes/ticket.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import type { ConversationRow, PartRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import type { WebhookTopic } from './topics.ts'

function conversationRow(store: Store, id: number): ConversationRow {
  const row = store.db.get<ConversationRow>('SELECT * FROM conversations WHERE id = ?', id)
  if (row === undefined) throw new Error(`No conversation ${id} to announce`)
  return row
}

function withParts(store: Store, id: number, rows: readonly PartRow[]) {
  const author = authorsOf(store)
  const parts = rows.map((row) => part(row, author(row.author_type, row.author_id), false))
  return {
    ...conversationItem(store, conversationRow(store, id)),
    conversation_parts: {
      type: 'conversation_part.list',
      conversation_parts: parts,
      total_count: parts.length,
    },
  }
}

/**
 * A conversation as notifications show it: of its parts only the one that caused the event, else the newest
 * (docs/intercom-api.md 6).
 */
export function conversationWithPart(store: Store, id: number, partId?: number) {
  const row =
    partId === undefined
      ? store.db.get<PartRow>(
          'SELECT * FROM conversation_parts WHERE conversation_id = ? ORDER BY id DESC LIMIT 1',
          id,
        )
      : store.db.get<PartRow>('SELECT * FROM conversation_parts WHERE id = ?', partId)
  return withParts(store, id, row === undefined ? [] : [row])
}

/** A conversation whose event was not caused by a part: created, read, or priority changed. */
export function conversationWithoutParts(store: Store, id: number) {
  return withParts(store, id, [])
}

/** The item of a ticket's topics: the ticket, in some of them with the part that was written (docs/intercom-api.md 6). */
export function ticketItem(store: Store, id: number, topic: WebhookTopic) {
  const row = ticketOf(store, id)
  if (row === undefined) throw new Error(`No ticket ${id} to announce`)
  switch (topic) {
    case 'ticket.admin.replied':
    case 'ticket.contact.replied':
    case 'ticket.note.created':
      return { type: 'ticket_part', ticket: ticket(store, row), ticket_part: newestPart(store, id) }
    case 'ticket.closed':
      return { type: 'ticket', ticket: ticket(store, row) }
    default:
      return ticket(store, row)
  }
}

/** The item of the tag topics of contacts (docs/intercom-api.md 6). */
export function contactTag(store: Store, tag: { id: number; name: string }, row: ContactRow) {
  return {
    type: 'contact_tag',
    created_at: seconds(store.clock),
    tag: basicTag(tag),
    contact: contact(store, row),
  }
}

/** The item of `contact.subscribed` and `contact.unsubscribed` (docs/intercom-api.md 6). */
export function contactUnsubscribe(store: Store, row: ContactRow, types?: readonly object[]) {
  return {
    type: 'contact_unsubscribe',
    contact: contact(store, row),
    created_at: seconds(store.clock),
    ...(types && { subscription_types: { type: 'list', data: types } }),
  }
}

/**
 * The item of `conversation_part.tag.created`: the conversation with the part that carries the tag, and the tag
 * (docs/intercom-api.md 6). Without a part that has words it is the message that opened the conversation.
 */
export function taggedConversation(store: Store, id: number, tag: { id: number; name: string }) {
  const said = store.db.get<{ id: number }>(
    `SELECT id FROM conversation_parts WHERE conversation_id = ? AND body IS NOT NULL ORDER BY id DESC LIMIT 1`,
    id,
  )
  const item =
    said === undefined ? conversationWithSource(store, id) : conversationWithPart(store, id, said.id)
  return { ...item, tags_added: { type: 'tag.list', tags: [basicTag(tag)] } }
}

function conversationWithSource(store: Store, id: number) {
  const item = withParts(store, id, [])
  const { source } = item
  const part = {
    type: 'conversation_part',
    id: source.id,
    part_type: 'comment',
    body: source.body,
    created_at: item.created_at,
    updated_at: item.updated_at,
    notified_at: item.created_at,
    assigned_to: null,
    author: source.author,
    attachments: source.attachments,
    external_id: null,
    redacted: source.redacted,
  }
  const conversation_parts = { ...item.conversation_parts, conversation_parts: [part], total_count: 1 }
  return { ...item, conversation_parts }
}

/** The item of `contact.merged`: the merged contact and its source (docs/intercom-api.md 6). */
export function mergedContact(store: Store, into: ContactRow, from: ContactRow) {
  return { ...contact(store, into), merged_from: { type: 'contact', id: from.id } }
}

/** The item of a deleted object: its type and ids (docs/intercom-api.md 6). */
export function deletedItem(
  type: 'contact' | 'company' | 'conversation' | 'article',
  ids: Readonly<Record<string, unknown>>,
) {
  return { type, ...ids }
}
