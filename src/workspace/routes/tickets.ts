import { seconds } from '../clock.ts'
import { invalid, notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { noInput, toId } from '../http/input.ts'
import { ticket, ticketOf } from '../shapes/ticket.ts'
import { attributesOfType } from '../shapes/ticket-type.ts'
import type { Store } from '../store/store.ts'
import type { TicketTypeAttributeRow, TicketTypeRow } from '../store/ticket-tables.ts'
import { insertTicket } from '../store/tickets.ts'
import { findBot } from './admins.ts'
import { happen } from './conversation-event.ts'
import { findConversation } from './find-conversation.ts'
import { findTicketType } from './ticket-types.ts'

function convert(call: RouteCall) {
  const { store, params, body } = call
  const row = findConversation(store, params['id'])
  const type = findTicketType(store, body.id('ticket_type_id'))
  // A type that does not exist is no customer type either.
  if (type === undefined || type.category !== 'Customer') {
    throw invalid('Ticket type is not a customer ticket type')
  }
  if (ticketOf(store, row.id) !== undefined) throw invalid('Conversation is already a ticket')
  const attributes = readAttributes(call, type)
  const at = seconds(store.clock)
  insertTicket(store, {
    id: row.id,
    ticket_type_id: type.id,
    converted: true,
    is_shared: true,
    attributes,
    created_at: row.created_at,
  })
  happen(call, row, { type: 'ticket_state_updated', at, bot_id: findBot(store).id })
  return showTicket(store, row.id)
}

function readAttributes({ store, body }: RouteCall, type: TicketTypeRow): Record<string, unknown> {
  const known = attributesOfType(store, type.id)
  const attributes = new Map<string, unknown>()
  for (const [name, value] of (body.object('attributes') ?? noInput).values) {
    const attribute = known.find((candidate) => candidate.name === name)
    if (attribute === undefined) throw invalid(`Ticket attribute '${name}' does not exist`)
    if (value !== null && !fits(attribute, value)) throw invalid(`Ticket attribute '${name}' is invalid`)
    attributes.set(name, value)
  }
  return Object.fromEntries(attributes)
}

function fits({ data_type }: TicketTypeAttributeRow, value: unknown): boolean {
  if (data_type === 'boolean') return typeof value === 'boolean'
  if (data_type === 'integer' || data_type === 'decimal') return typeof value === 'number'
  return typeof value === 'string'
}

function showTicket(store: Store, id: number | undefined) {
  const row = id === undefined ? undefined : ticketOf(store, id)
  if (row === undefined) throw notFound()
  return ticket(store, row, findConversation(store, row.id))
}

/**
 * A conversation becomes a ticket and keeps its id (docs/intercom-api.md 3.12); tickets are not made in other
 * ways here.
 */
export const ticketRoutes: readonly Route[] = [
  { method: 'POST', path: '/conversations/:id/convert', handle: convert },
  {
    method: 'GET',
    path: '/tickets/:id',
    handle: ({ store, params }) => showTicket(store, toId(params['id'])),
  },
]
