import type { Port } from '../../core/port.ts'
import { emptyPreview, type Preview, type PreviewConversation } from '../../core/preview.ts'
import type { AnyReply } from '../reply/fields.ts'
import type { Conversation } from '../types/conversation.ts'
import { adminCard, contactSpeaks } from './people.ts'
import { shownAs, textIn } from './texts.ts'
import { conversationCard, membersOf, ticketCard } from './threads.ts'

/** How a reply gets to the customer, by the type of what began the conversation (docs/intercom-api.md 2.7). */
const channels: Readonly<Record<string, string>> = {
  conversation: 'reply in the Messenger, by e-mail where they are away',
  email: 'reply by e-mail',
  whatsapp: 'reply by WhatsApp',
  facebook: 'reply by Facebook',
  instagram: 'reply by Instagram',
  twitter: 'reply by X',
  sms: 'reply by SMS',
}

/** What a person sees of a reply in a conversation. */
export async function conversationReply(intercom: Port, id: string, reply: AnyReply): Promise<Preview> {
  const { conversation, card } = await conversationCard(intercom, id)
  const { source, state } = conversation
  const notes =
    (state === 'closed' || state === 'snoozed') && reply.message_type !== 'note'
      ? [`The conversation is ${state}: the reply may open it again.`]
      : []
  const type = textIn(source?.type) ?? ''
  const channel = Object.hasOwn(channels, type) ? channels[type] : 'reply'
  return await replyPreview(intercom, reply, { ...card }, conversation, channel ?? null, notes)
}

/** What a person sees of a reply on a ticket. */
export async function ticketReply(intercom: Port, id: string, reply: AnyReply): Promise<Preview> {
  const { ticket, card } = await ticketCard(intercom, id)
  const notes =
    ticket.is_shared === false && reply.message_type !== 'note'
      ? ['The ticket is not shared with the customer.']
      : []
  return await replyPreview(intercom, reply, card, ticket, 'reply on the ticket, by e-mail too', notes)
}

async function replyPreview(
  intercom: Port,
  reply: AnyReply,
  conversation: PreviewConversation,
  thread: Pick<Conversation, 'contacts'>,
  channel: string | null,
  notes: string[],
): Promise<Preview> {
  const { reply_type, message_type, admin_id, intercom_user_id, body, attachment_urls } = reply
  const said = {
    ...emptyPreview,
    conversation,
    text: body,
    shown: await shownAs(body),
    textParameter: 'body',
    attachments: [...(attachment_urls ?? [])],
    notes,
  }
  if (reply_type === 'user') {
    const { from } = await contactSpeaks(intercom, String(intercom_user_id))
    return { ...said, from, channel: 'as if the contact had written it' }
  }
  const from = await adminCard(intercom, String(admin_id))
  if (message_type === 'note') return { ...said, from, channel: 'internal note, for teammates only' }
  const to = await membersOf(intercom, thread)
  const nobody = to.length === 0 ? ['Intercom does not say who is in it.'] : []
  return { ...said, to, from, channel, notes: [...notes, ...nobody] }
}
