import type { Sought } from '../../core/action.ts'
import { quotedName, sentences } from '../../errors.ts'
import type { Query } from './query.ts'

const relations: Readonly<Record<string, string>> = {
  '=': 'is',
  '!=': 'is not',
  '>': 'is above',
  '<': 'is below',
  '>=': 'is at least',
  '<=': 'is at most',
  '~': 'contains',
  '!~': 'does not contain',
  '^': 'begins with',
  $: 'ends with',
  IN: 'is one of',
  NIN: 'is none of',
}

const maxItems = 5

/**
 * What a search that found nothing has searched, for a model that would take it for "there is none":
 * `no contact whose email is "Marta"; for a name: query_field "name", query_operator "~"`.
 */
export function searchedFor(noun: 'contact' | 'conversation' | 'ticket', query: Query): string {
  return sentences(
    `no ${noun} ${condition(query)}`,
    noun === 'contact' ? 'New ones may take minutes to appear' : null,
  )
}

/** The fields that a search filters and sorts by, and the words that a first message has to hold. */
export function soughtBy({ query, sort }: { query: Query; sort?: { field: string } }): Sought {
  const filters = filtersOf(query)
  const fields = filters.map(({ field }) => field)
  const texts = filters
    .filter(({ field, operator }) => field === 'source.body' && !['!=', '!~', 'NIN'].includes(operator))
    .flatMap(({ value }) => value)
  const words = texts.flatMap((text) => String(text ?? '').split(/[^\p{L}\p{M}\p{N}]+/u)).filter(Boolean)
  return { fields: [...new Set(sort === undefined ? fields : [...fields, sort.field])], words }
}

function filtersOf(query: Query): Filter[] {
  return 'field' in query ? [query] : query.value.flatMap(filtersOf)
}

function condition(query: Query): string {
  if ('field' in query) return `whose ${filter(query)}${advice(query)}`
  const all = query.value.map((one) => ('field' in one ? filter(one) : `(${condition(one)})`))
  const more = all.length > maxItems ? `, and ${all.length - maxItems} more` : ''
  return `that fits ${query.operator === 'AND' ? 'all' : 'any'} of: ${all.slice(0, maxItems).join(', ')}${more}`
}

type Filter = Extract<Query, { field: string }>

function filter({ field, operator, value }: Filter): string {
  const shown = [value].flat().map((one) => (typeof one === 'string' ? quotedName(one) : String(one)))
  const more = shown.length > maxItems ? ` and ${shown.length - maxItems} more` : ''
  return `${field} ${relations[operator] ?? operator} ${shown.slice(0, maxItems).join(', ')}${more}`
}

/** How to find what was probably meant. */
function advice({ field, operator, value }: Filter): string {
  if (operator !== '=' && operator !== 'IN') return ''
  const isAddress = [value].flat().every((one) => String(one).includes('@'))
  if (field === 'email' && !isAddress) return '; for a name: query_field "name", query_operator "~"'
  if (field === 'source.author.email' && !isAddress)
    return '; for a name: query_field "source.author.name", query_operator "~"'
  if (field === 'source.body') return '; it is searched word by word: give one word'
  return ['name', 'source.author.name', 'source.subject', 'phone'].includes(field)
    ? '; for a part of it: query_operator "~"'
    : ''
}
