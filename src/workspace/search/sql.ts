import type { SQLInputValue } from 'node:sqlite'
import { fold, searchWord } from '../store/fold.ts'
import { dayOf } from './days.ts'
import type { Condition, Operand } from './field.ts'
import type { Operator, SearchRules } from './operators.ts'
import type { Filter, Query } from './parse.ts'

/** What a translation needs to know about the workspace. */
export interface Zone extends SearchRules {
  readonly timezone: string
}

const nothing: Condition = { sql: '0', values: [] }
const everything: Condition = { sql: '1', values: [] }

/** Translates a checked query; the SQL holds names of this program only, every value is bound. */
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
      return compare(query, operand, operand.stored ?? 'plain', zone)
  }
}

const negatives: Partial<Record<Operator, Operator>> = { '!=': '=', NIN: 'IN', '!~': '~' }

function linked(filter: Filter, operand: Extract<Operand, { kind: 'linked' }>, zone: Zone): Condition {
  const { from, guard, value, stored = 'plain', negative } = operand
  const where = (not: boolean, inner: Condition): Condition => ({
    sql: `${not ? 'NOT ' : ''}${from} WHERE ${guard === undefined ? '' : `${guard.sql} AND `}${inner.sql})`,
    values: [...(guard?.values ?? []), ...inner.values],
  })
  const expression = { sql: value, values: [] }
  if (filter.value === null) {
    return where(filter.operator === '=', compare({ ...filter, operator: '!=' }, expression, stored, zone))
  }
  const positive = negative === 'none' ? negatives[filter.operator] : undefined
  const operator = positive ?? filter.operator
  return where(positive !== undefined, compare({ ...filter, operator }, expression, stored, zone))
}

/** Compares one SQL value. Unset values match no operator but `= null` (2.12; later versions differ, dossier 4.2). */
function compare(
  { field, operator, value }: Filter,
  expression: Condition,
  stored: 'plain' | 'folded' | 'number',
  zone: Zone,
): Condition {
  const { sql } = expression
  const bind: Bind = (condition, ...values) => ({ sql: condition, values: [...expression.values, ...values] })
  if (value === null) return bind(`${sql} IS ${operator === '=' ? '' : 'NOT '}NULL`)
  if (field.type === 'date' && zone.wholeDays && typeof value === 'number') {
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
  return bind(`${sql} ${not}IN (SELECT value FROM json_each(?))`, JSON.stringify(list))
}

function number(operator: Operator, sql: string, value: Filter['value'], bind: Bind, zone: Zone): Condition {
  if (Array.isArray(value)) return within(operator, sql, value.map(Number), bind)
  // On conversations > and < are described as "or equal" (S:5603).
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
  return text(operator, `CAST(${sql} AS TEXT)`, String(value), bind)
}

function folded(value: unknown): string {
  return fold(String(value))
}

/** Text operators (S:4366). A prefix is a range, so that an index can serve it. */
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

const matching = 'conversations.id IN (SELECT conversation_words.rowid FROM conversation_words'

/** `source.body` is matched word by word; a value of several words matches none (S:5541). */
function words({ operator, value }: Filter): Condition {
  if (value === null) return operator === '=' ? { sql: `source_text = ''`, values: [] } : everything
  const positive = negatives[operator]
  const list = (Array.isArray(value) ? value : [value])
    .map((item) => searchWord(String(item)))
    .filter((word) => word !== undefined)
  const found = list.length === 0 ? nothing : wordCondition(positive ?? operator, list)
  return positive === undefined ? found : { sql: `NOT (${found.sql})`, values: found.values }
}

function wordCondition(operator: Operator, list: readonly string[]): Condition {
  const [word = ''] = list
  switch (operator) {
    case '^':
      return { sql: `${matching} WHERE conversation_words MATCH ?)`, values: [`"${word}"*`] }
    case '~':
      return { sql: 'instr(source_text, ?) > 0', values: [word] }
    case '$':
      return { sql: `instr(source_text || ' ', ?) > 0`, values: [`${word} `] }
    case '=':
      return { sql: `${matching} WHERE conversation_words MATCH ?)`, values: [`"${word}"`] }
    default: {
      const phrases = JSON.stringify(list.map((item) => `"${item}"`))
      return {
        sql: `${matching}, json_each(?) AS wanted WHERE conversation_words MATCH wanted.value)`,
        values: [phrases],
      }
    }
  }
}
