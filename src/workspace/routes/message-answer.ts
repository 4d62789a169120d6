import { seconds } from '../clock.ts'
import { bodyToHtml, textToHtml } from '../html.ts'
import { notFound } from '../http/api-error.ts'
import type { RouteCall } from '../http/call.ts'
import type { AdminRow } from '../store/app-tables.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import type { ConversationRow, MessageRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import { startedByAdmin } from '../threads/thread.ts'
import { happen } from './conversation-event.ts'
import { findConversation } from './find-conversation.ts'

/**
 * Opens the conversation of an admin's message: at once with `create_conversation_without_contact_reply`, else
 * when the contact answers. Its `source.id` is the message's id (docs/intercom-api.md 3.6). Inside a write.
 */
export function openFromMessage(
  store: Store,
  message: MessageRow,
  rewrite: RouteCall['rewrite'] = (html) => html,
): number {
  const id = store.nextId('conversations')
  const admin = store.db.get<AdminRow>('SELECT * FROM admins WHERE id = ?', message.admin_id)
  const type = message.message_type === 'email' ? 'email' : 'conversation'
  store.insertConversation(
    {
      ...startedByAdmin(message.created_at),
      id,
      source_type: type,
      channel_initiated: type,
      source_id: String(message.id),
      source_delivered_as: 'admin_initiated',
      source_subject: message.subject ?? '',
      source_body: rewrite(bodyToHtml(message.body)),
      source_author_type: 'admin',
      source_author_id: String(message.admin_id),
      source_author_name: admin?.name ?? null,
      source_author_email: admin?.email ?? null,
    },
    [message.contact_seq],
  )
  store.db.run('UPDATE messages SET conversation_id = ? WHERE id = ?', id, message.id)
  return id
}

/**
 * The contact answers an admin's message in the Messenger or by mail, which no operation of the API does: the
 * answer is a part of the conversation that the message has or now gets. Inside a write.
 */
export function answerMessage(
  call: Pick<RouteCall, 'store'>,
  messageId: number,
  text: string,
): ConversationRow {
  const { store } = call
  const message = store.db.get<MessageRow>(
    `SELECT * FROM messages WHERE id = ? AND kind = 'admin_message'`,
    messageId,
  )
  if (message === undefined) throw notFound()
  const contact = store.db.get<ContactRow>('SELECT * FROM contacts WHERE seq = ?', message.contact_seq)
  if (contact === undefined || contact.standing !== 'active') throw notFound('User Not Found')
  const id = message.conversation_id ?? openFromMessage(store, message)
  return happen(call, findConversation(store, id), {
    type: 'contact_reply',
    at: seconds(store.clock),
    contact: { type: contact.role === 'lead' ? 'lead' : 'user', id: contact.id },
    body: textToHtml(text),
  })
}
