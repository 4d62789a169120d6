import { seconds } from '../clock.ts'
import { ApiError, invalid, notFound } from '../http/api-error.ts'
import type { Route, RouteAnswer, RouteCall } from '../http/call.ts'
import type { Input } from '../http/input.ts'
import { adminMessage } from '../shapes/message.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import type { Store } from '../store/store.ts'
import { announce } from '../webhooks/announce.ts'
import { conversationWithoutParts } from '../webhooks/items.ts'
import { findAdmin } from './admins.ts'
import { contactMessage } from './contact-message.ts'
import { activeContact, contactByEmail, contactByExternalId } from './find-contact.ts'
import { openFromMessage } from './message-answer.ts'

function send(call: RouteCall): RouteAnswer {
  const { store, body } = call
  const from = body.object('from')
  if (!from) throw invalid('From is required')
  const sender = from.option('type', ['admin', 'user', 'lead', 'contact'])
  if (sender === undefined) throw invalid("Type isn't an option")
  if (sender !== 'admin') return contactMessage(call)

  const type = messageType(body)
  const template = body.option('template', ['plain', 'personal']) ?? null
  // The body is asked for before the subject (docs/intercom-api.md 3.6).
  const text = body.filled('body')
  const subject = body.text('subject') ?? null
  if (type === 'email' && (subject === null || subject.trim() === '')) {
    throw new ApiError(422, 'parameter_not_found', 'No subject supplied for email message')
  }
  const admin = findAdmin(store, from.get('id'))
  if (admin === undefined) throw notFound()
  const contact = recipient(store, body)
  const at = body.time('created_at') ?? seconds(store.clock)
  const id = store.nextId('admin_messages')
  const message = {
    id,
    kind: 'admin_message',
    created_at: at,
    message_type: type,
    subject,
    body: text,
    template,
    admin_id: admin.id,
    contact_seq: contact.seq,
    conversation_id: null,
  }
  store.insertMessage(message)
  store.db.run(
    'UPDATE contacts SET last_contacted_at = max(coalesce(last_contacted_at, 0), ?) WHERE seq = ?',
    at,
    contact.seq,
  )
  if (body.flag('create_conversation_without_contact_reply') === true) {
    const conversationId = openFromMessage(store, message, call.rewrite)
    announce(call, 'conversation.admin.single.created', () => conversationWithoutParts(store, conversationId))
  }
  return adminMessage(id, at, subject, text, type, admin)
}

/**
 * Schema, examples and live disagree about the word for in-app; all are taken, `inapp` is answered
 * (docs/intercom-api.md 8).
 */
function messageType(body: Input): 'inapp' | 'email' {
  const type = body.option('message_type', ['inapp', 'in_app', 'conversation', 'email'])
  if (type === undefined) throw invalid("Message Type isn't an option")
  return type === 'email' ? 'email' : 'inapp'
}

/** The recipient by id, external id or e-mail; `user` and `lead` must be what they say, `contact` may be either. */
function recipient(store: Store, body: Input): ContactRow {
  const to = body.object('to')
  if (!to) throw invalid('To is required')
  const type = to.option('type', ['user', 'lead', 'contact'])
  if (type === undefined) throw invalid("Type isn't an option")
  const contact = addressed(store, to)
  if (contact === undefined || (type !== 'contact' && contact.role !== type)) throw notFound('User Not Found')
  if (isTooNew(store, contact)) throw notFound('User Not Found')
  return contact
}

/** A contact that searches do not know yet cannot be reached either (docs/intercom-api.md 3.6). */
function isTooNew(store: Store, { seq }: ContactRow): boolean {
  const { searched } = store
  return searched !== store && searched.db.number('SELECT 1 FROM contacts WHERE seq = ?', seq) === 0
}

function addressed(store: Store, to: Input): ContactRow | undefined {
  const id = to.text('id')
  if (id) return activeContact(store, id)
  const externalId = to.text('user_id')
  if (externalId) return contactByExternalId(store, externalId)
  const email = to.text('email')
  return email ? contactByEmail(store, email) : undefined
}

/** POST /messages (docs/intercom-api.md 3.6). */
export const messageRoutes: readonly Route[] = [{ method: 'POST', path: '/messages', handle: send }]
