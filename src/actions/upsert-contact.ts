import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { isBlank } from '../core/blanks.ts'
import { keepEarlier } from '../core/earlier.ts'
import { envelope, passedThrough } from '../core/envelope.ts'
import type { Memory } from '../core/memory.ts'
import { explain, isMissing, outcomeOf, refuse } from '../core/outcome.ts'
import type { Port } from '../core/port.ts'
import { type IntercomError, quotedName } from '../errors.ts'
import { checkAttributes, datedAttributes, explainAttributes } from './attributes/values.ts'
import type { Contact } from './types/contact.ts'
import { composed, email } from './types/email.ts'
import { contactId, isHttpUrl } from './types/input.ts'
import { upsertNames } from './types/other-names.ts'
import { clearParameter, refuseBoth, textToSet, withCleared } from './upsert/clear.ts'
import { attributesToSet, externalIdToSet, nameToSet, phoneToSet } from './upsert/fields.ts'
import { madeWith } from './upsert/made-with.ts'
import { chooseContact, findMatches, hasEmail, isId, leadsOf, refuseRekeying } from './upsert/matches.ts'

const parameters = z.strictObject({
  email: email('The contact’s email address'),
  role: z
    .enum(['user', 'lead'])
    .optional()
    .describe(
      'Role of the contact (‘user’ or ‘lead’); a new one is a user unless you say so, ‘user’ turns a lead into one for good',
    ),
  external_id: externalIdToSet('A unique identifier from your system'),
  phone: phoneToSet('The contact’s phone number'),
  name: nameToSet('The contact’s name'),
  avatar: textToSet('avatar', 'URL of the avatar image').refine(
    (value) => value === undefined || isBlank(value) || isHttpUrl(value),
    'is not an http(s) URL',
  ),
  unsubscribed_from_emails: z
    .boolean()
    .optional()
    .describe('Whether the contact is unsubscribed from emails'),
  custom_attributes: attributesToSet(
    'Custom attributes for the contact, by name; dates as Unix seconds or ISO',
  ),
  clear: clearParameter,
  contact_id: contactId('Update this contact, which has this e-mail; nothing is searched').optional(),
})

type Fields = z.output<typeof parameters>
type Upserted = { action_type: 'created' | 'updated'; contact: Contact }

/**
 * Search, then PUT or POST, then PUT what a 409 names: search lags, and leads never collide (decisions/upsert.md).
 */
export const upsertContact = defineAction({
  name: 'upsert_contact',
  title: 'Create or update contact',
  description:
    'Create a contact, or update the one that has this e-mail or external_id; action_type says which ("created" or "updated"). Only the given fields are changed. Refuses, changing nothing, when several contacts fit.',
  effect: 'update',
  input: parameters.superRefine(refuseBoth),
  otherNames: { ...upsertNames, id: 'contact_id' },
  output: envelope({
    action_type: z.string().nullable().default(null),
    contact: passedThrough<Contact>().nullable().default(null),
  }),
  verify: {
    proof: 'search', // only a lead is created by a non-idempotent request
    risk: 'The lead may have been created.',
    key: ({ email }) => createdKey(email),
    aliases: ({ external_id }) => (external_id ? [`contact with external_id ${external_id}`] : []),
    made: (contact) => [contact['id']],
    look: async (intercom, fields) => {
      const leads = (await leadsOf(intercom, fields)).sort((a, b) => a.created_at - b.created_at)
      const isMade = await madeWith(fields)
      const same = (lead: Contact) => isSame(lead, fields) && isMade(lead)
      return { items: leads.map((lead) => ({ ...lead, same: same(lead), answer: lead })) }
    },
    whereToLook: ({ email }) => `In a few minutes, look for ${email} with search_contacts.`,
  },
  check: (intercom, fields, memory) => checkAttributes(intercom, attributesOf(fields), memory),
  run: async (intercom, given, memory): Promise<Upserted> => {
    const fields = await withDates(intercom, given, memory)
    const upserted = await outcomeOf(upsert(intercom, fields, memory))
    if ('value' in upserted) return upserted.value
    return explainAttributes(upserted.failure, intercom, attributesOf(fields), memory)
  },
})

/** Custom attributes to set and to empty. */
function attributesOf(fields: Fields): Record<string, unknown> {
  return withCleared(fields).custom_attributes ?? {}
}

async function withDates(intercom: Port, fields: Fields, memory: Memory): Promise<Fields> {
  const { custom_attributes } = fields
  if (custom_attributes === undefined) return fields
  return { ...fields, custom_attributes: await datedAttributes(intercom, custom_attributes, memory) }
}

async function upsert(intercom: Port, given: Fields, memory: Memory): Promise<Upserted> {
  const { contact_id, ...fields } = given
  if (contact_id !== undefined) return await updateKnown(intercom, contact_id, fields)
  const found = await findMatches(intercom, fields)
  const matches = found.length > 0 ? found : await remembered(intercom, fields, memory)
  const match = chooseContact(matches, fields)
  if (match !== null) {
    refuseRekeying(match, fields)
    return await update(intercom, match.id, fields, match)
  }
  const semantics = fields.role === 'lead' ? 'non-idempotent' : 'idempotent'
  const { clear: _, ...toSet } = fields // a new contact has nothing to empty
  const created = await outcomeOf(intercom.post<Contact>(path`/contacts`, toSet, { semantics }))
  if ('value' in created) {
    const { id } = created.value
    if (isId(id)) memory.set(createdKey(fields.email), id)
    return { action_type: 'created', contact: created.value }
  }
  return await takeOver(intercom, created.failure, fields)
}

/** The contact that the caller names. A given e-mail is what it has to have, never what it gets. */
async function updateKnown(intercom: Port, id: string, fields: Fields): Promise<Upserted> {
  const read = await outcomeOf(intercom.get<Contact>(path`/contacts/${id}`))
  if ('failure' in read) {
    if (!isMissing(read.failure)) throw read.failure
    return explain(read.failure, 'Nothing was changed. Find the id with search_contacts.')
  }
  const contact = read.value
  if (!hasEmail(contact, fields.email)) {
    const own =
      typeof contact.email === 'string' ? `has the e-mail ${quotedName(contact.email)}` : 'has no e-mail'
    const hint = 'Nothing was changed. Give the e-mail that it has; to give it another, use update_contact.'
    refuse('email_conflict', `contact ${id} ${own}, not ${quotedName(fields.email)}`, hint)
  }
  refuseRekeying(contact, fields)
  return await update(intercom, id, fields, contact)
}

/** What a client knows a contact it created by. */
function createdKey(email: string): string {
  return `contact ${composed(email).toLowerCase()}`
}

/** The contact this client has created with this e-mail, which the search may not show yet. */
async function remembered(intercom: Port, fields: Fields, memory: Memory): Promise<Contact[]> {
  const id = memory.get(createdKey(fields.email))
  if (id === undefined) return []
  const read = await outcomeOf(intercom.get<Contact>(path`/contacts/${id}`))
  if ('value' in read) return isSame(read.value, { email: fields.email }) ? [{ ...read.value, id }] : []
  if (isMissing(read.failure)) return [] // deleted or archived since
  throw read.failure
}

function isSame(contact: Contact, { email, external_id }: Pick<Fields, 'email' | 'external_id'>): boolean {
  const keyed = external_id === undefined || contact.external_id === external_id
  return keyed && hasEmail(contact, email)
}

/** `before`: the contact as it was last read. */
async function update(
  intercom: Port,
  id: string,
  fields: Fields,
  before: Contact | undefined,
): Promise<Upserted> {
  const updated = await outcomeOf(intercom.put<Contact>(path`/contacts/${id}`, withCleared(fields)))
  if ('value' in updated) {
    const contact = before === undefined ? updated.value : keepEarlier(updated.value, before)
    return { action_type: 'updated', contact }
  }
  const { failure } = updated
  if (failure.status === 400 && failure.message.includes("can't be converted to a lead"))
    return explain(failure, `Contact ${id} was not changed. A user cannot become a lead: leave role out.`)
  if (failure.status === 409)
    return explain(failure, `Contact ${id} was not changed: another has this e-mail or external_id.`)
  throw failure
}

/** The search had not seen the contact yet; a 409 names it (docs/intercom-api.md 3.2). */
async function takeOver(intercom: Port, conflict: IntercomError, fields: Fields): Promise<Upserted> {
  const id = conflict.status === 409 ? /\bid=([0-9a-f]{24})\b/.exec(conflict.message)?.[1] : undefined
  if (id === undefined) throw conflict
  if (!conflict.message.startsWith('An archived contact')) {
    const updated = await outcomeOf(updateTwin(intercom, id, fields))
    if ('value' in updated) return updated.value
    const { outcome, code } = updated.failure
    // The one that is in the way may be what an earlier attempt of this call has created, its answer lost.
    const mayBeOwn = outcome === 'not_sent' || (outcome === 'rejected' && conflict.outcome === 'unknown')
    if (!mayBeOwn || code === 'external_id_conflict') throw updated.failure
    const hint = `Contact ${id} has this e-mail or external_id. It may have been created by this call, and was not updated: call again.`
    return explain(updated.failure, hint, 'unknown')
  }
  await intercom.post(path`/contacts/${id}/unarchive`, undefined, { semantics: 'idempotent' })
  const restored = await outcomeOf(updateTwin(intercom, id, fields))
  if ('value' in restored) return restored.value
  const { failure } = restored
  const rest = failure.outcome === 'unknown' ? failure.hint : 'Nothing else was changed.'
  const outcome = failure.outcome === 'not_sent' ? 'rejected' : failure.outcome // unarchiving was sent
  return explain(failure, `Contact ${id} was archived and has been unarchived. ${rest}`, outcome)
}

/** A twin by e-mail may be a user with another external id, which only a read can tell. */
async function updateTwin(intercom: Port, id: string, fields: Fields): Promise<Upserted> {
  if (fields.external_id === undefined) return await update(intercom, id, fields, undefined)
  const twin = await intercom.get<Contact>(path`/contacts/${id}`)
  refuseRekeying(twin, fields)
  return await update(intercom, id, fields, twin)
}
