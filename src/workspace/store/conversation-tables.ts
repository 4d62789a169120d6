import type { NewRow, Row } from './columns.ts'
import {
  flag,
  integer,
  integerOr,
  jsonOr,
  key,
  maybeInteger,
  maybeJson,
  maybeText,
  text,
  textOr,
} from './columns.ts'

/** `conversation_statistics` (docs/intercom-api.md 2.9), one column each, under their wire names. */
export const statistics = {
  time_to_assignment: maybeInteger,
  time_to_admin_reply: maybeInteger,
  time_to_first_close: maybeInteger,
  time_to_last_close: maybeInteger,
  median_time_to_reply: maybeInteger,
  first_contact_reply_at: maybeInteger,
  first_assignment_at: maybeInteger,
  first_admin_reply_at: maybeInteger,
  first_close_at: maybeInteger,
  last_assignment_at: maybeInteger,
  last_assignment_admin_reply_at: maybeInteger,
  last_contact_reply_at: maybeInteger,
  last_admin_reply_at: maybeInteger,
  last_close_at: maybeInteger,
  last_closed_by_id: maybeInteger,
  count_reopens: integerOr(0),
  count_assignments: integerOr(0),
  /** Counts the source message too: parts + 1 (docs/intercom-api.md 2.9). */
  count_conversation_parts: integerOr(1),
}

/**
 * Conversations: one row is the list item of the wire. The source's author is kept as it was, its name and
 * e-mail follow the contact. `source_text` holds the folded words of `source_body`, filled by the store.
 */
export const conversations = {
  id: key,
  created_at: integer,
  updated_at: integer,
  waiting_since: maybeInteger,
  snoozed_until: maybeInteger,
  state: textOr('open'),
  open: flag(true),
  read: flag(true),
  priority: textOr('not_priority'),
  title: textOr(''),
  /** Intercom's id of the company it is about; on the wire from 2.14 on. */
  company_id: maybeText,
  source_type: textOr('conversation'),
  source_id: text,
  source_delivered_as: textOr('customer_initiated'),
  source_subject: textOr(''),
  source_body: text,
  source_text: textOr(''),
  source_author_type: text,
  source_author_id: text,
  source_author_name: maybeText,
  source_author_email: maybeText,
  source_attachments: jsonOr([]),
  source_url: maybeText,
  source_redacted: flag(false),
  channel_initiated: textOr('conversation'),
  first_contact_reply_created_at: maybeInteger,
  first_contact_reply_url: maybeText,
  admin_assignee_id: maybeInteger,
  team_assignee_id: maybeInteger,
  custom_attributes: jsonOr({}),
  sla_applied: maybeJson,
  conversation_rating: maybeJson,
  ai_agent: maybeJson,
  ai_agent_participated: flag(false),
  /** Seconds the contact waited for each answer: what the median is taken of. Not on the wire. */
  reply_times: jsonOr([]),
  ...statistics,
}

/**
 * Parts of a thread; a higher id is later. `body` is HTML or null (docs/intercom-api.md 2.8). Names of
 * authors are read, not kept.
 */
export const conversationParts = {
  id: key,
  conversation_id: integer,
  part_type: text,
  body: maybeText,
  created_at: integer,
  updated_at: integer,
  notified_at: integer,
  assigned_to_type: maybeText,
  assigned_to_id: maybeText,
  author_type: text,
  author_id: text,
  attachments: jsonOr([]),
  external_id: maybeText,
  redacted: flag(false),
}

/** Contacts that take part in a conversation. */
export const conversationContacts = { conversation_id: integer, contact_seq: integer }

/** Admins that wrote a comment in a conversation (`teammates`). */
export const conversationTeammates = { conversation_id: integer, admin_id: integer }

/** Tags on conversations. */
export const conversationTags = {
  conversation_id: integer,
  tag_id: integer,
  applied_at: integer,
  applied_by: maybeInteger,
}

/** Every message that was sent with POST /messages or opened a conversation; the outbox of the workspace. */
export const messages = {
  id: key,
  kind: text,
  created_at: integer,
  message_type: text,
  subject: maybeText,
  body: text,
  template: maybeText,
  admin_id: maybeInteger,
  contact_seq: integer,
  conversation_id: maybeInteger,
}

export type ConversationRow = Row<typeof conversations>
/** A conversation to insert, in its final state: a thread is reckoned first and stored afterwards. */
export type NewConversation = Omit<NewRow<typeof conversations>, 'source_text'>
export type PartRow = Row<typeof conversationParts>
export type NewPart = Omit<NewRow<typeof conversationParts>, 'id' | 'updated_at' | 'notified_at'> & {
  updated_at?: number | undefined
  notified_at?: number | undefined
}
export type NewConversationTag = NewRow<typeof conversationTags>
export type MessageRow = Row<typeof messages>
export type NewMessage = NewRow<typeof messages>
