import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { listOf } from '../../core/envelope.ts'
import { itemsOf } from '../../core/list.ts'
import { contactId } from '../types/input.ts'
import { contactIdNames } from '../types/other-names.ts'
import type { LinkPages } from '../types/page.ts'
import type { Subscription } from '../types/subscription.ts'

/** GET /subscription_types, or GET /contacts/{id}/subscriptions: what differs from the kinds' own (docs/intercom-api.md 3.9). */
export const listSubscriptions = defineAction({
  name: 'list_subscriptions',
  title: 'List subscriptions',
  description:
    'List the kinds of messages people can opt in to or out of, or one contact’s own choices; where there is none, the kind’s default holds.',
  effect: 'read',
  input: z.strictObject({ contact_id: contactId('Only those of this contact').optional() }),
  otherNames: contactIdNames,
  output: listOf<Subscription, LinkPages, 'subscriptions'>('subscriptions'),
  hints: { 404: 'Find the contact id with search_contacts.' },
  run: async (intercom, { contact_id }) => {
    const all =
      contact_id === undefined ? path`/subscription_types` : path`/contacts/${contact_id}/subscriptions`
    const subscriptions = itemsOf<Subscription>(await intercom.get(all), 'data')
    return { subscriptions, total_count: subscriptions.length, pages: null }
  },
})
