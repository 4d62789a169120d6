import type { AnyAction, Envelope } from '../core/action.ts'
import { hostInput } from '../core/host-input.ts'
import { failed, parsedInput } from '../core/run.ts'
import { type Failure, failureOf, IntercomError, type Outcome, sentences } from '../errors.ts'
import { givenValue } from './cells.ts'
import type { ColumnUse } from './columns.ts'

/** One row of the input, as it stands in the file. */
export type Row = {
  /** From 1, without the header and empty lines. */
  row: number
  /** The line of the file it begins on, from 1. */
  line: number
  /** Its text, without its line break. */
  raw: string
  /** The action's input. Throws an `IntercomError` whose `field` is the column that cannot be read. */
  input(): unknown
  /** The column that fills a parameter and that a message is about. */
  columnOf(parameter: string, message: string): string | null
  /** What to change in the header where the workspace refuses a value, as a sentence. */
  advice(message: string): string | null
  /** Its text with why it failed, in place of what an earlier job wrote there. */
  withReason(reason: string): string
}

/** What became of a row. `held`: it waits for a person, and gets another line once they have decided. */
export type RowOutcome = 'success' | 'held' | Outcome

/** One line of the results. The first keys come first, so that a line can be known by its beginning. */
export type ResultLine = {
  line: number
  row: number
  outcome: RowOutcome
  /** How many fields the row emptied, where it did. */
  cleared?: number | undefined
  /** Of a held row: the approval that it waits for. */
  approval?: string | undefined
  /** Intercom's `X-Request-Id` of the last answer; null when none came, or the journal answered. */
  request_id: string | null
  failure: Failure | null
  output: Envelope
}

/** A row as its action sees it. */
export type CheckedRow = {
  /** By the rules of docs/input.md. */
  input: unknown
  /** What the action's schema made of the input. */
  parsed: unknown
  /** What is wrong with the row, and the column at fault where one is known. */
  problem: { column: string | null; error: IntercomError } | null
}

/** The rows of a file, and what stands above them. */
export type Rows = {
  format: 'csv' | 'jsonl'
  /** The header of a CSV file as it stands there. */
  header: string | null
  /** The same with the column of reasons. */
  failedHeader: string | null
  /** What the columns of a CSV file fill. */
  uses: ColumnUse[] | null
  /** How many blank rows were skipped so far. */
  skipped(): number
  rows: AsyncIterable<Row>
}

/** No row is longer, in characters: a quote that is never closed must not fill the memory. */
export const maxRow = 4 * 1024 * 1024

/** The action's input from what a row holds (docs/input.md). */
export function rowInput(action: AnyAction, given: unknown): unknown {
  return hostInput(action, given, { spreadsheet: true })
}

export function checkRow(action: AnyAction, row: Pick<Row, 'input' | 'columnOf'>): CheckedRow {
  let input: unknown
  let given: unknown
  let columnOf: Row['columnOf'] = (field) => field
  try {
    given = row.input()
    columnOf = row.columnOf
    input = rowInput(action, given)
    return { input, parsed: parsedInput(action, input), problem: null }
  } catch (error) {
    if (!(error instanceof IntercomError)) throw error
    const column = error.field === null ? null : columnOf(error.field, error.message)
    return { input, parsed: undefined, problem: { column, error: withValue(error, given) } }
  }
}

/** Asks of an input what only the workspace knows; answers what Intercom would refuse, else null. */
export type WorkspaceCheck = (parsed: unknown) => Promise<IntercomError | null>
/** The same of a row. */
export type InputCheck = (parsed: unknown, row: number) => Promise<IntercomError | null>

/** A row as its action and, where there is a check, its workspace see it. */
export async function verifiedRow(
  action: AnyAction,
  row: Omit<Row, 'raw' | 'withReason'>,
  check: InputCheck | undefined,
): Promise<CheckedRow> {
  const checked = checkRow(action, row)
  if (checked.problem !== null || check === undefined) return checked
  const error = await check(checked.parsed, row.row)
  if (error === null) return checked
  const column = error.field === null ? null : row.columnOf(error.field, error.message)
  const { message } = withValue(error, checked.input)
  const advised = new IntercomError(sentences(message, row.advice(message)), failureOf(error))
  return { ...checked, problem: { column, error: advised } }
}

/** The result of a bad row: the envelope that its action would return. */
export function badLine(action: AnyAction, { row, line }: Row, error: IntercomError): ResultLine {
  const { output, failure } = failed(action, error, (text) => text) // of the file alone
  return { line, row, outcome: 'not_sent', request_id: null, failure, output }
}

/** The error with the value that it is about, where there is one and it is not shown yet. */
function withValue(error: IntercomError, input: unknown): IntercomError {
  const { message, field } = error
  if (field === null || input === undefined || message.includes('; ')) return error
  if (/ does not exist|\((?:null|blank text|nothing but blanks) was given\)/.test(message)) return error
  const whole: unknown = Object(input)[field]
  const parts = Object.entries(Object(whole)).filter(([name]) => message.includes(`${field}.${name} `))
  const value = typeof whole === 'object' && parts.length === 1 ? parts[0]?.[1] : whole
  const text = givenValue(value)
  if (text === '' || message.includes(String(value))) return error
  return new IntercomError(`${message}${text}`, failureOf(error))
}
