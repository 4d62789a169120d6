import type { SubscriptionTypeRow } from '../store/audience-tables.ts'
import type { Store } from '../store/store.ts'

/** A subscription type (docs/intercom-api.md 2.12); its only translation is the default one. */
export function subscriptionType(row: SubscriptionTypeRow) {
  const translation = { name: row.name, description: row.description, locale: row.locale }
  const types: unknown = JSON.parse(row.content_types)
  return {
    type: 'subscription',
    id: String(row.id),
    state: row.state,
    consent_type: row.consent_type,
    default_translation: translation,
    translations: [translation],
    content_types: types,
  }
}

/**
 * The types that a contact opted out of or into, by id: only explicit choices are kept
 * (docs/intercom-api.md 3.9).
 */
export function subscriptionsOf(store: Store, contactSeq: number): SubscriptionTypeRow[] {
  return store.db.all<SubscriptionTypeRow>(
    `SELECT subscription_types.* FROM contact_subscriptions
     JOIN subscription_types ON subscription_types.id = subscription_id
     WHERE contact_seq = ? ORDER BY subscription_id`,
    contactSeq,
  )
}
