import { seconds } from '../clock.ts'
import { bodyToHtml } from '../html.ts'
import { invalid, missing, notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { type Input, toId } from '../http/input.ts'
import { conversationJson } from '../shapes/conversation.ts'
import type { Store } from '../store/store.ts'
import type { ThreadEvent } from '../threads/event.ts'
import { findAdmin } from './admins.ts'
import { happen } from './conversation-event.ts'
import { findConversation } from './find-conversation.ts'

function manage(call: RouteCall) {
  const { store, params, body } = call
  const row = findConversation(store, params['id'])
  const kind = body.option('message_type', ['close', 'snoozed', 'open', 'assignment'])
  if (kind === undefined) throw invalid("Message Type isn't an option")
  const admin = findAdmin(store, body.id('admin_id'))
  if (admin === undefined) throw notFound()
  const at = seconds(store.clock)
  return conversationJson(store, happen(call, row, eventOf(call, kind, admin.id, at)))
}

function eventOf(
  { store, body, rewrite }: RouteCall,
  kind: 'close' | 'snoozed' | 'open' | 'assignment',
  admin_id: number,
  at: number,
): ThreadEvent {
  const text = body.text('body')
  const html = text === undefined || text === null || text.trim() === '' ? null : rewrite(bodyToHtml(text))
  switch (kind) {
    case 'close':
      return { type: 'close', at, admin_id, body: html }
    case 'open':
      return { type: 'open', at, admin_id }
    case 'snoozed': {
      const until = body.time('snoozed_until')
      if (until === undefined || until === null) throw missing('snoozed_until not specified')
      return { type: 'snooze', at, admin_id, until }
    }
    case 'assignment': {
      const to = body.option('type', ['admin', 'team'])
      if (to === undefined) throw invalid("Type isn't an option")
      return { type: 'assign', at, admin_id, to: { type: to, id: assignee(store, to, body) }, body: html }
    }
  }
}

/** `0` takes the assignment away (docs/intercom-api.md 3.5). */
function assignee(store: Store, type: 'admin' | 'team', body: Input): number | null {
  const id = body.id('assignee_id')
  if (toId(body.get('assignee_id')) === 0) return null
  const table = type === 'team' ? 'teams' : 'admins'
  if (store.db.number(`SELECT count(*) FROM ${table} WHERE id = ?`, id) === 0) throw notFound()
  return id
}

/** POST /conversations/{id}/parts: close, snooze, open, assign (docs/intercom-api.md 3.5). */
export const partRoutes: readonly Route[] = [
  { method: 'POST', path: '/conversations/:id/parts', handle: manage },
]
