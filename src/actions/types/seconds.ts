/** A value in the type that is asked for, or what is wrong with it. */
export type Typed<T> = { value: T } | { problem: string }

/** 1e11 seconds is the year 5138, 1e11 milliseconds is 1973: above it a time was given in milliseconds. */
const tooLateForSeconds = 100_000_000_000

const dayAsNumber = /^((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/
const isoDate = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/i
const takes = 'takes Unix seconds or an ISO date'

/**
 * Refuses numbers that are not seconds: milliseconds, microseconds, and what would be in 1970: 20260131, 2026, and a
 * spreadsheet's number of a day.
 */
function checkedSeconds(number: number): Typed<number> {
  const [, year, month, day] = dayAsNumber.exec(String(number)) ?? []
  if (year) return { problem: `${takes}; for a date write ${year}-${month}-${day}` }
  if (number >= 1990 && number <= 2100) return { problem: `${takes}; for a year write ${number}-01-01` }
  if (number >= 20_000 && number < 80_000) {
    const date = new Date((number - 25_569) * 86_400_000).toISOString().slice(0, 10)
    return { problem: `${takes}; ${number} looks like a spreadsheet's day, which would be ${date}` }
  }
  if (Math.abs(number) < tooLateForSeconds) return { value: number }
  const [unit, factor] = Math.abs(number) < tooLateForSeconds * 1000 ? ['milli', 1e3] : ['micro', 1e6]
  const seconds = Math.floor(number / Number(factor))
  return { problem: `takes Unix seconds; ${number} looks like ${unit}seconds, which would be ${seconds}` }
}

/** A whole number, or the text of one. */
export function asInteger(given: unknown): { value: number } | undefined {
  const number = typeof given === 'string' && /^-?\d{1,16}$/.test(given.trim()) ? Number(given) : given
  return typeof number === 'number' && Number.isSafeInteger(number) ? { value: number } : undefined
}

/**
 * Unix seconds from a number, a numeric text or an ISO 8601 date. A date without a time means that day in UTC;
 * `dayOffset`: the second of the day it stands for.
 */
export function asSeconds(given: unknown, dayOffset = 0): Typed<number> {
  const number = asInteger(given)
  if (number) return checkedSeconds(number.value)
  const parts = typeof given === 'string' ? isoDate.exec(given.trim()) : null
  const problem = `${takes}, as 2026-01-31 or with its zone as 2026-01-31T09:30:00Z`
  if (typeof given !== 'string' || parts === null) return { problem }
  const day = `${parts[1]}-${parts[2]}-${parts[3]}`
  const midnight = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return { problem }
  const time = parts[4] === undefined ? midnight + dayOffset * 1000 : Date.parse(given.trim())
  return Number.isNaN(time) ? { problem } : { value: Math.floor(time / 1000) }
}

/** Whether a value may be meant as a time, so that it matters whether its attribute is a date. */
export function mayBeTime(value: unknown): boolean {
  if (typeof value === 'number')
    return Math.abs(value) >= tooLateForSeconds || dayAsNumber.test(String(value))
  return typeof value === 'string' && /^\s*(?:\d{4}-\d{2}-\d{2}|-?\d{8,}(?:\.\d+)?\s*$)/.test(value)
}
