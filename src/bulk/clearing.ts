import type { AnyAction } from '../core/action.ts'
import { quotedName } from '../errors.ts'
import { cleanTitle, flagError, namesIn, noColumn, sameName } from './header.ts'

/** The parameter that names what is to be emptied. */
const parameter = 'clear'

/**
 * The parameters, and parts of them, that an empty cell empties, as `--clear` names their columns. Throws an
 * `IntercomError` for what is not a column, or cannot be emptied.
 */
export function clearedNames(
  action: AnyAction,
  columns: readonly { title: string; name: string }[],
  clear: readonly string[] = [],
): Set<string> {
  const titles = columns.map(({ title }) => title)
  const names = columns.map(({ name }) => name)
  const cleared = clear
    .flatMap((text) => namesIn(text, titles))
    .map((given) => {
      const found = sameName(cleanTitle(given), titles) ?? sameName(given.trim(), names)
      const column = columns.find(({ title, name }) => found === title || found === name)
      if (column === undefined) throw noColumn('--clear', given, titles)
      return column.name
    })
  for (const name of cleared) {
    const issues = action.input.safeParse({ [parameter]: [name] }).error?.issues ?? []
    if (issues.some(({ code }) => code === 'unrecognized_keys'))
      throw flagError(`${action.name} empties no fields`, 'Leave --clear out.')
    const own = issues.find(({ path }) => path[0] === parameter)
    if (own !== undefined)
      throw flagError(`--clear cannot empty ${quotedName(name)}: it ${own.message}`, 'Leave it out.')
  }
  return new Set(cleared)
}

/** An input that also names what its row empties. */
export function withCleared(input: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return names.length === 0 ? input : { ...input, [parameter]: [input[parameter] ?? [], names].flat() }
}

/** How many fields a row has emptied: none of what was created. */
export function clearedBy(input: unknown, output: Readonly<Record<string, unknown>>): number {
  const names: unknown = typeof input === 'object' && input !== null ? Object(input)[parameter] : undefined
  if (output['success'] !== true || output['action_type'] === 'created') return 0
  return Array.isArray(names) ? new Set(names).size : 0
}
