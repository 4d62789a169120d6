import type { SQLInputValue } from 'node:sqlite'
import { type Cursor, cursorPages, encodeCursor } from '../http/pages.ts'
import type { Database } from '../store/database.ts'
import type { Condition } from './field.ts'

/** By what a list is ordered: an SQL expression that is never null, and the direction of its ties. */
export interface Order {
  readonly sql: string
  readonly values: readonly SQLInputValue[]
  readonly descending: boolean
  /** Direction among equals, by the row's key. */
  readonly keyDescending: boolean
  /** Times stand in cursors as milliseconds (docs/intercom-api.md 1.6). */
  readonly isTime: boolean
}

/** The name of a table whose rows are listed and searched page by page. */
export type ListedTable = 'contacts' | 'conversations' | 'tickets'

/** A table that can be long, and how its rows are named in cursors. */
export interface Listed {
  readonly table: ListedTable
  readonly key: 'seq' | 'id'
  /** The key that a cursor's id stands for; rows of the same sort value after it are on the next page. */
  readonly keyOf: (db: Database, id: string) => number
}

/** Contacts go by `seq`; a cursor shows the hex id. An id that is gone stands where it would have been. */
export const listedContacts: Listed = {
  table: 'contacts',
  key: 'seq',
  keyOf: (db, id) =>
    db.number('SELECT seq FROM contacts WHERE id = ?', id) ||
    db.number('SELECT seq FROM contacts WHERE id < ? ORDER BY id DESC LIMIT 1', id),
}

/** Conversations go by their id itself. */
export const listedConversations: Listed = {
  table: 'conversations',
  key: 'id',
  keyOf: (_db, id) => Number(id) || 0,
}

/** Tickets go by their id itself. */
export const listedTickets: Listed = { ...listedConversations, table: 'tickets' }

/** A row with the value it was sorted by. */
export type Sorted<R> = R & { readonly sort_value: number | string }

/**
 * One page of a list by keyset: nothing is skipped with OFFSET, nothing but the page is read, and the count is
 * exact. Rows that change between two pages may repeat or be left out, as Intercom's do
 * (docs/intercom-api.md 1.6).
 */
export function listPage<R extends { id: string | number }>(
  db: Database,
  listed: Listed,
  where: Condition,
  order: Order,
  cursor: Cursor | undefined,
  size: number,
) {
  const { table } = listed
  const total = db.number(`SELECT count(*) FROM ${table} WHERE ${where.sql}`, ...where.values)
  const after = keyset(db, listed, order, cursor)
  const rows = db.all<Sorted<R>>(
    `SELECT ${table}.*, ${order.sql} AS sort_value FROM ${table} WHERE ${where.sql} AND ${after.sql}
     ORDER BY ${orderBy(listed, order)} LIMIT ?`,
    ...order.values,
    ...where.values,
    ...after.values,
    ...order.values,
    size + 1,
  )
  return pageOf(rows, total, order, cursor, size)
}

/** ORDER BY; with a plus before each term no index is walked for it. */
export function orderBy({ table, key }: Listed, order: Order, plus = ''): string {
  const direction = order.descending ? 'DESC' : 'ASC'
  return `${plus}${order.sql} ${direction}, ${plus}${table}.${key} ${order.keyDescending ? 'DESC' : 'ASC'}`
}

/** What an answer says of a page; `rows` are one more than the page where there is a next one. */
export function pageOf<R extends { id: string | number }>(
  rows: readonly Sorted<R>[],
  total: number,
  order: Order,
  cursor: Cursor | undefined,
  size: number,
) {
  const page = cursor?.page ?? 1
  const shown = rows.slice(0, size)
  const last = shown.at(-1)
  const next =
    rows.length > size && last !== undefined
      ? encodeCursor({ sort: cursorSort(last.sort_value, order), id: String(last.id), page: page + 1 })
      : undefined
  return { rows: shown, total, pages: cursorPages(page, size, total, next) }
}

function cursorSort(value: number | string, order: Order): number | string {
  return order.isTime && typeof value === 'number' ? value * 1000 : value
}

/** The rows after a cursor, as a condition; all rows without one. */
export function keyset(db: Database, listed: Listed, order: Order, cursor: Cursor | undefined): Condition {
  if (cursor === undefined) return { sql: '1', values: [] }
  const sort = order.isTime && typeof cursor.sort === 'number' ? Math.floor(cursor.sort / 1000) : cursor.sort
  const key = listed.keyOf(db, cursor.id)
  const [orEqual, beyond] = order.descending ? ['<=', '<'] : ['>=', '>']
  const keyBeyond = order.keyDescending ? '<' : '>'
  return {
    // The first term is the range an index can use; the second settles ties.
    sql: `${order.sql} ${orEqual} ? AND (${order.sql} ${beyond} ? OR ${listed.table}.${listed.key} ${keyBeyond} ?)`,
    values: [...order.values, sort, ...order.values, sort, key],
  }
}
