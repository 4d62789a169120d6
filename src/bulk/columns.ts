import type { AnyAction } from '../core/action.ts'
import { isBlank } from '../core/blanks.ts'
import { describe, type Parameter } from '../core/describe.ts'
import { IntercomError, quotedName } from '../errors.ts'
import { attributeReaders, type Read, readerOf, readText, refuseErrorValue } from './cells.ts'
import { clearedNames, withCleared } from './clearing.ts'
import { type ColumnOptions, chosenColumns, cleanTitle, headerError, reasonName, sameName } from './header.ts'
import { unknownColumns } from './unknown-columns.ts'

/** Undefined where there is nothing between two separators, which leaves the parameter out. */
export type Cell = string | undefined

/** The parameter, or part of one, that a column of a CSV file sets. */
type Column = {
  /** As it stands in the header. */
  title: string
  parameter: string
  /** Attribute of an object, index of an array; undefined for the whole parameter. */
  part: string | undefined
  /** Of an attribute, as it stands behind its name. */
  type?: string
  read: Read
}

/** What a column of the file fills; null where it is left out. */
export type ColumnUse = {
  column: string
  parameter: string | null
  /** How the cells of an attribute are read: text, number, boolean, json. */
  type: string | null
  /** Whether an empty cell empties it. */
  clears: boolean
}

/** Reads the cells of a row as the header says. */
export type Columns = {
  /** The input of a row. Throws an `IntercomError` whose `field` is the title of a cell that does not fit its type. */
  input(cells: readonly Cell[]): Record<string, unknown>
  /** The title of the column that sets a parameter; of several that set parts of it, the one that a message names. */
  titleOf(field: string, message: string): string | null
  /** What would help where an attribute that is read as text takes something else. */
  advice(message: string): string | null
  uses: ColumnUse[]
  /** Which column holds why a row failed in an earlier job; -1 when none does. */
  reasonAt: number
  /** What columns without a title are called, whose cells must be empty; null for the others. */
  unnamed: (string | null)[]
}

/**
 * The columns of a CSV header: names of parameters, `custom_attributes.plan` (text) or
 * `custom_attributes.seats:number` for one attribute, `attachment_urls.0` for one of a list. Throws an `IntercomError`
 * for unknown, duplicate or missing columns: no row could be valid.
 */
export function columnsOf(action: AnyAction, header: readonly Cell[], options: ColumnOptions = {}): Columns {
  const { parameters } = describe(action)
  const named = header.map((title) => cleanTitle(title ?? ''))
  const reasonAt = named.indexOf(reasonName)
  // Numbered as before the column of reasons came in front, so that the same flags go for a file of failed rows.
  const titles = named.map((title, at) => title || `column ${at < reasonAt || reasonAt < 0 ? at + 1 : at}`)
  const chosen = chosenColumns(titles, options)
  const found = titles.map((title, at): Column | null | undefined => {
    const target = chosen.get(title)
    if (title === reasonName || target === null || (named[at] === '' && target === undefined)) return null
    return columnOf(title, target ?? title, parameters)
  })
  const columns = found.map((column) => column ?? null)
  const known = columns.filter((column) => column !== null)
  const unknown = titles.filter((_, at) => found[at] === undefined)
  if (unknown.length > 0) {
    const taken = known.map(({ parameter }) => parameter)
    throw unknownColumns(action, unknown, taken, chosen)
  }
  refuseTwins(known)
  const missing = Object.keys(parameters).filter(
    (name) => parameters[name]?.required && !known.some(({ parameter }) => parameter === name),
  )
  if (missing.length > 0)
    throw headerError(
      `${action.name} needs a column ${missing.map(quotedName).join(' and ')}`,
      'Add it, or say which column it is with --map "Column=parameter".',
    )
  const clearable = known.map((column) => ({ title: column.title, name: nameOf(column) }))
  const cleared = clearedNames(action, clearable, options.clear)
  return {
    input: (cells) => inputOf(columns, parameters, cells, cleared),
    titleOf: (field, message) => {
      const own = known.filter((one) => one.parameter === field || nameOf(one) === field)
      const part = own.find((one) => one.part !== undefined && names(message, nameOf(one), one.part))
      return (part ?? own[0])?.title ?? null
    },
    advice: (message) => {
      for (const column of known) {
        const [, takes] = message.split(`${nameOf(column)} takes `)
        const type = /^true or false/.test(takes ?? '')
          ? 'boolean'
          : /^a (?:whole )?number/.test(takes ?? '')
            ? 'number'
            : ''
        if (column.type === 'text' && type !== '') return `Call the column "${nameOf(column)}:${type}"`
      }
      return null
    },
    uses: titles.map((column, at) => {
      const own = columns[at]
      const parameter = own ? nameOf(own) : null
      const type = own?.type ?? null
      return { column, parameter, type, clears: parameter !== null && cleared.has(parameter) }
    }),
    reasonAt,
    unnamed: titles.map((title, at) => (named[at] === '' && !chosen.has(title) ? title : null)),
  }
}

function names(message: string, whole: string, part: string): boolean {
  return message.includes(`${whole} `) || message.includes(quotedName(part)) || message.includes(`'${part}'`)
}

function nameOf({ parameter, part }: Column): string {
  return part === undefined ? parameter : `${parameter}.${part}`
}

function refuseTwins(columns: readonly Column[]): void {
  for (const [at, { title, parameter, part }] of columns.entries()) {
    const twin = columns
      .slice(0, at)
      .find(
        (one) =>
          one.parameter === parameter && (one.part === part || one.part === undefined || part === undefined),
      )
    if (twin === undefined) continue
    throw headerError(
      `the columns ${quotedName(twin.title)} and ${quotedName(title)} set the same parameter`,
      `Join them into one column in the spreadsheet, or leave one out with --ignore.`,
    )
  }
}

function inputOf(
  columns: readonly (Column | null)[],
  parameters: Record<string, Parameter>,
  cells: readonly Cell[],
  cleared: ReadonlySet<string>,
): Record<string, unknown> {
  if (cells.length !== columns.length)
    throw badCell(null, `the row has ${cells.length} cells but the header has ${columns.length}`)
  const input: Record<string, unknown> = {}
  const parts = new Map<string, Record<string, unknown>>()
  const empty: string[] = []
  for (const [at, column] of columns.entries()) {
    const cell = cells[at]
    if (column === null) continue
    if (isBlank(cell ?? '') && cleared.has(nameOf(column))) empty.push(nameOf(column))
    if (cell === undefined) continue
    const { title, parameter, part, read } = column
    const value = isBlank(cell) ? cell : readCell(title, read, cell)
    if (part === undefined) input[parameter] = value
    else parts.set(parameter, { ...parts.get(parameter), [part]: value })
  }
  for (const [parameter, value] of parts) {
    // Indexes are keys that an object holds in ascending order.
    input[parameter] = parameters[parameter]?.type === 'array' ? Object.values(value) : value
  }
  return withCleared(input, empty)
}

function readCell(title: string, read: Read, cell: string): unknown {
  try {
    refuseErrorValue(cell, title)
    return read(cell, title)
  } catch (error) {
    throw badCell(title, error instanceof Error ? error.message : String(error))
  }
}

function badCell(title: string | null, message: string): IntercomError {
  return new IntercomError(message, { code: 'invalid_input', field: title, hint: 'Nothing was sent.' })
}

/** What a name stands for; undefined where the action has nothing of that name. */
function columnOf(title: string, name: string, parameters: Record<string, Parameter>): Column | undefined {
  const names = Object.keys(parameters)
  const whole = sameName(name, names)
  if (whole !== undefined) {
    const read = readerOf(whole, parameters[whole]?.type ?? 'string')
    return { title, parameter: whole, part: undefined, read }
  }
  const dot = name.indexOf('.')
  const parameter = dot < 0 ? undefined : sameName(name.slice(0, dot), names)
  if (parameter === undefined) return undefined
  const rest = name.slice(dot + 1).trim()
  const { type } = parameters[parameter] ?? {}
  if (type === 'object') return { title, parameter, ...attribute(name, rest) }
  if (type === 'array' && /^(0|[1-9]\d?)$/.test(rest)) return { title, parameter, part: rest, read: readText }
  return undefined
}

function attribute(title: string, rest: string): Pick<Column, 'part' | 'type' | 'read'> {
  const colon = rest.lastIndexOf(':')
  const part = (colon < 0 ? rest : rest.slice(0, colon)).trim()
  const type = colon < 0 ? 'text' : rest.slice(colon + 1).trim()
  const read = Object.hasOwn(attributeReaders, type) ? attributeReaders[type] : undefined
  if (part === '' || read === undefined) {
    throw headerError(
      `${quotedName(title)} must name an attribute, and its type must be :number, :boolean or :json if given`,
    )
  }
  return { part, type, read }
}
