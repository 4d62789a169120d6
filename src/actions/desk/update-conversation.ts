import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { outcomeOf } from '../../core/outcome.ts'
import { checkAttributes, datedAttributes, explainAttributes } from '../attributes/values.ts'
import type { Conversation } from '../types/conversation.ts'
import { conversationIdNames } from '../types/other-names.ts'
import { attributesToSet } from '../upsert/fields.ts'
import { handling } from './part.ts'

const { conversation_id } = handling

/** PUT /conversations/{id}; a title needs 2.13 (docs/intercom-api.md 3.5). */
export const updateConversation = defineAction({
  name: 'update_conversation',
  title: 'Update conversation',
  description:
    'Set custom attributes of a conversation, or mark it read or unread for the team. Names and options: list_attributes with model "conversation". Only what is given changes.',
  effect: 'update',
  confirms: true,
  input: z
    .strictObject({
      conversation_id,
      custom_attributes: attributesToSet('Custom attributes by name; dates as Unix seconds or ISO'),
      read: z.boolean().optional().describe('Whether the team has read it'),
    })
    .refine(({ custom_attributes, read }) => (custom_attributes ?? read) !== undefined, {
      message: 'is needed, or read: what is to change',
      path: ['custom_attributes'],
    }),
  otherNames: { ...conversationIdNames, attributes: 'custom_attributes' },
  output: oneResult<Conversation>(),
  hints: { 404: 'Find the conversation id with search_conversations.' },
  check: (intercom, { custom_attributes = {} }, memory) =>
    checkAttributes(intercom, custom_attributes, memory, 'conversation'),
  run: async (intercom, { conversation_id, custom_attributes: given, read }, memory) => {
    const custom_attributes =
      given === undefined ? undefined : await datedAttributes(intercom, given, memory, 'conversation')
    const body = {
      ...(read === undefined ? {} : { read }),
      ...(custom_attributes === undefined ? {} : { custom_attributes }),
    }
    const updated = await outcomeOf(intercom.put<Conversation>(path`/conversations/${conversation_id}`, body))
    if ('value' in updated) return { result: updated.value }
    return await explainAttributes(updated.failure, intercom, given ?? {}, memory, 'conversation')
  },
})
