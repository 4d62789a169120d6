import { scriptOf } from './plot.ts'
import type { Amounts } from './size.ts'

/** When each contact last wrote and was last written to, in Unix seconds; 0 is never. */
export type Activity = { replied: Int32Array; contacted: Int32Array }

/**
 * Reads all scripts once, before the contacts are made: their times must agree with conversations that are made
 * after them. Eight bytes a contact are all that is kept.
 */
export function activityOf(amounts: Amounts): Activity {
  const replied = new Int32Array(amounts.contacts)
  const contacted = new Int32Array(amounts.contacts)
  for (let index = 0; index < amounts.conversations; index++) {
    const { contact, starter, created_at, events } = scriptOf(index, amounts)
    later(starter === null ? replied : contacted, contact, created_at)
    for (const event of events) {
      if (event.kind === 'contact_comment') later(replied, contact, event.at)
      else if (event.kind === 'admin_comment') later(contacted, contact, event.at)
    }
  }
  return { replied, contacted }
}

function later(times: Int32Array, contact: number, moment: number): void {
  if (moment > (times[contact] ?? 0)) times[contact] = moment
}
