import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { unreadableIn } from '../../core/verify.ts'
import { ticketReply } from '../preview/reply.ts'
import { type GivenReply, noteOrSend, refuseOtherAuthor, replyFields } from '../reply/fields.ts'
import { repliesSeen, replyBody, speaker } from '../reply/read-back.ts'
import { adminNames, bodyNames, replyNames } from '../types/other-names.ts'
import type { Ticket, TicketPart } from '../types/ticket.ts'
import { ticketId, ticketNames } from './ticket.ts'

const input = z.strictObject({ ticket_id: ticketId(), ...replyFields }).superRefine(refuseOtherAuthor)

type Reply = z.output<typeof input>

/** The parts that have words. */
function wordedParts({ ticket_parts }: Ticket): TicketPart[] {
  const parts: (TicketPart | null)[] | undefined = ticket_parts?.ticket_parts
  if (!Array.isArray(parts)) throw new Error('the ticket shows no thread') // nothing can be said to be missing
  return parts.filter((part): part is TicketPart => part?.id !== undefined && Boolean(part.body))
}

/** POST /tickets/{id}/reply, which answers the part (docs/intercom-api.md 3.12). */
export const replyToTicket = defineAction({
  name: 'reply_to_ticket',
  title: 'Reply to ticket',
  description:
    'Reply on a ticket: as an admin with admin_id (a comment reaches the customer, a note stays internal), or as the contact with intercom_user_id. A comment cannot be taken back.',
  effect: 'send',
  effectOf: noteOrSend,
  input: input as unknown as z.ZodType<Reply, GivenReply<{ ticket_id: string }>>, // the same check, typed by its rules
  otherNames: { ...ticketNames, ...adminNames('admin_id'), ...bodyNames, ...replyNames },
  output: oneResult<TicketPart>(),
  hints: {
    404: 'Check the ticket id (search_tickets), and that admin_id (list_admins) or intercom_user_id exists and is on the ticket.',
  },
  verify: {
    proof: 'record',
    risk: 'The reply may have been delivered.',
    key: ({ ticket_id }) => `ticket ${ticket_id}`,
    made: (part) => [part['id']],
    look: async (intercom, reply) => {
      const ticket = await intercom.get<Ticket>(path`/tickets/${reply.ticket_id}`)
      const seen = await repliesSeen(wordedParts(ticket), reply, (part) => part)
      return { items: [...seen, ...unreadableIn(ticket.ticket_parts?.ticket_parts, ticket, 'id')] }
    },
    whereToLook: (reply, at) =>
      `Read the ticket with get_ticket and look for a part by ${speaker(reply)} at ${at}.`,
  },
  preview: (intercom, { ticket_id, ...reply }) => ticketReply(intercom, ticket_id, reply),
  run: async (intercom, { ticket_id, ...reply }) => ({
    result: await intercom.post<TicketPart>(path`/tickets/${ticket_id}/reply`, replyBody(reply)),
  }),
})
