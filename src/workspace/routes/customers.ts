import { randomUUID } from 'node:crypto'
import { seconds } from '../clock.ts'
import { ApiError, missing, notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import type { Input } from '../http/input.ts'
import { contact } from '../shapes/contact.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import type { Store } from '../store/store.ts'
import type { Actor } from '../threads/event.ts'
import { announce } from '../webhooks/announce.ts'
import { findAdmin } from './admins.ts'
import { checkedEmail } from './contact-fields.ts'
import { happen } from './conversation-event.ts'
import { activeContact, anyContact, contactByEmail, contactByExternalId } from './find-contact.ts'
import { findConversation } from './find-conversation.ts'

/** The people of a conversation, in the old words that these two operations kept (docs/intercom-api.md 8). */
function customers(store: Store, conversationId: number) {
  const rows = store.db.all<{ id: string; role: string }>(
    `SELECT contacts.id, role FROM conversation_contacts JOIN contacts ON seq = contact_seq
     WHERE conversation_id = ? ORDER BY seq`,
    conversationId,
  )
  return { customers: rows.map(({ id, role }) => ({ type: role, id })) }
}

function attach(call: RouteCall) {
  const { store, params, body } = call
  const row = findConversation(store, params['id'])
  const given = body.object('customer')
  if (!given) throw missing('customer not specified')
  const by = actor(call, given)
  const joining = named(store, given) ?? newLead(call, given.text('email') ?? '')
  const sql = 'INSERT OR IGNORE INTO conversation_contacts (conversation_id, contact_seq) VALUES (?, ?)'
  // Somebody who is in it already joins without a trace.
  if (store.db.run(sql, row.id, joining.seq) > 0) {
    happen(call, row, { type: 'participant_added', at: seconds(store.clock), by })
  }
  return customers(store, row.id)
}

/** The admin of `admin_id`, else the contact that `customer.customer` names, else the token's admin. */
function actor({ store, body, adminId }: RouteCall, given: Input): Actor {
  const acting = given.object('customer')
  if (body.get('admin_id') === undefined && acting) {
    const row = named(store, acting)
    if (row === undefined) throw notFound()
    return { type: row.role === 'lead' ? 'lead' : 'user', id: row.id }
  }
  const admin = findAdmin(store, body.get('admin_id') === undefined ? adminId : body.id('admin_id'))
  if (admin === undefined) throw notFound()
  return { type: 'admin', id: admin.id }
}

/** The contact that a `customer` object names; undefined only when its e-mail is nobody's. */
function named(store: Store, given: Input): ContactRow | undefined {
  const id = given.text('intercom_user_id')
  if (id) return activeContact(store, id, 'Resource Not Found')
  const externalId = given.text('user_id')
  if (externalId) {
    const row = contactByExternalId(store, externalId)
    if (row === undefined) throw notFound()
    return row
  }
  const email = given.text('email')
  if (!email) throw missing('intercom_user_id, user_id or email not specified')
  return contactByEmail(store, email)
}

/** An e-mail that nobody has makes a lead (docs/intercom-api.md 3.5). */
export function newLead(call: RouteCall, email: string): ContactRow {
  const { store } = call
  const { id } = store.insertContact({
    role: 'lead',
    email: checkedEmail(email.trim()),
    external_id: randomUUID(),
    created_at: seconds(store.clock),
  })
  const row = activeContact(store, id)
  announce(call, 'contact.lead.created', () => contact(store, row))
  return row
}

function detach(call: RouteCall) {
  const { store, params, body } = call
  const row = findConversation(store, params['id'])
  const admin = findAdmin(store, body.id('admin_id'))
  if (admin === undefined) throw notFound()
  const leaving = anyContact(store, params['sub'])
  const where = 'conversation_id = ? AND contact_seq = ?'
  const sql = `SELECT count(*) FROM conversation_contacts WHERE ${where}`
  if (leaving === undefined || store.db.number(sql, row.id, leaving.seq) === 0) {
    throw notFound('User Not Found')
  }
  const members = store.db.number(
    'SELECT count(*) FROM conversation_contacts WHERE conversation_id = ?',
    row.id,
  )
  if (members === 1) {
    throw new ApiError(422, 'parameter_invalid', 'Removing the last customer is not allowed')
  }
  store.db.run(`DELETE FROM conversation_contacts WHERE ${where}`, row.id, leaving.seq)
  const by = { type: 'admin', id: admin.id } as const
  happen(call, row, { type: 'participant_removed', at: seconds(store.clock), by })
  return customers(store, row.id)
}

/** Contacts that join and leave a conversation (docs/intercom-api.md 3.5). */
export const customerRoutes: readonly Route[] = [
  { method: 'POST', path: '/conversations/:id/customers', handle: attach },
  { method: 'DELETE', path: '/conversations/:id/customers/:sub', handle: detach },
]
