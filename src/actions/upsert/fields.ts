import type { z } from 'zod'
import { isBlank } from '../../core/blanks.ts'
import { refuseAltered } from '../types/email.ts'
import {
  isUnfilled,
  jsonObject,
  refuseUnfilled,
  refuseUnfilledAttributes,
  unfilledProblem,
} from '../types/input.ts'
import { textToSet } from './clear.ts'

/** Fields of a contact, as every action that sets them takes them. */
export function externalIdToSet(description: string) {
  return textToSet('external_id', description).superRefine(refuseAltered).superRefine(refuseUnfilled('an id'))
}

export function phoneToSet(description: string) {
  return textToSet('phone', description).superRefine(refuseAltered).superRefine(refuseNoPhone)
}

export function nameToSet(description: string) {
  return textToSet('name', description).superRefine(refuseUnfilled('a text'))
}

export function attributesToSet(description: string) {
  return jsonObject(description).superRefine(refuseUnfilledAttributes).optional()
}

/** Intercom stores any text as a phone number. */
function refuseNoPhone(phone: string | undefined, context: z.RefinementCtx): void {
  if (phone === undefined || isBlank(phone)) return
  const problem = (message: string) => context.addIssue({ code: 'custom', message })
  if (isUnfilled(phone, 'an id')) problem(unfilledProblem(phone))
  else if (!/\p{N}/u.test(phone)) problem('has no digit; leave it out')
  else if (/^[+-]?\d(?:[.,]\d+)?E[+-]?\d+$/i.test(phone))
    problem('is a rounded number, as a spreadsheet shows it; give all digits as text')
  else if (/^(?:tel:|')/i.test(phone))
    problem(`is not a phone number as it stands; write ${phone.replace(/^(?:tel:|')+/i, '').slice(0, 60)}`)
}
