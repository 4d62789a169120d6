import { fold } from './fold.ts'

/** The columns of a contact that follow from others: e-mail domain and the folded forms for search. */
export function foldedContact(contact: {
  name?: string | null | undefined
  email?: string | null | undefined
  external_id?: string | null | undefined
}) {
  const email = contact.email ? fold(contact.email) : null
  return {
    email_domain: email === null ? null : email.slice(email.lastIndexOf('@') + 1),
    email_folded: email,
    name_folded: contact.name ? fold(contact.name) : null,
    external_id_folded: contact.external_id ? fold(contact.external_id) : null,
  }
}
