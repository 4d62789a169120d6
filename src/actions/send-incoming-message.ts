import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { oneResult } from '../core/envelope.ts'
import { itemsOf } from '../core/list.ts'
import { refuse } from '../core/outcome.ts'
import { emptyPreview } from '../core/preview.ts'
import { saysThat } from '../core/same-text.ts'
import { contactSpeaks } from './preview/people.ts'
import type { Contact } from './types/contact.ts'
import type { ConversationListItem, UserMessage } from './types/conversation.ts'
import { id, text } from './types/input.ts'
import { bodyNames, contactIdNames } from './types/other-names.ts'

/** POST /conversations, in the contact's name. The role is read first: the request has to state it. */
export const sendIncomingMessage = defineAction({
  name: 'send_incoming_message',
  title: 'Send incoming message',
  description:
    "Start a new conversation with a message FROM a contact, as if they had written in. Plain text. The answer holds id (the message's) and conversation_id (for get_conversation, reply_to_conversation). To write TO a contact use send_message_to_contact; to add to a conversation use reply_to_conversation.",
  effect: 'send',
  input: z.strictObject({
    contact_id: id('The contact’s unique Intercom identifier; find it with search_contacts'),
    body: text('The message content, in plain text'),
  }),
  otherNames: { ...contactIdNames, ...bodyNames },
  output: oneResult<UserMessage>(),
  hints: { 404: 'Find the contact id with search_contacts.' },
  verify: {
    proof: 'search',
    risk: 'The message may have arrived.',
    key: ({ contact_id }) => `messages of ${contact_id}`,
    made: (message) => [message['id']],
    look: async (intercom, { contact_id, body }, since) => {
      const value = [
        { field: 'contact_ids', operator: '=', value: contact_id },
        { field: 'created_at', operator: '>', value: since - 1 },
      ]
      const search = { query: { operator: 'AND', value }, pagination: { per_page: 150 } }
      const answer = await intercom.post(path`/conversations/search`, search, { semantics: 'safe' })
      const isSame = await saysThat(body)
      const items = itemsOf<ConversationListItem>(answer, 'conversations').flatMap(
        // The types are Intercom's word. One by nobody who is named may be this one: it is not said to be missing.
        (conversation) => {
          const { id, created_at, source } = conversation ?? {}
          const by = source?.author?.id ?? null
          if (!source || (by !== null && by !== contact_id)) return []
          const message = { type: 'user_message', id: source.id, created_at, body, message_type: 'inapp' }
          const same = by === contact_id && isSame(source.body)
          return [{ ...message, same, answer: { ...message, conversation_id: id } }]
        },
      )
      return { items: items.sort((a, b) => a.created_at - b.created_at) }
    },
    whereToLook: ({ contact_id }, at) =>
      `In a few minutes, look with search_conversations (contact_ids = ${contact_id}) for a conversation from ${at}.`,
  },
  preview: async (intercom, { contact_id, body }) => {
    const { contact, from } = await contactSpeaks(intercom, contact_id)
    roleOf(contact)
    const channel = 'new conversation, as if the contact had written in'
    return { ...emptyPreview, from, channel, text: body, textParameter: 'body' }
  },
  run: async (intercom, { contact_id, body }) => {
    const type = roleOf(await intercom.get<Contact>(path`/contacts/${contact_id}`))
    const from = { type, id: contact_id }
    return { result: await intercom.post<UserMessage>(path`/conversations`, { from, body }) }
  },
})

function roleOf({ role }: Contact): Contact['role'] {
  if (role === 'user' || role === 'lead') return role
  return refuse(
    'unreadable_answer',
    "Intercom's answer does not say whether the contact is a user or a lead",
    'Nothing was sent.',
  )
}
