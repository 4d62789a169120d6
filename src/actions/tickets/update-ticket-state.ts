import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { idIn } from '../../core/list.ts'
import { refuse } from '../../core/outcome.ts'
import type { Port } from '../../core/port.ts'
import { emptyPreview } from '../../core/preview.ts'
import { quotedName } from '../../errors.ts'
import { textIn } from '../preview/texts.ts'
import { membersOf, ticketCard } from '../preview/threads.ts'
import { text } from '../types/input.ts'
import type { Ticket, TicketState, TicketType } from '../types/ticket.ts'
import { objectsOf, ticketHints, ticketId, ticketNames, ticketType } from './ticket.ts'

/** PUT /tickets/{id} with `ticket_state_id`; what is so already sends nothing (docs/intercom-api.md 3.12). */
export const updateTicketState = defineAction({
  name: 'update_ticket_state',
  title: 'Update ticket state',
  description:
    'Move a ticket to another state. When it is shared with the customer, they see it and may get an e-mail.',
  effect: 'send',
  confirms: true,
  input: z.strictObject({
    ticket_id: ticketId(),
    state: text(
      'A state’s id from list_ticket_types, or its category (in_progress, waiting_on_customer, resolved) if the type has one such state',
    ),
  }),
  otherNames: {
    ...ticketNames,
    ticket_state_id: 'state',
    ticket_state: 'state',
    status: 'state',
    state_id: 'state',
  },
  output: oneResult<Ticket>(),
  hints: ticketHints,
  preview: async (intercom, { ticket_id, state: wanted }) => {
    const { ticket, card } = await ticketCard(intercom, ticket_id)
    const state = await wantedState(intercom, ticket, ticket_id, wanted)
    const isSo = idIn(ticket.ticket_state) === String(state.id)
    const label = JSON.stringify(
      textIn(state.external_label) ?? textIn(state.internal_label) ?? textIn(state.id),
    )
    const moves = isSo
      ? `The ticket is in the state ${label} already.`
      : `The ticket moves to the state ${label}.`
    if (isSo || ticket.is_shared === false)
      return { ...emptyPreview, conversation: card, notes: [moves, 'The customer is not told.'] }
    const notes = [moves, 'The customer sees it, and may get an e-mail.']
    return {
      ...emptyPreview,
      to: await membersOf(intercom, ticket),
      conversation: card,
      channel: 'ticket state',
      notes,
    }
  },
  run: async (intercom, { ticket_id, state: wanted }) => {
    const ticket = await intercom.get<Ticket>(path`/tickets/${ticket_id}`)
    const ticket_state_id = String((await wantedState(intercom, ticket, ticket_id, wanted)).id)
    if (idIn(ticket.ticket_state) === ticket_state_id) return { result: ticket }
    return { result: await intercom.put<Ticket>(path`/tickets/${ticket_id}`, { ticket_state_id }) }
  },
})

/** The state to move to: of several of a category that which the ticket is in. */
async function wantedState(
  intercom: Port,
  ticket: Ticket,
  ticket_id: string,
  wanted: string,
): Promise<TicketState> {
  const { ticket_state } = ticket
  if (isIn(ticket_state, wanted)) return ticket_state
  const type_id = ticket.ticket_type?.id ?? unreadable(`ticket ${ticket_id} names no type`)
  const type = await ticketType(intercom, String(type_id))
  const states = objectsOf(type.ticket_states)
  if (states.length === 0) unreadable(`ticket type ${type_id} names no states`)
  return chosenState(states, wanted, type)
}

function unreadable(message: string): never {
  return refuse('unreadable_answer', message, 'Nothing was sent. Try again later.')
}

/** A category as Intercom spells it. */
const categoryOf = (wanted: string) => wanted.trim().toLowerCase().replace(/[ -]/g, '_')

/** Whether a state is the one that is wanted, or one of several of the category. */
function isIn(state: Partial<TicketState> | null | undefined, wanted: string): boolean {
  return idIn(state) === wanted.trim() || state?.category === categoryOf(wanted)
}

/** The one state that is meant, by its id or its category. */
function chosenState(states: readonly TicketState[], wanted: string, { id, name }: TicketType): TicketState {
  const word = categoryOf(wanted)
  const byId = states.filter((state) => idIn(state) === wanted.trim())
  const byCategory = states.filter((state) => state?.category === word)
  const found = byId.length > 0 ? byId : byCategory
  const [state, ...more] = found
  if (state !== undefined && more.length === 0) return state
  const shown = (found.length > 0 ? found : states)
    .map(
      ({ id, category, internal_label }) => `${JSON.stringify(String(id))} (${internal_label}, ${category})`,
    )
    .join(', ')
  const type = typeof name === 'string' ? quotedName(name) : id
  const several = `the ticket type ${type} has several states of the category ${word}`
  const none = `${quotedName(wanted)} is no state of the ticket type ${type}`
  return refuse(
    'invalid_input',
    `${more.length > 0 ? several : none}: give the id of one of ${shown}`,
    'Nothing was sent.',
  )
}
