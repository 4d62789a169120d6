import { seconds } from '../clock.ts'
import { bodyToHtml } from '../html.ts'
import { invalid, missing, notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import type { Input } from '../http/input.ts'
import { conversationJson } from '../shapes/conversation.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import { fold } from '../store/fold.ts'
import type { Store } from '../store/store.ts'
import type { ThreadEvent } from '../threads/event.ts'
import { findAdmin } from './admins.ts'
import { readAttachments } from './attachments.ts'
import { happen } from './conversation-event.ts'
import { findConversation, lastConversation } from './find-conversation.ts'

function reply(call: RouteCall) {
  const { store, params, body } = call
  const row = params['id'] === 'last' ? lastConversation(store) : findConversation(store, params['id'])
  const type = body.option('type', ['admin', 'user'])
  if (type === undefined) throw invalid("Type isn't an option")
  const at = body.time('created_at') ?? seconds(store.clock)
  const event =
    type === 'admin' ? adminReply(call, at) : contactReply(call, { of: 'conversation', id: row.id }, at)
  return conversationJson(store, happen(call, row, event))
}

/**
 * An admin's comment or note (docs/intercom-api.md 3.5). An unknown admin is a 404 like an unknown
 * conversation (docs/intercom-api.md 3.5).
 */
export function adminReply({ store, body, rewrite }: RouteCall, at: number): ThreadEvent {
  const kind = body.option('message_type', ['comment', 'note'])
  if (kind === undefined) throw invalid("Message Type isn't an option")
  const admin = findAdmin(store, body.id('admin_id'))
  if (admin === undefined) throw notFound()
  return {
    type: kind === 'note' ? 'admin_note' : 'admin_comment',
    at,
    admin_id: admin.id,
    body: rewrite(bodyToHtml(body.filled('body'))),
    attachments: readAttachments(body),
  }
}

/**
 * A contact's comment (docs/intercom-api.md 3.5); `type` is `user` for leads too. The contact must be in the
 * conversation.
 */
export function contactReply({ store, body, rewrite }: RouteCall, thread: Thread, at: number): ThreadEvent {
  const kind = body.option('message_type', ['comment'])
  if (kind === undefined) throw invalid("Message Type isn't an option")
  const contact = participant(store, thread, body)
  return {
    type: 'contact_reply',
    at,
    contact: { type: contact.role === 'lead' ? 'lead' : 'user', id: contact.id },
    body: rewrite(bodyToHtml(body.filled('body'))),
    attachments: readAttachments(body),
  }
}

/** Whose people are meant: a conversation's, or those of a ticket that was none. */
interface Thread {
  readonly of: 'conversation' | 'ticket'
  readonly id: number
}

function participant(store: Store, { of, id: threadId }: Thread, body: Input): ContactRow {
  const id = body.text('intercom_user_id')
  const externalId = body.text('user_id')
  const email = body.text('email')
  if (!id && !externalId && !email) throw missing('intercom_user_id, user_id or email not specified')
  const members = store.db.all<ContactRow>(
    `SELECT contacts.* FROM ${of}_contacts JOIN contacts ON seq = contact_seq
     WHERE ${of}_id = ? AND standing = 'active' ORDER BY role = 'user' DESC, seq`,
    threadId,
  )
  const found = members.find((member) => {
    if (id) return member.id === id
    if (externalId) return member.external_id === externalId
    return email ? member.email_folded === fold(email) : false
  })
  if (found === undefined) throw notFound()
  return found
}

/** POST /conversations/{id|last}/reply (docs/intercom-api.md 3.5). */
export const replyRoutes: readonly Route[] = [
  { method: 'POST', path: '/conversations/:id/reply', handle: reply },
]
