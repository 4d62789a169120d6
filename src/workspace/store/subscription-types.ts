import type { NewSubscriptionType } from './audience-tables.ts'
import type { Store } from './store.ts'

/** Adds a subscription type and gives it its id. The API makes none (docs/intercom-api.md 3.9). */
export function insertSubscriptionType(store: Store, type: Omit<NewSubscriptionType, 'id'>): number {
  const id = store.nextId('subscription_types')
  store.insert('subscription_types', { ...type, id })
  return id
}
