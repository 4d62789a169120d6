import type { SQLInputValue } from 'node:sqlite'
import { fold, searchWord } from '../store/fold.ts'
import { dayOf } from './days.ts'
import type { Condition, Operand } from './field.ts'
import type { Operator, SearchRules } from './operators.ts'
import type { Filter, Query } from './parse.ts'

/** What a translation needs to know: the searched table and the workspace's days. */
export interface Zone extends SearchRules {
  readonly timezone: string
  readonly listed: { readonly table: string; readonly key: string }
}

/**
 * Translates a checked query into a condition on one row, for rows that something else has found; see `keys.ts`.
 * The SQL holds names of this program only, every value is bound.
 */
export function toSql(query: Query, zone: Zone): Condition {
  if ('parts' in query) {
    const parts = query.parts.map((part) => toSql(part, zone))
    return {
      sql: `(${parts.map((part) => part.sql).join(` ${query.operator} `)})`,
      values: parts.flatMap((part) => part.values),
    }
  }
  const { operand } = query.field
  switch (operand.kind) {
    case 'words':
      return words(query)
    case 'linked':
      return linked(query, operand, zone)
    case 'value':
      return compareValue(query, operand, zone)
  }
}

const negatives: Partial<Record<Operator, Operator>> = { '!=': '=', NIN: 'IN', '!~': '~' }

/** A row is linked to a value that matches, or to none that does. */
function linked(filter: Filter, operand: Linked, zone: Zone): Condition {
  const { from, key, negative } = operand
  const row = `${from} WHERE ${key} = ${zone.listed.table}.${zone.listed.key}`
  const where = (not: boolean, inner: Condition): Condition => ({
    sql: `${not ? 'NOT ' : ''}EXISTS (SELECT 1 FROM ${row} AND ${inner.sql})`,
    values: inner.values,
  })
  if (filter.value === null) {
    return where(filter.operator === '=', compareLinked({ ...filter, operator: '!=' }, operand, zone))
  }
  const positive = negative === 'none' ? negatives[filter.operator] : undefined
  const operator = positive ?? filter.operator
  return where(positive !== undefined, compareLinked({ ...filter, operator }, operand, zone))
}

type Linked = Extract<Operand, { kind: 'linked' }>

/** The condition on the linked row alone, whatever row it is linked to. */
export function compareLinked(filter: Filter, { guard, value, stored }: Linked, zone: Zone): Condition {
  const inner = compare(filter, { sql: value, values: [] }, stored ?? 'plain', zone)
  if (guard === undefined) return inner
  return { sql: `${guard.sql} AND ${inner.sql}`, values: [...guard.values, ...inner.values] }
}

/** The condition on a column or an expression of the searched row. */
export function compareValue(
  filter: Filter,
  operand: Condition & { readonly stored?: 'plain' | 'folded' | 'number' },
  zone: Zone,
): Condition {
  return compare(filter, operand, operand.stored ?? 'plain', zone)
}

/**
 * Compares one SQL value. Unset values match no operator but `= null` (2.12; later versions differ,
 * docs/intercom-api.md 4.2).
 */
function compare(
  { field, operator, value }: Filter,
  expression: Condition,
  stored: 'plain' | 'folded' | 'number',
  zone: Zone,
): Condition {
  const { sql } = expression
  const bind: Bind = (condition, ...values) => ({ sql: condition, values: [...expression.values, ...values] })
  if (value === null) return bind(`${sql} IS ${operator === '=' ? '' : 'NOT '}NULL`)
  if (field.type === 'date' && zone.wholeDays && !field.exact && typeof value === 'number') {
    const { start, end } = dayOf(value, zone.timezone)
    if (operator === '>') return bind(`${sql} >= ?`, end)
    if (operator === '<') return bind(`${sql} < ?`, start)
    return bind(`${sql} BETWEEN ? AND ?`, start, end - 1)
  }
  if (field.type !== 'string') return number(operator, sql, value, bind, zone)
  if (stored === 'number') return numberAsText(operator, sql, value, bind)
  return text(operator, sql, Array.isArray(value) ? value.map(folded) : folded(String(value)), bind)
}

type Bind = (condition: string, ...values: SQLInputValue[]) => Condition

function within(operator: Operator, sql: string, list: readonly unknown[], bind: Bind): Condition {
  const not = operator === 'IN' ? '' : 'NOT '
  // SQL finds even NULL to be in no empty list.
  if (operator === 'NIN' && list.length === 0) return bind(`${sql} IS NOT NULL`)
  return bind(`${sql} ${not}IN (SELECT value FROM json_each(?))`, JSON.stringify(list))
}

function number(operator: Operator, sql: string, value: Filter['value'], bind: Bind, zone: Zone): Condition {
  if (Array.isArray(value)) return within(operator, sql, value.map(Number), bind)
  // On conversations > and < are described as "or equal" (docs/intercom-api.md 4.2).
  const symbol = zone.wholeDays || (operator !== '>' && operator !== '<') ? operator : `${operator}=`
  return bind(`${sql} ${symbol === '!=' ? '<>' : symbol} ?`, Number(value))
}

const digits = /^(?:0|[1-9]\d{0,14})$/

/** An id that the wire shows as text: equality compares numbers, so that an index serves; the rest compares text. */
function numberAsText(operator: Operator, sql: string, value: Filter['value'], bind: Bind): Condition {
  const idOf = (item: unknown) => (digits.test(String(item)) ? Number(item) : -1)
  if (Array.isArray(value)) return within(operator, sql, value.map(idOf), bind)
  if (operator === '=' || operator === '!=') {
    return bind(`${sql} ${operator === '=' ? '=' : '<>'} ?`, idOf(value))
  }
  // Strictly, unlike numbers: who pages by id would find the last one again and again.
  if (operator === '>' || operator === '<') return bind(`${sql} ${operator} ?`, Number(value))
  return text(operator, `CAST(${sql} AS TEXT)`, String(value), bind)
}

function folded(value: unknown): string {
  return fold(String(value))
}

/** Text operators (docs/intercom-api.md 4.2). A prefix is a range, so that an index can serve it. */
function text(operator: Operator, sql: string, value: string | string[], bind: Bind): Condition {
  if (Array.isArray(value)) return within(operator, sql, value, bind)
  switch (operator) {
    case '=':
      return bind(`${sql} = ?`, value)
    case '!=':
      return bind(`${sql} <> ?`, value)
    case '~':
      return bind(`instr(${sql}, ?) > 0`, value)
    case '!~':
      return bind(`instr(${sql}, ?) = 0`, value)
    case '^':
      return bind(`${sql} BETWEEN ? AND ?`, value, `${value}\u{10ffff}`)
    default:
      if (value === '') return bind(`${sql} IS NOT NULL`)
      return bind(`substr(${sql}, -length(?)) = ?`, value, value)
  }
}

/**
 * `source.body` is matched word by word; a value of several words matches none (docs/intercom-api.md 4.2).
 */
function words({ operator, value }: Filter): Condition {
  if (value === null) return { sql: `source_text ${operator === '=' ? '=' : '<>'} ''`, values: [] }
  const positive = negatives[operator]
  const list = searchedWords(value)
  const found = list.length === 0 ? { sql: '0', values: [] } : wordCondition(positive ?? operator, list)
  return positive === undefined ? found : { sql: `NOT (${found.sql})`, values: found.values }
}

/** The words of a filter's value that a body could hold. */
export function searchedWords(value: Filter['value']): string[] {
  return (Array.isArray(value) ? value : [value])
    .map((item) => searchWord(String(item)))
    .filter((word) => word !== undefined)
}

/** `source_text` has a blank between words, so that with blanks around it every word has two. */
function wordCondition(operator: Operator, list: readonly string[]): Condition {
  const [word = ''] = list
  switch (operator) {
    case '^':
      return { sql: `instr(' ' || source_text, ?) > 0`, values: [` ${word}`] }
    case '~':
      return { sql: 'instr(source_text, ?) > 0', values: [word] }
    case '$':
      return { sql: `instr(source_text || ' ', ?) > 0`, values: [`${word} `] }
    case '=':
      return { sql: `instr(' ' || source_text || ' ', ?) > 0`, values: [` ${word} `] }
    default: {
      const wanted = JSON.stringify(list.map((item) => ` ${item} `))
      const each = `json_each(?) WHERE instr(' ' || source_text || ' ', value) > 0`
      return { sql: `EXISTS (SELECT 1 FROM ${each})`, values: [wanted] }
    }
  }
}
