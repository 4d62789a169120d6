import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { oneResult } from '../core/envelope.ts'
import { refuse } from '../core/refuse.ts'
import type { Contact } from '../schemas/contact.ts'
import { id, text } from '../schemas/input.ts'
import type { UserMessage } from '../schemas/message.ts'

/** POST /conversations, in the contact's name. The role is read first: the request has to state it. */
export const sendIncomingMessage = defineAction({
  name: 'send_incoming_message',
  title: 'Send incoming message',
  description:
    'Start a new conversation with a message FROM a contact, as if they had written in. Plain text. The answer holds id (of the message) and conversation_id (for get_conversation and reply_to_conversation). To write TO a contact use send_message_to_contact; to add to a conversation use reply_to_conversation.',
  effect: 'send',
  input: z.strictObject({
    contact_id: id('The contact’s unique Intercom identifier; find it with search_contacts'),
    body: text('The message content, in plain text'),
  }),
  output: oneResult<UserMessage>(),
  hints: { 404: 'Find the contact id with search_contacts.' },
  run: async (intercom, { contact_id, body }) => {
    const { role } = await intercom.get<Contact>(path`/contacts/${contact_id}`)
    if (role !== 'user' && role !== 'lead') {
      refuse(
        'unreadable_answer',
        "Intercom's answer does not say whether the contact is a user or a lead",
        'Nothing was sent.',
      )
    }
    const from = { type: role, id: contact_id }
    return { result: await intercom.post<UserMessage>(path`/conversations`, { from, body }) }
  },
})
