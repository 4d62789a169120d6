import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { oneResult } from '../core/envelope.ts'
import type { Contact } from './types/contact.ts'
import { id } from './types/input.ts'
import { contactIdNames } from './types/other-names.ts'

/** GET /contacts/{id} (docs/intercom-api.md 3.2). Archived, merged and deleted contacts are not found. */
export const getContact = defineAction({
  name: 'get_contact',
  title: 'Get contact',
  description:
    "Get one contact (a user or a lead) by its Intercom id, with all its attributes. Use search_contacts to find an id by e-mail, name, phone or your system's external_id.",
  effect: 'read',
  resource: { collection: 'contacts', parameter: 'contact_id' },
  input: z.strictObject({ contact_id: id('The unique identifier for the contact (24 hexadecimal digits)') }),
  otherNames: contactIdNames,
  output: oneResult<Contact>(),
  hints: { 404: 'Find the id with search_contacts.' },
  run: async (intercom, { contact_id }) => ({
    result: await intercom.get<Contact>(path`/contacts/${contact_id}`),
  }),
})
