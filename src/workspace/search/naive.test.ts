// Search in the words of docs/intercom-api.md 4.2 to 4.4, over plain objects: a second opinion without SQL.
// No test of its own.
import type { Item, Value } from './sample.test.ts'

/** A query as it is sent. */
export type Sent =
  | { readonly field: string; readonly operator: string; readonly value: unknown }
  | { readonly operator: 'AND' | 'OR'; readonly value: readonly Sent[] }

/** Intercom's type of a field, or how it departs from one. */
export type Kind = 'string' | 'integer' | 'boolean' | 'date' | 'tags' | 'list' | 'words'

const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Los_Angeles', dateStyle: 'short' })
const lower = (value: unknown) => String(value).normalize('NFC').toLowerCase()

export function matches(
  query: Sent,
  item: Item,
  kinds: Readonly<Record<string, Kind>>,
  wholeDays: boolean,
): boolean {
  if (!('field' in query)) {
    const each = (part: Sent) => matches(part, item, kinds, wholeDays)
    return query.operator === 'AND' ? query.value.every(each) : query.value.some(each)
  }
  const { field, operator, value } = query
  const kind = kinds[field]
  const held = item.fields[field] ?? null
  const positive = { '!=': '=', NIN: 'IN', '!~': '~' }[operator]
  if (Array.isArray(held) || kind === 'words') {
    const values: readonly Value[] = Array.isArray(held) ? held : wordsOf(String(held))
    if (value === null) return (values.length === 0) === (operator === '=')
    const wanted = kind === 'words' ? asWord(value) : value
    const found = values.some((one) => text(positive ?? operator, String(one), wanted))
    return positive === undefined ? found : !found
  }
  if (value === null) return (held === null) === (operator === '=')
  if (held === null) return false
  if (positive !== undefined) return !matches({ field, operator: positive, value }, item, kinds, wholeDays)
  switch (kind) {
    case 'date':
      return wholeDays
        ? compare(operator, day.format(Number(held) * 1000), day.format(Number(value) * 1000))
        : among(operator, Number(held), value) || compare(inclusive(operator), Number(held), Number(value))
    case 'integer':
      return (
        among(operator, Number(held), value) ||
        compare(wholeDays ? operator : inclusive(operator), Number(held), Number(value))
      )
    case 'boolean':
      return among(operator, held, value) || compare(operator, String(held), String(value))
    default:
      return text(operator, String(held), value)
  }
}

function among(operator: string, held: unknown, value: unknown): boolean {
  return operator === 'IN' && Array.isArray(value) && value.map(String).includes(String(held))
}

/** On conversations > and < are described as "or equal". */
function inclusive(operator: string): string {
  return operator === '>' || operator === '<' ? `${operator}=` : operator
}

function compare<T extends string | number>(operator: string, held: T, value: T): boolean {
  switch (operator) {
    case '=':
      return held === value
    case '>':
      return held > value
    case '<':
      return held < value
    case '>=':
      return held >= value
    case '<=':
      return held <= value
    default:
      return false
  }
}

function text(operator: string, held: string, value: unknown): boolean {
  const own = lower(held)
  switch (operator) {
    case '=':
      return own === lower(value)
    case 'IN':
      return Array.isArray(value) && value.some((one) => own === lower(one))
    case '~':
      return own.includes(lower(value))
    case '^':
      return own.startsWith(lower(value))
    case '$':
      return own.endsWith(lower(value))
    default:
      return false
  }
}

function wordsOf(body: string): string[] {
  return lower(body).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
}

/** A value that is not one word matches no word; no word holds a line break. */
function asWord(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asWord)
  const words = wordsOf(String(value))
  return words.length === 1 ? words[0] : '\n'
}
