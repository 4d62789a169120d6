import { oneLine, quoted, wrapCustomerText } from './customer-text.ts'
import { spend, type TokenBudget } from './token-budget.ts'

/** Any JSON object. */
export type Json = Record<string, unknown>

const maxInlineLength = 120
const maxTextTokens = 250
const maxDepth = 6

const timeKey = /(?:^|_)(?:at|since|until|on)$/
/** Their values stay on one line however long they are. */
const inlineKeys = new Set(['id', 'external_id', 'name', 'email', 'phone', 'subject', 'page'])
/** Intercom's own fields, which no further call takes and no reader needs. */
const internalKeys = new Set(['type', 'url', 'workspace_id'])

/**
 * Any object without nulls, empty values and Intercom's internal fields: long strings wrapped as customer text, short
 * ones on one line, Unix times under `…_at`, `…_since`, `…_until` as ISO. `undefined` when nothing is left. What does
 * not fit is named in the budget.
 */
export function compactObject(value: Json, budget: TokenBudget, depth = 0): Json | undefined {
  const entries: [string, unknown][] = []
  for (const [key, item] of Object.entries(value)) {
    if ((internalKeys.has(key) && typeof item === 'string') || isEmpty(item)) continue
    if (!spend(budget, `${keyLabel(key)}::`)) {
      budget.leftOut.push(quoted(keyLabel(key)))
      continue
    }
    const kept = compactValue(item, budget, key, depth + 1)
    if (kept !== undefined) entries.push([keyLabel(key), kept])
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function compactValue(value: unknown, budget: TokenBudget, key: string, depth: number): unknown {
  if (isEmpty(value)) return undefined
  if (typeof value === 'string') return ifItFits(compactString(value, key), budget, key)
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value)
  if (typeof value !== 'object' || value === null)
    return ifItFits((timeKey.test(key) ? isoTime(value) : undefined) ?? value, budget, key)
  if (depth >= maxDepth) {
    budget.leftOut.push(quoted(keyLabel(key)))
    return undefined
  }
  if (Array.isArray(value)) return compactList(value, budget, key, depth)
  return compactObject(value as Json, budget, depth)
}

/** Items are kept whole or left out. */
function compactList(list: readonly unknown[], budget: TokenBudget, key: string, depth: number): unknown {
  const items: unknown[] = []
  let missing = 0
  for (const item of list) {
    const trial: TokenBudget = { tokens: budget.tokens, leftOut: [] }
    const kept = compactValue(item, trial, key, depth + 1)
    if (trial.leftOut.length > 0) missing += 1
    else if (kept !== undefined) {
      items.push(kept)
      budget.tokens = trial.tokens
    }
  }
  if (missing > 0) budget.leftOut.push(`${missing} of ${list.length} ${quoted(keyLabel(key))}`)
  return items.length === 0 ? undefined : items
}

function ifItFits(value: unknown, budget: TokenBudget, key: string): unknown {
  if (spend(budget, value)) return value
  budget.leftOut.push(quoted(keyLabel(key)))
  return undefined
}

function compactString(value: string, key: string): string {
  const isLong = value.length > maxInlineLength || value.includes('\n')
  return isLong && !inlineKeys.has(key)
    ? wrapCustomerText(value, maxTextTokens)
    : oneLine(value, maxInlineLength)
}

/** The named fields, without empty ones and flags that are false. */
export function pick(object: Json, keys: readonly string[], budget: TokenBudget): Json {
  const fields = keys.filter((key) => object[key] !== false).map((key) => [key, object[key]] as const)
  return compactObject(Object.fromEntries(fields), budget) ?? {}
}

const dateKey = /(?:^|[_ -])(?:at|on|since|until|date|time)$/i

/** Custom attributes with dates as `1802476800 (2027-02-13T00:00Z)`: an update takes the number. */
export function withDates(attributes: unknown): unknown {
  if (!isObject(attributes)) return attributes
  const dated = Object.entries(attributes).map(([key, value]) => {
    const time = dateKey.test(key) ? isoTime(value) : undefined
    return [key, time === undefined ? value : `${value} (${time})`]
  })
  return Object.fromEntries(dated)
}

/** A key as it may be shown: the keys of attributes are chosen by people. */
export function keyLabel(key: string): string {
  return oneLine(key, 60)
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || typeof value === 'function') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The objects in a list; none of a value that is no list. */
export function objectsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** A Unix time in seconds as ISO, without the seconds when they are 0; `undefined` for anything else. */
export function isoTime(value: unknown): string | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1e8 || value > 1e11) return undefined
  return new Date(value * 1000).toISOString().replace(/(?::00)?\.000Z$/, 'Z')
}
