/**
 * What a contact wrote. `id` is the message's; the conversation it began has another
 * (docs/intercom-api.md 2.10).
 */
export type UserMessage = {
  type: 'user_message'
  id: string
  created_at: number
  body: string
  message_type: string
  conversation_id: string
}

/** What an admin sent. No conversation exists until the contact answers (docs/intercom-api.md 2.10). */
export type AdminMessage = {
  type: 'admin_message'
  id: string
  created_at: number
  subject: string
  body: string
  message_type: 'inapp' | 'email'
  owner: { type: 'admin'; id: string; name: string; email: string }
}
