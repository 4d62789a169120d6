import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { isMissing, outcomeOf, refuse } from '../../core/outcome.ts'
import { emptyPreview } from '../../core/preview.ts'
import { contactCard } from '../preview/people.ts'
import type { Contact } from '../types/contact.ts'
import { id } from '../types/input.ts'

/** What the merge of a lead leaves behind: its id is a 404 for ever (docs/intercom-api.md 3.2). */
const mergedId = (from: string) => `merged ${from}`

/** POST /contacts/merge. The state is its own proof: the lead is gone, the user is there. */
export const mergeContacts = defineAction({
  name: 'merge_contacts',
  title: 'Merge contacts',
  description:
    'Merge a lead into a user: what hangs on the lead moves, the lead is gone, the user’s own values stay. Cannot be undone. Compare both with get_contact first. Two users or two leads cannot be merged.',
  effect: 'update',
  destructive: true,
  input: z
    .strictObject({
      from_contact_id: id('The lead, which disappears'),
      into_contact_id: id('The user, who stays'),
    })
    .refine(({ from_contact_id, into_contact_id }) => from_contact_id !== into_contact_id, {
      message: 'is the same as from_contact_id',
      path: ['into_contact_id'],
    }),
  otherNames: {
    from: 'from_contact_id',
    lead_id: 'from_contact_id',
    source_id: 'from_contact_id',
    into: 'into_contact_id',
    to: 'into_contact_id',
    user_id: 'into_contact_id',
    target_id: 'into_contact_id',
  },
  output: oneResult<Contact>(),
  hints: { 404: 'Find both ids with search_contacts. Nothing was merged.' },
  verify: {
    proof: 'record',
    risk: 'The contacts may have been merged.',
    // A lead is merged once, whoever it goes into: its absence proves one of several merges.
    key: ({ from_contact_id }) => `contact ${from_contact_id}`,
    aliases: ({ into_contact_id }) => [`contact ${into_contact_id}`],
    made: (_, { from_contact_id }) => [mergedId(from_contact_id)],
    look: async (intercom, { from_contact_id, into_contact_id }, since) => {
      const from = await outcomeOf(intercom.get<Contact>(path`/contacts/${from_contact_id}`))
      if ('value' in from) {
        if (String(from.value.id) !== from_contact_id) throw new Error('the answer is not the lead') // it says nothing
        return { items: [] }
      }
      if (!isMissing(from.failure)) throw from.failure
      const answer = await intercom.get<Contact>(path`/contacts/${into_contact_id}`)
      // It may also have been deleted, or merged into somebody else: then this user was not changed.
      const same = typeof answer.updated_at !== 'number' || answer.updated_at >= since
      return { items: [{ id: mergedId(from_contact_id), created_at: since, same, answer }] }
    },
    whereToLook: ({ from_contact_id }) =>
      `Look with get_contact whether ${from_contact_id} is still there: if so, nothing was merged.`,
  },
  preview: async (intercom, { from_contact_id: from, into_contact_id: into }) => {
    const lead = await contactCard(intercom, from, 'briefly')
    const user = await contactCard(intercom, into, 'briefly')
    refuseUnmergeable(lead.contact, user.contact, { from, into })
    const gone = `The lead ${from} disappears into the user ${into}, and cannot be had back.`
    return { ...emptyPreview, to: [lead.card, user.card], notes: [gone] }
  },
  run: async (intercom, { from_contact_id: from, into_contact_id: into }) => {
    const check = async () => {
      const lead = await intercom.get<Contact>(path`/contacts/${from}`)
      refuseUnmergeable(lead, await intercom.get<Contact>(path`/contacts/${into}`), { from, into })
    }
    return { result: await intercom.post<Contact>(path`/contacts/merge`, { from, into }, { check }) }
  },
})

function refuseUnmergeable(
  lead: Contact,
  user: Contact,
  { from, into }: { from: string; into: string },
): void {
  if (lead.role === 'user' && user.role === 'lead')
    refuse(
      'invalid_merge',
      `${from} is the user and ${into} the lead`,
      'Nothing was merged. Swap the two ids.',
    )
  if (lead.role !== undefined && lead.role === user.role)
    refuse(
      'invalid_merge',
      `both contacts are ${user.role}s`,
      'Nothing was merged. Intercom merges only a lead into a user.',
    )
}
