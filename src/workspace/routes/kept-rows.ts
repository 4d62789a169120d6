import { notFound } from '../http/api-error.ts'
import type { Route, RouteCall, RouteHandler } from '../http/call.ts'
import { toId } from '../http/input.ts'
import type { Store } from '../store/store.ts'
import { pageList } from './page-list.ts'

/** Tables whose rows are found by id alone. */
type Table =
  | 'articles'
  | 'collections'
  | 'content_import_sources'
  | 'external_pages'
  | 'newsfeeds'
  | 'news_items'

/** A row by its id, given as a number or as digits. */
export function findRow<R extends object>(store: Store, table: Table, id: unknown): R | undefined {
  const number = toId(id)
  return number === undefined ? undefined : store.db.get<R>(`SELECT * FROM ${table} WHERE id = ?`, number)
}

/** The same, which must be there. */
export function foundRow<R extends object>(store: Store, table: Table, id: unknown): R {
  const row = findRow<R>(store, table, id)
  if (row === undefined) throw notFound()
  return row
}

/** Things of one table that are listed in numbered pages and read, made, changed and removed by id. */
type Kept<R> = {
  path: string
  table: Table
  /** Of a page that nobody asked a size for. */
  size: number
  order: string
  shape(row: R, store: Store): object
  /** One in a list, where that is less. */
  listed?(row: R, store: Store): object
  create?: RouteHandler
  update?: RouteHandler
  remove?: RouteHandler
  removed?: 204
}

export function keptRows<R extends object>(kept: Kept<R>): Route[] {
  const { path, table, size, order, shape, listed = shape, create, update, remove, removed } = kept
  const one = `${path}/:id`
  const list = (call: RouteCall) =>
    pageList<R>(call, size, { from: table, order }, (row) => listed(row, call.store))
  const get = ({ store, params }: RouteCall) => shape(foundRow<R>(store, table, params['id']), store)
  return [
    { method: 'GET', path, handle: list },
    ...(create ? [{ method: 'POST', path, handle: create } as const] : []),
    { method: 'GET', path: one, handle: get },
    ...(update ? [{ method: 'PUT', path: one, handle: update } as const] : []),
    ...(remove
      ? [{ method: 'DELETE', path: one, handle: remove, ...(removed && { status: removed }) } as const]
      : []),
  ]
}
