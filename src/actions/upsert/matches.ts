import { path } from '../../client/path.ts'
import { itemsOf, type ListAnswer, pagesOf, totalOf } from '../../core/list.ts'
import { refuse } from '../../core/outcome.ts'
import type { Port } from '../../core/port.ts'
import type { Contact } from '../types/contact.ts'
import { sameEmail } from '../types/email.ts'
import type { CursorPages } from '../types/page.ts'

const unchanged = 'Nothing was changed.'

/** What identifies a contact in an upsert. */
export type Identity = { email: string; external_id?: string | undefined }

async function search(intercom: Port, { email, external_id }: Identity): Promise<ListAnswer> {
  // Intercom may hold an address in either form of its accents.
  const emails = [...new Set([email, email.normalize('NFD')])]
  const filters = [
    ...emails.map((value) => ({ field: 'email', operator: '=', value })),
    ...(external_id === undefined ? [] : [{ field: 'external_id', operator: '=', value: external_id }]),
  ]
  const query = filters.length === 1 ? filters[0] : { operator: 'OR', value: filters }
  const body = { query, pagination: { per_page: 150 } }
  return await intercom.post(path`/contacts/search`, body, { semantics: 'safe' })
}

/** The leads with this e-mail or external id, for reading back: what else the search answers does not hide them. */
export async function leadsOf(intercom: Port, identity: Identity): Promise<Contact[]> {
  const found = itemsOf<Contact>(await search(intercom, identity), 'data', 'contacts')
  return found.filter((contact) => fits(contact, identity) && contact.role === 'lead')
}

/**
 * Every contact with this e-mail or external id. A failed search ends the upsert: it must not read as "no
 * match". More matches than one page holds are refused rather than judged by a part of them.
 */
export async function findMatches(intercom: Port, identity: Identity): Promise<Contact[]> {
  const answer = await search(intercom, identity)
  const matches = itemsOf<Contact>(answer, 'data', 'contacts')
  if (matches.length === 0 && totalOf(answer, matches) > 0) {
    refuse(
      'unreadable_answer',
      'the search counts matches but shows none',
      `${unchanged} Try again in a minute.`,
    )
  }
  if (pagesOf<CursorPages>(answer)?.next)
    refuse('ambiguous_contact', 'more than 150 contacts have this e-mail', `${unchanged} Merge them first.`)
  if (!matches.every((contact) => fits(contact, identity))) {
    refuse(
      'unreadable_answer',
      'the search answered a contact that has neither this e-mail nor this external_id; it may lag',
      `${unchanged} Try again in a minute.`,
    )
  }
  return matches
}

/** Whether a search result is one: an outdated index may answer somebody who has changed since. */
function fits(contact: Contact | null, { email, external_id }: Identity): boolean {
  if (!isId(contact?.id)) return false
  return hasEmail(contact, email) || contact.external_id === external_id
}

/** Intercom's are 24 hexadecimal digits; what is none would not do in a path. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]+$/.test(value)
}

/** E-mail addresses are the same whatever their case and the form of their accents. */
export function hasEmail(contact: Contact, email: string): boolean {
  return typeof contact.email === 'string' && sameEmail(contact.email, email)
}

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
