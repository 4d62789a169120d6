import type { Call, Route } from '../http/call.ts'
import { decodeCursor, perPage } from '../http/pages.ts'
import { conversationFields } from '../search/conversation-fields.ts'
import type { Condition } from '../search/field.ts'
import { listedConversations, listPage, type Order } from '../search/list.ts'
import { readSearch } from '../search/search.ts'
import { toSql } from '../search/sql.ts'
import { conversationItem } from '../shapes/conversation.ts'
import type { ConversationRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import { contactMessage } from './contact-message.ts'
import { shown } from './conversation-update.ts'
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

/** Conversations as a whole; changes, replies and parts have their own files (dossier 3). */
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
