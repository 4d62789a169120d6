import { IntercomError, textOf } from '../errors.ts'
import type { AnyAction } from './action.ts'
import { didYouMean } from './nearest.ts'

/** The part of an action that choosing among actions looks at. */
type Named = Pick<AnyAction, 'name' | 'effect'>

/** Which actions a caller may use: `readOnly` leaves those of effect `read`, `only` those it names. */
export type Choice = { readOnly?: boolean | undefined; only?: readonly string[] | undefined }

/** The actions a choice leaves. Throws on a name in `only` that is no action. */
export function chosen<A extends Named>(actions: readonly A[], choice: Choice): A[] {
  const names = actions.map(({ name }) => name)
  const wrong = choice.only?.find((name) => !names.includes(name))
  if (wrong !== undefined) {
    throw new IntercomError(
      `only names ${JSON.stringify(wrong)}, which is no action.${didYouMean(wrong, names)}`,
      { code: 'invalid_input' },
    )
  }
  return actions.filter(({ name, effect }) => {
    if (choice.readOnly === true && effect !== 'read') return false
    return choice.only === undefined || choice.only.includes(name)
  })
}

/**
 * What `failed` takes for a name that is no action, or one that a choice leaves out: an action that is switched
 * off still answers with all its keys.
 */
export function notChosen<A extends Named>(
  actions: readonly A[],
  given: unknown,
): [A | { name: string }, IntercomError] {
  const name = textOf(given)
  const off = actions.find((action) => action.name === name)
  if (off) {
    const message = 'this action is switched off here (readOnly or only)'
    return [off, new IntercomError(message, { code: 'not_allowed' })]
  }
  const names = actions.map((action) => action.name)
  const hint = didYouMean(name, names).trim() || null
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name
  return [{ name: shown }, new IntercomError('there is no such action', { code: 'unknown_action', hint })]
}
