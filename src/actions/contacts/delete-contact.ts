import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import type { ContactStub } from '../types/contact.ts'
import { contactId } from '../types/input.ts'
import { contactIdNames } from '../types/other-names.ts'

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
  run: async (intercom, { contact_id }) => ({
    result: await intercom.delete<ContactStub>(path`/contacts/${contact_id}`),
  }),
})
