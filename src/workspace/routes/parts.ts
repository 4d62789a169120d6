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
  const { store, params } = call
  const row = findConversation(store, params['id'])
  const event = changeOfState(call)
  if (event === undefined) throw invalid("Message Type isn't an option")
  return conversationJson(store, happen(call, row, event))
}

const kinds = ['close', 'snoozed', 'open', 'assignment'] as const

/**
 * What a request asks for if it closes, snoozes, opens or assigns. Older clients send it to /reply
 * (docs/intercom-api.md 10).
 */
export function changeOfState({ store, body, rewrite }: RouteCall): ThreadEvent | undefined {
  const kind = kinds.find((one) => one === body.get('message_type'))
  if (kind === undefined) return undefined
  const admin = findAdmin(store, body.id('admin_id'))
  if (admin === undefined) throw notFound()
  const by = { at: seconds(store.clock), admin_id: admin.id }
  const text = body.text('body')
  const html = text === undefined || text === null || text.trim() === '' ? null : rewrite(bodyToHtml(text))
  switch (kind) {
    case 'close':
      return { type: 'close', ...by, body: html }
    case 'open':
      return { type: 'open', ...by }
    case 'snoozed': {
      const until = body.time('snoozed_until')
      if (until === undefined || until === null) throw missing('snoozed_until not specified')
      return { type: 'snooze', ...by, until }
    }
    case 'assignment': {
      const to = body.option('type', ['admin', 'team'])
      if (to === undefined) throw invalid("Type isn't an option")
      return { type: 'assign', ...by, to: { type: to, id: assignee(store, to, body) }, body: html }
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
