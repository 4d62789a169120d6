import { path } from '../../client/path.ts'
import { itemsOf } from '../../core/list.ts'
import { explain, isMissing, outcomeOf } from '../../core/outcome.ts'
import type { Port } from '../../core/port.ts'
import type { Preview, PreviewContact } from '../../core/preview.ts'
import type { IntercomError } from '../../errors.ts'
import type { Admin } from '../types/admin.ts'
import type { Company } from '../types/company.ts'
import type { Contact } from '../types/contact.ts'
import { nameIn, textIn } from './texts.ts'

/** Of those who share an e-mail address. */
const mostNamed = 5

/**
 * A contact and its card, in three requests: a 404 where there is none. `briefly`: in one, without its company and without
 * who else has its e-mail.
 */
export async function contactCard(
  intercom: Port,
  id: string,
  briefly?: 'briefly',
): Promise<{ contact: Contact; card: PreviewContact }> {
  const read = await outcomeOf(intercom.get<Contact>(path`/contacts/${id}`))
  if ('failure' in read) {
    if (!isMissing(read.failure)) throw read.failure
    explain(read.failure, 'There is no such contact: find the id with search_contacts.')
  }
  const contact = read.value
  const card = { ...(await barePerson(contact, id)), type: 'contact' as const, role: textIn(contact.role) }
  const warnings = emailWarnings(contact)
  if (briefly) return { contact, card: { ...card, company: null, warnings } }
  const others = await orUnreadable(othersWithEmail(intercom, contact, id))
  if (others === unreadable) warnings.push('who else has the same e-mail could not be looked up')
  else if (others !== null) warnings.push(`others have the same e-mail: ${others}`)
  return { contact, card: { ...card, company: await companyOf(intercom, contact), warnings } }
}

/** Why mail may not reach a contact. */
export function emailWarnings(contact: Contact): string[] {
  const warnings: string[] = []
  if (contact.unsubscribed_from_emails === true)
    warnings.push('the contact is unsubscribed from e-mails: it may not be delivered')
  if (contact.has_hard_bounced === true) warnings.push('e-mails to this contact have bounced')
  if (contact.marked_email_as_spam === true) warnings.push('the contact has marked an e-mail as spam')
  return warnings
}

/** Whether mail can be addressed to a contact at all. */
export function hasEmail({ email }: Contact): boolean {
  return typeof email === 'string' && email !== ''
}

/** Other contacts with the e-mail of one, by id and role; `null` where there are none. */
export async function othersWithEmail(intercom: Port, contact: Contact, id: string): Promise<string | null> {
  if (!hasEmail(contact)) return null
  const query = { field: 'email', operator: '=', value: contact.email }
  const search = { query, pagination: { per_page: 50 } }
  const answer = await intercom.post(path`/contacts/search`, search, { semantics: 'safe' })
  const all = itemsOf<Contact | null>(answer, 'data', 'contacts')
  const others = all.flatMap((one) => (typeof one?.id === 'string' && one.id !== id ? [one] : []))
  if (others.length === 0) return null
  const named = others.slice(0, mostNamed).map((one) => `${one.id} (${textIn(one.role)})`)
  const more = others.length > mostNamed ? ` and ${others.length - mostNamed} more` : ''
  return `${named.join(', ')}${more}`
}

/** The teammate who speaks: a 404 where there is none. */
export async function adminCard(intercom: Port, id: string): Promise<Preview['from']> {
  const read = await outcomeOf(intercom.get<Admin>(path`/admins/${id}`))
  if ('value' in read) return { type: 'admin', ...(await barePerson(read.value, id)) }
  if (!isMissing(read.failure)) throw read.failure
  return explain(read.failure, 'There is no such admin: find the id with list_admins.')
}

/** A contact who speaks. */
export async function contactSpeaks(
  intercom: Port,
  id: string,
): Promise<{ contact: Contact; from: Preview['from'] }> {
  const { contact, card } = await contactCard(intercom, id, 'briefly')
  const { name, email } = card
  return { contact, from: { type: 'contact', id, name, email } }
}

async function barePerson(person: { name?: unknown; email?: unknown }, id: string) {
  return { id, name: await nameIn(person.name), email: textIn(person.email) }
}

async function companyOf(intercom: Port, { companies }: Contact): Promise<string | null> {
  const ids: unknown = companies?.data
  const [first, ...more] = Array.isArray(ids) ? ids : []
  const id = textIn(first?.id)
  if (id === null) return null
  const company = await orUnreadable(intercom.get<Company>(path`/companies/${id}`))
  const name = company === unreadable ? null : await nameIn(company.name)
  return `${name ?? id}${more.length > 0 ? ` and ${more.length} more` : ''}`
}

const unreadable = Symbol('unreadable')

/** What is only beside the point may be forbidden to the token, or gone: the person who decides is told. */
async function orUnreadable<T>(step: Promise<T>): Promise<T | typeof unreadable> {
  const read = await outcomeOf(step)
  if ('value' in read) return read.value
  if (isForbidden(read.failure)) return unreadable
  throw read.failure
}

function isForbidden({ status }: IntercomError): boolean {
  return status === 403 || status === 404
}
