import type { AnyAction } from '../core/action.ts'
import { hostInput } from '../core/host-input.ts'
import { parsedInput } from '../core/run.ts'
import { IntercomError } from '../errors.ts'

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
  /** The column that fills a parameter. */
  columnOf(parameter: string): string | null
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
  let columnOf = (field: string): string | null => field
  try {
    const given = row.input()
    columnOf = row.columnOf
    input = rowInput(action, given)
    return { input, parsed: parsedInput(action, input), problem: null }
  } catch (error) {
    if (!(error instanceof IntercomError)) throw error
    const column = error.field === null ? null : columnOf(error.field)
    return { input, parsed: undefined, problem: { column, error } }
  }
}
