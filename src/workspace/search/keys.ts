import { fold } from '../store/fold.ts'
import type { Condition } from './field.ts'
import { searchIndexes } from './indexes.ts'
import type { Listed } from './list.ts'
import type { Filter, Query } from './parse.ts'
import { compareLinked, compareValue, searchedWords, type Zone } from './sql.ts'
import { matchGrams, matchWords } from './text-match.ts'

/** A SELECT of keys that an index answers. It gives every row that matches; when `exact`, no other and none twice. */
export interface Keys extends Condition {
  readonly exact: boolean
}

/**
 * The ways to find what matches a query by index: several for AND, since any part of it narrows the search down;
 * none when nothing can serve. `choose` decides inside groups.
 */
export function waysToFind(
  query: Query,
  zone: Zone,
  listed: Listed,
  choose: (ways: Keys[]) => Keys | undefined,
): Keys[] {
  if (!('parts' in query)) return [...byIndex([query], 1, zone, listed), ...byOther(query, zone)]
  const find = (part: Query) => waysToFind(part, zone, listed, choose)
  if (query.operator === 'OR') {
    const parts = query.parts.map((part) => choose(find(part)))
    const found = parts.filter((part) => part !== undefined)
    if (found.length < parts.length) return []
    return [
      {
        sql: found.map(({ sql }) => `SELECT * FROM (${sql})`).join(' UNION '),
        values: found.flatMap(({ values }) => values),
        exact: found.every(({ exact }) => exact),
      },
    ]
  }
  const filters = query.parts.filter((part): part is Filter => !('parts' in part))
  const others = query.parts.flatMap((part) => ('parts' in part ? find(part) : byOther(part, zone)))
  const alone = query.parts.length === 1
  return [
    ...byIndex(filters, query.parts.length, zone, listed),
    ...others.map((way) => ({ ...way, exact: way.exact && alone })),
  ]
}

/** Every index of which the filters, all of which hold, fill the first columns. */
function byIndex(filters: readonly Filter[], parts: number, zone: Zone, listed: Listed): Keys[] {
  return searchIndexes[listed.table].flatMap(([name, ...columns]) => {
    const used: Filter[] = []
    for (const column of columns) {
      const here = filters.filter((filter) => indexedColumn(filter) === column)
      used.push(...here.filter((filter) => comparison(filter) !== 'none'))
      if (!here.some((filter) => comparison(filter) === 'equal')) break
    }
    if (used.length === 0) return []
    const conditions = used.map((filter) => comparedAs(filter, zone))
    const from = name === undefined ? listed.table : `${listed.table} INDEXED BY ${name}`
    const exact = used.length === parts && !used.some(isWidened)
    return [
      {
        sql: `SELECT ${listed.table}.${listed.key} AS key FROM ${from} WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`,
        values: conditions.flatMap(({ values }) => values),
        exact,
      },
    ]
  })
}

/** The column or expression by which an index holds what a filter compares. */
export function indexedColumn({ field: { operand } }: Filter): string | undefined {
  return operand.kind === 'value' ? (operand.indexedAs ?? operand.sql) : undefined
}

function isWidened({ field: { operand } }: Filter): boolean {
  return operand.kind === 'value' && operand.indexedAs !== undefined
}

/** A filter in the form in which an index can serve it. */
export function comparedAs(filter: Filter, zone: Zone): Condition {
  const { operand } = filter.field
  if (operand.kind !== 'value') throw new TypeError('only values are in indexes')
  return compareValue(filter, { ...operand, sql: operand.indexedAs ?? operand.sql }, zone)
}

/** How a filter uses an index on its column: for equality, which lets the next column join in, or for a range. */
export function comparison({ field, operator, value }: Filter): 'equal' | 'range' | 'none' {
  const { operand } = field
  if (operand.kind !== 'value') return 'none'
  if (value === null) return operator === '=' && operand.indexedAs === undefined ? 'equal' : 'none'
  switch (operator) {
    case 'IN':
      return 'equal'
    case '=':
      // A day is a range; on conversations it is a second, for which a range is as good.
      return field.type === 'date' ? 'range' : 'equal'
    case '^':
      return operand.stored === 'number' ? 'none' : 'range'
    case '>':
    case '<':
    case '>=':
    case '<=':
      return 'range'
    default:
      return 'none'
  }
}

/** Links and texts: indexes of their own. */
function byOther(filter: Filter, zone: Zone): Keys[] {
  const { operator, value, field } = filter
  const { operand } = field
  if (value === null || operator === '!~') return []
  if (operand.kind === 'words') {
    const list = searchedWords(value)
    if (list.length === 0) return operator === '!=' || operator === 'NIN' ? [] : [none]
    return matchWords(operator, list)
  }
  if (operand.kind === 'value') {
    const asks = operand.grams !== undefined && (operator === '~' || operator === '$')
    return asks ? matchGrams(zone.listed.table, operand.grams, fold(String(value))) : []
  }
  if (operator === '!=' || operator === 'NIN') return []
  const condition = compareLinked(filter, operand, zone)
  // A row can be linked to several values of a list, never twice to the same one.
  const distinct = operator === '=' ? '' : 'DISTINCT '
  return [
    {
      sql: `SELECT ${distinct}${operand.key} AS key FROM ${operand.from} WHERE ${condition.sql}`,
      values: condition.values,
      exact: true,
    },
  ]
}

const none: Keys = { sql: 'SELECT 0 AS key WHERE 0', values: [], exact: true }
