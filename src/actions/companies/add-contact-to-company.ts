import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import type { Company } from '../types/company.ts'
import { companyId, contactId } from '../types/input.ts'
import { contactIdNames } from '../types/other-names.ts'

const { id: _, ...otherNames } = contactIdNames

/** POST /contacts/{id}/companies; 1,000 companies a contact (docs/intercom-api.md 3.2). */
export const addContactToCompany = defineAction({
  name: 'add_contact_to_company',
  title: 'Add contact to company',
  description: 'Make a contact a member of a company. Harmless when they are one.',
  effect: 'update',
  overwrites: false,
  input: z.strictObject({ contact_id: contactId(), id: companyId() }),
  otherNames: { ...otherNames, company_id: 'id', company: 'id' },
  output: oneResult<Company>(),
  hints: { 404: 'Find the contact id with search_contacts and the company’s with get_company.' },
  run: async (intercom, { contact_id, id }) => ({
    result: await intercom.post<Company>(
      path`/contacts/${contact_id}/companies`,
      { id },
      { semantics: 'idempotent' },
    ),
  }),
})
