import type { AdminRow } from '../store/app-tables.ts'

/**
 * The answer to a message of a contact, leads included (docs/intercom-api.md 2.10). The body is echoed as it
 * was sent.
 */
export function userMessage(id: number, createdAt: number, body: string, conversationId: number) {
  return {
    type: 'user_message',
    id: String(id),
    created_at: createdAt,
    body,
    message_type: 'inapp',
    conversation_id: String(conversationId),
  }
}

/** The answer to a message of an admin: no conversation id; an in-app message without subject repeats its body. */
export function adminMessage(
  id: number,
  createdAt: number,
  subject: string | null,
  body: string,
  messageType: string,
  owner: AdminRow,
) {
  return {
    type: 'admin_message',
    id: String(id),
    created_at: createdAt,
    subject: subject === null || subject === '' ? body : subject,
    body,
    message_type: messageType,
    // Nothing about being away (recorded).
    owner: { type: 'admin', id: String(owner.id), name: owner.name, email: owner.email },
  }
}
