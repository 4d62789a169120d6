import type { AnyAction } from '../core/action.ts'
import { didYouMean } from '../core/nearest.ts'
import { IntercomError, invalidInput, sentences, shortened, textOf } from '../errors.ts'
import {
  actionNamed,
  catalogue,
  type ToolsetChoice,
  toolsetNames,
  toolsetOf,
  withToolsets,
} from './toolsets.ts'

/** Which actions a caller may use. */
export type Choice = {
  /**
   * Toolsets to add to the thirteen actions, or `all`.
   * @default none
   */
  toolsets?: readonly ToolsetChoice[] | undefined
  /** Those of effect `read`. */
  readOnly?: boolean | undefined
  /** Those it names. */
  only?: readonly string[] | undefined
  /** All but those it names. */
  deny?: readonly string[] | undefined
}

/** The actions a choice leaves. Throws an `IntercomError` on an unknown name. */
export function chosen({ toolsets, readOnly, only, deny }: Choice): AnyAction[] {
  checkToolsets(toolsets)
  const offered = withToolsets(toolsets)
  for (const [list, named] of Object.entries({ only, deny })) {
    for (const name of named ?? []) {
      const action = actionNamed(name)
      if (action === undefined) {
        const near = didYouMean(
          name,
          catalogue.map((one) => one.name),
        )
        throw invalidInput(sentences(`${list}: unknown action ${JSON.stringify(name)}`, near))
      }
      // To deny what is not offered is no mistake: the list may be shared.
      if (list === 'only' && !offered.includes(action)) throw invalidInput(`only: ${elsewhere(action)}`)
    }
  }
  return offered.filter(({ name, effect }) => {
    if (readOnly === true && effect !== 'read') return false
    return (only?.includes(name) ?? true) && !(deny?.includes(name) ?? false)
  })
}

function checkToolsets(toolsets: readonly string[] = []): void {
  const names = [...toolsetNames, 'all']
  const wrong = toolsets.find((name) => !names.includes(name))
  if (wrong === undefined) return
  const known = `Choose from ${names.join(', ')}`
  throw invalidInput(
    sentences(`toolsets: unknown toolset ${JSON.stringify(wrong)}`, didYouMean(wrong, names) ?? known),
  )
}

/** That an action is in a toolset which is not among those chosen; `null` for any other name. */
export function inOtherToolset(name: string, toolsets: readonly string[] | undefined): string | null {
  const action = actionNamed(name)
  return action === undefined || withToolsets(toolsets).includes(action) ? null : elsewhere(action)
}

/** That an action belongs to a toolset which is not chosen, and how to choose it. */
function elsewhere(action: AnyAction): string {
  const set = toolsetOf(action)
  return `${action.name} is in the toolset "${set}", which is not chosen. Add toolsets: ["${set}"], on a command line --toolsets ${set}`
}

/**
 * What `failed` takes for a name that is no action, or one that a choice leaves out: an action that is switched
 * off still answers with all its keys. `offered`: the names to suggest.
 */
export function notChosen(
  given: unknown,
  offered: readonly string[],
  toolsets: readonly string[] | undefined,
): [AnyAction | { name: string }, IntercomError] {
  const name = textOf(given)
  const off = actionNamed(name)
  if (off) {
    const message = inOtherToolset(name, toolsets) ?? 'this action is switched off here'
    return [off, new IntercomError(message, { code: 'not_allowed' })]
  }
  const hint = didYouMean(name, offered)
  return [
    { name: shortened(name) },
    new IntercomError('there is no such action', { code: 'unknown_action', hint }),
  ]
}
