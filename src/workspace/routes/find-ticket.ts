import { ApiError, notFound } from '../http/api-error.ts'
import type { RouteCall } from '../http/call.ts'
import { toId } from '../http/input.ts'
import { isAtLeast } from '../http/versions.ts'
import { ticket, ticketOf } from '../shapes/ticket.ts'
import type { Store } from '../store/store.ts'
import type { TicketRow } from '../store/ticket-tables.ts'

/** A ticket by the id of a path, or 404. */
export function findTicket(store: Store, id: unknown, error: ApiError = notFound()): TicketRow {
  const number = toId(id)
  const row = number === undefined ? undefined : ticketOf(store, number)
  if (row === undefined) throw error
  return row
}

/** 404 as operations on a ticket's tags say it (docs/intercom-api.md 3.12). */
export function ticketNotFound(): ApiError {
  return new ApiError(404, 'ticket_not_found', 'Ticket not found')
}

/** A ticket as the requested version shows it: under 2.11 its state is a word (docs/intercom-api.md 2.13). */
export function shownTicket({ store, version }: Pick<RouteCall, 'store' | 'version'>, row: TicketRow) {
  const whole = ticket(store, row)
  if (isAtLeast(version, '2.12')) return whole
  const { category, internal_label, external_label } = whole.ticket_state
  return {
    ...whole,
    ticket_state: category,
    ticket_state_internal_label: internal_label,
    ticket_state_external_label: external_label,
  }
}
