import { missing, notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { toId } from '../http/input.ts'
import { subscriptionsOf, subscriptionType } from '../shapes/subscription.ts'
import type { SubscriptionTypeRow } from '../store/audience-tables.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import type { Store } from '../store/store.ts'
import { announce } from '../webhooks/announce.ts'
import { contactUnsubscribe } from '../webhooks/items.ts'
import { activeContact } from './find-contact.ts'

function findType(store: Store, id: unknown): SubscriptionTypeRow {
  const row = store.db.get<SubscriptionTypeRow>(
    'SELECT * FROM subscription_types WHERE id = ?',
    toId(id) ?? 0,
  )
  if (row === undefined) throw notFound()
  return row
}

/**
 * A choice is kept only where it differs from what the type does by itself: out of an opt-out type, into an
 * opt-in type. The other two choices bring back the default (docs/intercom-api.md 3.9).
 */
function choose(call: RouteCall) {
  const { store, params, body } = call
  const person = activeContact(store, params['id'])
  const type = findType(store, body.id('id'))
  const consent = body.option('consent_type', ['opt_in', 'opt_out'])
  if (consent === undefined) throw missing('consent_type not specified')
  const explicit = consent === type.consent_type
  setChoice(call, person, type, explicit)
  return subscriptionType(type)
}

function forget(call: RouteCall) {
  const { store, params } = call
  const person = activeContact(store, params['id'])
  const type = findType(store, params['sub'])
  setChoice(call, person, type, false)
  return subscriptionType(type)
}

function setChoice(call: RouteCall, person: ContactRow, type: SubscriptionTypeRow, explicit: boolean): void {
  const { store } = call
  const sql = explicit
    ? 'INSERT OR IGNORE INTO contact_subscriptions (contact_seq, subscription_id) VALUES (?, ?)'
    : 'DELETE FROM contact_subscriptions WHERE contact_seq = ? AND subscription_id = ?'
  if (store.db.run(sql, person.seq, type.id) === 0) return
  const receives = explicit === (type.consent_type === 'opt_in')
  announce(call, receives ? 'contact.subscribed' : 'contact.unsubscribed', () =>
    contactUnsubscribe(store, person, [subscriptionType(type)]),
  )
}

/** Subscription types, and what contacts chose among them (docs/intercom-api.md 3.9). Not paged. */
export const subscriptionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/subscription_types',
    handle: ({ store }) => {
      const rows = store.db.all<SubscriptionTypeRow>('SELECT * FROM subscription_types ORDER BY id')
      return { type: 'list', data: rows.map(subscriptionType) }
    },
  },
  {
    method: 'GET',
    path: '/contacts/:id/subscriptions',
    handle: ({ store, params }) => {
      const person = activeContact(store, params['id'])
      return { type: 'list', data: subscriptionsOf(store, person.seq).map(subscriptionType) }
    },
  },
  { method: 'POST', path: '/contacts/:id/subscriptions', handle: choose },
  { method: 'DELETE', path: '/contacts/:id/subscriptions/:sub', handle: forget },
]
