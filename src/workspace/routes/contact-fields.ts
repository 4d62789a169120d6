import { conflict, invalid } from '../http/api-error.ts'
import type { Input } from '../http/input.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import type { Store } from '../store/store.ts'
import { findAdmin } from './admins.ts'
import { colliding } from './find-contact.ts'

/** The fields of a contact that a request may set, read and checked. Absent ones are not there. */
export interface ContactFields {
  role?: 'user' | 'lead'
  external_id?: string | null
  email?: string | null
  phone?: string | null
  name?: string | null
  avatar?: string | null
  signed_up_at?: number | null
  last_seen_at?: number | null
  owner_id?: number | null
  unsubscribed_from_emails?: boolean
}

const texts = ['external_id', 'email', 'phone', 'name', 'avatar'] as const
const times = ['signed_up_at', 'last_seen_at'] as const

/** Reads the body of POST and PUT /contacts (docs/intercom-api.md 3.2). An empty identifier is none. */
export function readContactFields(store: Store, body: Input): ContactFields {
  const fields: ContactFields = {}
  const role = body.option('role', ['user', 'lead'])
  if (role !== undefined) fields.role = role
  for (const name of texts) {
    const value = name === 'name' ? body.unescaped(name) : body.text(name)
    if (value !== undefined) fields[name] = value === '' ? null : value
  }
  if (typeof fields.email === 'string') fields.email = checkedEmail(fields.email.trim())
  for (const name of times) {
    const value = body.time(name)
    if (value !== undefined) fields[name] = value
  }
  const owner = body.integer('owner_id')
  if (owner !== undefined) {
    if (owner !== null && findAdmin(store, owner) === undefined) {
      throw invalid('The owner specified is not a member of the workspace')
    }
    fields.owner_id = owner
  }
  const unsubscribed = body.flag('unsubscribed_from_emails')
  if (unsubscribed !== undefined) fields.unsubscribed_from_emails = unsubscribed ?? false
  return fields
}

/** An e-mail address that could be one, or 400. */
export function checkedEmail(email: string): string {
  const at = email.lastIndexOf('@')
  if (at <= 0 || at === email.length - 1 || email.length > 320 || /\s/.test(email)) {
    throw invalid('Email is invalid')
  }
  return email
}

/** Refuses identifiers that another contact holds, in Intercom's two texts (docs/intercom-api.md 3.2). */
export function refuseTaken(
  store: Store,
  wanted: { role: string; external_id: string | null; email: string | null },
  self?: ContactRow,
): void {
  const other = colliding(store, wanted, self?.seq ?? 0)
  if (other === undefined) return
  const kind = other.standing === 'active' ? 'A' : 'An archived'
  throw conflict(`${kind} contact matching those details already exists with id=${other.id}`)
}
