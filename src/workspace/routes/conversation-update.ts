import { seconds } from '../clock.ts'
import { ApiError } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { isAtLeast } from '../http/versions.ts'
import { parseObject } from '../shapes/contact.ts'
import { conversation } from '../shapes/conversation.ts'
import { isSystemAttribute } from '../shapes/system-attributes.ts'
import type { ConversationRow } from '../store/conversation-tables.ts'
import { announce } from '../webhooks/announce.ts'
import { conversationWithoutParts } from '../webhooks/items.ts'
import { findBot } from './admins.ts'
import { happen } from './conversation-event.ts'
import { mergeAttributes } from './custom-attributes.ts'
import { findConversation } from './find-conversation.ts'

/**
 * What single-conversation answers depend on: `display_as=plaintext` (docs/intercom-api.md 1.8), and
 * `company_id` of 2.14.
 */
export function shown(call: Pick<RouteCall, 'store' | 'query' | 'version'>, row: ConversationRow) {
  const whole = conversation(call.store, row, call.query.get('display_as') === 'plaintext')
  return isAtLeast(call.version, '2.14') ? { ...whole, company_id: row.company_id } : whole
}

function update(call: RouteCall) {
  const { version, params, store } = call
  let row = findConversation(store, params['id'])
  row = setRead(call, row)
  // A version that does not know a key overlooks it (docs/intercom-api.md 3.5).
  if (isAtLeast(version, '2.13')) row = setTitle(call, row)
  if (isAtLeast(version, '2.14')) row = setCompany(call, row)
  return shown(call, setAttributes(call, row))
}

/** `read` alone leaves no part and no trace in updated_at (docs/intercom-api.md 3.5). */
function setRead(call: RouteCall, row: ConversationRow): ConversationRow {
  const given = call.body.flag('read')
  if (given === undefined || given === null || given === (row.read === 1)) return row
  const read = given ? 1 : 0
  call.store.db.run('UPDATE conversations SET read = ? WHERE id = ?', read, row.id)
  if (given) announce(call, 'conversation.read', () => conversationWithoutParts(call.store, row.id))
  return { ...row, read }
}

function setTitle({ store, body }: RouteCall, row: ConversationRow): ConversationRow {
  const given = body.text('title')
  if (given === undefined) return row
  const title = given ?? ''
  const updated_at = Math.max(row.updated_at, seconds(store.clock))
  store.db.run('UPDATE conversations SET title = ?, updated_at = ? WHERE id = ?', title, updated_at, row.id)
  return { ...row, title, updated_at }
}

/**
 * Intercom's id of a company; null takes it away. A change is a part by the bot, as live creations have it
 * (recorded).
 */
function setCompany(call: RouteCall, row: ConversationRow): ConversationRow {
  const { store, body } = call
  const company_id = body.text('company_id')
  if (company_id === undefined || company_id === row.company_id) return row
  if (
    company_id !== null &&
    store.db.number('SELECT count(*) FROM companies WHERE id = ?', company_id) === 0
  ) {
    throw new ApiError(404, 'company_not_found', 'Company Not Found')
  }
  store.db.run('UPDATE conversations SET company_id = ? WHERE id = ?', company_id, row.id)
  const event = { type: 'company_updated', at: seconds(store.clock), bot_id: findBot(store).id } as const
  return happen(call, { ...row, company_id }, event)
}

/** One part by the bot for each attribute that is named (docs/intercom-api.md 3.5). */
function setAttributes(call: RouteCall, row: ConversationRow): ConversationRow {
  const { store, body } = call
  const given = body.object('custom_attributes')
  if (!given) return row
  const merged = mergeAttributes(store, 'conversation', parseObject(row.custom_attributes), given)
  const custom_attributes = JSON.stringify(merged)
  store.db.run('UPDATE conversations SET custom_attributes = ? WHERE id = ?', custom_attributes, row.id)
  const event = { type: 'attribute_updated', at: seconds(store.clock), bot_id: findBot(store).id } as const
  let changed: ConversationRow = { ...row, custom_attributes }
  const named = [...given.values.keys()].filter((name) => !isSystemAttribute('conversation', name))
  for (const _ of named) changed = happen(call, changed, event)
  return changed
}

/** PUT /conversations/{id} (docs/intercom-api.md 3.5). */
export const conversationUpdateRoutes: readonly Route[] = [
  { method: 'PUT', path: '/conversations/:id', handle: update },
]
