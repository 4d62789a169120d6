import type { RouteCall } from '../http/call.ts'
import { decodeCursor } from '../http/pages.ts'
import { listedTickets, type Order } from '../search/list.ts'
import { readSearch } from '../search/search.ts'
import { searchPage } from '../search/search-page.ts'
import { ticketFields } from '../search/ticket-fields.ts'
import type { TicketRow } from '../store/ticket-tables.ts'
import { shownTicket } from './find-ticket.ts'

/** What a search is sorted by unless it says otherwise, like conversations (docs/intercom-api.md 4.5). */
const updatedLast: Order = {
  sql: 'updated_at',
  values: [],
  descending: true,
  keyDescending: true,
  isTime: true,
}

/** POST /tickets/search, 20 a page (docs/intercom-api.md 4.5). */
export function searchTickets({ store, body, version }: RouteCall) {
  const zone = { wholeDays: false, timezone: store.app.timezone, listed: listedTickets }
  const { query, order = updatedLast, after, size } = readSearch(body, ticketFields(store), zone, 20)
  const cursor = after === undefined ? undefined : decodeCursor(after)
  const { searched } = store
  const wanted = { query, zone, order, cursor, size }
  const { rows, total, pages } = searchPage<TicketRow>(searched.db, listedTickets, wanted)
  return {
    type: 'ticket.list',
    pages,
    total_count: total,
    tickets: rows.map((row) => shownTicket({ store: searched, version }, row)),
  }
}
