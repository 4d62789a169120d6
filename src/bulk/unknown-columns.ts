import type { AnyAction } from '../core/action.ts'
import { parametersOf } from '../core/describe.ts'
import { meantName } from '../core/nearest.ts'
import { type IntercomError, quotedName, sentences } from '../errors.ts'
import { headerError } from './header.ts'

/** The error that names all columns that are not parameters, with what each may have meant and how to say it. */
export function unknownColumns(
  action: AnyAction,
  titles: readonly string[],
  taken: readonly string[],
  chosen: ReadonlyMap<string, string | null>,
): IntercomError {
  const names = parametersOf(action)
  const meant = titles.map((title) => ({
    title,
    name: meantName(chosen.get(title) ?? title, names, action.otherNames) ?? null,
  }))
  const [only] = meant
  const message =
    only !== undefined && meant.length === 1
      ? sentences(
          `unknown parameter ${asked(only.title, chosen)}`,
          only.name === null ? null : `Did you mean ${quotedName(only.name)}?`,
        )
      : `unknown parameters ${meant.map((one) => question(one, chosen)).join(', ')}`
  return headerError(
    message,
    taken.length === 0 ? noneKnown(action, titles, names) : flagsFor(action, meant, taken, names),
  )
}

/** A title, or the target that --map gives it. */
function asked(title: string, chosen: ReadonlyMap<string, string | null>): string {
  const target = chosen.get(title)
  return target == null ? quotedName(title) : `${quotedName(target)} of --map for ${quotedName(title)}`
}

function question({ title, name }: Meant, chosen: ReadonlyMap<string, string | null>): string {
  const shown = asked(title, chosen)
  return name === null ? shown : `${shown} (did you mean ${quotedName(name)}?)`
}

type Meant = { title: string; name: string | null }

/** The flags that would do, ready to be pasted, and what the action takes. */
function flagsFor(
  action: AnyAction,
  meant: readonly Meant[],
  taken: readonly string[],
  names: readonly string[],
): string {
  const rivals = meant.filter(
    ({ name }) =>
      name !== null && (taken.includes(name) || meant.filter((one) => one.name === name).length > 1),
  )
  const mapped = meant.filter((one) => one.name !== null && !rivals.includes(one))
  const others = meant.filter((one) => !mapped.includes(one))
  const flags = [
    mapped.length === 0 ? '' : `--map ${quoted(mapped.map(({ title, name }) => `${title}=${name}`))}`,
    others.length === 0 ? '' : `--ignore ${quoted(others.map(({ title }) => title))}`,
  ].filter((flag) => flag !== '')
  const attribute = others.find((one) => !rivals.includes(one))
  return sentences(
    `Rename the columns, or add ${flags.join(' ')}`,
    rivals.length === 0
      ? null
      : `There is only one ${rivals[0]?.name}: join ${rivals.map(({ title }) => quotedName(title)).join(' and ')} into a column of that name in the spreadsheet, for example with =A2&" "&B2`,
    names.includes('custom_attributes') && attribute !== undefined
      ? `For a custom attribute, add --map ${quoted([`${attribute.title}=custom_attributes.${attribute.title}`])}`
      : null,
    `${action.name} takes ${names.join(', ')}.`,
  )
}

function quoted(items: readonly string[]): string {
  return `"${items.join(',')}"`
}

/** The first line may be no header at all. */
function noneKnown(action: AnyAction, titles: readonly string[], names: readonly string[]): string {
  const [title = ''] = titles
  const separator = titles.length === 1 ? [';', '\t', '|', ','].find((one) => title.includes(one)) : undefined
  return sentences(
    separator === undefined
      ? 'The first line must name the parameters'
      : `The whole first line is one cell: is the separator ${JSON.stringify(separator)}, with quotes around whole lines?`,
    `${action.name} takes ${names.join(', ')}`,
    'Where a column has another name, add --map "Column=parameter".',
  )
}
