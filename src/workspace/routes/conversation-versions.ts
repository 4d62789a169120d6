import { seconds } from '../clock.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { conversation } from '../shapes/conversation.ts'
import { announce } from '../webhooks/announce.ts'
import { deletedItem } from '../webhooks/items.ts'
import { findBot } from './admins.ts'
import { happen } from './conversation-event.ts'
import { findConversation } from './find-conversation.ts'

/** There are no rules here, so the conversation ends where Intercom puts what no rule wants: with nobody. */
function runAssignmentRules(call: RouteCall) {
  const { store, params } = call
  const row = findConversation(store, params['id'])
  const event = { type: 'default_assignment', at: seconds(store.clock), bot_id: findBot(store).id } as const
  return conversation(store, happen(call, row, event), false)
}

/** Everything that hangs on the conversation's id, in the order in which it goes. */
const belongings = [
  `DELETE FROM ticket_part_states
   WHERE part_id IN (SELECT id FROM conversation_parts WHERE conversation_id = ?)`,
  'DELETE FROM conversation_parts WHERE conversation_id = ?',
  'DELETE FROM conversation_contacts WHERE conversation_id = ?',
  'DELETE FROM conversation_teammates WHERE conversation_id = ?',
  'DELETE FROM conversation_tags WHERE conversation_id = ?',
  'DELETE FROM tickets WHERE id = ?',
  'DELETE FROM conversations WHERE id = ?',
]

function remove(call: RouteCall) {
  const { id } = findConversation(call.store, call.params['id'])
  for (const sql of belongings) call.store.db.run(sql, id)
  announce(call, 'conversation.deleted', () => deletedItem('conversation', { id: String(id) }))
  return { id: String(id), object: 'conversation', deleted: true }
}

/** Operations on conversations that 2.12 does not have (docs/intercom-api.md 1.3). */
export const conversationVersionRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/conversations/:id/run_assignment_rules',
    handle: runAssignmentRules,
  },
  {
    method: 'DELETE',
    path: '/conversations/:id',
    handle: remove,
  },
]
