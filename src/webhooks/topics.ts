import type { Admin } from '../actions/types/admin.ts'
import type { Contact } from '../actions/types/contact.ts'
import type { Conversation, ConversationListItem } from '../actions/types/conversation.ts'
import type { Tag } from '../actions/types/tag.ts'

/** The item of the tag topics of contacts. */
export type ContactTag = { type: 'contact_tag'; created_at: number; tag: Tag; contact: Contact }

/** What is left of something deleted: its type and ids. */
export type Deleted = { type: string; id: string; [more: string]: unknown }

/** An item that has no type of its own here. */
export type OtherItem = { type?: string; id?: string | number; [more: string]: unknown }

// By what their item is (docs/intercom-api.md 6). `contact.unarchive` is Intercom's own spelling.
const topics = {
  contact: `contact.user.created contact.user.updated contact.lead.created contact.lead.updated contact.lead.added_email
    contact.lead.signed_up contact.archived contact.unarchive contact.email.updated contact.subscribed
    contact.unsubscribed visitor.signed_up`,
  merged: `contact.merged`,
  tag: `contact.user.tag.created contact.user.tag.deleted contact.lead.tag.created contact.lead.tag.deleted`,
  deleted: `contact.deleted company.deleted conversation.deleted`,
  conversation: `conversation.user.created conversation.user.replied conversation.admin.replied
    conversation.admin.noted conversation.admin.assigned conversation.admin.open.assigned conversation.admin.closed
    conversation.admin.opened conversation.admin.snoozed conversation.admin.unsnoozed
    conversation.admin.single.created conversation.operator.replied conversation.read conversation.priority.updated
    conversation.rating.added conversation.contact.attached conversation.contact.detached
    conversation.company.updated conversation_part.tag.created conversation_part.redacted`,
  admin: `admin.away_mode_updated admin.added_to_workspace admin.removed_from_workspace admin.logged_in
    admin.logged_out`,
  other: `company.created company.updated company.contact.attached company.contact.detached event.created`,
  ping: `ping`,
  polledConversation: `polled.conversation.created polled.conversation.updated`,
  polledContact: `polled.contact.created polled.contact.updated`,
} as const

type Words<Text extends string> = Text extends `${infer Head} ${infer Tail}`
  ? Words<Head> | Words<Tail>
  : Text extends `\n${infer Tail}`
    ? Words<Tail>
    : Text extends `${infer Head}\n${infer Tail}`
      ? Words<Head> | Words<Tail>
      : Exclude<Text, ''>
type Of<Kind extends keyof typeof topics, Item> = { [Name in Words<(typeof topics)[Kind]>]: Item }

/**
 * The items of Intercom's topics, and of what polling finds. Types for reading, not a promise: an item is handed on
 * as it came. A conversation holds only the part that caused the event.
 */
export type Items = Of<'contact', Contact> &
  Of<'merged', Contact & { merged_from?: { type: string; id: string } }> &
  Of<'tag', ContactTag> &
  Of<'deleted', Deleted> &
  Of<'conversation', Conversation> &
  Of<'admin', Admin> &
  Of<'other', OtherItem> &
  Of<'ping', { type: 'ping'; message?: string }> &
  Of<'polledConversation', ConversationListItem> &
  Of<'polledContact', Contact> & { [Name in `ticket.${string}`]: OtherItem }

/** What may happen: the topics of Intercom's webhooks, and what polling finds. */
export type Topic = keyof Items & string

/** A topic, all topics that begin alike (`conversation.*`, `conversation.admin.*`), or all. */
export type Pattern = Topic | `${string}.*` | '*'

/** The topics that a pattern stands for. */
export type Matching<P extends Pattern> = P extends '*'
  ? Topic
  : P extends `${infer Head}.*`
    ? Extract<Topic, `${Head}.${string}`>
    : Extract<Topic, P>

/** Every topic whose name is known; of the tickets' only the family is. */
const knownTopics: readonly string[] = Object.values(topics).flatMap((names) => names.split(/\s+/))

/** Whether a pattern can ever match: a misspelt one would let events pass unheard. */
export function canMatch(pattern: string): boolean {
  if (pattern === '*' || /^ticket\.([\w.]+|\*)$/.test(pattern)) return true
  if (!pattern.endsWith('.*')) return knownTopics.includes(pattern)
  return knownTopics.some((topic) => topic.startsWith(pattern.slice(0, -1)))
}
