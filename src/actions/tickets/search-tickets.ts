import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { listOf } from '../../core/envelope.ts'
import { itemsOf, pagesOf, totalOf } from '../../core/list.ts'
import { partOfPage } from '../../core/page-part.ts'
import { type TicketField, ticketSearch } from '../search/fields.ts'
import { searchFromHost } from '../search/host.ts'
import { filterInput } from '../search/input.ts'
import { searchedFor } from '../search/searched.ts'
import { searchNames } from '../types/other-names.ts'
import type { CursorPages } from '../types/page.ts'
import type { Ticket } from '../types/ticket.ts'

/** POST /tickets/search (docs/intercom-api.md 4.5). A read: repeating it changes nothing. */
export const searchTickets = defineAction({
  name: 'search_tickets',
  title: 'Search tickets',
  description:
    'Find tickets by one field, or by several with query_operator AND or OR. state is submitted, in_progress, waiting_on_customer or resolved; contact_ids finds one person’s. To go on, pass pages.next.starting_after.',
  effect: 'read',
  input: filterInput<TicketField>(
    ticketSearch,
    { field: 'created_at', operator: '>', perPage: 20 },
    {
      field:
        'Field to search by (Default: created_at). Also state, open, contact_ids, title, description, ticket_type_id, admin_assignee_id, team_assignee_id, updated_at, ticket_attribute.<id>',
      operator: 'Query operator (=, !=, >, <, IN, NIN) (Default: >). Text also takes ~ (contains), !~, ^, $',
      value:
        'Value, as in search_conversations: dates as Unix seconds or ISO, lists for IN, a JSON array of filters for AND and OR',
      perPage: 'Results per page (max 150) (Default: 20)',
    },
  ),
  otherNames: searchNames,
  host: searchFromHost,
  part: ({ part }) => part,
  searched: ({ query }) => searchedFor('ticket', query),
  output: listOf<Ticket, CursorPages, 'tickets'>('tickets'),
  run: async (intercom, { query, part }) => {
    const search = { query, pagination: part.request }
    const answer = await intercom.post(path`/tickets/search`, search, { semantics: 'safe' })
    const rows = itemsOf<Ticket>(answer, 'tickets', 'data')
    const page = partOfPage(rows, pagesOf<CursorPages>(answer), part)
    return { tickets: page.rows, total_count: totalOf(answer, rows), pages: page.pages }
  },
})
