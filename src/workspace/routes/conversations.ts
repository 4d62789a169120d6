import type { Route, RouteCall } from '../http/call.ts'
import { decodeCursor, perPage } from '../http/pages.ts'
import { conversationFields } from '../search/conversation-fields.ts'
import type { Condition } from '../search/field.ts'
import { listedConversations, listPage, type Order } from '../search/list.ts'
import { readSearch } from '../search/search.ts'
import { searchPage } from '../search/search-page.ts'
import { conversationItem } from '../shapes/conversation.ts'
import type { ConversationRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import { contactMessage } from './contact-message.ts'
import { shown } from './conversation-update.ts'
import { findConversation } from './find-conversation.ts'

/** Lists and searches alike, unless a search says otherwise (docs/intercom-api.md 3.5, 4). */
const updatedLast: Order = {
  sql: 'updated_at',
  values: [],
  descending: true,
  keyDescending: true,
  isTime: true,
}

/** 20 a page (docs/intercom-api.md 1.6). */
const defaultSize = 20

function answer(store: Store, { rows, total, pages }: ReturnType<typeof searchPage<ConversationRow>>) {
  return {
    type: 'conversation.list',
    pages,
    total_count: total,
    conversations: rows.map((row) => conversationItem(store, row)),
  }
}

function list({ store, query }: RouteCall) {
  const after = query.get('starting_after')
  const cursor = after ? decodeCursor(after) : undefined
  const size = perPage(query.get('per_page'), defaultSize)
  return answer(store, listPage(store.db, listedConversations, everything, updatedLast, cursor, size))
}

function search({ store, body, version }: RouteCall) {
  const zone = { wholeDays: false, timezone: store.app.timezone, listed: listedConversations }
  const find = conversationFields(store, version)
  const { query, order = updatedLast, after, size } = readSearch(body, find, zone, defaultSize)
  const cursor = after === undefined ? undefined : decodeCursor(after)
  const { searched } = store
  return answer(searched, searchPage(searched.db, listedConversations, { query, zone, order, cursor, size }))
}

const everything: Condition = { sql: '1', values: [] }

/** Conversations as a whole; changes, replies and parts have their own files (docs/intercom-api.md 3.5). */
export const conversationRoutes: readonly Route[] = [
  { method: 'GET', path: '/conversations', handle: list },
  { method: 'POST', path: '/conversations', handle: contactMessage },
  { method: 'POST', path: '/conversations/search', handle: search, reads: true },
  {
    method: 'GET',
    path: '/conversations/:id',
    handle: (call) => shown(call, findConversation(call.store, call.params['id'])),
  },
]
