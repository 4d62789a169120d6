import { z } from 'zod'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import type { Conversation } from '../types/conversation.ts'
import { handled, handling, handlingHints, handlingNames, leavesPart } from './part.ts'

/** POST /conversations/{id}/parts. `open` of a conversation is true while it is snoozed: its state counts. */
export const openConversation = defineAction({
  name: 'open_conversation',
  title: 'Open conversation',
  description:
    'Open a closed conversation again, or end a snooze early. The customer is not told. An open one stays as it is.',
  effect: 'update',
  overwrites: false,
  confirms: true,
  input: z.strictObject(handling),
  otherNames: handlingNames,
  output: oneResult<Conversation>(),
  hints: handlingHints,
  // A reply that reopens leaves a part of the same type, with its words.
  verify: leavesPart('opened', ({ part_type, body }) => part_type === 'open' && !body),
  run: (intercom, input, memory) =>
    handled(intercom, input, memory, ({ state }) => state === 'open', { message_type: 'open' }),
})
