import { seconds } from '../clock.ts'
import { missing, notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import type { Input } from '../http/input.ts'
import { contact, parseObject } from '../shapes/contact.ts'
import { visitor } from '../shapes/visitor.ts'
import { bindable } from '../store/columns.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import { fold } from '../store/fold.ts'
import { moveContact } from '../store/merge.ts'
import { purgeDeleted } from '../store/purge.ts'
import { setIdentity } from '../store/visitors.ts'
import { announce } from '../webhooks/announce.ts'
import { checkedEmail, refuseTaken } from './contact-fields.ts'
import { mergeAttributes } from './custom-attributes.ts'
import { activeContact, anyContact, contactByEmail, contactByExternalId } from './find-contact.ts'
import { findVisitor, type Identifiers } from './find-visitor.ts'

function update({ store, body }: RouteCall) {
  const named = { id: body.text('id'), user_id: body.text('user_id') }
  if (!named.id && !named.user_id) throw missing('id or user_id not specified')
  const row = findVisitor(store, named)
  const given = body.object('custom_attributes')
  const before = parseObject(row.custom_attributes)
  const custom = given ? mergeAttributes(store, 'contact', before, given) : before
  if (given) store.setContactAttributes(row.seq, custom)
  const name = body.unescaped('name')
  const next = name === undefined ? row.name : name || null
  store.db.run(
    'UPDATE contacts SET name = ?, name_folded = ?, custom_attributes = ?, updated_at = ? WHERE seq = ?',
    next,
    next === null ? null : fold(next),
    bindable(custom),
    seconds(store.clock),
    row.seq,
  )
  return visitor(store, findVisitor(store, { id: row.id }))
}

/** Who exists takes the visitor in; else the visitor becomes the contact (docs/intercom-api.md 3.13). */
function convert(call: RouteCall) {
  const { store, body } = call
  purgeDeleted(store)
  const role = body.option('type', ['user', 'lead'])
  if (role === undefined) throw missing('type not specified')
  const row = findVisitor(store, identifiers(body, 'visitor'))
  const user = identifiers(body, 'user')
  const existing = contactNamed(call, user)
  if (existing === undefined) return become(call, row, role, user)
  const takesEmail = existing.email === null && contactByEmail(store, row.email ?? '') === undefined
  moveContact(store, row, existing, takesEmail, seconds(store.clock))
  return contact(store, activeContact(store, existing.id))
}

function identifiers(body: Input, name: 'visitor' | 'user'): Identifiers {
  const given = body.object(name)
  const named = { id: given?.text('id'), user_id: given?.text('user_id'), email: given?.text('email') }
  if (!named.id && !named.user_id && !named.email) {
    throw missing(`${name}.id, ${name}.user_id or ${name}.email not specified`)
  }
  return named
}

/** An id that nobody has leaves the other identifiers to decide, and is not found when there are none. */
function contactNamed({ store }: RouteCall, { id, user_id, email }: Identifiers): ContactRow | undefined {
  const byId = id ? anyContact(store, id) : undefined
  if (byId?.standing === 'active') return byId
  if (!user_id && !email) throw notFound('User Not Found')
  if (user_id) return contactByExternalId(store, user_id)
  return email ? contactByEmail(store, email) : undefined
}

/** Turns a visitor into a contact and tells of it. */
export function become(
  call: RouteCall,
  row: ContactRow,
  role: 'user' | 'lead',
  { user_id, email }: Identifiers,
) {
  const { store } = call
  const external_id = user_id || (role === 'lead' || !(email || row.email) ? row.external_id : null)
  const next = { role, external_id, email: email ? checkedEmail(email.trim()) : row.email }
  refuseTaken(store, next, row)
  if (role === 'user') announce(call, 'visitor.signed_up', () => visitor(store, row))
  setIdentity(store, row, next)
  const made = activeContact(store, row.id)
  announce(call, `contact.${role}.created`, () => contact(store, made))
  return contact(store, made)
}

/** Visitors (docs/intercom-api.md 3.13); the control API makes them. */
export const visitorRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/visitors',
    handle: ({ store, query }) => {
      const user_id = query.get('user_id')
      if (!user_id) throw missing('user_id not specified')
      return visitor(store, findVisitor(store, { user_id }))
    },
  },
  { method: 'PUT', path: '/visitors', handle: update },
  { method: 'POST', path: '/visitors/convert', handle: convert },
]
