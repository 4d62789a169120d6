import type { SQLInputValue } from 'node:sqlite'
import type { RouteCall } from '../http/call.ts'
import { pageNumber, pagesOf, perPage } from '../http/pages.ts'

/** The rows of a list: a table with its joins and conditions, and an order that leaves no ties. */
export interface Listed {
  readonly from: string
  readonly order: string
  readonly values?: readonly SQLInputValue[]
}

/** One page of rows, numbered by `page` and `per_page` of the query; behind the last it is empty. */
export function rowsOfPage<R extends object>(call: RouteCall, usual: number, listed: Listed) {
  const { store, query } = call
  const { from, order, values = [] } = listed
  const size = perPage(query.get('per_page'), usual)
  const page = pageNumber(query.get('page'))
  const total_count = store.db.number(`SELECT count(*) FROM ${from}`, ...values)
  const rows = store.db.all<R>(
    `SELECT * FROM ${from} ORDER BY ${order} LIMIT ? OFFSET ?`,
    ...values,
    size,
    (page - 1) * size,
  )
  return { rows, total_count, pages: pagesOf(call, page, size, total_count) }
}

/** The same as the answer of a list. */
export function pageList<R extends object>(
  call: RouteCall,
  usual: number,
  listed: Listed,
  shape: (row: R) => object,
) {
  const { rows, total_count, pages } = rowsOfPage<R>(call, usual, listed)
  return { type: 'list', data: rows.map(shape), total_count, pages }
}
