import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { emptyPreview } from '../../core/preview.ts'
import { anyPreview } from '../preview/any.ts'
import type { ContactStub } from '../types/contact.ts'
import { contactId } from '../types/input.ts'
import { contactIdNames } from '../types/other-names.ts'

/** POST /contacts/{id}/archive and /unarchive; both change nothing where it is so already (docs/intercom-api.md 3.2). */
export const archiveContact = defineAction({
  name: 'archive_contact',
  title: 'Archive contact',
  description:
    'Archive a contact: out of lists and searches with their conversations, nothing is lost; they come back when they return, or with archived false. To erase somebody: delete_contact.',
  effect: 'update',
  overwrites: false,
  input: z.strictObject({
    contact_id: contactId(),
    archived: z.boolean().default(true).describe('false brings the contact back (Default: true)'),
  }),
  otherNames: contactIdNames,
  output: oneResult<ContactStub>(),
  hints: { 404: 'Find the contact id with search_contacts, which does not find archived ones.' },
  // An archived contact cannot be read (docs/intercom-api.md 3.2).
  preview: async (intercom, input) => (input.archived ? await anyPreview(intercom, input) : emptyPreview),
  run: async (intercom, { contact_id, archived }) => {
    const to = archived ? path`/contacts/${contact_id}/archive` : path`/contacts/${contact_id}/unarchive`
    return { result: await intercom.post<ContactStub>(to, undefined, { semantics: 'idempotent' }) }
  },
})
