import { seconds } from '../clock.ts'
import { invalid, missing, notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { Input, isObject, noInput } from '../http/input.ts'
import { ticketOf } from '../shapes/ticket.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import type { TicketTypeRow } from '../store/ticket-tables.ts'
import { insertTicket } from '../store/tickets.ts'
import { recordOnTicket, ticketRow } from '../threads/record-ticket.ts'
import { announce } from '../webhooks/announce.ts'
import { ticketItem } from '../webhooks/items.ts'
import { findBot } from './admins.ts'
import { newLead } from './customers.ts'
import { findCompany } from './find-company.ts'
import { activeContact, contactByEmail, contactByExternalId } from './find-contact.ts'
import { findConversation } from './find-conversation.ts'
import { findTicket, shownTicket } from './find-ticket.ts'
import { mergeTicketAttributes, refuseIncomplete } from './ticket-attributes.ts'
import { searchTickets } from './ticket-search.ts'
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
  const { id, created_at, company_id } = row
  return add(call, type, { id, created_at, company_id, converted: true }, body.object('attributes'))
}

function create(call: RouteCall) {
  const { store, body } = call
  const type = findTicketType(store, body.id('ticket_type_id'))
  if (type === undefined) throw notFound()
  const created_at = body.time('created_at') ?? seconds(store.clock)
  const company = body.text('company_id')
  const company_id = company ? findCompany(store, company).id : null
  const attributes = body.object('ticket_attributes')
  const contact = onlyContact(call)
  const id = store.nextId('conversations')
  store.insert('ticket_contacts', { ticket_id: id, contact_seq: contact.seq })
  return add(call, type, { id, created_at, company_id, converted: false }, attributes)
}

/** Stores a ticket in the first state of its type, which the bot's part tells of. */
function add(
  call: RouteCall,
  type: TicketTypeRow,
  ticket: { id: number; created_at: number; company_id: string | null; converted: boolean },
  given: Input | null | undefined,
) {
  const { store } = call
  if (type.archived === 1) throw invalid('Ticket type is archived')
  const attributes = mergeTicketAttributes(store, type.id, {}, given ?? noInput)
  refuseIncomplete(store, type.id, attributes)
  const is_shared = type.category === 'Customer'
  insertTicket(store, { ...ticket, ticket_type_id: type.id, attributes, is_shared })
  const at = ticket.converted ? seconds(store.clock) : ticket.created_at
  const state = { from: 'submitted', to: 'submitted' }
  const event = { type: 'ticket_state_updated', at, bot_id: findBot(store).id, ...state } as const
  const row = recordOnTicket(store, ticketRow(store, ticket.id), event)
  announce(call, 'ticket.created', () => ticketItem(store, row.id, 'ticket.created'))
  return shownTicket(call, row)
}

/** The one contact that a new ticket is for; an e-mail that nobody has makes one (docs/intercom-api.md 3.12). */
function onlyContact(call: RouteCall): ContactRow {
  const { store, body } = call
  const contacts = body.array('contacts') ?? []
  if (contacts.length === 0) throw missing('contacts not specified')
  if (contacts.length > 1) throw invalid('Contacts has too many items: only one is allowed')
  const [first] = contacts
  if (!isObject(first)) throw invalid('Contacts is invalid')
  const given = new Input(first)
  const id = given.text('id')
  if (id) return activeContact(store, id)
  const externalId = given.text('external_id')
  if (externalId) {
    const row = contactByExternalId(store, externalId)
    if (row === undefined) throw notFound('User Not Found')
    return row
  }
  const email = given.text('email')
  if (!email) throw missing('id, external_id or email not specified')
  return contactByEmail(store, email) ?? newLead(call, email)
}

/** Tickets as a whole; changes, replies and tags have their own files (docs/intercom-api.md 3.12). */
export const ticketRoutes: readonly Route[] = [
  { method: 'POST', path: '/conversations/:id/convert', handle: convert },
  { method: 'POST', path: '/tickets', handle: create },
  { method: 'POST', path: '/tickets/search', handle: searchTickets, reads: true },
  {
    method: 'GET',
    path: '/tickets/:id',
    handle: (call) => shownTicket(call, findTicket(call.store, call.params['id'])),
  },
]
