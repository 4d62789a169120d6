import type { Tag } from './tag.ts'

/** Who wrote a part. Contacts appear as `user` or `lead`, the bot as `bot` (docs/intercom-api.md 2.8). */
export type Author = { type: string; id: string; name: string | null; email: string | null }

/** One entry of a thread (docs/intercom-api.md 2.8). Entries that only record a change have no body. */
export type ConversationPart = {
  type: 'conversation_part'
  id: string
  /** `comment` and `note` hold text; a reply that reopens arrives as `open`, with its text. */
  part_type: string
  /** HTML. */
  body: string | null
  created_at: number
  updated_at: number
  author: Author
  assigned_to: { type: string; id: string | null } | null
  attachments: unknown[]
  redacted: boolean
}

/** A conversation as lists and searches give it (docs/intercom-api.md 2.6); times are Unix seconds. */
export type ConversationListItem = {
  type: 'conversation'
  /** Decimal digits; a message's id is another. */
  id: string
  created_at: number
  updated_at: number
  /** Since when the contact waits for an answer. */
  waiting_since: number | null
  snoozed_until: number | null
  /** The first message. */
  source: {
    type: string
    id: string
    delivered_as: string
    subject: string
    body: string
    author: Author
    attachments: unknown[]
    url: string | null
    redacted: boolean
  } | null
  contacts: { type: 'contact.list'; contacts: { type: 'contact'; id: string; external_id: string | null }[] }
  admin_assignee_id: number | null
  team_assignee_id: number | null
  /** True while snoozed. */
  open: boolean
  state: 'open' | 'closed' | 'snoozed'
  read: boolean
  priority: 'priority' | 'not_priority'
  tags: { type: 'tag.list'; tags: Tag[] }
  title: string | null
  custom_attributes: Record<string, unknown>
  statistics: Record<string, unknown> | null
}

/** One conversation with its thread: the newest 500 parts, oldest first. */
export type Conversation = ConversationListItem & {
  conversation_parts: {
    type: 'conversation_part.list'
    conversation_parts: ConversationPart[]
    total_count: number
  }
}

/** What a contact wrote. `id` is the message's; the conversation it began has another (docs/intercom-api.md 2.10). */
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
