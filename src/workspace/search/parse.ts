import { ApiError } from '../http/api-error.ts'
import { isObject } from '../http/input.ts'
import type { Field, FieldType, FindField } from './field.ts'
import { type Operator, operatorsOf, type SearchRules } from './operators.ts'

/** A checked filter: the operator suits the field, the value has the field's type. */
export interface Filter {
  readonly field: Field
  readonly operator: Operator
  readonly value: Scalar | readonly Scalar[] | null
}

/** A value of a filter; dates are Unix seconds. */
type Scalar = string | number | boolean

/** A checked query. */
export type Query = Filter | { readonly operator: 'AND' | 'OR'; readonly parts: readonly Query[] }

/** 15 filters a group, groups in groups but no deeper (docs/intercom-api.md 4). */
const maxParts = 15
const maxDepth = 2

const incomplete =
  "Invalid query. Ensure 'field', 'operator', 'value' are present for field queries. " +
  "Ensure 'operator' and 'value' for composite queries."

/** Search errors carry `request_id: null` (docs/intercom-api.md 4.1). */
export function searchError(code: string, message: string): ApiError {
  return new ApiError(400, code, message, 'null')
}

/**
 * Checks a query of the request body; every refusal has Intercom's own code and text
 * (docs/intercom-api.md 4.1).
 */
export function parseQuery(source: unknown, find: FindField, rules: SearchRules, depth = 1): Query {
  if (!isObject(source) || !('operator' in source)) throw searchError('invalid_query', incomplete)
  if ('field' in source) return parseFilter(source, find, rules)
  const { operator, value } = source
  if (!Array.isArray(value)) throw searchError('invalid_query', incomplete)
  if (operator !== 'AND' && operator !== 'OR') {
    throw searchError('invalid_operator', 'Composite operators must be of type AND or OR ')
  }
  if (value.length === 0) throw searchError('invalid_query', incomplete)
  if (depth > maxDepth) throw searchError('invalid_values', 'Value depth exceeds 10 items')
  if (value.length > maxParts) {
    const text =
      'Number of elements in composite query is greater than 15, please try again with a smaller list'
    throw searchError('invalid_value', text)
  }
  return { operator, parts: value.map((part) => parseQuery(part, find, rules, depth + 1)) }
}

function parseFilter(source: Record<string, unknown>, find: FindField, rules: SearchRules): Filter {
  const { field: name, operator, value = null } = source
  if (typeof name !== 'string' || typeof operator !== 'string') throw searchError('invalid_query', incomplete)
  const field = find(name)
  if (field === undefined) throw searchError('invalid_field', `${shown(name)} is not a valid field`)
  const known = operatorsOf(field, rules).find((candidate) => candidate === operator)
  if (known === undefined) {
    throw searchError('invalid_operator', `${name} does not support operator: ${shown(operator)}`)
  }
  // A filter without a value asks for unset fields; only equality can (docs/intercom-api.md 4.2).
  if (value === null) {
    if (known !== '=' && known !== '!=') throw searchError('invalid_query', incomplete)
    return { field, operator: known, value: null }
  }
  if (known === 'IN' || known === 'NIN') {
    if (!Array.isArray(value)) throw searchError('invalid_value', `${shown(value)} is not a valid array`)
    return { field, operator: known, value: value.map((item) => scalar(item, field.type)) }
  }
  const type = field.ordered && (known === '>' || known === '<') ? 'integer' : field.type
  // A page begins after "", the id before all others.
  const compared = type === 'integer' && field.ordered && value === '' ? 0 : value
  return { field, operator: known, value: scalar(compared, type) }
}

const wholeNumber = /^-?\d{1,15}$/

function scalar(value: unknown, type: FieldType): Scalar {
  switch (type) {
    case 'string':
      if (typeof value === 'string') return value
      break
    case 'boolean':
      if (typeof value === 'boolean') return value
      if (value === 'true' || value === 'false') return value === 'true'
      break
    case 'integer':
      if (typeof value === 'number' && Number.isFinite(value)) return value
      if (typeof value === 'string' && wholeNumber.test(value)) return Number(value)
      break
    case 'date':
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value
      if (typeof value === 'string' && wholeNumber.test(value)) return Number(value)
  }
  throw searchError('invalid_value', `${shown(value)} is not a valid ${type}`)
}

/** A value as an error repeats it, cut so that an answer stays small. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : safeJson(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch {
    return 'value'
  }
}
