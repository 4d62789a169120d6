import type { IntercomError } from '../errors.ts'

/** One row of the input, checked. */
export type Row = {
  /** From 1, without the header and empty lines. */
  row: number
  /** The line of the file it begins on, from 1. */
  line: number
  /** As it stands in the file, without its line break. */
  raw: string
  /** What the action takes. Of a bad row, whatever could be read. */
  input: unknown
  /** What is wrong with it, and the column at fault where one is known. */
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
