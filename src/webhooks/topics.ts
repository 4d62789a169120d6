import type { Admin } from '../actions/types/admin.ts'
import type { Contact } from '../actions/types/contact.ts'
import type { Conversation, ConversationListItem } from '../actions/types/conversation.ts'
import type { Tag } from '../actions/types/tag.ts'

/** The item of the tag topics of contacts. */
export type ContactTag = { type: 'contact_tag'; created_at: number; tag: Tag; contact: Contact }

/** The item of a contact's choice about e-mails or a subscription type; `contact_unsubscribe` for both directions. */
export type ContactUnsubscribe = {
  type: 'contact_unsubscribe'
  contact: Contact
  created_at: number
  [more: string]: unknown
}

/** The item of an archived contact. */
export type ArchivedContact = { type: 'contact'; id: string; external_id: string | null; archived: boolean }

/** The item of a tag in a conversation, which holds only the part that carries it. */
export type TaggedConversation = Conversation & { tags_added: { type: 'tag.list'; tags: Tag[] } }

/** The item of a deleted object: its type and ids. */
export type DeletedItem = { type: string; id: string; [more: string]: unknown }

/** An item that this package has no type for. */
export type OtherItem = { type?: string; id?: string | number; [more: string]: unknown }

// Grouped by the type of their item (docs/intercom-api.md 6). `contact.unarchive` is Intercom's own spelling.
const topics = {
  contact: `contact.user.created contact.user.updated contact.lead.created contact.lead.updated contact.lead.added_email
    contact.lead.signed_up contact.unarchive contact.email.updated visitor.signed_up`,
  archived: `contact.archived`,
  subscription: `contact.subscribed contact.unsubscribed`,
  merged: `contact.merged`,
  tag: `contact.user.tag.created contact.user.tag.deleted contact.lead.tag.created contact.lead.tag.deleted`,
  deleted: `contact.deleted company.deleted conversation.deleted article.deleted`,
  conversation: `conversation.user.created conversation.user.replied conversation.admin.replied
    conversation.admin.noted conversation.admin.assigned conversation.admin.open.assigned conversation.admin.closed
    conversation.admin.opened conversation.admin.snoozed conversation.admin.unsnoozed
    conversation.admin.single.created conversation.operator.replied conversation.read conversation.priority.updated
    conversation.rating.added conversation.contact.attached conversation.contact.detached
    conversation.company.updated conversation_part.redacted`,
  conversationTag: `conversation_part.tag.created`,
  admin: `admin.away_mode_updated admin.added_to_workspace admin.removed_from_workspace admin.logged_in
    admin.logged_out`,
  other: `company.created company.updated company.contact.attached company.contact.detached event.created
    article.created article.updated article.published article.unpublished`,
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
 * The item of each topic. The types are not validated: an item is passed on as it was received, with times in seconds. A conversation holds
 * only the part that caused the event.
 */
export type TopicItems = Of<'contact', Contact> &
  Of<'merged', Contact & { merged_from?: { type: string; id: string } }> &
  Of<'archived', ArchivedContact> &
  Of<'subscription', ContactUnsubscribe> &
  Of<'tag', ContactTag> &
  Of<'deleted', DeletedItem> &
  Of<'conversation', Conversation> &
  Of<'conversationTag', TaggedConversation> &
  Of<'admin', Admin> &
  Of<'other', OtherItem> &
  Of<'ping', { type: 'ping'; message?: string }> &
  Of<'polledConversation', ConversationListItem> &
  Of<'polledContact', Contact> & { [Name in `ticket.${string}`]: OtherItem }

/** A topic of Intercom's webhooks or of polling. */
export type Topic = keyof TopicItems & string

/** A topic, a family of topics (`conversation.*`, `conversation.admin.*`), or all. */
export type TopicPattern = Topic | `${string}.*` | '*'

/** The topics that a pattern matches. */
export type MatchingTopic<P extends TopicPattern> = P extends '*'
  ? Topic
  : P extends `${infer Head}.*`
    ? Extract<Topic, `${Head}.${string}`>
    : Extract<Topic, P>

/** Every known topic. Of tickets only the family is known. */
const knownTopics: readonly string[] = Object.values(topics).flatMap((names) => names.split(/\s+/))

/** Whether a pattern can match anything: with a misspelt one, events would go unhandled. */
export function canMatch(pattern: string): boolean {
  if (pattern === '*' || /^ticket\.([\w.]+|\*)$/.test(pattern)) return true
  if (!pattern.endsWith('.*')) return knownTopics.includes(pattern)
  return knownTopics.some((topic) => topic.startsWith(pattern.slice(0, -1)))
}
