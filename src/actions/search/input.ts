import { z } from 'zod'
import { cursor, perPage } from '../types/input.ts'
import type { Operator, SearchLanguage } from './fields.ts'
import { compoundQuery, singleFilter } from './query.ts'

/** An operator of a search; `AND` and `OR` combine several filters. Any other text compiles. */
export type SearchOperator = Operator | 'AND' | 'OR' | (string & {})

type Wording = { field: string; operator: string; value: string; perPage: string }
type Defaults<Field> = { field: Field; operator: Operator; perPage: number }

/**
 * The input both searches share, turned into the body Intercom takes: a checked `query` and `pagination`.
 * Nothing is sent when a field, an operator or a value does not fit.
 */
export function searchInput<Field extends string>(
  language: SearchLanguage,
  defaults: Defaults<Field>,
  wording: Wording,
) {
  return z
    .strictObject({
      query_field: text<Field>().default(defaults.field).describe(wording.field),
      query_operator: text<SearchOperator>().default(defaults.operator).describe(wording.operator),
      query_value: z.string().describe(wording.value),
      per_page: perPage(defaults.perPage, wording.perPage),
      starting_after: cursor('Pagination cursor: pages.next.starting_after of the previous response'),
    })
    .transform((input, context) => {
      const checked = check(language, defaults.field, input)
      if ('problem' in checked) {
        context.addIssue({ code: 'custom', path: [checked.parameter], message: checked.problem })
        return z.NEVER
      }
      const { per_page, starting_after } = input
      const pagination = starting_after === undefined ? { per_page } : { per_page, starting_after }
      return { query: checked.query, pagination }
    })
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
