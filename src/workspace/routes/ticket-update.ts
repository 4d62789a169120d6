import { seconds } from '../clock.ts'
import { ApiError, invalid, missing } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { toId } from '../http/input.ts'
import { dayOf } from '../search/days.ts'
import { parseObject } from '../shapes/contact.ts'
import { isShared, typeOf } from '../shapes/ticket.ts'
import { statesOfType } from '../shapes/ticket-type.ts'
import type { TicketRow } from '../store/ticket-tables.ts'
import { setTicket } from '../store/tickets.ts'
import { ticketRow } from '../threads/record-ticket.ts'
import { findAdmin, findBot } from './admins.ts'
import { happenToTicket, moveTicket } from './conversation-event.ts'
import { findCompany } from './find-company.ts'
import { findTicket, shownTicket } from './find-ticket.ts'
import { mergeTicketAttributes } from './ticket-attributes.ts'

/** Changes one thing of a ticket, or nothing when the request does not name it. */
type Change = (call: RouteCall, row: TicketRow, at: number) => TicketRow

/** One part by the bot for each attribute that is named. */
const setAttributes: Change = (call, row, at) => {
  const { store, body } = call
  const given = body.object('ticket_attributes')
  if (!given) return row
  const attributes = mergeTicketAttributes(store, row.ticket_type_id, parseObject(row.attributes), given)
  setTicket(store, row.id, { attributes })
  const event = { type: 'ticket_attribute_updated', at, bot_id: findBot(store).id } as const
  let changed = ticketRow(store, row.id)
  for (let i = 0; i < given.values.size; i++) changed = happenToTicket(call, changed, event)
  return changed
}

/** Before 2.12 a state is named by its category (docs/intercom-api.md 3.12). */
const setState: Change = (call, row, at) => {
  const { store, body, version } = call
  const id = body.get('ticket_state_id')
  const category = version === '2.11' ? body.get('state') : undefined
  if ((id === undefined || id === null) && (category === undefined || category === null)) return row
  const wanted = toId(id)
  const state = statesOfType(store, row.ticket_type_id).find((candidate) =>
    id === undefined || id === null ? candidate.category === category : candidate.id === wanted,
  )
  if (state === undefined) {
    const message = 'Ticket state id is not valid or is not associated with the ticket type'
    throw new ApiError(400, 'ticket_state_id_invalid', message)
  }
  return moveTicket(call, row, state, at)
}

/** To an admin or a team, or with `"0"` to nobody, which takes it from both. */
const assign: Change = (call, row, at) => {
  const { store, body } = call
  const given = body.object('assignment')
  const wanted = given?.get('assignee_id')
  if (!given || wanted === undefined || wanted === null) return row
  if (given.get('admin_id') === undefined) throw missing('assignment.admin_id not specified')
  const admin = findAdmin(store, given.get('admin_id'))
  if (admin === undefined) throw assigneeNotFound()
  const id = toId(wanted)
  const event = { type: 'assign', at, admin_id: admin.id } as const
  if (id === 0) {
    let changed = row
    if (row.team_assignee_id !== null) {
      changed = happenToTicket(call, changed, { ...event, to: { type: 'team', id: null } })
    }
    if (row.admin_assignee_id === null) return changed
    return happenToTicket(call, changed, { ...event, to: { type: 'admin', id: null } })
  }
  const isAdmin = findAdmin(store, id) !== undefined
  if (!isAdmin && store.db.number('SELECT count(*) FROM teams WHERE id = ?', id ?? 0) === 0) {
    throw assigneeNotFound()
  }
  return happenToTicket(call, row, { ...event, to: { type: isAdmin ? 'admin' : 'team', id: id ?? 0 } })
}

function assigneeNotFound(): ApiError {
  return new ApiError(404, 'assignee_not_found', 'Assignee not found')
}

const reopen: Change = (call, row, at) =>
  call.body.flag('open') === true && row.open === 0
    ? happenToTicket(call, row, { type: 'open', at, ...byBot(call) })
    : row

/** A moment that is past stands for 9 o'clock tomorrow; null ends a snooze (docs/intercom-api.md 3.12). */
const snooze: Change = (call, row, at) => {
  const { store, body } = call
  const given = body.time('snoozed_until')
  if (given === undefined || (given === null && row.snoozed_until === null)) return row
  if (given === null) return happenToTicket(call, row, { type: 'open', at, ...byBot(call) })
  const until = given > at ? given : dayOf(at, store.app.timezone).end + 9 * 3600
  return happenToTicket(call, row, { type: 'snooze', at, ...byBot(call), until })
}

const close: Change = (call, row, at) =>
  call.body.flag('open') === false && row.open === 1
    ? happenToTicket(call, row, { type: 'close', at, ...byBot(call) })
    : row

function byBot({ store }: RouteCall) {
  return { admin_id: findBot(store).id, by_bot: true } as const
}

const share: Change = ({ store, body }, row) => {
  const given = body.flag('is_shared')
  const type = typeOf(store, row)
  if (given === undefined || given === null || given === isShared(type, row)) return row
  const { category } = type
  if (category !== 'Back-office') {
    throw invalid(`${category} tickets are ${given ? 'never' : 'always'} shared with the customer`)
  }
  setTicket(store, row.id, { is_shared: given })
  return ticketRow(store, row.id)
}

const setCompany: Change = (call, row, at) => {
  const { store, body } = call
  const given = body.text('company_id')
  if (given === undefined || given === row.company_id) return row
  const company_id = given === null ? null : findCompany(store, given).id
  if (row.converted === 1) {
    store.db.run('UPDATE conversations SET company_id = ? WHERE id = ?', company_id, row.id)
  }
  setTicket(store, row.id, { company_id })
  return happenToTicket(call, row, { type: 'company_updated', at, bot_id: findBot(store).id })
}

/** In the order in which the description's example tells of them; what is closed and snoozed at once is closed. */
const changes = [setAttributes, setState, assign, setCompany, share, reopen, snooze, close]

function update(call: RouteCall) {
  const { store, params } = call
  const at = seconds(store.clock)
  let row = findTicket(store, params['id'])
  for (const change of changes) row = change(call, row, at)
  return shownTicket(call, row)
}

/** PUT /tickets/{id} (docs/intercom-api.md 3.12). */
export const ticketUpdateRoutes: readonly Route[] = [{ method: 'PUT', path: '/tickets/:id', handle: update }]
