import { seconds } from '../clock.ts'
import { textToHtml } from '../html.ts'
import { invalid } from '../http/api-error.ts'
import type { RouteCall } from '../http/call.ts'
import type { Input } from '../http/input.ts'
import { userMessage } from '../shapes/message.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import type { Store } from '../store/store.ts'
import { record } from '../threads/record.ts'
import { startedByContact } from '../threads/thread.ts'
import { announce } from '../webhooks/announce.ts'
import { conversationWithoutParts } from '../webhooks/items.ts'
import { findBot } from './admins.ts'
import { readAttachments } from './attachments.ts'
import { happen } from './conversation-event.ts'
import { activeContact } from './find-contact.ts'
import { findConversation } from './find-conversation.ts'
import { visitorNamed } from './find-visitor.ts'
import { become } from './visitors.ts'

/**
 * Opens a conversation with a contact's message: POST /conversations, and POST /messages from a contact
 * (docs/intercom-api.md 3.6). The answer is the message; its body is echoed as sent and stored as HTML
 * (docs/intercom-api.md 1.8). The bot's part that follows is live behaviour, and so is another one before it
 * when the contact has a company (docs/intercom-api.md 5).
 */
export function contactMessage(call: RouteCall) {
  const { store, body, rewrite } = call
  const from = body.object('from')
  if (!from) throw invalid('From is required')
  if (from.option('type', ['user', 'lead', 'contact']) === undefined) throw invalid("Type isn't an option")
  const text = body.filled('body')
  const attachments = readAttachments(body)
  const contact = sender(call, from)
  const at = body.time('created_at') ?? seconds(store.clock)
  const messageId = store.nextId('messages')
  const id = store.nextId('conversations')
  const company_id = firstCompany(store, contact)
  store.insertConversation(
    {
      ...startedByContact(at),
      id,
      company_id,
      source_id: String(messageId),
      source_subject: body.text('subject') ?? '',
      source_body: rewrite(textToHtml(text)),
      source_author_type: contact.role,
      source_author_id: contact.id,
      source_author_name: contact.name,
      source_author_email: contact.email,
      source_attachments: attachments,
    },
    [contact.seq],
  )
  store.insertMessage({
    id: messageId,
    kind: 'user_message',
    created_at: at,
    message_type: 'inapp',
    subject: body.text('subject') ?? null,
    body: text,
    contact_seq: contact.seq,
    conversation_id: id,
  })
  store.db.run(
    `UPDATE contacts SET last_replied_at = max(coalesce(last_replied_at, 0), ?),
     updated_at = max(coalesce(updated_at, 0), ?) WHERE seq = ?`,
    at,
    at,
    contact.seq,
  )
  announce(call, 'conversation.user.created', () => conversationWithoutParts(store, id))
  const bot_id = findBot(store).id
  if (company_id !== null) record(store, findConversation(store, id), { type: 'company_updated', at, bot_id })
  happen(call, findConversation(store, id), { type: 'attribute_updated', at, bot_id })
  return userMessage(messageId, at, text, id)
}

/** The company that the conversation is about: the one that the contact has longest. */
function firstCompany(store: Store, contact: ContactRow): string | null {
  const row = store.db.get<{ id: string }>(
    `SELECT id FROM contact_companies JOIN companies ON seq = company_seq
     WHERE contact_seq = ? ORDER BY attached_at, company_seq LIMIT 1`,
    contact.seq,
  )
  return row?.id ?? null
}

/** A visitor who writes becomes a lead (docs/intercom-api.md 3.13). */
function sender(call: RouteCall, from: Input): ContactRow {
  const { store } = call
  const id = from.text('id') ?? undefined
  const user_id = from.text('user_id')
  const visitor = visitorNamed(store, { id, user_id })
  if (visitor === undefined) return activeContact(store, id)
  become(call, visitor, 'lead', {})
  return activeContact(store, visitor.id)
}
