import { z } from 'zod'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import type { Conversation } from '../types/conversation.ts'
import { futureTime } from '../types/time.ts'
import { handled, handling, handlingHints, handlingNames, leavesPart } from './part.ts'

const { conversation_id, admin_id } = handling

/** POST /conversations/{id}/parts. */
export const snoozeConversation = defineAction({
  name: 'snooze_conversation',
  title: 'Snooze conversation',
  description:
    'Put a conversation away until a time. It opens then, or as soon as the customer writes. The customer is not told. Again with another time moves it.',
  effect: 'update',
  overwrites: false,
  confirms: true,
  input: z.strictObject({
    conversation_id,
    snoozed_until: futureTime(
      'When it opens again: ISO with zone (2026-02-01T09:00:00Z) or Unix seconds, in the future',
    ),
    admin_id,
  }),
  otherNames: { ...handlingNames, until: 'snoozed_until', snooze_until: 'snoozed_until' },
  output: oneResult<Conversation>(),
  hints: handlingHints,
  verify: leavesPart('snoozed', ({ part_type }) => part_type === 'snoozed'),
  run: (intercom, input, memory) => {
    const { snoozed_until } = input
    const isSo = (one: Conversation) => one.state === 'snoozed' && one.snoozed_until === snoozed_until
    return handled(intercom, input, memory, isSo, { message_type: 'snoozed', snoozed_until })
  },
})
