import { seconds } from '../clock.ts'
import { notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { toId } from '../http/input.ts'
import { allStates, ticketState, ticketType } from '../shapes/ticket-type.ts'
import type { Store } from '../store/store.ts'
import type { TicketTypeRow } from '../store/ticket-tables.ts'
import { insertTicketType } from '../store/ticket-types.ts'

/** A ticket type by id, given as a number or as digits. */
export function findTicketType(store: Store, id: unknown): TicketTypeRow | undefined {
  const number = toId(id)
  return number === undefined
    ? undefined
    : store.db.get<TicketTypeRow>('SELECT * FROM ticket_types WHERE id = ?', number)
}

function found(store: Store, id: unknown): TicketTypeRow {
  const row = findTicketType(store, id)
  if (row === undefined) throw notFound()
  return row
}

function all(store: Store): TicketTypeRow[] {
  return store.db.all<TicketTypeRow>('SELECT * FROM ticket_types ORDER BY id')
}

function create({ store, body }: RouteCall) {
  const name = body.filled('name')
  const category = body.option('category', ['Customer', 'Back-office', 'Tracker'])
  const id = insertTicketType(
    store,
    {
      name,
      category,
      description: body.text('description') ?? '',
      icon: body.text('icon') ?? undefined,
      is_internal: body.flag('is_internal') ?? false,
    },
    seconds(store.clock),
  )
  return ticketType(store, found(store, id))
}

/** A state lists the types whose tickets can have it, in short (docs/intercom-api.md 2.13). */
function listStates({ store }: RouteCall) {
  const links = store.db.all<{ type: number; state: number }>(
    'SELECT ticket_type_id AS type, ticket_state_id AS state FROM ticket_type_states',
  )
  const types = all(store)
  const data = allStates(store).map((state) => {
    const own = links.filter((link) => link.state === state.id)
    const having = types.filter(({ id }) => own.some(({ type }) => type === id))
    return {
      ...ticketState(state),
      ticket_types: { type: 'list', data: having.map(inShort) },
      archived: state.archived === 1,
    }
  })
  return { type: 'list', data }
}

function inShort(row: TicketTypeRow) {
  return {
    type: 'ticket_type',
    id: String(row.id),
    name: row.name,
    description: row.description,
    icon: row.icon,
    archived: row.archived === 1,
    is_internal: row.is_internal === 1,
    category: row.category,
  }
}

/** Ticket types and states as far as `convert` needs them (docs/intercom-api.md 2.13); none is paged. */
export const ticketTypeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/ticket_types',
    handle: ({ store }) => ({ type: 'list', data: all(store).map((row) => ticketType(store, row)) }),
  },
  { method: 'POST', path: '/ticket_types', handle: create },
  {
    method: 'GET',
    path: '/ticket_types/:id',
    handle: ({ store, params }) => ticketType(store, found(store, params['id'])),
  },
  { method: 'GET', path: '/ticket_states', handle: listStates },
]
