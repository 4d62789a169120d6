import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import type { Ticket } from '../types/ticket.ts'
import { ticketHints, ticketId, ticketNames } from './ticket.ts'

/** GET /tickets/{id} (docs/intercom-api.md 3.12). */
export const getTicket = defineAction({
  name: 'get_ticket',
  title: 'Get ticket',
  description: 'Get one ticket with state, attributes and thread.',
  effect: 'read',
  input: z.strictObject({ ticket_id: ticketId() }),
  otherNames: ticketNames,
  output: oneResult<Ticket>(),
  resource: { collection: 'tickets', parameter: 'ticket_id' },
  hints: ticketHints,
  run: async (intercom, { ticket_id }) => ({
    result: await intercom.get<Ticket>(path`/tickets/${ticket_id}`),
  }),
})
