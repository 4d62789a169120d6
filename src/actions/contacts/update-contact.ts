import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { explain, outcomeOf } from '../../core/outcome.ts'
import { checkAttributes, datedAttributes, explainAttributes } from '../attributes/values.ts'
import type { Contact } from '../types/contact.ts'
import { email } from '../types/email.ts'
import { adminId, contactId } from '../types/input.ts'
import { upsertNames } from '../types/other-names.ts'
import { clearParameter, refuseBoth, withCleared } from '../upsert/clear.ts'
import { attributesToSet, externalIdToSet, nameToSet, phoneToSet } from '../upsert/fields.ts'

const { user_id: _, ...otherNames } = upsertNames

const fields = z
  .strictObject({
    contact_id: contactId(),
    email: email('New e-mail address').optional(),
    name: nameToSet('New name'),
    phone: phoneToSet('New phone number'),
    external_id: externalIdToSet('New identifier from your system: makes the contact that person'),
    role: z.enum(['user']).optional().describe('‘user’ turns a lead into a user'),
    owner_id: adminId('The teammate who owns the account, from list_admins').optional(),
    unsubscribed_from_emails: z.boolean().optional().describe('Whether they get no e-mails'),
    custom_attributes: attributesToSet('Custom attributes by name; dates as Unix seconds or ISO'),
    clear: clearParameter,
  })
  .superRefine(refuseBoth)
  .refine(
    (given) => Object.entries(given).some(([name, value]) => name !== 'contact_id' && value !== undefined),
    {
      message: 'is given, and nothing to change',
      path: ['contact_id'],
    },
  )

type Fields = z.output<typeof fields>

/** PUT /contacts/{id}; custom attributes are laid over those that are there (docs/intercom-api.md 3.2). */
export const updateContact = defineAction({
  name: 'update_contact',
  title: 'Update contact',
  description:
    'Change one contact by its Intercom id; only the given fields change. Without an id use upsert_contact. A lead can become a user, never back.',
  effect: 'update',
  input: fields,
  otherNames: {
    ...otherNames,
    id: 'contact_id',
    contact: 'contact_id',
    owner: 'owner_id',
    admin_id: 'owner_id',
  },
  output: oneResult<Contact>(),
  hints: { 404: 'Find the contact id with search_contacts.' },
  check: (intercom, given, memory) => checkAttributes(intercom, attributesOf(given), memory),
  run: async (intercom, given, memory) => {
    const { contact_id, owner_id, custom_attributes, ...rest } = given
    const dated = custom_attributes && (await datedAttributes(intercom, custom_attributes, memory))
    const body = {
      ...withCleared({ ...rest, ...(dated === undefined ? {} : { custom_attributes: dated }) }),
      ...(owner_id === undefined ? {} : { owner_id: Number(owner_id) }),
    }
    const updated = await outcomeOf(intercom.put<Contact>(path`/contacts/${contact_id}`, body))
    if ('value' in updated) return { result: updated.value }
    const { failure } = updated
    if (failure.status === 409)
      return explain(failure, 'Nothing was changed: another contact has this e-mail or external_id.')
    return await explainAttributes(failure, intercom, attributesOf(given), memory)
  },
})

function attributesOf(given: Fields): Record<string, unknown> {
  return withCleared(given).custom_attributes ?? {}
}
