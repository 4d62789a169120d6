import type { Cursor } from '../http/pages.ts'
import type { Database } from '../store/database.ts'
import { isMade, makeMissing } from '../store/search-indexes.ts'
import type { Condition } from './field.ts'
import { indexedColumn, indexesOfOrder, type Keys, searchIndexes } from './indexes.ts'
import { comparedAs, comparison, waysToFind } from './keys.ts'
import { keyset, type Listed, type Order, orderBy, pageOf, type Sorted } from './list.ts'
import type { Filter, Query } from './parse.ts'
import { toSql, type Zone } from './sql.ts'

/** What a search asks for, in terms of the store. */
export interface Search {
  readonly query: Query
  readonly zone: Zone
  /** Rows that no search shows fail this; without it all are shown. */
  readonly visible?: Visible
  readonly order: Order
  readonly cursor: Cursor | undefined
  readonly size: number
  /**
   * Up to so many found keys are looked at one by one, whatever they are sorted by.
   * @default 4096
   */
  readonly few?: number
}

/** Which rows searches show; `hidden` is its opposite, in a form that an index answers. */
export interface Visible {
  readonly sql: string
  readonly hidden: string
}

const defaultFew = 4096

/** What finds no more than a page is good enough: nothing else is asked. */
const enough = 150

/** How far they are compared at first: far enough to tell a rare value. */
const some = 256

/** How far the parts of a query that find many are compared with each other. */
const many = 65_536

/**
 * One page of a search and its exact count. SQLite keeps no statistics that could tell a rare value from a
 * frequent one, so this asks the indexes themselves, a bounded number of entries each: few keys are fetched and
 * sorted, while a search that finds more than a `few` walks the order it is sorted by until the page is full.
 */
export function searchPage<R extends { id: string | number }>(db: Database, listed: Listed, search: Search) {
  const { few = defaultFew } = search
  const { keys, size } = find(db, listed, search)
  const after = keyset(db, listed, search.order, search.cursor)
  const wanted = search.size + 1
  if (keys !== undefined && size < few) {
    // A single row needs no sorting, which costs more than finding it.
    const rows = sorted<R>(db, listed, search, keys, after, size > 1)
    const all = search.cursor === undefined && rows.length < wanted
    return pageOf(
      rows,
      all ? rows.length : count(db, listed, search, keys),
      search.order,
      search.cursor,
      search.size,
    )
  }
  const total = count(db, listed, search, keys)
  const rows = walked<R>(db, listed, search, keys, after, total) ?? sorted<R>(db, listed, search, keys, after)
  return pageOf(rows, total, search.order, search.cursor, search.size)
}

/** The index that finds fewest keys, and how many that are, counted to a limit. */
function find(
  db: Database,
  listed: Listed,
  { query, zone, few = defaultFew }: Search,
): { keys: Keys | undefined; size: number } {
  let size = 0
  const best = (ways: readonly Keys[]): Keys | undefined => {
    let found: Keys | undefined
    for (const limit of ways.length > 1 ? [Math.min(some, few), few, many] : [few]) {
      size = Number.POSITIVE_INFINITY
      for (const keys of ways) {
        const count = probe(db, keys, Math.min(limit, size))
        if (count < size) [found, size] = [keys, count]
        if (size < enough) break
      }
      if (size < limit) break
    }
    return found
  }
  const choose = (ways: Keys[]): Keys | undefined => {
    const lacking = ways.map(({ needs = [] }) => needs.filter((need) => !isMade(db, need)))
    const ready = ways.filter((way, i) => lacking[i]?.length === 0 && isOpen(db, way))
    const keys = best(ready)
    if (ready.length === ways.length || (keys !== undefined && size < few)) return keys
    // What is there finds too many: the rest is made now.
    makeMissing(db, lacking.flat())
    return best(ways.filter((way) => isOpen(db, way)))
  }
  const keys = choose(waysToFind(query, zone, listed, choose))
  return { keys, size }
}

function isOpen(db: Database, { onlyIf }: Keys): boolean {
  return onlyIf === undefined || db.number(onlyIf.sql, ...onlyIf.values) > 0
}

function probe(db: Database, { sql, values }: Keys, limit: number): number {
  return db.number(`SELECT count(*) FROM (SELECT 1 FROM (${sql}) LIMIT ?)`, ...values, limit)
}

/**
 * FROM and WHERE of a search: the found keys, then the rows they lead to, checked unless the keys are exact. Behind the pluses SQLite looks for no
 * index; CROSS keeps the order of the join.
 */
function checked(listed: Listed, { query, zone, visible }: Search, keys: Keys | undefined): Condition {
  const { table, key } = listed
  const check = keys?.exact ? { sql: '1', values: [] } : toSql(query, zone)
  const from =
    keys === undefined ? table : `(${keys.sql}) AS found CROSS JOIN ${table} ON ${table}.${key} = found.key`
  return {
    sql: `${from} WHERE +(${visible?.sql ?? '1'}) AND +(${check.sql})`,
    values: [...(keys?.values ?? []), ...check.values],
  }
}

/** The exact count: of the keys themselves where they are what matches, of the rows otherwise. */
function count(db: Database, listed: Listed, search: Search, keys: Keys | undefined): number {
  const hidden = keys?.exact ? hiddenMatches(db, listed, search) : undefined
  if (keys !== undefined && hidden !== undefined) {
    return db.number(`SELECT count(*) FROM (${keys.sql})`, ...keys.values) - hidden
  }
  const { sql, values } = checked(listed, search, keys)
  return db.number(`SELECT count(*) FROM ${sql}`, ...values)
}

/** How many matches no search shows; undefined where so many rows are hidden that asking them is not worth it. */
function hiddenMatches(
  db: Database,
  { table }: Listed,
  { query, zone, visible, few = defaultFew }: Search,
): number | undefined {
  if (visible === undefined) return 0
  const hidden = `FROM ${table} WHERE (${visible.hidden})`
  if (db.number(`SELECT count(*) FROM (SELECT 1 ${hidden} LIMIT ?)`, few) === few) return undefined
  const check = toSql(query, zone)
  return db.number(`SELECT count(*) ${hidden} AND +(${check.sql})`, ...check.values)
}

/** Fetches everything that matches and sorts it. */
function sorted<R>(
  db: Database,
  listed: Listed,
  search: Search,
  keys: Keys | undefined,
  after: Condition,
  several = true,
): Sorted<R>[] {
  const { order, size } = search
  const where = checked(listed, search, keys)
  return db.all<Sorted<R>>(
    `SELECT ${listed.table}.*, ${order.sql} AS sort_value FROM ${where.sql}
       AND +(${after.sql})${several ? ` ORDER BY ${orderBy(listed, order, '+')}` : ''} LIMIT ?`,
    ...order.values,
    ...where.values,
    ...after.values,
    ...(several ? order.values : []),
    size + 1,
  )
}

/**
 * Walks the sorted index until the page is full, over a bounded number of rows; undefined when that was not far
 * enough.
 */
function walked<R>(
  db: Database,
  listed: Listed,
  search: Search,
  keys: Keys | undefined,
  after: Condition,
  total: number,
): Sorted<R>[] | undefined {
  const { order, size, few = defaultFew } = search
  const { table, key } = listed
  const needs = indexesOfOrder(table, order.sql)
  if (needs === undefined) return undefined
  makeMissing(db, needs)
  const ranges = onTheWay(listed, search)
  const check = toSql(search.query, search.zone)
  // Where matches are spread evenly a page of many is full soon; where they are not, sorting what was found is faster.
  const far = keys === undefined ? Math.max(few, total) : few * 4
  const rows = db.all<Sorted<R>>(
    `SELECT ${table}.*, ${order.sql} AS sort_value FROM (
       SELECT ${table}.${key} AS walked FROM ${table} WHERE ${after.sql}${ranges.sql}
       ORDER BY ${orderBy(listed, order)} LIMIT ?
     ) CROSS JOIN ${table} ON ${table}.${key} = walked WHERE +(${search.visible?.sql ?? '1'}) AND +(${check.sql}) LIMIT ?`,
    ...after.values,
    ...ranges.values,
    far,
    ...check.values,
    size + 1,
  )
  return rows.length > size || rows.length === total ? rows : undefined
}

/** The filters, all of which must hold, that an index of the order can skip by. */
function onTheWay(listed: Listed, { query, zone, order }: Search): Condition {
  const parts = 'parts' in query ? (query.operator === 'AND' ? query.parts : []) : [query]
  const skipping = parts.filter((part): part is Filter => {
    if ('parts' in part) return false
    const column = indexedColumn(part)
    if (column === order.sql) return comparison(part) !== 'none'
    return (
      comparison(part) === 'equal' &&
      searchIndexes[listed.table].some(({ columns: [first, last] }) => first === column && last === order.sql)
    )
  })
  const conditions = skipping.map((filter) => comparedAs(filter, zone))
  return {
    sql: conditions.map(({ sql }) => ` AND ${sql}`).join(''),
    values: conditions.flatMap(({ values }) => values),
  }
}
