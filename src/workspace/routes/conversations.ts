import { seconds } from '../clock.ts'
import type { Call, Route } from '../http/call.ts'
import { decodeCursor, perPage } from '../http/pages.ts'
import { conversationFields } from '../search/conversation-fields.ts'
import type { Condition } from '../search/field.ts'
import { listedConversations, listPage, type Order } from '../search/list.ts'
import { readSearch } from '../search/search.ts'
import { toSql } from '../search/sql.ts'
import { parseObject } from '../shapes/contact.ts'
import { conversation, conversationItem } from '../shapes/conversation.ts'
import type { ConversationRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import { record } from '../threads/record.ts'
import { findBot } from './admins.ts'
import { contactMessage } from './contact-message.ts'
import { mergeAttributes } from './custom-attributes.ts'
import { findConversation } from './find-conversation.ts'

/** Lists and searches alike, unless a search says otherwise (dossier 3, 4, REC). */
const updatedLast: Order = {
  sql: 'updated_at',
  values: [],
  descending: true,
  keyDescending: true,
  isTime: true,
}

/** 20 a page (S:4900). */
const defaultSize = 20

function answer(
  store: Store,
  where: Condition,
  order: Order,
  after: string | null | undefined,
  size: number,
) {
  const cursor = after ? decodeCursor(after) : undefined
  const { rows, total, pages } = listPage<ConversationRow>(
    store.db,
    listedConversations,
    where,
    order,
    cursor,
    size,
  )
  return {
    type: 'conversation.list',
    pages,
    total_count: total,
    conversations: rows.map((row) => conversationItem(store, row)),
  }
}

function list({ store, query }: Call) {
  const size = perPage(query.get('per_page'), defaultSize)
  return answer(store, { sql: '1', values: [] }, updatedLast, query.get('starting_after'), size)
}

function search({ store, body }: Call) {
  const rules = { wholeDays: false, timezone: store.app.timezone }
  const request = readSearch(body, conversationFields(store), rules, defaultSize)
  const where = store.searchLag.narrow('conversations', toSql(request.query, rules))
  return answer(store, where, request.order ?? updatedLast, request.after, request.size)
}

/** `display_as=plaintext` takes the tags out of bodies (dossier 1.8). */
function wantsPlainText(query: URLSearchParams): boolean {
  return query.get('display_as') === 'plaintext'
}

function update({ store, params, query, body }: Call) {
  let row = findConversation(store, params['id'])
  const read = body.flag('read')
  const given = body.object('custom_attributes')
  // `read` alone leaves no part and no trace in updated_at (dossier 3, REC).
  if (read !== undefined && read !== null) {
    row = { ...row, read: read ? 1 : 0 }
    store.db.run('UPDATE conversations SET read = ? WHERE id = ?', row.read, row.id)
  }
  if (given) {
    const merged = mergeAttributes(store, 'conversation', parseObject(row.custom_attributes), given)
    row = { ...row, custom_attributes: JSON.stringify(merged) }
    store.db.run('UPDATE conversations SET custom_attributes = ? WHERE id = ?', row.custom_attributes, row.id)
    // One part by the bot for each attribute (S:5338).
    const event = { type: 'attribute_updated', at: seconds(store.clock), bot_id: findBot(store).id } as const
    for (let i = 0; i < given.values.size; i++) row = record(store, row, event)
  }
  return conversation(store, row, wantsPlainText(query))
}

/** Conversations as a whole; replies and parts have their own files (dossier 3). */
export const conversationRoutes: readonly Route[] = [
  { method: 'GET', path: '/conversations', handle: list },
  { method: 'POST', path: '/conversations', handle: contactMessage },
  { method: 'POST', path: '/conversations/search', handle: search, reads: true },
  {
    method: 'GET',
    path: '/conversations/:id',
    handle: ({ store, params, query }) =>
      conversation(store, findConversation(store, params['id']), wantsPlainText(query)),
  },
  { method: 'PUT', path: '/conversations/:id', handle: update },
]
