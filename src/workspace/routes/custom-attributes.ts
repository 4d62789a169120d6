import { invalid } from '../http/api-error.ts'
import type { Input } from '../http/input.ts'
import { isSystemAttribute } from '../shapes/system-attributes.ts'
import type { DataAttributeRow } from '../store/app-tables.ts'
import type { Store } from '../store/store.ts'

type Value = string | number | boolean

/**
 * Lays the given custom attributes over those an object has: unknown names are refused
 * (docs/intercom-api.md 1.4), null clears, the rest is stored in the declared type.
 */
export function mergeAttributes(
  store: Store,
  model: 'contact' | 'company' | 'conversation',
  current: Readonly<Record<string, unknown>>,
  given: Input,
): Record<string, unknown> {
  const declared = store.attributes(model)
  const merged = new Map(Object.entries(current))
  for (const [name, value] of given.values) {
    if (isSystemAttribute(model, name)) continue
    const attribute = declared.find((candidate) => candidate.name === name)
    if (attribute === undefined) throw invalid(`Custom attribute '${name}' does not exist`)
    if (value === null || value === undefined) merged.delete(name)
    else merged.set(name, typed(attribute, value))
  }
  return Object.fromEntries(merged)
}

const wholeNumber = /^-?\d{1,15}$/
const decimal = /^-?\d{1,15}(?:\.\d{1,15})?$/

function typed(attribute: DataAttributeRow, value: unknown): Value {
  switch (attribute.data_type) {
    case 'integer':
    case 'date':
    case 'datetime':
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value
      if (typeof value === 'string' && wholeNumber.test(value)) return Number(value)
      break
    case 'float':
      if (typeof value === 'number' && Number.isFinite(value)) return value
      if (typeof value === 'string' && decimal.test(value)) return Number(value)
      break
    case 'boolean':
      if (typeof value === 'boolean') return value
      if (value === 'true' || value === 'false') return value === 'true'
      break
    default:
      if (typeof value === 'string') return option(attribute, value)
      if (typeof value === 'number' || typeof value === 'boolean') return option(attribute, String(value))
  }
  throw invalid(`Custom attribute '${attribute.name}' must be of type ${attribute.data_type}`)
}

/** A list attribute takes one of its options only (docs/intercom-api.md 3.2; the text is ours). */
function option(attribute: DataAttributeRow, value: string): string {
  const options: unknown = JSON.parse(attribute.options)
  if (!Array.isArray(options) || options.length === 0 || options.includes(value)) return value
  throw invalid(`Custom attribute '${attribute.name}' has no option '${value.slice(0, 200)}'`)
}
