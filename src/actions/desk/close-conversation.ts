import { z } from 'zod'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import type { Conversation } from '../types/conversation.ts'
import { handled, handling, handlingHints, handlingNames, leavesPart } from './part.ts'

/** POST /conversations/{id}/parts without a body, which would reach the customer (docs/intercom-api.md 3.5). */
export const closeConversation = defineAction({
  name: 'close_conversation',
  title: 'Close conversation',
  description:
    'Close a conversation; it comes back when the customer writes again. Sends no message: to answer, use reply_to_conversation first. The workspace may then ask the customer for a rating. A closed one stays as it is.',
  effect: 'update',
  overwrites: false,
  confirms: true,
  input: z.strictObject(handling),
  otherNames: handlingNames,
  output: oneResult<Conversation>(),
  hints: handlingHints,
  verify: leavesPart('closed', ({ part_type }) => part_type === 'close'),
  run: (intercom, input, memory) =>
    handled(intercom, input, memory, ({ state }) => state === 'closed', {
      message_type: 'close',
      type: 'admin',
    }),
})
