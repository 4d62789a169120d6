import type { Result } from '../../../core/action.ts'
import { exactJson } from '../../../core/exact-json.ts'
import { IntercomError } from '../../../errors.ts'
import { lackingEffect } from '../../../tools/grant.ts'
import { type Offer, offerOf } from '../../../tools/offer.ts'
import type { Send } from './send.ts'

/**
 * The result of looking for a send in Intercom. `found`: it was sent once; `not_there`: it is proven that it took no
 * effect; `unknown`: nothing was seen, which proves nothing.
 */
export type LookAnswer = {
  look: 'found' | 'not_there' | 'unknown'
  /** The part, the note, … that was found. */
  item_id: string | null
  says: string
  send: Send
}

/** A look that was not made. */
export type LookRefusal = { status: number; code: string; error: string }

/** `isGiven`: as a caller wrote it, to be read by the rules for hosts. */
export type LookInput = { value: unknown; isGiven: boolean }

/** Looks for what was sent under a key of the journal, with the client of whoever sent it. */
export type Lookup = (action: string, key: string, input: LookInput) => Promise<Result>

/** By the client and the policy of a caller: an action that it may no longer call is not looked for. */
export function lookupBy({ intercom, tools, grant }: Pick<Offer, 'intercom' | 'tools' | 'grant'>): Lookup {
  return async (action, key, { value, isGiven }) => {
    const tool = tools.get(action)
    if (tool === undefined || (grant && lackingEffect(grant, tool, value)))
      throw new IntercomError(`this key may not call ${action}`, {
        code: 'not_allowed',
        hint: 'So it may not look for what it has sent either. Look in Intercom.',
      })
    const input = isGiven ? tool.input(value) : value
    return await intercom.call(action, input, { idempotencyKey: key, onlyLook: true })
  }
}

/** The same, of what `offerOf` takes. */
export function lookupOf(...[intercom, options]: Parameters<typeof offerOf>): Lookup {
  return lookupBy(offerOf(intercom, options, 'exact'))
}

/** The input in a request's body; `null` where there is no body. Throws an `IntercomError`. */
export async function lookInputOf(request: Request): Promise<LookInput | null> {
  const text = await request.text()
  if (text.trim() === '') return null
  const body = exactJson(text, 'the body')
  const names = typeof body === 'object' && body !== null ? Object.keys(body) : []
  if (names.length === 0 || names.some((name) => name !== 'input'))
    throw new IntercomError('the body takes one key, input: the parameters of the call', {
      code: 'invalid_input',
      field: 'input',
    })
  return { value: (body as { input: unknown }).input, isGiven: true }
}

/** Why a send is not looked for; `null` where it is. */
export function unlookable({ state, idempotency_key, approval_id }: Send): LookRefusal | null {
  if (state === 'running')
    return { status: 409, code: 'idempotency_key_in_use', error: 'It is under way. Look when it has ended.' }
  if (state !== 'unknown')
    return {
      status: 409,
      code: 'outcome_known',
      error: 'What became of it is known: nothing is to be looked for.',
    }
  if (idempotency_key !== null || approval_id !== null) return null
  const error =
    'It had no Idempotency-Key, so nothing tells it from other writes of the same words. Look in Intercom.'
  return { status: 409, code: 'no_idempotency_key', error }
}

export const inputNeeded: LookRefusal = {
  status: 409,
  code: 'input_needed',
  error:
    'This server holds a hash of its input, and no longer the input itself. Send {"input": {…}}, the parameters of the call: they are compared with the hash.',
}

const statuses: Readonly<Record<string, number>> = {
  idempotency_key_mismatch: 422,
  invalid_input: 400,
  not_allowed: 403,
  idempotency_key_in_use: 409,
  nothing_recorded: 404,
  client_closed: 503,
  journal_failed: 503,
}

/** A failure that says only that the send could not be looked for, and nothing about it. */
export function refusalOf({ output, failure }: Result): LookRefusal | null {
  const status = failure === null ? undefined : statuses[failure.code]
  return status === undefined || failure === null
    ? null
    : { status, code: failure.code, error: String(output.error) }
}

/** `send`: as it is after the look. */
export function lookAnswer({ failure }: Result, send: Send): LookAnswer {
  const step = send.steps.findLast((one) => one.step === 'found')
  const item_id = failure === null && step !== undefined && 'item_id' in step ? (step.item_id ?? null) : null
  if (failure === null) return { look: 'found', item_id, says: 'It is there: it was sent once.', send }
  if (failure.code === 'not_there')
    return {
      look: 'not_there',
      item_id,
      says: 'It is not there: nothing of it took effect. The same call under the same key sends it.',
      send,
    }
  const says = `It was not seen, which proves nothing. ${failure.hint ?? ''}`.trim()
  return { look: 'unknown', item_id, says, send }
}
