import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { oneResult } from '../core/envelope.ts'
import type { Conversation } from '../schemas/conversation.ts'
import { id } from '../schemas/input.ts'

/** GET /conversations/{id}: the newest 500 parts, oldest first (dossier 2.6). */
export const getConversation = defineAction({
  name: 'get_conversation',
  title: 'Get conversation',
  description:
    'Get one conversation with its thread: the first message is in source, all that followed in conversation_parts (replies, internal notes, assignments; at most the newest 500). Find ids with search_conversations or list_conversations.',
  effect: 'read',
  resource: { collection: 'conversations', parameter: 'conversation_id' },
  input: z.strictObject({
    conversation_id: id(
      'The conversation’s unique identifier (a number as text; the id of a message is not one)',
    ),
  }),
  output: oneResult<Conversation>(),
  hints: { 404: 'Find the id with search_conversations; the id of a message is not one.' },
  run: async (intercom, { conversation_id }) => ({
    result: await intercom.get<Conversation>(path`/conversations/${conversation_id}`),
  }),
})
