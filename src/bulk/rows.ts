import { extname } from 'node:path'
import type { AnyAction } from '../core/action.ts'
import { csvRows } from './csv.ts'
import { decoded } from './decode.ts'
import type { InputFile } from './input-file.ts'
import { jsonRows } from './jsonl.ts'
import { type CheckedRow, checkRow, type Rows } from './row.ts'

/** How a file is to be read, where its own signs do not decide. */
export type ReadOptions = {
  /** One of `,` `;` `|` or a tab; else the header of a CSV file shows it. */
  separator?: string | undefined
  /** A label of `TextDecoder`; else a byte order mark says it, else UTF-8. */
  encoding?: string | undefined
}

/**
 * The rows of a file's bytes. `.jsonl` and `.ndjson` are JSON Lines, `.csv` and `.tsv` CSV; of any other name
 * the first character decides: `{` begins JSON Lines. Throws an `IntercomError` for what cannot be read as a whole.
 */
export async function readRows(
  action: AnyAction,
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  { separator, encoding }: ReadOptions,
): Promise<Rows & { plain: boolean }> {
  const { texts, plain } = await decoded(bytes, encoding)
  const first = await texts.next()
  const head = first.done === true ? '' : first.value
  const whole = joined(head, texts)
  if (formatOf(name, head) === 'jsonl') return { format: 'jsonl', header: null, rows: jsonRows(whole), plain }
  return { format: 'csv', ...(await csvRows(action, whole, separator)), plain }
}

async function* joined(head: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (head !== '') yield head
  yield* rest
}

function formatOf(name: string, head: string): Rows['format'] {
  const end = extname(name).toLowerCase()
  if (end === '.jsonl' || end === '.ndjson') return 'jsonl'
  if (end === '.csv' || end === '.tsv') return 'csv'
  return head.trimStart().startsWith('{') ? 'jsonl' : 'csv'
}

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
