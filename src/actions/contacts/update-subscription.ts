import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { idIn, itemsOf } from '../../core/list.ts'
import { refuse } from '../../core/outcome.ts'
import { contactId, id } from '../types/input.ts'
import { contactIdNames } from '../types/other-names.ts'
import type { Subscription } from '../types/subscription.ts'

/**
 * A choice is stored only where it is the one that its kind asks for: out of an opt-out kind, into an opt-in kind. The
 * other way is that there is none (docs/intercom-api.md 3.9).
 */
export const updateSubscription = defineAction({
  name: 'update_subscription',
  title: 'Update subscription',
  description:
    'Record that a contact opts in to or out of one kind of message; only on their wish. All e-mails at once: update_contact with unsubscribed_from_emails.',
  effect: 'update',
  input: z.strictObject({
    contact_id: contactId(),
    subscription_id: id('The kind’s id, from list_subscriptions'),
    consent: z.enum(['opt_in', 'opt_out']).describe('‘opt_in’ or ‘opt_out’'),
  }),
  otherNames: { ...contactIdNames, id: 'subscription_id', consent_type: 'consent' },
  output: oneResult<Subscription>(),
  hints: { 404: 'Find the contact id with search_contacts and the kind with list_subscriptions.' },
  run: async (intercom, { contact_id, subscription_id, consent }) => {
    const kinds = itemsOf<Subscription | null>(await intercom.get(path`/subscription_types`), 'data')
    const kind = kinds.find((one) => idIn(one) === subscription_id)
    if (!kind)
      refuse(
        'not_found',
        `there is no subscription ${subscription_id}`,
        'Nothing was changed. Find it with list_subscriptions.',
      )
    if (kind.consent_type === consent) {
      const sent = { id: subscription_id, consent_type: consent }
      const own = path`/contacts/${contact_id}/subscriptions`
      return { result: await intercom.post<Subscription>(own, sent, { semantics: 'idempotent' }) }
    }
    // Taken for the other way, an unknown kind would turn the wish around.
    if (kind.consent_type !== 'opt_in' && kind.consent_type !== 'opt_out')
      refuse(
        'unreadable_answer',
        `Intercom does not say whether subscription ${subscription_id} is opt-in or opt-out`,
        'Nothing was changed.',
      )
    const stored = itemsOf<Subscription | null>(
      await intercom.get(path`/contacts/${contact_id}/subscriptions`),
      'data',
    )
    if (!stored.some((one) => idIn(one) === subscription_id)) return { result: kind }
    const own = path`/contacts/${contact_id}/subscriptions/${subscription_id}`
    return { result: await intercom.delete<Subscription>(own) }
  },
})
