import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { id } from '../types/input.ts'
import { ownAdmin } from '../types/own-admin.ts'
import type { Ticket } from '../types/ticket.ts'
import { futureTime } from '../types/time.ts'
import { attributesOf, checkTicketAttributes, ticketFields, ticketId, ticketNames } from './ticket.ts'

/** GET, for the attributes of its type, and PUT /tickets/{id} (docs/intercom-api.md 3.12). */
export const updateTicket = defineAction({
  name: 'update_ticket',
  title: 'Update ticket',
  description:
    'Change title, description, attributes or assignee of a ticket, snooze it, close or open it; only what is given changes. Its state, which the customer sees: update_ticket_state.',
  effect: 'update',
  confirms: true,
  input: z
    .strictObject({
      ticket_id: ticketId(),
      ...ticketFields,
      assignee_id: id('Id from list_admins or list_teams; "0" for nobody').optional(),
      snoozed_until: futureTime(
        'When it opens again: ISO with zone (2026-02-01T09:00:00Z) or Unix seconds, in the future',
      ).optional(),
      open: z.boolean().optional().describe('false closes it for the team'),
      admin_id: id('The teammate who does it, from list_admins (Default: the token’s own)').optional(),
    })
    .refine(
      ({ ticket_id: _, admin_id: __, ...changes }) =>
        Object.values(changes).some((value) => value !== undefined),
      {
        message: 'is given, and nothing to change',
        path: ['ticket_id'],
      },
    ),
  otherNames: {
    ...ticketNames,
    assignee: 'assignee_id',
    team_id: 'assignee_id',
    subject: 'title',
    body: 'description',
    ticket_attributes: 'attributes',
    custom_attributes: 'attributes',
  },
  output: oneResult<Ticket>(),
  hints: {
    404: 'Check the ticket id (search_tickets: its number in the Inbox is another), and that assignee and actor exist (list_admins, list_teams).',
  },
  run: async (intercom, given, memory) => {
    const { ticket_id, assignee_id, snoozed_until, open, admin_id } = given
    const ticket_attributes = attributesOf(given)
    if (ticket_attributes !== undefined) {
      const ticket = await intercom.get<Ticket>(path`/tickets/${ticket_id}`)
      if (ticket.ticket_type) checkTicketAttributes(ticket.ticket_type, ticket_attributes, false)
    }
    const assignment =
      assignee_id === undefined
        ? undefined
        : { admin_id: await ownAdmin(intercom, memory, admin_id), assignee_id }
    const body = {
      ...(ticket_attributes === undefined ? {} : { ticket_attributes }),
      ...(assignment === undefined ? {} : { assignment }),
      ...(snoozed_until === undefined ? {} : { snoozed_until }),
      ...(open === undefined ? {} : { open }),
    }
    return { result: await intercom.put<Ticket>(path`/tickets/${ticket_id}`, body) }
  },
})
