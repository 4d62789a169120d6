import { badParameter } from '../http/api-error.ts'
import { type Input, isObject } from '../http/input.ts'
import { perPage } from '../http/pages.ts'
import type { FindField } from './field.ts'
import type { Order } from './list.ts'
import type { SearchRules } from './operators.ts'
import { parseQuery, type Query, searchError, shown } from './parse.ts'

/** A checked search request. */
export interface SearchRequest {
  readonly query: Query
  readonly order: Order | undefined
  readonly size: number
  /** The cursor as sent. */
  readonly after: string | undefined
}

/** A top-level `per_page` is taken without complaint, and without effect (docs/intercom-api.md 1.4). */
const known = new Set(['query', 'pagination', 'sort', 'per_page'])

/**
 * Reads the body of a search (docs/intercom-api.md 4); refusals come in the order: unknown key, query, sort,
 * page.
 */
export function readSearch(body: Input, find: FindField, rules: SearchRules, size: number): SearchRequest {
  for (const name of body.values.keys()) if (!known.has(name)) throw badParameter(name.slice(0, 200))
  const query = parseQuery(body.get('query'), find, rules)
  const order = readSort(body.get('sort'), find)
  const pagination = body.object('pagination')
  const after = pagination?.text('starting_after')
  return {
    query,
    order,
    size: perPage(pagination?.get('per_page'), size),
    after: after || undefined,
  }
}

function readSort(sort: unknown, find: FindField): Order | undefined {
  if (sort === undefined || sort === null) return undefined
  if (!isObject(sort) || typeof sort['field'] !== 'string') {
    throw searchError('invalid_field', 'sort is not a valid field')
  }
  const name = sort['field'].slice(0, 200)
  const { order = 'descending' } = sort
  if (order !== 'ascending' && order !== 'descending') {
    const text = `Invalid sort order '${shown(order)}'. Must be one of: ascending, descending`
    throw searchError('invalid_sort_order', text)
  }
  const field = find(name === 'last_request_at' ? 'last_seen_at' : name)
  const sortBy = field?.sortBy ?? (field?.operand.kind === 'value' ? field.operand : undefined)
  if (field === undefined || sortBy === undefined) {
    throw searchError('invalid_field', `${name} is not a valid field`)
  }
  const { sql, values } = sortBy
  const isNumber =
    field.type !== 'string' || (field.operand.kind === 'value' && field.operand.stored === 'number')
  const unset = isNumber ? '0' : "''"
  const descending = order === 'descending'
  return {
    sql: field.always ? sql : `ifnull(${sql}, ${unset})`,
    values,
    descending,
    keyDescending: descending,
    isTime: field.type === 'date',
  }
}
