import { z } from 'zod'
import { pagePart } from '../../core/page-part.ts'
import { cursor, perPage } from '../types/input.ts'
import { fieldType, type Operator, type SearchLanguage } from './fields.ts'
import { compoundQuery, singleFilter, unknownField } from './query.ts'

/** An operator of a search; `AND` and `OR` combine several filters. Any other text compiles. */
export type SearchOperator = Operator | 'AND' | 'OR' | (string & {})

type Wording = { field: string; operator: string; value: string; perPage: string }
type Defaults<Field> = { field: Field; operator: Operator; perPage: number }

/**
 * The input both searches share, turned into what Intercom takes: a checked `query` and `sort`, and the part of a
 * page to give. Nothing is sent when a field, an operator or a value does not fit.
 */
export function searchInput<Field extends string>(
  language: SearchLanguage,
  defaults: Defaults<Field>,
  wording: Wording & { order: string },
) {
  return z
    .strictObject({
      ...filters(defaults, wording),
      sort_field: z.string().optional().describe(`Field to sort by (Default: ${wording.order})`),
      sort_order: z
        .enum(['descending', 'ascending'])
        .default('descending')
        .describe('Newest or largest first, or last'),
      count_only: z.boolean().default(false).describe('Only total_count, without rows'),
    })
    .transform((input, context) => {
      const checked = check(language, defaults.field, input)
      const sorted = sortOf(language, input)
      for (const one of [checked, sorted])
        if ('problem' in one)
          context.addIssue({ code: 'custom', path: [one.parameter], message: one.problem })
      if ('problem' in checked || 'problem' in sorted) return z.NEVER
      const { count_only } = input
      const part = pagePart(count_only ? { per_page: 1 } : input)
      return { query: checked.query, ...sorted, part, count_only }
    })
}

/** The input of a search that takes no order: of tickets. */
export function filterInput<Field extends string>(
  language: SearchLanguage,
  defaults: Defaults<Field>,
  wording: Wording,
) {
  return z.strictObject(filters(defaults, wording)).transform((input, context) => {
    const checked = check(language, defaults.field, input)
    if ('query' in checked) return { query: checked.query, part: pagePart(input) }
    context.addIssue({ code: 'custom', path: [checked.parameter], message: checked.problem })
    return z.NEVER
  })
}

function filters<Field extends string>(defaults: Defaults<Field>, wording: Wording) {
  return {
    query_field: text<Field>().default(defaults.field).describe(wording.field),
    query_operator: text<SearchOperator>().default(defaults.operator).describe(wording.operator),
    query_value: z.string().describe(wording.value),
    per_page: perPage(defaults.perPage, wording.perPage),
    starting_after: cursor('Pagination cursor: pages.next.starting_after of the previous response'),
  }
}

/** Any text, of which an editor offers some. */
function text<Offered extends string>() {
  return z.string() as unknown as z.ZodType<Offered, Offered>
}

function check(
  language: SearchLanguage,
  defaultField: string,
  input: { query_field: string; query_operator: string; query_value: string },
) {
  const { query_field: field, query_operator: operator, query_value: value } = input
  if (operator !== 'AND' && operator !== 'OR') return singleFilter(language, field, operator, value)
  if (field !== defaultField) {
    const problem = `does not go with ${operator}: the fields stand in query_value`
    return { parameter: 'query_field' as const, problem }
  }
  return compoundQuery(language, operator, value)
}

/** Fields of many values or words, by which nothing can be sorted. */
const unsortable = ['tag_id', 'segment_id', 'tag_ids', 'contact_ids', 'teammate_ids', 'source.body']

function sortOf(
  language: SearchLanguage,
  { sort_field: field, sort_order: order }: { sort_field?: string | undefined; sort_order: string },
): { sort?: { field: string; order: string } } | { parameter: string; problem: string } {
  if (field === undefined)
    return order === 'descending' ? {} : { parameter: 'sort_order', problem: 'needs sort_field' }
  const parameter = 'sort_field'
  if (fieldType(language, field) === undefined) return unknownField(language, field, parameter)
  if (unsortable.includes(field)) return { parameter, problem: `cannot be ${field}: it has several values` }
  return { sort: { field, order } }
}
