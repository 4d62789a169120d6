import { actionNamed } from '../actions/toolsets.ts'
import { parsedInput } from '../core/run.ts'
import { IntercomError, invalidInput } from '../errors.ts'
import type { Approval } from './approval.ts'

const mostCharacters = 100_000

/**
 * The whole input as a person changed it; `null` when it is as before. Only the text can be changed: whom it reaches is
 * what the person was shown. Throws an `IntercomError` on what cannot be changed and on what could not be sent.
 */
export function editedInput({ action, input, preview }: Approval, edited: unknown): unknown {
  if (edited === undefined || edited === null) return null
  if (typeof edited !== 'object' || Array.isArray(edited))
    throw invalidInput('edited parameters are an object', 'Nothing was decided.')
  const before = input as Record<string, unknown>
  const changed = Object.entries(edited).filter(
    ([name, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(before[name]),
  )
  if (changed.length === 0) return null
  const parameter = preview?.textParameter ?? null
  const other = changed.find(([name]) => name !== parameter)
  if (other !== undefined) throw notEditable(other[0], parameter)
  const text = changed[0]?.[1]
  if (typeof text !== 'string' || text.trim() === '' || text.length > mostCharacters)
    throw invalidInput(
      `${parameter} must be a text of 1 to ${mostCharacters} characters`,
      'Nothing was decided.',
    )
  const whole = { ...before, ...Object.fromEntries(changed) }
  const known = actionNamed(action)
  if (known !== undefined) parsedInput(known, whole)
  return whole
}

function notEditable(name: string, parameter: string | null): IntercomError {
  const hint =
    parameter === null
      ? 'Nothing of this call can be changed: approve it as it is, or decline it with a reason.'
      : `Only ${parameter} can be changed: for anything else decline the call with a reason.`
  return new IntercomError(`${JSON.stringify(name)} cannot be changed`, { code: 'not_editable', hint })
}
