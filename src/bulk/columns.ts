import type { AnyAction } from '../core/action.ts'
import { describe, type Parameter } from '../core/describe.ts'
import { exactJson, roundedNumber } from '../core/exact-json.ts'
import { isBlank } from '../core/host-input.ts'
import { didYouMean } from '../core/nearest.ts'
import { IntercomError, quotedName, sentences } from '../errors.ts'
import { isExact } from '../exact-number.ts'
import { invalidFile } from './decode.ts'

/** Undefined where there is nothing between two separators, which leaves the parameter out. */
export type Cell = string | undefined

/** Reads a cell; what it throws names the cell by its title. */
type Read = (cell: string, title: string) => unknown

/** The parameter, or part of one, that a column of a CSV file sets. */
type Column = {
  /** As it stands in the header. */
  title: string
  parameter: string
  /** Attribute of an object, index of an array; undefined for the whole parameter. */
  part: string | undefined
  read: Read
}

/** Reads the cells of a row as the header says. */
export type Columns = {
  /** The input of a row. Throws an `IntercomError` whose `field` is the title of a cell that does not fit its type. */
  input(cells: readonly Cell[]): Record<string, unknown>
  /** The title of the first column that sets a parameter. */
  titleOf(parameter: string): string | null
}

/**
 * The columns of a CSV header: names of parameters, `custom_attributes.plan` (text) or
 * `custom_attributes.seats:number` for one attribute, `attachment_urls.0` for one of a list. Throws an `IntercomError`
 * for unknown, duplicate or missing columns: no row could be valid.
 */
export function columnsOf(action: AnyAction, titles: readonly Cell[]): Columns {
  const { parameters } = describe(action)
  const columns = titles.map((title, at) => columnOf(title ?? '', at, parameters, action.otherNames))
  for (const [at, { title, parameter, part }] of columns.entries()) {
    const twin = columns
      .slice(0, at)
      .find(
        (one) =>
          one.parameter === parameter && (one.part === part || one.part === undefined || part === undefined),
      )
    if (twin !== undefined)
      throw headerError(
        `the columns ${quotedName(twin.title)} and ${quotedName(title)} set the same parameter`,
      )
  }
  const missing = Object.keys(parameters).filter(
    (name) => parameters[name]?.required && !columns.some(({ parameter }) => parameter === name),
  )
  if (missing.length > 0)
    throw headerError(`${action.name} needs a column ${missing.map(quotedName).join(' and ')}`)
  return {
    input: (cells) => inputOf(columns, parameters, cells),
    titleOf: (parameter) => columns.find((one) => one.parameter === parameter)?.title ?? null,
  }
}

function inputOf(
  columns: readonly Column[],
  parameters: Record<string, Parameter>,
  cells: readonly Cell[],
): Record<string, unknown> {
  if (cells.length !== columns.length)
    throw badCell(null, `the row has ${cells.length} cells but the header has ${columns.length}`)
  const input: Record<string, unknown> = {}
  const parts = new Map<string, Record<string, unknown>>()
  for (const [at, { title, parameter, part, read }] of columns.entries()) {
    const cell = cells[at]
    if (cell === undefined) continue
    const value = isBlank(cell) ? cell : readCell(title, read, cell)
    if (part === undefined) input[parameter] = value
    else parts.set(parameter, { ...parts.get(parameter), [part]: value })
  }
  for (const [parameter, value] of parts) {
    // Indexes are keys that an object holds in ascending order.
    input[parameter] = parameters[parameter]?.type === 'array' ? Object.values(value) : value
  }
  return input
}

function readCell(title: string, read: Read, cell: string): unknown {
  try {
    return read(cell, title)
  } catch (error) {
    throw badCell(title, error instanceof Error ? error.message : String(error))
  }
}

function badCell(title: string | null, message: string): IntercomError {
  return new IntercomError(message, { code: 'invalid_input', field: title, hint: 'Nothing was sent.' })
}

function columnOf(
  title: string,
  at: number,
  parameters: Record<string, Parameter>,
  otherNames: AnyAction['otherNames'],
): Column {
  if (title === '') throw headerError(`column ${at + 1} has no name`)
  const [name = '', ...rest] = title.split('.')
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined
  const whole = Object.hasOwn(parameters, title) ? parameters[title] : undefined
  if (whole !== undefined) return { title, parameter: title, part: undefined, read: readerOf(whole.type) }
  if (rest.length > 0 && parameter?.type === 'object') return attribute(title, name, rest.join('.'))
  if (rest.length === 1 && parameter?.type === 'array' && /^(0|[1-9]\d?)$/.test(rest[0] ?? ''))
    return { title, parameter: name, part: String(rest[0]), read: readText }
  throw headerError(
    sentences(
      `unknown parameter ${quotedName(title)}`,
      didYouMean(title, Object.keys(parameters), otherNames),
    ),
  )
}

function attribute(title: string, parameter: string, rest: string): Column {
  const colon = rest.lastIndexOf(':')
  const part = colon < 0 ? rest : rest.slice(0, colon)
  const type = colon < 0 ? 'text' : rest.slice(colon + 1)
  const read = Object.hasOwn(attributeReaders, type) ? attributeReaders[type] : undefined
  if (part === '' || read === undefined) {
    throw headerError(
      `${quotedName(title)} must name an attribute, and its type must be :number, :boolean or :json if given`,
    )
  }
  return { title, parameter, part, read }
}

const readText = (cell: string) => cell

const attributeReaders: Record<string, Read> = {
  text: readText,
  number: readNumber,
  boolean: readBoolean,
  json: exactJson,
}

/** A whole parameter is read as any host's; what is no JSON is told of here, where the cell is known. */
function readerOf(type: string): Read {
  return type === 'object' ? exactJson : readText
}

function readBoolean(cell: string, title: string): boolean {
  const word = cell.trim().toLowerCase()
  if (!['true', 'false', 'yes', 'no'].includes(word)) throw new Error(`${title} must be true or false`)
  return word === 'true' || word === 'yes'
}

function readNumber(cell: string, title: string): number {
  if (!/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell))
    throw new Error(`${title} must be a number such as 12 or 12.5`)
  if (!isExact(cell)) throw new Error(`${title} is ${roundedNumber}`)
  return Number(cell)
}

function headerError(message: string): IntercomError {
  return invalidFile(`line 1: ${message}`, {
    hint: 'The first line must name the parameters. Nothing was sent.',
  })
}
