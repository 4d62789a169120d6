import { z } from 'zod'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import type { Conversation } from '../types/conversation.ts'
import { futureTime } from '../types/time.ts'
import { handled, handling, handlingHints, handlingNames, leavesPart } from './part.ts'

const { conversation_id, admin_id } = handling

const input = z.strictObject({
  conversation_id,
  snoozed_until: futureTime(
    'When it opens again: ISO with zone (2026-02-01T09:00:00Z) or Unix seconds, in the future',
  ),
  admin_id,
})

type Snooze = z.output<typeof input>

const isSnoozed = ({ state, snoozed_until }: Conversation, wanted: Snooze) =>
  state === 'snoozed' && snoozed_until === wanted.snoozed_until

/** POST /conversations/{id}/parts. The part does not say until when: the conversation does, of the newest one. */
export const snoozeConversation = defineAction({
  name: 'snooze_conversation',
  title: 'Snooze conversation',
  description:
    'Put a conversation away until a time. It opens then, or as soon as the customer writes. The customer is not told. Again with another time moves it.',
  effect: 'update',
  overwrites: false,
  confirms: true,
  input,
  otherNames: { ...handlingNames, until: 'snoozed_until', snooze_until: 'snoozed_until' },
  output: oneResult<Conversation>(),
  hints: handlingHints,
  verify: leavesPart<Snooze>(
    'snoozed',
    ({ part_type }) => part_type === 'snoozed',
    (conversation, wanted, isNewest) => isNewest && isSnoozed(conversation, wanted),
  ),
  run: (intercom, wanted, memory) => {
    const { snoozed_until } = wanted
    const isSo = (conversation: Conversation) => isSnoozed(conversation, wanted)
    return handled(intercom, wanted, memory, isSo, { message_type: 'snoozed', snoozed_until })
  },
})
