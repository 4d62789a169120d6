import { type AnyAction, type Effect, effectIn } from '../core/action.ts'
import { parsedInput } from '../core/run.ts'
import { IntercomError } from '../errors.ts'
import type { Tool } from './policy.ts'

/** What a caller was authorized to do, as by the scopes of its token. It narrows a policy, and never widens it. */
export type Grant = {
  allows(effect: Effect): boolean
  /** Whether tools that it does not allow are offered too, since a call of one leads to another sign-in. */
  offersAll: boolean
  /** The OAuth scopes that a tool of this effect declares. */
  scopesOf(effect: Effect): readonly string[]
  /** The `WWW-Authenticate` header of a call that it does not allow. */
  challenge(effect: Effect): string
}

/** Whether some input of the action is allowed. */
export function mayCall({ allows }: Grant, { effect, effectOf }: AnyAction): boolean {
  return allows(effect) || (effectOf !== undefined && (allows('create') || allows('update')))
}

/** The effect of a call that is not allowed; `null` where it is, or where the call itself says what is wrong with it. */
export function lackingEffect({ allows }: Grant, { action, input }: Tool, given: unknown): Effect | null {
  if (action.effectOf === undefined) return allows(action.effect) ? null : action.effect
  try {
    return lacking({ allows }, action, parsedInput(action, input(given)))
  } catch {
    return null
  }
}

/** The same of an input as the action's schema has parsed it. */
export function lacking(
  { allows }: Pick<Grant, 'allows'>,
  action: AnyAction,
  parsed: unknown,
): Effect | null {
  const effect = effectIn(action, parsed)
  return allows(effect) ? null : effect
}

/** The refusal of a call with an effect that is not allowed. */
export function insufficientScope({ scopesOf }: Grant, effect: Effect): IntercomError {
  return new IntercomError(`this access token lacks the scope ${scopesOf(effect).join(' ')}`, {
    code: 'insufficient_scope',
    hint: 'Nothing was sent. Sign in again and allow it.',
  })
}
