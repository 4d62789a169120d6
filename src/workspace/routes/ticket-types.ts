import { seconds } from '../clock.ts'
import { notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { toId } from '../http/input.ts'
import { allStates, ticketState, ticketType } from '../shapes/ticket-type.ts'
import type { Store } from '../store/store.ts'
import type { TicketTypeRow } from '../store/ticket-tables.ts'
import { insertTicketType } from '../store/ticket-types.ts'
import { setRow } from '../store/tickets.ts'

/** A ticket type by id, given as a number or as digits. */
export function findTicketType(store: Store, id: unknown): TicketTypeRow | undefined {
  const number = toId(id)
  return number === undefined
    ? undefined
    : store.db.get<TicketTypeRow>('SELECT * FROM ticket_types WHERE id = ?', number)
}

/** A ticket type by the id of a path, or 404. */
export function foundType(store: Store, id: unknown): TicketTypeRow {
  const row = findTicketType(store, id)
  if (row === undefined) throw notFound()
  return row
}

function all(store: Store): TicketTypeRow[] {
  return store.db.all<TicketTypeRow>('SELECT * FROM ticket_types ORDER BY id')
}

const categories = ['Customer', 'Back-office', 'Tracker'] as const

function create({ store, body }: RouteCall) {
  const name = body.filled('name')
  const category = body.option('category', categories)
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
  return ticketType(store, foundType(store, id))
}

function update({ store, params, body }: RouteCall) {
  const row = foundType(store, params['id'])
  const columns = {
    name: body.get('name') === undefined ? row.name : body.filled('name'),
    description: body.text('description') ?? row.description,
    icon: body.text('icon') ?? row.icon,
    category: body.option('category', categories) ?? row.category,
    archived: body.flag('archived') ?? row.archived === 1,
    is_internal: body.flag('is_internal') ?? row.is_internal === 1,
    updated_at: seconds(store.clock),
  }
  setRow(store, 'ticket_types', row.id, columns)
  return ticketType(store, foundType(store, row.id))
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

/** Ticket types and states (docs/intercom-api.md 2.13, 3.12); none is paged. */
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
    handle: ({ store, params }) => ticketType(store, foundType(store, params['id'])),
  },
  { method: 'PUT', path: '/ticket_types/:id', handle: update },
  { method: 'GET', path: '/ticket_states', handle: listStates },
]
