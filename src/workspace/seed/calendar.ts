import { between, type Random } from './prng.ts'

export const HOUR = 3600
export const DAY = 86_400

/** 2026-11-01T00:00:00Z, where the history stops. Nothing in a seed is later, except when a snoozed conversation wakes. */
export const END = 1_793_491_200

/** Conversations begin within the twelve months before the end. */
export const FIRST_CONVERSATION = END - 365 * DAY

/** The first contact is half a year older than the first conversation, so that somebody is there to write it. */
export const FIRST_CONTACT = END - 545 * DAY

/** The last contact arrives two days before the end. */
export const LAST_CONTACT = END - 2 * DAY

const OPENS = 8
const CLOSES = 18

/** 1 January 1970 was a Thursday; 0 is Monday here. */
function weekday(moment: number): number {
  return (Math.floor(moment / DAY) + 3) % 7
}

/** The moment itself when the desk is staffed (Monday to Friday, 8 to 18 UTC), otherwise early in the next shift. */
export function workingTime(next: Random, moment: number): number {
  const hour = Math.floor((moment % DAY) / HOUR)
  const day = weekday(moment)
  if (day < 5 && hour >= OPENS && hour < CLOSES) return moment
  const midnight = moment - (moment % DAY)
  const wait = day < 5 && hour < OPENS ? 0 : day === 4 ? 3 : day > 4 ? 7 - day : 1
  return midnight + wait * DAY + OPENS * HOUR + between(next, 0, 2 * HOUR)
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August']
MONTHS.push('September', 'October', 'November', 'December')

/** A date as a person writes it, `3 March`. Spelled out by hand because `Intl` differs between builds of Node. */
export function dayAndMonth(moment: number): string {
  const date = new Date(moment * 1000)
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`
}
