import { mayBeRounded } from '../../core/exact-json.ts'
import type { FieldType, SearchLanguage } from './fields.ts'

/** What a filter compares with, in the type of its field. */
export type FilterValue = string | number | boolean | null | (string | number | boolean)[]

/** A value in the type of its field, or what is wrong with it. */
export type Typed<T> = { value: T } | { problem: string }

/** 1e11 seconds is the year 5138, 1e11 milliseconds is 1973: above it a time was given in milliseconds. */
const tooLateForSeconds = 100_000_000_000

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
      return asSeconds(given, language)
    case 'custom':
      return asCustom(given)
  }
}

function asBoolean(given: unknown): { value: boolean } | undefined {
  if (given === true || given === 'true') return { value: true }
  return given === false || given === 'false' ? { value: false } : undefined
}

function asInteger(given: unknown): { value: number } | undefined {
  const number = typeof given === 'string' && /^-?\d{1,16}$/.test(given.trim()) ? Number(given) : given
  return typeof number === 'number' && Number.isSafeInteger(number) ? { value: number } : undefined
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

/** Refuses numbers that are no seconds: milliseconds, microseconds, and 20260131, which would be in 1970. */
function checkedSeconds(number: number): Typed<number> {
  const [, year, month, day] =
    /^((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.exec(String(number)) ?? []
  if (year) return { problem: `takes Unix seconds or an ISO date; for a date write ${year}-${month}-${day}` }
  if (Math.abs(number) < tooLateForSeconds) return { value: number }
  const [unit, factor] = Math.abs(number) < tooLateForSeconds * 1000 ? ['milli', 1e3] : ['micro', 1e6]
  const seconds = Math.floor(number / Number(factor))
  return { problem: `takes Unix seconds; ${number} looks like ${unit}seconds, which would be ${seconds}` }
}

const isoDate = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/i

/**
 * Unix seconds from a number, a numeric text or an ISO 8601 date. A date without a time means that day in UTC:
 * its first second where seconds count, its noon where Intercom cuts to whole days of the workspace's time zone,
 * since noon UTC lies on that same day from UTC−12 to UTC+11.
 */
function asSeconds(given: unknown, language: SearchLanguage): Typed<number> {
  const number = asInteger(given)
  if (number) return checkedSeconds(number.value)
  const parts = typeof given === 'string' ? isoDate.exec(given.trim()) : null
  const problem = 'takes Unix seconds or an ISO date, as 2026-01-31 or with its zone as 2026-01-31T09:30:00Z'
  if (typeof given !== 'string' || parts === null) return { problem }
  const day = `${parts[1]}-${parts[2]}-${parts[3]}`
  const midnight = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return { problem }
  const noon = language.wholeDays ? 12 * 3600 : 0
  const time = parts[4] === undefined ? midnight + noon * 1000 : Date.parse(given.trim())
  return Number.isNaN(time) ? { problem } : { value: Math.floor(time / 1000) }
}
