import type { Port } from '../../core/port.ts'
import { emptyPreview, type Preview } from '../../core/preview.ts'
import { contactCard } from './people.ts'
import { shownAs } from './texts.ts'
import { conversationCard, ticketCard } from './threads.ts'

/** The preview of an action that has none of its own: the contact, conversation or ticket that its parameters name. */
export async function anyPreview(intercom: Port, input: unknown): Promise<Preview> {
  const { contact_id, conversation_id, ticket_id, body } = input as Record<string, unknown> // an action's input is an object
  const preview = { ...emptyPreview }
  if (typeof contact_id === 'string') preview.to = [(await contactCard(intercom, contact_id)).card]
  if (typeof conversation_id === 'string')
    preview.conversation = (await conversationCard(intercom, conversation_id)).card
  else if (typeof ticket_id === 'string') preview.conversation = (await ticketCard(intercom, ticket_id)).card
  if (typeof body !== 'string') return preview
  return { ...preview, text: body, shown: await shownAs(body), textParameter: 'body' }
}
