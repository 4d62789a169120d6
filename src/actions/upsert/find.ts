import { path } from '../../client/path.ts'
import { itemsOf, pagesOf, totalOf } from '../../core/list.ts'
import type { Port } from '../../core/port.ts'
import { refuse } from '../../core/step.ts'
import type { Contact } from '../types/contact.ts'
import type { CursorPages } from '../types/page.ts'

/** What identifies a contact in an upsert. */
export type Identity = { email: string; external_id?: string | undefined }

/**
 * Every contact with this e-mail or external id. A failed search ends the upsert: it must not read as "no
 * match". More matches than one page holds are refused rather than judged by a part of them.
 */
export async function findMatches(intercom: Port, { email, external_id }: Identity): Promise<Contact[]> {
  const byEmail = { field: 'email', operator: '=', value: email }
  const query =
    external_id === undefined || external_id === ''
      ? byEmail
      : { operator: 'OR', value: [byEmail, { field: 'external_id', operator: '=', value: external_id }] }
  const search = { query, pagination: { per_page: 150 } }
  const answer = await intercom.post(path`/contacts/search`, search, { semantics: 'safe' })
  const matches = itemsOf<Contact>(answer, 'data', 'contacts')
  if (matches.length === 0 && totalOf(answer, matches) > 0) {
    refuse(
      'unreadable_answer',
      'the search counts matches but shows none',
      'Nothing was changed. Try again in a minute.',
    )
  }
  if (pagesOf<CursorPages>(answer)?.next) {
    refuse(
      'ambiguous_contact',
      'more than 150 contacts have this e-mail',
      'Nothing was changed. Merge them first.',
    )
  }
  if (!matches.every((contact) => fits(contact, { email, external_id }))) {
    refuse(
      'unreadable_answer',
      'the search answered a contact that has neither this e-mail nor this external_id; it may lag',
      'Nothing was changed. Try again in a minute.',
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

/** E-mail addresses are the same whatever their case. */
export function hasEmail(contact: Contact, email: string): boolean {
  return typeof contact.email === 'string' && contact.email.toLowerCase() === email.toLowerCase()
}
