import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { explain, isMissing, outcomeOf } from '../../core/outcome.ts'
import { emptyPreview } from '../../core/preview.ts'
import { contactCard } from '../preview/people.ts'
import type { ContactStub } from '../types/contact.ts'
import { contactId } from '../types/input.ts'
import { contactIdNames } from '../types/other-names.ts'

const erased = 'The contact is erased with all their conversations, for good.'
const cannotBeShown =
  'Nothing was deleted. Nobody can be asked about a contact that cannot be shown: there is none, or it is archived, and archive_contact with archived false brings it back first.'

/** DELETE /contacts/{id}, which works on archived ones too, so that none is read first (docs/intercom-api.md 3.2). */
export const deleteContact = defineAction({
  name: 'delete_contact',
  title: 'Delete contact',
  description:
    'Erase a contact with all their conversations, for good. No tool can undo it; archive_contact is the mild form. Check first with get_contact whom the id names.',
  effect: 'update',
  destructive: true,
  input: z.strictObject({ contact_id: contactId() }),
  otherNames: contactIdNames,
  output: oneResult<ContactStub>(),
  hints: { 404: 'There is no such contact, or it has been deleted or merged already. Nothing was deleted.' },
  preview: async (intercom, { contact_id }) => {
    const read = await outcomeOf(contactCard(intercom, contact_id))
    if ('value' in read) return { ...emptyPreview, to: [read.value.card], notes: [erased] }
    // An archived one can be deleted, and not be shown.
    return explain(read.failure, isMissing(read.failure) ? cannotBeShown : read.failure.hint)
  },
  run: async (intercom, { contact_id }) => ({
    result: await intercom.delete<ContactStub>(path`/contacts/${contact_id}`),
  }),
})
