import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { saysThat } from '../../core/same-text.ts'
import { refuseOtherAuthor, replyFields } from '../reply/fields.ts'
import { adminNames, bodyNames, replyNames } from '../types/other-names.ts'
import type { Ticket, TicketPart } from '../types/ticket.ts'
import { ticketId, ticketNames } from './ticket.ts'

const input = z.strictObject({ ticket_id: ticketId(), ...replyFields }).superRefine(refuseOtherAuthor)

type Reply = z.output<typeof input>

/** The words that a reply's author has on a ticket, and those of which Intercom does not say whose they are. */
function partsOf({ ticket_parts }: Ticket, reply: Reply) {
  const types = reply.reply_type === 'admin' ? ['admin'] : ['user', 'lead', 'contact']
  const id = reply.reply_type === 'admin' ? reply.admin_id : reply.intercom_user_id
  const parts: (TicketPart | null)[] | undefined = ticket_parts?.ticket_parts
  if (!Array.isArray(parts)) throw new Error('the ticket shows no thread') // nothing can be said to be missing
  const worded = parts.filter((part): part is TicketPart => part?.id !== undefined && Boolean(part.body))
  const own = worded.filter(({ author }) => types.includes(author?.type) && String(author.id) === id)
  const nameless = worded.filter(({ author }) => (author?.id ?? null) === null)
  return { own: own.sort((a, b) => a.created_at - b.created_at), nameless }
}

/** POST /tickets/{id}/reply, which answers the part (docs/intercom-api.md 3.12). */
export const replyToTicket = defineAction({
  name: 'reply_to_ticket',
  title: 'Reply to ticket',
  description:
    'Reply on a ticket: as an admin with admin_id (a comment reaches the customer, a note stays internal), or as the contact with intercom_user_id. A comment cannot be taken back.',
  effect: 'send',
  input,
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
      const isSame = await saysThat(reply.body)
      const { own, nameless } = partsOf(ticket, reply)
      const kinds = reply.message_type === 'note' ? ['note'] : ['comment', 'open', 'assign_and_reopen']
      const item = (part: TicketPart, same: boolean) => ({
        id: String(part.id),
        created_at: part.created_at,
        same,
        answer: part,
      })
      const items = own.map((part) => item(part, kinds.includes(part.part_type) && isSame(part.body)))
      return { items: [...nameless.map((part) => item(part, false)), ...items] }
    },
    whereToLook: (reply, at) => {
      const author =
        reply.reply_type === 'admin' ? `admin ${reply.admin_id}` : `contact ${reply.intercom_user_id}`
      return `Read the ticket with get_ticket and look for a part by ${author} at ${at}.`
    },
  },
  run: async (intercom, { ticket_id, reply_type, message_type, body, ...reply }) => {
    const { admin_id, intercom_user_id, attachment_urls } = reply
    const author = reply_type === 'admin' ? { admin_id } : { intercom_user_id }
    const attachments = attachment_urls === undefined ? {} : { attachment_urls }
    const sent = { message_type, type: reply_type, ...author, body, ...attachments }
    return { result: await intercom.post<TicketPart>(path`/tickets/${ticket_id}/reply`, sent) }
  },
})
