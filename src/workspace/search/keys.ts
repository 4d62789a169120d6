import { fold } from '../store/fold.ts'
import { conversationAttributes, withoutWords } from '../store/search-indexes.ts'
import { valuesOf } from './choices.ts'
import type { Condition } from './field.ts'
import { indexedColumn, type Keys, searchIndexes } from './indexes.ts'
import type { Listed } from './list.ts'
import type { Filter, Query } from './parse.ts'
import { compareLinked, compareValue, searchedWords, type Zone } from './sql.ts'
import { matchGrams, matchWords } from './text-match.ts'

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
  if (!('parts' in query)) {
    return [...byIndex([query], 1, zone, listed), ...valuesOf(query, zone, listed), ...byOther(query, zone)]
  }
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
        needs: found.flatMap(({ needs = [] }) => needs),
      },
    ]
  }
  const filters = query.parts.filter((part): part is Filter => !('parts' in part))
  const others = query.parts.flatMap((part) =>
    'parts' in part ? find(part) : [...valuesOf(part, zone, listed), ...byOther(part, zone)],
  )
  const alone = query.parts.length === 1
  return [
    ...byIndex(filters, query.parts.length, zone, listed),
    ...others.map((way) => ({ ...way, exact: way.exact && alone })),
  ]
}

/** Every index of which the filters, all of which hold, fill the first columns. */
function byIndex(filters: readonly Filter[], parts: number, zone: Zone, listed: Listed): Keys[] {
  return searchIndexes[listed.table].flatMap(({ name, columns, onDemand }) => {
    const used: Filter[] = []
    for (const column of columns) {
      const here = filters.filter((filter) => indexedColumn(filter) === column)
      used.push(...here.filter((filter) => comparison(filter) !== 'none'))
      if (!here.some((filter) => comparison(filter) === 'equal')) break
    }
    if (used.length === 0) return []
    const conditions = used.map((filter) => comparedAs(filter, zone))
    // A missing value is in no index that leaves some rows out.
    if (
      onDemand?.where !== undefined &&
      used.some(({ operator, value }) => value === null && operator === '=')
    ) {
      return []
    }
    const from = name === undefined ? listed.table : `${listed.table} INDEXED BY ${name}`
    const where = [...conditions.map(({ sql }) => sql), ...(onDemand?.where ? [onDemand.where] : [])]
    return [
      {
        sql: `SELECT ${listed.table}.${listed.key} AS key FROM ${from} WHERE ${where.join(' AND ')}`,
        values: conditions.flatMap(({ values }) => values),
        exact: used.length === parts && !used.some(isWidened),
        ...(onDemand ? { needs: [onDemand] } : {}),
      },
    ]
  })
}

function isWidened({ field: { operand } }: Filter): boolean {
  return operand.kind === 'value' && operand.indexedAs !== undefined
}

/** A filter in the form in which an index can serve it. */
export function comparedAs(filter: Filter, zone: Zone): Condition {
  const { operand } = filter.field
  if (operand.kind !== 'value') throw new TypeError('only values are in indexes')
  if (filter.value === null && filter.operator === '!=')
    return isSet(filter, operand.indexedAs ?? operand.sql)
  return compareValue(filter, { ...operand, sql: operand.indexedAs ?? operand.sql }, zone)
}

/** Whatever is set is no less than the least value of its kind. */
function isSet({ field: { type, operand } }: Filter, sql: string): Condition {
  const isText = type === 'string' && operand.kind === 'value' && operand.stored !== 'number'
  return { sql: `${sql} >= ?`, values: [isText ? '' : Number.NEGATIVE_INFINITY] }
}

/** How a filter uses an index on its column: for equality, which lets the next column join in, or for a range. */
export function comparison({ field, operator, value }: Filter): 'equal' | 'range' | 'none' {
  const { operand } = field
  if (operand.kind !== 'value') return 'none'
  if (value === null) {
    if (operand.indexedAs !== undefined || (field.always && operator === '=')) return 'none'
    return operator === '=' ? 'equal' : 'range'
  }
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

/** Links, texts and custom attributes: tables and indexes of their own. */
function byOther(filter: Filter, zone: Zone): Keys[] {
  const { operator, value, field } = filter
  const { operand } = field
  if (operand.kind === 'words') return byWords(filter)
  if (field.always && value === null && operator === '=') return [none]
  if (operand.kind === 'value') {
    if (operand.attribute !== undefined) return byAttribute(filter, operand.attribute, zone)
    const asks = operand.grams !== undefined && value !== null && (operator === '~' || operator === '$')
    return asks ? matchGrams(zone.listed.table, operand.grams, fold(String(value))) : []
  }
  // Who has no link is in no index of links.
  const negative = operator === '!=' || operator === 'NIN' || operator === '!~'
  if (value === null ? operator === '=' : negative && operand.negative === 'none') return []
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

function byWords({ operator, value }: Filter): Keys[] {
  if (value === null) return operator === '=' ? [wordless] : []
  const list = searchedWords(value)
  if (list.length > 0) return operator === '!~' ? [] : matchWords(operator, list)
  return operator === '!=' || operator === 'NIN' || operator === '!~' ? [] : [none]
}

/** A conversation's custom attribute, found among those of its name. */
function byAttribute(filter: Filter, name: string, zone: Zone): Keys[] {
  if (filter.value === null && filter.operator === '=') return []
  const { operand } = filter.field
  if (operand.kind !== 'value') return []
  const condition = compareValue(filter, { ...operand, sql: 'value', values: [] }, zone)
  return [
    {
      sql: `SELECT conversation_id AS key FROM conversation_attributes WHERE name = ? AND ${condition.sql}`,
      values: [name, ...condition.values],
      exact: true,
      needs: [conversationAttributes],
    },
  ]
}

const wordless: Keys = {
  sql: `SELECT id AS key FROM conversations INDEXED BY ${withoutWords.name} WHERE ${withoutWords.sql} = ''`,
  values: [],
  exact: true,
  needs: [withoutWords],
}

const none: Keys = { sql: 'SELECT 0 AS key WHERE 0', values: [], exact: true }
