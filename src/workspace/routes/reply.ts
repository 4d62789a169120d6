import { seconds } from '../clock.ts'
import { bodyToHtml, textToHtml } from '../html.ts'
import { ApiError, invalid, missing, notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { type Input, isObject } from '../http/input.ts'
import { isAtLeast } from '../http/versions.ts'
import { conversationJson } from '../shapes/conversation.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import type { ConversationRow } from '../store/conversation-tables.ts'
import { fold } from '../store/fold.ts'
import type { Store } from '../store/store.ts'
import type { ThreadEvent } from '../threads/event.ts'
import { findAdmin } from './admins.ts'
import { readAttachments } from './attachments.ts'
import { happen } from './conversation-event.ts'
import { activeContact, contactByEmail, contactByExternalId } from './find-contact.ts'
import { findConversation, newestConversation } from './find-conversation.ts'
import { changeOfState } from './parts.ts'

function reply(call: RouteCall) {
  const { store, params, body } = call
  const last = params['id'] === 'last' ? named(store, body) : undefined
  const row = last === undefined ? findConversation(store, params['id']) : newestConversation(store, last)
  const type = body.option('type', ['admin', 'user', 'team'])
  const event = (type !== 'user' && changeOfState(call)) || spoken(call, type, row, last)
  return conversationJson(store, happen(call, row, event))
}

function spoken(call: RouteCall, type: string | undefined, row: ConversationRow, last?: ContactRow) {
  const at = call.body.time('created_at') ?? seconds(call.store.clock)
  if (type === 'admin') return adminReply(call, at)
  if (type === 'user') {
    const contact = last ?? participant(call.store, { of: 'conversation', id: row.id }, call.body)
    return contactReply(call, contact, at)
  }
  throw invalid("Type isn't an option")
}

/** An admin's comment or note (docs/intercom-api.md 3.5); an unknown admin is a 404 like an unknown conversation. */
export function adminReply(call: RouteCall, at: number, quick = hasQuickReplies(call)): ThreadEvent {
  const { store, body, rewrite } = call
  const kind = kindOf(call, ['comment', 'note'], quick)
  const admin = findAdmin(store, body.id('admin_id'))
  if (admin === undefined) throw notFound()
  const attachments = readAttachments(body)
  const by = { at, admin_id: admin.id, attachments }
  if (kind === 'quick_reply') {
    options(body)
    return { type: 'admin_comment', ...by, body: null, quick: true }
  }
  const html = rewrite(bodyToHtml(body.filled('body')))
  return { type: kind === 'note' ? 'admin_note' : 'admin_comment', ...by, body: html }
}

/** A contact's comment (docs/intercom-api.md 3.5); `type` is `user` for leads too. */
export function contactReply(call: RouteCall, { role, id }: ContactRow, at: number): ThreadEvent {
  const { body, rewrite } = call
  const kind = kindOf(call, ['comment'])
  const by = { at, contact: { type: role === 'lead' ? 'lead' : 'user', id } } as const
  if (kind === 'quick_reply') {
    return { type: 'contact_reply', ...by, body: rewrite(textToHtml(options(body).join(', '))), quick: true }
  }
  const html = rewrite(bodyToHtml(body.filled('body')))
  return { type: 'contact_reply', ...by, body: html, attachments: readAttachments(body) }
}

/** `quick_reply` came to conversations with 2.14 (docs/intercom-api.md 10); to tickets before 2.12. */
function hasQuickReplies({ version }: RouteCall): boolean {
  return isAtLeast(version, '2.14')
}

function kindOf(call: RouteCall, kinds: readonly ('comment' | 'note')[], quick = hasQuickReplies(call)) {
  const known = quick ? [...kinds, 'quick_reply' as const] : kinds
  const kind = call.body.option('message_type', known)
  if (kind === undefined) throw invalid("Message Type isn't an option")
  return kind
}

/** The texts of `reply_options`, which a quick reply must have. */
function options(body: Input): string[] {
  const given = body.array('reply_options') ?? []
  const texts = given.map((option) => (isObject(option) ? option['text'] : undefined))
  if (texts.length === 0) throw missing('reply_options not specified')
  return texts.map((text) => {
    if (typeof text !== 'string' || text.trim() === '') throw invalid('Reply Options is invalid')
    return text
  })
}

/** The contact that `last` is about, whoever replies (docs/intercom-api.md 3.5). */
function named(store: Store, body: Input): ContactRow {
  const { id, externalId, email } = identifiers(body, 422)
  if (id) return activeContact(store, id)
  const row = externalId ? contactByExternalId(store, externalId) : contactByEmail(store, email ?? '')
  if (row === undefined) throw notFound('User Not Found')
  return row
}

/** The contact of a conversation, or of a ticket that was none, who replies. */
export function participant(
  store: Store,
  { of, id: threadId }: { of: 'conversation' | 'ticket'; id: number },
  body: Input,
): ContactRow {
  const { id, externalId, email } = identifiers(body)
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

function identifiers(body: Input, status = 400) {
  const id = body.text('intercom_user_id')
  const externalId = body.text('user_id')
  const email = body.text('email')
  if (!id && !externalId && !email) {
    throw new ApiError(status, 'parameter_not_found', 'intercom_user_id, user_id or email not specified')
  }
  return { id, externalId, email }
}

/** POST /conversations/{id|last}/reply (docs/intercom-api.md 3.5). */
export const replyRoutes: readonly Route[] = [
  { method: 'POST', path: '/conversations/:id/reply', handle: reply },
]
