import { mayBeRounded } from '../../core/exact-json.ts'
import { asInteger, asSeconds, type Typed } from '../types/seconds.ts'
import type { FieldType, SearchLanguage } from './fields.ts'

/** What a filter compares with, in the type of its field. */
export type FilterValue = string | number | boolean | null | (string | number | boolean)[]

/** Turns one given value into the type of its field. Text is accepted for every type; nothing is guessed. */
export function typedScalar(
  type: FieldType,
  given: unknown,
  language: SearchLanguage,
): Typed<string | number | boolean> {
  switch (type) {
    case 'string':
    case 'tag':
      return typeof given === 'string' ? { value: given } : { problem: 'takes text' }
    case 'boolean':
      return asBoolean(given) ?? { problem: 'takes true or false' }
    case 'integer':
      return asInteger(given) ?? { problem: 'takes a whole number' }
    case 'date':
      return asSeconds(given, noonOf(language))
    case 'custom':
      return asCustom(given)
  }
}

function asBoolean(given: unknown): { value: boolean } | undefined {
  if (given === true || given === 'true') return { value: true }
  return given === false || given === 'false' ? { value: false } : undefined
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
