import { type Allowance, isObject, iso, type Json, take } from './allowance.ts'
import { fenced, oneLine, quoted } from './fence.ts'

/** Longer strings of unknown origin are fenced. */
const shortText = 120
const longText = 250
const deepest = 6

const timeKey = /(?:^|_)(?:at|since|until|on)$/
/** What stays on one line however long it is. */
const short = new Set(['id', 'external_id', 'name', 'email', 'phone', 'subject', 'page'])
/** Intercom's plumbing, which no next call takes and no reader needs. */
const plumbing = new Set(['type', 'url', 'workspace_id'])

/**
 * Any JSON value without nulls, empties and plumbing: long strings fenced, short ones on one line, Unix times under
 * `…_at`, `…_since`, `…_until` as ISO. `undefined` when nothing is left. What exceeds the allowance is named there.
 */
function compacted(value: unknown, allowance: Allowance, key = '', depth = 0): unknown {
  if (isEmpty(value)) return undefined
  if (typeof value === 'string') return afforded(text(value, key), allowance, key)
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value)
  if (typeof value !== 'object' || value === null) {
    return afforded((timeKey.test(key) ? iso(value) : undefined) ?? value, allowance, key)
  }
  if (depth >= deepest) {
    allowance.leftOut.push(quoted(label(key)))
    return undefined
  }
  if (Array.isArray(value)) return compactedList(value, allowance, key, depth)
  return compactedObject(value as Json, allowance, depth)
}

/** The same for a list, whose items are kept whole or left out. */
function compactedList(list: readonly unknown[], allowance: Allowance, key: string, depth: number): unknown {
  const items: unknown[] = []
  let missing = 0
  for (const item of list) {
    const trial: Allowance = { tokens: allowance.tokens, leftOut: [] }
    const kept = compacted(item, trial, key, depth + 1)
    if (trial.leftOut.length > 0) missing += 1
    else if (kept !== undefined) {
      items.push(kept)
      allowance.tokens = trial.tokens
    }
  }
  if (missing > 0) allowance.leftOut.push(`${missing} of ${list.length} ${quoted(label(key))}`)
  return items.length === 0 ? undefined : items
}

/** The same for an object, without the keys in `skip`. */
export function compactedObject(
  value: Json,
  allowance: Allowance,
  depth = 0,
  skip: readonly string[] = [],
): Json | undefined {
  const entries: [string, unknown][] = []
  for (const [key, item] of Object.entries(value)) {
    if (skip.includes(key) || (plumbing.has(key) && typeof item === 'string') || isEmpty(item)) continue
    if (!take(allowance, `${label(key)}::`)) {
      allowance.leftOut.push(quoted(label(key)))
      continue
    }
    const kept = compacted(item, allowance, key, depth + 1)
    if (kept !== undefined) entries.push([label(key), kept])
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

const dateKey = /(?:^|[_ -])(?:at|on|since|until|date|time)$/i

/** Custom attributes with dates as `1802476800 (2027-02-13T00:00Z)`: an update takes the number. */
export function attributes(value: unknown): unknown {
  if (!isObject(value)) return value
  const dated = Object.entries(value).map(([key, one]) => {
    const time = dateKey.test(key) ? iso(one) : undefined
    return [key, time === undefined ? one : `${one} (${time})`]
  })
  return Object.fromEntries(dated)
}

function afforded(value: unknown, allowance: Allowance, key: string): unknown {
  if (take(allowance, value)) return value
  allowance.leftOut.push(quoted(label(key)))
  return undefined
}

function text(value: string, key: string): string {
  return !short.has(key) && (value.length > shortText || value.includes('\n'))
    ? fenced(value, longText)
    : oneLine(value, shortText)
}

/** A key as it may stand in a reading: keys of attributes are chosen by people. */
export function label(key: string): string {
  return oneLine(key, 60)
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || typeof value === 'function') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
