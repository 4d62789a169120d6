import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { itemsOf } from '../../core/list.ts'
import { refuse } from '../../core/outcome.ts'
import type { Port } from '../../core/port.ts'
import { emptyPreview, type Preview } from '../../core/preview.ts'
import type { Item } from '../../core/verify.ts'
import { contactCard } from '../preview/people.ts'
import { conversationCard, membersOf } from '../preview/threads.ts'
import type { Conversation } from '../types/conversation.ts'
import { conversationId, id } from '../types/input.ts'
import type { Ticket, TicketType } from '../types/ticket.ts'
import { attributesOf, checkTicketAttributes, objectsOf, ticketFields, ticketType } from './ticket.ts'

const input = z
  .strictObject({
    ticket_type_id: id('The type’s id, from list_ticket_types'),
    contact_id: id('The contact’s Intercom id; find it with search_contacts').optional(),
    conversation_id: conversationId().optional(),
    ...ticketFields,
  })
  .refine(
    ({ contact_id, conversation_id }) => (contact_id === undefined) !== (conversation_id === undefined),
    {
      message: 'or conversation_id is needed, and only one of the two',
      path: ['contact_id'],
    },
  )

type Input = z.output<typeof input>

/** POST /tickets for one contact, or POST /conversations/{id}/convert (docs/intercom-api.md 3.12). */
export const createTicket = defineAction({
  name: 'create_ticket',
  title: 'Create ticket',
  description:
    'Open a ticket for a contact, or turn a conversation into one (customer types only): give one of the two. The customer sees a ticket of category Customer and is told by e-mail; cannot be taken back.',
  effect: 'send',
  confirms: true,
  input,
  otherNames: {
    type: 'ticket_type_id',
    type_id: 'ticket_type_id',
    ticket_type: 'ticket_type_id',
    user_id: 'contact_id',
    contact: 'contact_id',
    conversation: 'conversation_id',
    subject: 'title',
    body: 'description',
    ticket_attributes: 'attributes',
    custom_attributes: 'attributes',
  },
  output: oneResult<Ticket>(),
  hints: {
    404: 'Find the type with list_ticket_types, the contact with search_contacts and the conversation with search_conversations.',
  },
  verify: {
    proof: 'search', // new tickets may be missing from it
    risk: 'The ticket may have been created.',
    key: ({ contact_id, conversation_id }) =>
      contact_id === undefined ? `conversation ${conversation_id}` : `tickets of ${contact_id}`,
    made: (ticket) => [ticket['id']],
    look: async (intercom, given, since) => {
      const { contact_id, conversation_id } = given
      if (conversation_id !== undefined)
        return { items: await converted(intercom, conversation_id, given, since) }
      const fields = [
        { field: 'contact_ids', operator: '=', value: contact_id },
        { field: 'created_at', operator: '>', value: since - 1 },
      ]
      const query = { operator: 'AND', value: fields }
      const search = { query, pagination: { per_page: 150 } }
      const answer = await intercom.post(path`/tickets/search`, search, { semantics: 'safe' })
      const items = itemsOf<Ticket | null>(answer, 'tickets', 'data').flatMap((ticket) =>
        ticket?.id === undefined
          ? []
          : [
              {
                id: String(ticket.id),
                created_at: ticket.created_at,
                same: isSame(ticket, given),
                answer: ticket,
              },
            ],
      )
      return { items: items.sort((a, b) => a.created_at - b.created_at) }
    },
    whereToLook: ({ contact_id, conversation_id }, at) =>
      contact_id === undefined
        ? `Read conversation ${conversation_id} with get_conversation: once it is a ticket it says so.`
        : `Look with search_tickets (contact_ids = ${contact_id}) for one from ${at}.`,
  },
  preview: previewOf,
  run: async (intercom, given) => {
    const { ticket_type_id, contact_id } = given
    const attributes = attributesOf(given)
    const { of } = await checkedType(intercom, given)
    if (contact_id !== undefined) {
      const sent = { ticket_type_id, contacts: [{ id: contact_id }], ticket_attributes: attributes ?? {} }
      return { result: await intercom.post<Ticket>(path`/tickets`, sent) }
    }
    const check = async () => {
      if (await isTicket(intercom, of)) refuseTicket(of)
    }
    const sent = { ticket_type_id, ...(attributes === undefined ? {} : { attributes }) }
    return { result: await intercom.post<Ticket>(path`/conversations/${of}/convert`, sent, { check }) }
  },
})

/** The type of a new ticket, which takes what is given; `of`: the conversation that becomes one. */
async function checkedType(intercom: Port, given: Input): Promise<{ type: TicketType; of: string }> {
  const { ticket_type_id, conversation_id } = given
  const type = await ticketType(intercom, ticket_type_id)
  checkTicketAttributes(type, attributesOf(given) ?? {}, conversation_id === undefined)
  if (conversation_id !== undefined && typeof type.category !== 'string')
    refuse('unreadable_answer', `ticket type ${ticket_type_id} names no category`, 'Nothing was sent.')
  if (conversation_id !== undefined && type.category !== 'Customer')
    refuse(
      'not_a_customer_type',
      `the ticket type "${type.name}" is of category ${type.category}`,
      'Nothing was sent. A conversation becomes a ticket of category Customer only.',
    )
  return { type, of: String(conversation_id) }
}

function refuseTicket(id: string): never {
  return refuse(
    'is_a_ticket',
    `conversation ${id} is a ticket already`,
    `Nothing was sent. Read it with get_ticket ${id}.`,
  )
}

async function previewOf(intercom: Port, given: Input): Promise<Preview> {
  const { contact_id, conversation_id, title, description = null } = given
  const { type } = await checkedType(intercom, given)
  const told =
    type.category === 'Customer'
      ? 'The customer sees the ticket, and is told by e-mail.'
      : typeof type.category === 'string'
        ? `Teammates alone see a ticket of category ${type.category}.`
        : 'Intercom does not say whether the customer sees tickets of this type.'
  const preview = {
    ...emptyPreview,
    channel: 'new ticket',
    text: description,
    textParameter: description === null ? null : 'description',
    notes: [
      `The type of the ticket is ${JSON.stringify(String(type.name))}. ${told}`,
      ...(title === undefined ? [] : [`The title is ${JSON.stringify(title)}.`]),
    ],
  }
  if (contact_id !== undefined) return { ...preview, to: [(await contactCard(intercom, contact_id)).card] }
  const { conversation, card } = await conversationCard(intercom, String(conversation_id))
  if ((conversation as { ticket?: unknown }).ticket) refuseTicket(String(conversation_id))
  return { ...preview, conversation: card, to: await membersOf(intercom, conversation) }
}

async function isTicket(intercom: Port, id: string): Promise<boolean> {
  const conversation = await intercom.get<Conversation & { ticket?: unknown }>(path`/conversations/${id}`)
  return Boolean(conversation.ticket)
}

/** The ticket that a conversation has become: it has the conversation's id. One with other words is somebody else's. */
async function converted(intercom: Port, id: string, given: Input, since: number): Promise<Item[]> {
  if (!(await isTicket(intercom, id))) return []
  const ticket = await intercom.get<Ticket>(path`/tickets/${id}`)
  return [{ id: String(ticket.id), created_at: since, same: isSame(ticket, given), answer: ticket }]
}

/** Types of attributes that a ticket shows as they were given. */
const plainTypes = ['string', 'integer', 'decimal', 'boolean']

/** Intercom may tidy a text: its words count. */
function isSame({ ticket_type, ticket_attributes }: Ticket, given: Input): boolean {
  const words = (text: unknown) =>
    String(text ?? '')
      .replace(/<[^>]*>|\s+/g, ' ')
      .trim()
  const shown = ticket_attributes ?? {}
  const known = objectsOf(ticket_type?.ticket_type_attributes)
  const otherwise = known.filter(({ data_type }) => !plainTypes.includes(data_type)).map(({ name }) => name)
  return (
    String(ticket_type?.id) === given.ticket_type_id &&
    Object.entries(attributesOf(given) ?? {}).every(
      ([name, value]) => otherwise.includes(name) || words(shown[name]) === words(value),
    )
  )
}
