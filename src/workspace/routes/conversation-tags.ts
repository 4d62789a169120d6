import { seconds } from '../clock.ts'
import { ApiError, notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { toId } from '../http/input.ts'
import { appliedTag, tagsOfConversation } from '../shapes/tag.ts'
import type { AdminRow } from '../store/app-tables.ts'
import type { TagRow } from '../store/contact-tables.ts'
import type { ConversationRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import { announce } from '../webhooks/announce.ts'
import { taggedConversation } from '../webhooks/items.ts'
import { findAdmin } from './admins.ts'
import { happen } from './conversation-event.ts'
import { findConversation } from './find-conversation.ts'

/** A tag by its id, or 404 in the words of tags on conversations and tickets. */
export function findTag(store: Store, id: unknown): TagRow {
  const number = toId(id)
  const row =
    number === undefined ? undefined : store.db.get<TagRow>('SELECT * FROM tags WHERE id = ?', number)
  if (row === undefined) throw new ApiError(404, 'tag_not_found', 'Tag not found')
  return row
}

/**
 * Who puts a tag on or takes it off: `admin_id`, which both requests must name (docs/intercom-api.md 3.5).
 */
export function signer(call: RouteCall): AdminRow {
  const admin = findAdmin(call.store, call.body.id('admin_id'))
  if (admin === undefined) throw notFound()
  return admin
}

function add(call: RouteCall) {
  const { store, params, body } = call
  const row = findConversation(store, params['id'], 'Conversation not found')
  return tagConversation(call, row, findTag(store, body.id('id')), signer(call))
}

/** Puts a tag on a conversation and answers with it. */
export function tagConversation(call: RouteCall, row: ConversationRow, tag: TagRow, admin: AdminRow) {
  const { store } = call
  const applied = () => tagsOfConversation(store, row.id).find(({ id }) => id === tag.id)
  // A tag that is there already stays as it was put, without another part.
  if (applied() === undefined) {
    const at = seconds(store.clock)
    store.insertConversationTag({
      conversation_id: row.id,
      tag_id: tag.id,
      applied_at: at,
      applied_by: admin.id,
    })
    noteChange(call, row, admin.id, at)
    announce(call, 'conversation_part.tag.created', () => taggedConversation(store, row.id, tag))
  }
  return appliedTag(applied() ?? { ...tag, applied_at: null, applied_by: null })
}

function remove(call: RouteCall) {
  const { store, params } = call
  const row = findConversation(store, params['id'], 'Conversation not found')
  return untagConversation(call, row, findTag(store, params['sub']), signer(call))
}

/** Takes a tag off a conversation and answers with it. */
export function untagConversation(call: RouteCall, row: ConversationRow, tag: TagRow, admin: AdminRow) {
  const { store } = call
  const sql = 'DELETE FROM conversation_tags WHERE conversation_id = ? AND tag_id = ?'
  const removed = store.db.run(sql, row.id, tag.id)
  if (removed > 0) noteChange(call, row, admin.id, seconds(store.clock))
  // Once taken off, nobody has put it there (docs/intercom-api.md 2.5).
  return appliedTag({ ...tag, applied_at: null, applied_by: null })
}

/** Live, a change of tags touches the part before its own, too (docs/intercom-api.md 3.5). */
function noteChange(call: RouteCall, row: ConversationRow, adminId: number, at: number): void {
  call.store.db.run(
    `UPDATE conversation_parts SET updated_at = ?
     WHERE id = (SELECT max(id) FROM conversation_parts WHERE conversation_id = ?)`,
    at,
    row.id,
  )
  happen(call, row, { type: 'tags_updated', at, admin_id: adminId })
}

/** Tags on conversations, which have texts of their own for what is missing (docs/intercom-api.md 3.5). */
export const conversationTagRoutes: readonly Route[] = [
  { method: 'POST', path: '/conversations/:id/tags', handle: add },
  { method: 'DELETE', path: '/conversations/:id/tags/:sub', handle: remove },
]
