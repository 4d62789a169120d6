import { z } from 'zod'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { idIn } from '../../core/list.ts'
import type { Conversation } from '../types/conversation.ts'
import { id } from '../types/input.ts'
import { conversationIdNames } from '../types/other-names.ts'
import { handled, handling, handlingHints, leavesPart } from './part.ts'

const { conversation_id, admin_id } = handling

const input = z.strictObject({
  conversation_id,
  assignee_type: z.enum(['admin', 'team']).describe('Whose id assignee_id is (‘admin’ or ‘team’)'),
  assignee_id: id('Id from list_admins or list_teams; "0" for nobody'),
  admin_id,
})

type Assignment = z.output<typeof input>

function isAssigned(conversation: Conversation, { assignee_type, assignee_id }: Assignment): boolean {
  const { team_assignee_id, admin_assignee_id } = conversation
  const assigned = assignee_type === 'team' ? team_assignee_id : admin_assignee_id
  return assigned !== undefined && idIn({ id: assigned ?? 0 }) === assignee_id
}

/**
 * POST /conversations/{id}/parts without a body, which would reach the customer. `type` is the assignee's kind, and
 * `"0"` nobody (docs/intercom-api.md 3.5).
 */
export const assignConversation = defineAction({
  name: 'assign_conversation',
  title: 'Assign conversation',
  description:
    'Assign a conversation to a teammate or to a team. It can have one of each: call twice for both. assignee_id "0" takes that one away. Opens a closed conversation.',
  effect: 'update',
  overwrites: false,
  confirms: true,
  input,
  otherNames: {
    ...conversationIdNames,
    type: 'assignee_type',
    assignee: 'assignee_id',
    team_id: 'assignee_id',
    team: 'assignee_id',
  },
  output: oneResult<Conversation>(),
  hints: handlingHints,
  verify: leavesPart<Assignment>(
    'assigned',
    ({ part_type, assigned_to }, { assignee_type, assignee_id }) => {
      if (part_type !== 'assignment' && part_type !== 'assign_and_reopen') return false
      if (assignee_id === '0') return (assigned_to?.id ?? null) === null
      return assigned_to?.type === assignee_type && String(assigned_to?.id) === assignee_id
    },
    // "Nobody" is no teammate and no team: the part does not say which of the two was taken away.
    (conversation, wanted) => wanted.assignee_id !== '0' || isAssigned(conversation, wanted),
  ),
  run: (intercom, wanted, memory) => {
    const { assignee_type: type, assignee_id } = wanted
    const isSo = (conversation: Conversation) => isAssigned(conversation, wanted)
    return handled(intercom, wanted, memory, isSo, { message_type: 'assignment', type, assignee_id })
  },
})
