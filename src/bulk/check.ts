import type { AnyAction } from '../core/action.ts'
import type { InputFile } from './input-file.ts'
import { type CheckedRow, checkRow, type Rows } from './row.ts'
import { type ReadOptions, readRows } from './rows.ts'

type BadRow = { line: number; column: string | null; message: string }

/** The result of checking every row. */
export type CheckResult = Pick<Rows, 'format' | 'header'> & {
  rows: number
  bad: number
  /** The first hundred of them. */
  first: BadRow[]
  /** SHA-256 of the file, in hex. */
  hash: string
  /** Whether it is UTF-8 without a mark. */
  plain: boolean
}

const maxListed = 100

/** Reads a file to its end and checks every row; nothing is sent. `onRow` is called with each. */
export async function checkFile(
  action: AnyAction,
  name: string,
  input: Pick<InputFile, 'bytes' | 'hash'>,
  reading: ReadOptions,
  onRow: (row: CheckedRow) => void = () => {},
): Promise<CheckResult> {
  const { rows, ...file } = await readRows(action, name, input.bytes(), reading)
  const first: BadRow[] = []
  let count = 0
  let bad = 0
  for await (const row of rows) {
    count += 1
    const checked = checkRow(action, row)
    onRow(checked)
    if (checked.problem === null) continue
    bad += 1
    const { column, error } = checked.problem
    if (first.length < maxListed) first.push({ line: row.line, column, message: error.message })
  }
  return { ...file, rows: count, bad, first, hash: input.hash() ?? '' }
}
