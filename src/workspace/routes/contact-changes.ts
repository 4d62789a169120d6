import type { RouteCall } from '../http/call.ts'
import { contact } from '../shapes/contact.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import { announce } from '../webhooks/announce.ts'
import { contactUnsubscribe } from '../webhooks/items.ts'
import type { WebhookTopic } from '../webhooks/topics.ts'

/**
 * Says what an update of a contact comes to: that it changed, and what in particular
 * (docs/intercom-api.md 6).
 */
export function announceChange(call: RouteCall, before: ContactRow, after: ContactRow): void {
  for (const topic of topicsOf(before, after)) {
    const isChoice = topic === 'contact.subscribed' || topic === 'contact.unsubscribed'
    announce(call, topic, () =>
      isChoice ? contactUnsubscribe(call.store, after) : contact(call.store, after),
    )
  }
}

function topicsOf(before: ContactRow, after: ContactRow): WebhookTopic[] {
  const topics: WebhookTopic[] = [after.role === 'user' ? 'contact.user.updated' : 'contact.lead.updated']
  if (before.role === 'lead' && after.role === 'user') topics.push('contact.lead.signed_up')
  if (before.email !== after.email) {
    topics.push('contact.email.updated')
    if (before.email === null && before.role === 'lead') topics.push('contact.lead.added_email')
  }
  if (before.unsubscribed_from_emails !== after.unsubscribed_from_emails) {
    topics.push(after.unsubscribed_from_emails === 1 ? 'contact.unsubscribed' : 'contact.subscribed')
  }
  return topics
}
