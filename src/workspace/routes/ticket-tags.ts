import { seconds } from '../clock.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { type AppliedTagRow, appliedTag } from '../shapes/tag.ts'
import type { AdminRow } from '../store/app-tables.ts'
import type { TagRow } from '../store/contact-tables.ts'
import type { TicketRow } from '../store/ticket-tables.ts'
import { setTicket } from '../store/tickets.ts'
import { findTag, signer, tagConversation, untagConversation } from './conversation-tags.ts'
import { findConversation } from './find-conversation.ts'
import { findTicket, ticketNotFound } from './find-ticket.ts'

function add(call: RouteCall) {
  const { store, params, body } = call
  const row = findTicket(store, params['id'], ticketNotFound())
  const tag = findTag(store, body.id('id'))
  const admin = signer(call)
  if (row.converted === 1) return tagConversation(call, findConversation(store, row.id), tag, admin)
  const added = store.db.run(
    'INSERT OR IGNORE INTO ticket_tags (ticket_id, tag_id, applied_at, applied_by) VALUES (?, ?, ?, ?)',
    row.id,
    tag.id,
    seconds(store.clock),
    admin.id,
  )
  if (added > 0) touch(call, row)
  return applied(call, row, tag, admin)
}

function remove(call: RouteCall) {
  const { store, params } = call
  const row = findTicket(store, params['id'], ticketNotFound())
  const tag = findTag(store, params['sub'])
  const admin = signer(call)
  if (row.converted === 1) return untagConversation(call, findConversation(store, row.id), tag, admin)
  const answer = applied(call, row, tag, admin)
  const sql = 'DELETE FROM ticket_tags WHERE ticket_id = ? AND tag_id = ?'
  if (store.db.run(sql, row.id, tag.id) > 0) touch(call, row)
  return answer
}

/** The description's examples say who applied a tag even when it is taken off. */
function applied({ store }: RouteCall, row: TicketRow, tag: TagRow, admin: AdminRow) {
  const link = store.db.get<Pick<AppliedTagRow, 'applied_at' | 'applied_by'>>(
    'SELECT applied_at, applied_by FROM ticket_tags WHERE ticket_id = ? AND tag_id = ?',
    row.id,
    tag.id,
  )
  return appliedTag({ ...tag, ...(link ?? { applied_at: null, applied_by: admin.id }) })
}

/** Tags are seen in no ticket of 2.12, and leave no part in one. */
function touch({ store }: RouteCall, row: TicketRow): void {
  setTicket(store, row.id, { updated_at: Math.max(row.updated_at, seconds(store.clock)) })
}

/** Tags on tickets; those of a conversation that became one are the conversation's (docs/intercom-api.md 3.12). */
export const ticketTagRoutes: readonly Route[] = [
  { method: 'POST', path: '/tickets/:id/tags', handle: add },
  { method: 'DELETE', path: '/tickets/:id/tags/:sub', handle: remove },
]
