import { deepest, open } from './words.ts'

/** JSON's types, a whole number apart. */
type Kind = 'null' | 'boolean' | 'integer' | 'number' | 'text' | 'list' | 'object'

/** What values at one place of an answer have in common, without the values. */
export type Shape = {
  /** How often each type was there. */
  kinds: Map<Kind, number>
  /** Of identifiers, addresses and times: how they are written. */
  formats: Set<string>
  /** Of the words of enumerations; kept to be looked up, never to be shown as they are. */
  words: Set<string>
  keys: Map<string, Shape>
  items: Shape | null
}

/** Values that are looked at in one answer; what is beyond is left out. */
const mostValues = 100_000
/** Keys that are told apart in one object; Intercom's largest has some sixty. */
const mostKeys = 500

export function newShape(): Shape {
  return { kinds: new Map(), formats: new Set(), words: new Set(), keys: new Map(), items: null }
}

/** Adds the shape of a JSON value. `isEnumeration` tells which keys have words of Intercom's. */
export function addTo(shape: Shape, value: unknown, isEnumeration: (key: string) => boolean): void {
  let left = mostValues
  add(shape, value, '', 0)

  function add(to: Shape, one: unknown, key: string, depth: number): void {
    if (left-- <= 0) return
    const kind = kindOf(one)
    to.kinds.set(kind, (to.kinds.get(kind) ?? 0) + 1)
    if (typeof one === 'string' && isWritten(key)) to.formats.add(formatOf(one))
    if (typeof one === 'number' && isTime(key)) to.formats.add(timeOf(one))
    if (typeof one === 'string' && isEnumeration(key) && to.words.size < 100) to.words.add(one.slice(0, 100))
    if (depth >= deepest || open.has(key)) return
    if (Array.isArray(one)) {
      to.items ??= newShape()
      for (const item of one) add(to.items, item, key, depth + 1)
    } else if (typeof one === 'object' && one !== null) {
      for (const [name, item] of Object.entries(one)) {
        if (to.keys.size >= mostKeys && !to.keys.has(name)) break
        const child = to.keys.get(name) ?? newShape()
        to.keys.set(name, child)
        add(child, item, name, depth + 1)
      }
    }
  }
}

/** How often there was a value at all. */
export function timesOf({ kinds }: Shape): number {
  return [...kinds.values()].reduce((sum, count) => sum + count, 0)
}

function kindOf(value: unknown): Kind {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value === 'boolean' ? 'boolean' : typeof value === 'object' ? 'object' : 'text'
}

/** Identifiers that the customer chooses, or that are codes of the workspace. */
const chosen = new Set([
  'external_id',
  'user_id',
  'company_id',
  'app_id',
  'workspace_id',
  'parent_id',
  'reply_to',
])

function isWritten(key: string): boolean {
  if (['id', 'url', 'email', 'avatar', 'image_url', 'first', 'last'].includes(key)) return true
  return isTime(key) || /_url$/.test(key) || (/_id$/.test(key) && !chosen.has(key))
}

function isTime(key: string): boolean {
  return /_(at|since|until)$/.test(key)
}

function timeOf(value: number): string {
  if (value > 1e11) return 'milliseconds'
  return value < 1e8 ? '' : 'Unix seconds'
}

const formats: [RegExp, string][] = [
  [/^[0-9a-f]{24}$/, '24 hex digits'],
  [/^[0-9]+$/, 'digits'],
  [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'UUID'],
  [/^[0-9a-v]{20}$/, '20 characters'],
  [/^\d{4}-\d\d-\d\d$/, 'ISO date'],
  [/^\d{4}-\d\d-\d\d[T ][\d:.]+ ?(Z|UTC|[+-]\d\d:?\d\d)?$/, 'ISO time'],
  [/^https?:\/\/\S+$/i, 'URL'],
  [/^\/\S*$/, 'path'],
  [/^[^\s@]+@[^\s@]+$/, 'e-mail address'],
]

/** How an identifier, address or time is written; empty for an empty text. */
export function formatOf(text: string): string {
  if (text === '') return ''
  if (text.length > 2000) return 'text'
  return formats.find(([pattern]) => pattern.test(text))?.[1] ?? 'text'
}
