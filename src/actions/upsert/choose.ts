import { refuse } from '../../core/step.ts'
import type { Contact } from '../types/contact.ts'
import { hasEmail, type Identity } from './find.ts'

const unchanged = 'Nothing was changed.'

/**
 * The one contact an upsert means among those found, or `null` when none was found. Refuses, and names the ids,
 * where choosing would be guessing.
 */
export function chooseContact(matches: Contact[], identity: Identity): Contact | null {
  const { email, external_id } = identity
  const keyed =
    external_id === undefined ? [] : matches.filter((contact) => contact.external_id === external_id)
  const [owner] = keyed
  if (owner !== undefined) {
    const others = matches.filter((contact) => contact !== owner)
    if (keyed.length > 1)
      refuse('ambiguous_contact', `several contacts have this external_id: ${ids(keyed)}`, unchanged)
    if (!hasEmail(owner, email) && others.length > 0) {
      refuse(
        'ambiguous_contact',
        `the external_id belongs to contact ${owner.id}, the e-mail to ${ids(others)}`,
        `${unchanged} Give an e-mail and an external_id of one contact, or merge the two.`,
      )
    }
    return owner
  }
  if (matches.length <= 1) return matches[0] ?? null
  const users = matches.filter((contact) => contact.role === 'user')
  const [user] = users
  if (user !== undefined && users.length === 1) return user
  return refuse(
    'ambiguous_contact',
    `${matches.length} contacts have this e-mail: ${ids(matches)}`,
    `${unchanged} Give the external_id of the one you mean, or merge them.`,
  )
}

/** Refuses to give a user another external id: that would turn one of your customers into another. */
export function refuseRekeying(contact: Contact, { external_id }: Identity): void {
  const rekeys =
    external_id !== undefined && contact.external_id !== null && contact.external_id !== external_id
  if (contact.role !== 'user' || !rekeys) return
  // The types are Intercom's word: an answer may hold anything.
  const other =
    typeof contact.external_id === 'string' ? `external_id "${contact.external_id}"` : 'another one'
  refuse(
    'external_id_conflict',
    `contact ${contact.id} is a user with ${other}, not "${external_id}"`,
    `${unchanged} Check which of the two is right.`,
  )
}

function ids(contacts: Contact[]): string {
  return contacts
    .map((contact) => `${contact.id} (${typeof contact.role === 'string' ? contact.role : 'no role'})`)
    .join(', ')
}
