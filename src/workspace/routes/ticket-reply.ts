import { seconds } from '../clock.ts'
import { ApiError, invalid } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { isShared, newestPart, typeOf } from '../shapes/ticket.ts'
import type { TicketRow } from '../store/ticket-tables.ts'
import type { ThreadEvent } from '../threads/event.ts'
import { happenToTicket } from './conversation-event.ts'
import { findTicket } from './find-ticket.ts'
import { adminReply, contactReply, participant } from './reply.ts'

/** The answer is the part; a reply that opens the ticket again is a comment there like any other. */
function reply(call: RouteCall) {
  const { store, params, body } = call
  const row = findTicket(store, params['id'])
  const event = eventOf(call, row, body.time('created_at') ?? seconds(store.clock))
  const last = store.db.number('SELECT max(id) FROM conversation_parts WHERE conversation_id = ?', row.id)
  happenToTicket(call, row, event)
  const part = newestPart(store, row.id, last)
  return { ...part, part_type: part.part_type === 'open' ? 'comment' : part.part_type }
}

function eventOf(call: RouteCall, row: TicketRow, at: number): ThreadEvent {
  const { store, body } = call
  const type = body.option('type', ['admin', 'user'])
  if (type === undefined) throw invalid("Type isn't an option")
  const ticketType = typeOf(store, row)
  if (type === 'user') {
    if (ticketType.category !== 'Customer')
      throw refused('User replies are not allowed on Backoffice tickets')
    const of = row.converted === 1 ? 'conversation' : 'ticket'
    return contactReply(call, participant(store, { of, id: row.id }, body), at)
  }
  const kind = body.option('message_type', ['comment', 'note', 'quick_reply'])
  if (kind !== 'note' && !isShared(ticketType, row)) {
    throw refused('Comments are not allowed on tickets that are not shared with the customer')
  }
  return adminReply(call, at, true)
}

function refused(message: string): ApiError {
  return new ApiError(400, 'parameter_mismatch', message)
}

/** POST /tickets/{id}/reply (docs/intercom-api.md 3.12). */
export const ticketReplyRoutes: readonly Route[] = [
  { method: 'POST', path: '/tickets/:id/reply', handle: reply },
]
