import { trimmed } from '../../core/blanks.ts'
import { mayBeRounded } from '../../core/exact-json.ts'
import { asInteger, asSeconds, type Typed } from '../types/seconds.ts'
import { exactText, meantProblem, unset } from './exact.ts'
import type { FieldType, SearchLanguage } from './fields.ts'

/** What a filter compares with, in the type of its field. */
export type FilterValue = string | number | boolean | null | (string | number | boolean)[]

/** What one value is compared with, and how. */
export type Comparison = { field: string; type: FieldType; operator: string }

/**
 * Turns one given value into the type of its field. Text is accepted for every type, without the blanks around it;
 * what could find nothing is refused.
 */
export function typedScalar(
  comparison: Comparison,
  given: unknown,
  language: SearchLanguage,
): Typed<string | number | boolean> {
  if (typeof given !== 'string') return typed(comparison, given, language)
  const text = trimmed(given)
  const problem = meantProblem(comparison.field, comparison.operator, text)
  return problem === null ? typed(comparison, text, language) : { problem }
}

const partial = ['~', '!~', '^', '$']

function typed(
  { field, type, operator }: Comparison,
  given: unknown,
  language: SearchLanguage,
): Typed<string | number | boolean> {
  const exact = Object.hasOwn(language.exact, field) ? language.exact[field] : undefined
  switch (type) {
    case 'string':
    case 'tag':
      if (Number.isSafeInteger(given) && !(exact && ('email' in exact || 'emailDomain' in exact)))
        return typed({ field, type, operator }, String(given), language)
      if (typeof given !== 'string') return { problem: 'takes text' }
      if (given === '') return { problem: `is empty; ${unset}` }
      return exact && !partial.includes(operator) ? exactText(exact, given) : { value: given }
    case 'boolean':
      return asBoolean(given) ?? { problem: 'takes true or false' }
    case 'integer': {
      const are = exact && 'ids' in exact ? exact.are : 'takes a whole number'
      return asInteger(given) ?? { problem: are }
    }
    case 'date':
      return asSeconds(given, noonOf(language))
    case 'custom':
      return given === '' ? { problem: `is empty; ${unset}` } : asCustom(given)
  }
}

function asBoolean(given: unknown): { value: boolean } | undefined {
  const word = typeof given === 'string' ? given.toLowerCase() : given
  if (word === true || word === 'true') return { value: true }
  return word === false || word === 'false' ? { value: false } : undefined
}

/** Only the workspace knows the attribute's type; Intercom reads numbers and dates from text, booleans not. */
function asCustom(given: unknown): Typed<string | number | boolean> {
  const boolean = asBoolean(given)
  if (boolean) return boolean
  if (mayBeRounded(given)) return { problem: 'takes a number this large as text only' }
  if (typeof given === 'string' || (typeof given === 'number' && Number.isFinite(given)))
    return { value: given }
  return { problem: 'takes text, a number, true or false' }
}

/**
 * What a date without a time stands for: its first second where seconds count, its noon where Intercom cuts to whole
 * days of the workspace's time zone, since noon UTC lies on that same day from UTC−12 to UTC+11.
 */
export function noonOf({ wholeDays }: SearchLanguage): number {
  return wholeDays ? 12 * 3600 : 0
}
