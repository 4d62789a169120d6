import { compactObject, isObject, type Json } from './json.ts'
import type { TokenBudget } from './token-budget.ts'

/** Where a field is that a search calls otherwise. */
const places: Readonly<Record<string, string>> = { 'conversation_rating.score': 'conversation_rating.rating' }
/** What a row shows in another way. */
const shownOtherwise =
  /^(?:tag_ids?|contact_ids|teammate_ids|segment_id|source\.(?:body|subject|author\..+)|email_domain)$/

/** A row with what it lacks of the fields that a search names, by their names in searches. */
export function withSought(row: Json, item: Json, fields: readonly string[], budget: TokenBudget): Json {
  const isShown = (field: string) => shownOtherwise.test(field) || valueAt(row, field) !== undefined
  const missing = fields
    .flatMap((field) => (field.endsWith('_id') ? [field, field.slice(0, -3)] : [field])) // its name stands beside an id
    .filter((field) => !isShown(field) && !((field.split('.').at(-1) ?? '') in row))
    .map((field) => [field, valueAt(item, places[field] ?? field)])
  return { ...row, ...compactObject(Object.fromEntries(missing), budget) }
}

function valueAt(item: Json, field: string): unknown {
  const [first = '', ...rest] = field.split('.')
  const value = Object.hasOwn(item, first) ? item[first] : undefined
  return rest.length > 0 && isObject(value) ? valueAt(value, rest.join('.')) : value
}
