import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { listOf } from '../../core/envelope.ts'
import { itemsOf, withName } from '../../core/list.ts'
import { nameContains } from '../types/input.ts'
import type { LinkPages } from '../types/page.ts'
import type { TicketType } from '../types/ticket.ts'

/** GET /ticket_types, with their states; Intercom has no pages here (docs/intercom-api.md 3.12). */
export const listTicketTypes = defineAction({
  name: 'list_ticket_types',
  title: 'List ticket types',
  description:
    'List the types of tickets with category, states and attributes (name, type, required, items of lists): what create_ticket, update_ticket and update_ticket_state take.',
  effect: 'read',
  input: z.strictObject({ name_contains: nameContains() }),
  output: listOf<TicketType, LinkPages, 'ticket_types'>('ticket_types'),
  run: async (intercom, { name_contains }) => {
    const all = itemsOf<TicketType>(await intercom.get(path`/ticket_types`), 'data')
    const ticket_types = withName(all, name_contains)
    return { ticket_types, total_count: ticket_types.length, pages: null }
  },
})
