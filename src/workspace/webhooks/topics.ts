/**
 * Every topic of the emulated families, as docs/intercom-api.md 6 spells them (`contact.unarchive` is
 * Intercom's own spelling). Topics of families that are not emulated cannot be subscribed.
 */
export const topics = [
  'contact.user.created',
  'contact.user.updated',
  'contact.lead.created',
  'contact.lead.updated',
  'contact.lead.added_email',
  'contact.lead.signed_up',
  'contact.archived',
  'contact.unarchive',
  'contact.deleted',
  'contact.email.updated',
  'contact.merged',
  'contact.subscribed',
  'contact.unsubscribed',
  'contact.user.tag.created',
  'contact.user.tag.deleted',
  'contact.lead.tag.created',
  'contact.lead.tag.deleted',
  'company.created',
  'company.updated',
  'company.deleted',
  'company.contact.attached',
  'company.contact.detached',
  'conversation.user.created',
  'conversation.user.replied',
  'conversation.admin.replied',
  'conversation.admin.noted',
  'conversation.admin.assigned',
  'conversation.admin.open.assigned',
  'conversation.admin.closed',
  'conversation.admin.opened',
  'conversation.admin.snoozed',
  'conversation.admin.unsnoozed',
  'conversation.admin.single.created',
  'conversation.operator.replied',
  'conversation.read',
  'conversation.priority.updated',
  'conversation.rating.added',
  'conversation.deleted',
  'conversation.contact.attached',
  'conversation.contact.detached',
  'conversation.company.updated',
  'conversation_part.tag.created',
  'conversation_part.redacted',
  'admin.away_mode_updated',
  'admin.added_to_workspace',
  'admin.removed_from_workspace',
  'admin.logged_in',
  'admin.logged_out',
  'event.created',
  'visitor.signed_up',
  'ticket.created',
  'ticket.state.updated',
  'ticket.note.created',
  'ticket.admin.assigned',
  'ticket.team.assigned',
  'ticket.contact.attached',
  'ticket.contact.detached',
  'ticket.attribute.updated',
  'ticket.admin.replied',
  'ticket.contact.replied',
  'ticket.closed',
  'ticket.resolved',
  'ticket.rating.provided',
  'ping',
] as const

/** A webhook topic (docs/intercom-api.md 6). */
export type WebhookTopic = (typeof topics)[number]

const known: ReadonlySet<string> = new Set(topics)

/** Whether a word is a {@link WebhookTopic}. */
export function isTopic(word: string): word is WebhookTopic {
  return known.has(word)
}
