import { jsonValue } from '../../core/exact-json.ts'
import { didYouMean } from '../../core/nearest.ts'
import { quotedName, sentences } from '../../errors.ts'
import type { Typed } from '../types/seconds.ts'
import { type FieldType, fieldType, type SearchLanguage } from './fields.ts'
import { operatorHint } from './operators.ts'
import { type FilterValue, typedScalar } from './value.ts'

/** A query in Intercom's own language. */
export type Query =
  | { field: string; operator: string; value: FilterValue }
  | { operator: 'AND' | 'OR'; value: Query[] }

/** What is wrong with a query, and in which parameter; `whole` when the text already speaks of all of it. */
type Problem = { parameter: 'query_field' | 'query_operator' | 'query_value'; problem: string; whole?: true }

/** A query, or why there is none. */
type Checked = { query: Query } | Problem

/** Intercom's limits for compound queries (docs/intercom-api.md 4). */
const maxLevels = 2
const maxFilters = 15

/** Checks one filter whose value arrived as text. */
export function singleFilter(
  language: SearchLanguage,
  field: string,
  operator: string,
  value: unknown,
): Checked {
  const type = fieldType(language, field)
  if (type === undefined) return unknownField(language, field, 'query_field')
  const operators: readonly string[] = language.operators[type]
  if (!operators.includes(operator)) {
    const takes = `${field} takes ${operators.join(' ')}`
    const hint = operatorHint(operator, operators)
    const problem = sentences(`${quotedName(operator)} does not fit: ${takes}`, hint)
    return { parameter: 'query_operator', problem }
  }
  const typed = typedValue(field, type, operator, value, language)
  if ('problem' in typed) return { parameter: 'query_value', problem: `for ${field} ${typed.problem}` }
  return { query: { field, operator, value: typed.value } }
}

/** What is wrong with a field that Intercom cannot search, in a parameter. */
export function unknownField<Parameter extends string>(
  language: SearchLanguage,
  field: string,
  parameter: Parameter,
): { parameter: Parameter; problem: string } {
  const known = [...Object.keys(language.fields), language.own.shown]
  const names = `${quotedName(field)} cannot be searched; these can: ${known.join(', ')}`
  return { parameter, problem: sentences(names, didYouMean(field, known, language.otherNames)) }
}

function typedValue(
  field: string,
  type: FieldType,
  operator: string,
  given: unknown,
  language: SearchLanguage,
): Typed<FilterValue> {
  const scalar = (one: unknown) => typedScalar({ field, type, operator }, one, language)
  if (given === null) {
    return operator === '=' || operator === '!='
      ? { value: null }
      : { problem: 'compares with null by = and != only' }
  }
  if (operator !== 'IN' && operator !== 'NIN') {
    return Array.isArray(given) ? { problem: 'takes a list with IN and NIN only' } : scalar(given)
  }
  const items = listOf(given)
  if ('problem' in items) return items
  const values: (string | number | boolean)[] = []
  for (const item of items.value) {
    const typed = scalar(item)
    if ('problem' in typed) return typed
    values.push(typed.value)
  }
  return { value: values }
}

/** Items of a list: checking a million would hold up all other calls. */
const mostItems = 10_000

/** A list from an array, a JSON array as text, or text split at commas. */
function listOf(given: unknown): Typed<unknown[]> {
  const text = typeof given === 'string' ? given.trim() : ''
  const items = text.startsWith('[')
    ? jsonValue(text)
    : typeof given === 'string'
      ? text.split(',', mostItems + 1).map((item) => item.trim())
      : given
  if (!Array.isArray(items))
    return { problem: 'takes a comma-separated list or a JSON array with IN and NIN' }
  if (items.length > mostItems) return { problem: `takes a list of ${mostItems} items at most` }
  if (items.length === 0 || items.includes('')) return { problem: 'takes a list without empty items' }
  return { value: items }
}

/** Checks a compound query: `value` is the text of a JSON array of filters and groups. */
export function compoundQuery(language: SearchLanguage, operator: 'AND' | 'OR', value: unknown): Checked {
  const filters = typeof value === 'string' ? jsonValue(value) : value
  if (!Array.isArray(filters)) {
    const example = '[{"field":"role","operator":"=","value":"lead"}]'
    return wrong(`with ${operator} takes the JSON array of filters, such as ${example}`)
  }
  return group(language, operator, filters, 1)
}

const nouns = { query_field: 'field', query_operator: 'operator', query_value: 'value' }

function group(language: SearchLanguage, operator: 'AND' | 'OR', filters: unknown[], level: number): Checked {
  if (level > maxLevels) return wrong(`nests groups deeper than ${maxLevels} levels`)
  if (filters.length === 0) return wrong(`contains an empty ${operator} group`)
  if (filters.length > maxFilters)
    return wrong(`contains a group of ${filters.length} filters; ${maxFilters} are allowed`)
  const queries: Query[] = []
  for (const filter of filters) {
    const checked = member(language, filter, level)
    if ('problem' in checked)
      return checked.whole
        ? checked
        : wrong(`contains a filter whose ${nouns[checked.parameter]} ${checked.problem}`)
    queries.push(checked.query)
  }
  return { query: { operator, value: queries } }
}

function member(language: SearchLanguage, filter: unknown, level: number): Checked {
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter))
    return wrong('contains a filter that is not an object')
  const { field, operator, value, ...rest } = filter as Record<string, unknown>
  const unknown = Object.keys(rest)[0]
  if (unknown !== undefined)
    return wrong(
      `contains a filter with an unknown key ${quotedName(unknown)}; it has field, operator, value`,
    )
  if (typeof operator !== 'string') return wrong('contains a filter without operator')
  if (operator === 'AND' || operator === 'OR') {
    if (field !== undefined) return wrong(`contains an ${operator} group with a field; groups have none`)
    return Array.isArray(value)
      ? group(language, operator, value, level + 1)
      : wrong(`contains an ${operator} group whose value is not an array of filters`)
  }
  if (typeof field !== 'string') return wrong('contains a filter without field')
  if (value === undefined)
    return wrong(`contains a filter on ${quotedName(field)} without value; null finds what is unset`)
  return singleFilter(language, field, operator, value)
}

function wrong(problem: string): Checked {
  return { parameter: 'query_value', problem, whole: true }
}
