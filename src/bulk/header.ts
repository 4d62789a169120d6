import { blanks, trimmed } from '../core/blanks.ts'
import { didYouMean } from '../core/nearest.ts'
import { ended, type IntercomError, quotedName, sentences } from '../errors.ts'
import { invalidFile } from './file-kind.ts'

/** The column, or key, of a file of failed rows that says why each failed. It is left out when that file is run. */
export const reasonName = 'bulk_failure_reason'

/** What the columns of a CSV file mean, where their titles do not say it. */
export type ColumnOptions = {
  /** `Title=parameter`, or several of these with commas between. */
  map?: readonly string[] | undefined
  /** Titles of columns to leave out, or several with commas between. */
  ignore?: readonly string[] | undefined
  /** Columns whose empty cells empty what they fill, by title or by parameter, or several with commas between. */
  clear?: readonly string[] | undefined
}

const unimportant = new RegExp(`${blanks}|[_-]`, 'gu')

/** Letters and digits alone: case, blanks, `_` and `-` make no difference between names. */
function plainName(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(unimportant, '')
}

/** A title without what exporters leave around it: blanks, a byte order mark, quotes. */
export function cleanTitle(title: string): string {
  const bare = trimmed(title)
  const [, quote, inside = ''] = /^(["'“„”‘’])(.*)["'“”‘’]$/s.exec(bare) ?? []
  return quote === undefined || inside === '' ? bare : cleanTitle(inside)
}

/** The one of `names` that is meant: exactly, else by its letters and digits. */
export function sameName(name: string, names: readonly string[]): string | undefined {
  return names.includes(name) ? name : names.find((one) => plainName(one) === plainName(name))
}

/**
 * What `--map` and `--ignore` say of titles: the name of a parameter, or null for a column to leave out. Throws an
 * `IntercomError` for what is not a column, or is given two meanings.
 */
export function chosenColumns(
  titles: readonly string[],
  { map = [], ignore = [] }: ColumnOptions,
): Map<string, string | null> {
  const chosen = new Map<string, string | null>()
  const choose = (flag: string, name: string, target: string | null) => {
    const title = sameName(cleanTitle(name), titles)
    if (title === undefined) throw noColumn(flag, name, titles)
    if (chosen.has(title) && chosen.get(title) !== target)
      throw flagError(`--map and --ignore give the column ${quotedName(title)} two meanings`, 'Give it one.')
    chosen.set(title, target)
  }
  for (const [name, target] of map.flatMap((text) => pairsIn(text, titles))) choose('--map', name, target)
  for (const name of ignore.flatMap((text) => namesIn(text, titles))) choose('--ignore', name, null)
  return chosen
}

/** A title may itself have a comma or an equals sign. */
function pairsIn(text: string, titles: readonly string[]): [name: string, target: string][] {
  const whole = pairIn(text)
  if (whole !== null && sameName(cleanTitle(whole[0]), titles) !== undefined) return [whole]
  const pairs = text.split(',').map(pairIn)
  if (pairs.every((pair) => pair !== null)) return pairs
  if (whole !== null) return [whole]
  throw flagError(`--map ${quotedName(text)} names no parameter`, 'Write --map "First Name=name".')
}

function pairIn(text: string): [name: string, target: string] | null {
  const at = text.lastIndexOf('=')
  const [name, target] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  return at < 0 || name === '' || target === '' ? null : [name, target]
}

/** A title may itself have a comma. */
export function namesIn(text: string, titles: readonly string[]): string[] {
  return sameName(cleanTitle(text), titles) === undefined ? text.split(',') : [text]
}

export function noColumn(flag: string, name: string, titles: readonly string[]): IntercomError {
  const message = sentences(
    `${flag} names ${quotedName(name.trim())}, which is not a column`,
    didYouMean(name, titles),
  )
  return flagError(message, `The columns are ${titles.map(quotedName).join(', ')}.`)
}

export function flagError(message: string, hint: string): IntercomError {
  return invalidFile(message, { hint: `${ended(hint)} Nothing was sent.` })
}

/** An error of the first line, by which no row could be read. */
export function headerError(
  message: string,
  hint = 'The first line must name the parameters.',
): IntercomError {
  return invalidFile(`line 1: ${message}`, { hint: `${ended(hint)} Nothing was sent.` })
}
