import type { AnyAction } from '../core/action.ts'
import { didYouMean } from '../core/nearest.ts'
import { IntercomError, invalidInput, sentences, shortened, textOf } from '../errors.ts'

/** The part of an action that choosing among actions looks at. */
type Named = Pick<AnyAction, 'name' | 'effect'>

/** Which actions a caller may use. */
export type Choice = {
  /** Those of effect `read`. */
  readOnly?: boolean | undefined
  /** Those it names. */
  only?: readonly string[] | undefined
  /** All but those it names. */
  deny?: readonly string[] | undefined
}

/** The actions a choice leaves. Throws an `IntercomError` on an unknown name. */
export function chosen<A extends Named>(actions: readonly A[], choice: Choice): A[] {
  const names = actions.map(({ name }) => name)
  for (const list of ['only', 'deny'] as const) {
    const wrong = choice[list]?.find((name) => !names.includes(name))
    if (wrong === undefined) continue
    throw invalidInput(
      sentences(`${list}: unknown action ${JSON.stringify(wrong)}`, didYouMean(wrong, names)),
    )
  }
  return actions.filter(({ name, effect }) => {
    if (choice.readOnly === true && effect !== 'read') return false
    return (choice.only?.includes(name) ?? true) && !(choice.deny?.includes(name) ?? false)
  })
}

/**
 * What `failed` takes for a name that is no action, or one that a choice leaves out: an action that is switched
 * off still answers with all its keys. `offered`: the names to suggest.
 */
export function notChosen<A extends Named>(
  actions: readonly A[],
  given: unknown,
  offered: readonly string[],
): [A | { name: string }, IntercomError] {
  const name = textOf(given)
  const off = actions.find((action) => action.name === name)
  if (off) return [off, new IntercomError('this action is switched off here', { code: 'not_allowed' })]
  const hint = didYouMean(name, offered)
  return [
    { name: shortened(name) },
    new IntercomError('there is no such action', { code: 'unknown_action', hint }),
  ]
}
