import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import type { Company } from '../types/company.ts'
import { companyId, contactId } from '../types/input.ts'
import { contactIdNames } from '../types/other-names.ts'

const { id: _, ...otherNames } = contactIdNames

/** DELETE /contacts/{id}/companies/{company_id} (docs/intercom-api.md 3.2). */
export const removeContactFromCompany = defineAction({
  name: 'remove_contact_from_company',
  title: 'Remove contact from company',
  description: 'Take a contact out of a company; both stay.',
  effect: 'update',
  overwrites: false,
  input: z.strictObject({ contact_id: contactId(), id: companyId() }),
  otherNames: { ...otherNames, company_id: 'id', company: 'id' },
  output: oneResult<Company>(),
  hints: { 404: 'One of the two does not exist, or the contact is no member. Nothing was changed.' },
  run: async (intercom, { contact_id, id }) => ({
    result: await intercom.delete<Company>(path`/contacts/${contact_id}/companies/${id}`),
  }),
})
