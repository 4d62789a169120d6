import { randomUUID } from 'node:crypto'
import type { SQLInputValue } from 'node:sqlite'
import { seconds } from '../clock.ts'
import { decodeEntities } from '../entities.ts'
import { ApiError, notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { toId } from '../http/input.ts'
import { offsetPages, pageNumber, perPage } from '../http/pages.ts'
import { company } from '../shapes/company.ts'
import type { CompanyRow, ScrollRow } from '../store/company-tables.ts'
import type { Store } from '../store/store.ts'
import { companyByName, companyByOwnId, companyNotFound } from './find-company.ts'

/** A list gives no more than this many companies in all its pages together (docs/intercom-api.md 3.7). */
const mostListed = 10_000

/** Companies without people are in no list (docs/intercom-api.md 3.7). */
const listable = 'user_count > 0'

interface Filter {
  readonly sql: string
  readonly values: readonly SQLInputValue[]
}

function page({ store, query, origin, path }: RouteCall, filter: Filter, ascending: boolean) {
  const size = perPage(query.get('per_page'), 15)
  const number = pageNumber(query.get('page'))
  const direction = ascending ? 'ASC' : 'DESC'
  const where = `FROM companies WHERE ${listable} AND ${filter.sql}`
  const total = store.db.number(`SELECT count(*) ${where}`, ...filter.values)
  // A page behind the last is empty; one that the limit cuts off is refused.
  if ((number - 1) * size >= mostListed && (number - 1) * size < total) {
    throw new ApiError(400, 'bad_request', 'page limit reached, please use scroll API', 'null')
  }
  const rows = store.db.all<CompanyRow>(
    `SELECT * ${where} ORDER BY ifnull(last_request_at, 0) ${direction}, seq ${direction} LIMIT ? OFFSET ?`,
    ...filter.values,
    size,
    (number - 1) * size,
  )
  return {
    type: 'list',
    data: rows.map((row) => company(store, row)),
    pages: offsetPages(number, size, total, origin + path),
    total_count: total,
  }
}

/**
 * GET /companies: one company by `name` or `company_id`, else a list, by tag or segment when asked
 * (docs/intercom-api.md 3.7).
 */
function retrieve(call: RouteCall) {
  const { store, query } = call
  const ownId = query.get('company_id')
  const name = query.get('name')
  if (ownId !== null || name !== null) {
    const row =
      ownId === null ? companyByName(store, decodeEntities(name ?? '')) : companyByOwnId(store, ownId)
    if (row === undefined) throw companyNotFound()
    return company(store, row)
  }
  // No segment holds companies, so the list of a segment is empty.
  if (query.get('segment_id') !== null) return page(call, { sql: '0', values: [] }, false)
  const tag = query.get('tag_id')
  if (tag === null) return page(call, { sql: '1', values: [] }, false)
  const sql = 'seq IN (SELECT company_seq FROM company_tags WHERE tag_id = ?)'
  return page(call, { sql, values: [toId(tag) ?? 0] }, false)
}

function list(call: RouteCall) {
  const ascending = call.query.get('order') === 'asc'
  return page(call, { sql: '1', values: [] }, ascending)
}

const idleSeconds = 60
const scrollSize = 100

/** The open scroll; one that nobody used for a minute is none any more (docs/intercom-api.md 3.7). */
function openScroll(store: Store): ScrollRow | undefined {
  const row = store.db.get<ScrollRow>('SELECT * FROM company_scrolls LIMIT 1')
  return row !== undefined && row.used_at > seconds(store.clock) - idleSeconds ? row : undefined
}

/** GET /companies/scroll: one at a time in an app, over by an empty page (docs/intercom-api.md 3.7). */
function scroll({ store, query }: RouteCall) {
  const given = query.get('scroll_param')
  const open = openScroll(store)
  if (given && open?.scroll_param !== given) throw notFound('scroll parameter not found')
  if (!given && open !== undefined) {
    throw new ApiError(400, 'scroll_exists', 'scroll already exists for this workspace')
  }
  const scroll_param = open?.scroll_param ?? randomUUID()
  const rows = store.db.all<CompanyRow>(
    `SELECT * FROM companies WHERE seq > ? AND ${listable} ORDER BY seq LIMIT ?`,
    open?.after_seq ?? 0,
    scrollSize,
  )
  store.db.run('DELETE FROM company_scrolls')
  const last = rows.at(-1)
  if (last !== undefined) {
    const used_at = seconds(store.clock)
    store.insert('company_scrolls', { scroll_param, after_seq: last.seq, used_at })
  }
  const data = rows.map((row) => company(store, row))
  return { type: 'list', data, pages: null, total_count: null, scroll_param }
}

/** Many companies: filtered, listed, scrolled (docs/intercom-api.md 3.7). */
export const companyListRoutes: readonly Route[] = [
  { method: 'GET', path: '/companies', handle: retrieve },
  { method: 'POST', path: '/companies/list', handle: list, reads: true },
  // It remembers how far it came, and still needs no more than the right to read.
  { method: 'GET', path: '/companies/scroll', handle: (call) => call.store.write(() => scroll(call)) },
]
