import { extname } from 'node:path'
import type { AnyAction } from '../core/action.ts'
import { type CsvOptions, csvRows } from './csv.ts'
import { decoded } from './decode.ts'
import { invalidFile, refuseMarkup } from './file-kind.ts'
import type { InputFile } from './input-file.ts'
import { arrayRows } from './json-array.ts'
import { jsonRows, refuseDocument } from './jsonl.ts'
import { type ReasonGroup, Reasons } from './reasons.ts'
import {
  badLine,
  type CheckedRow,
  checkRow,
  type InputCheck,
  type Row,
  type Rows,
  verifiedRow,
} from './row.ts'

/** How a file is to be read, where its own signs do not decide. */
export type ReadOptions = CsvOptions & {
  /** A label of `TextDecoder`; else a byte order mark says it, else UTF-8. */
  encoding?: string | undefined
}

/**
 * The rows of a file's bytes. `.jsonl` and `.ndjson` are JSON Lines, `.csv` and `.tsv` CSV; of any other name
 * the first character decides: `{` begins JSON Lines, `[` a JSON array. Throws an `IntercomError` for what cannot be
 * read as a whole.
 */
export async function readRows(
  action: AnyAction,
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  { encoding, ...options }: ReadOptions,
): Promise<Rows & { plain: boolean }> {
  const { texts, plain } = await decoded(bytes, encoding, name)
  const head = await headOf(texts)
  refuseMarkup(head)
  const whole = joined(head, texts)
  const format = formatOf(name, head.trimStart())
  if (format === 'csv') return { format, ...(await csvRows(action, whole, options)), plain }
  if ([options.map, options.ignore, options.clear].some((one) => one !== undefined))
    throw invalidFile('--map, --ignore and --clear name the columns of a CSV file, and this is JSON', {
      hint: 'Rename its keys instead; each row says in its own "clear" what it empties. Nothing was sent.',
    })
  const rows = format === 'array' ? arrayRows(whole) : linesOf(whole)
  return { format: 'jsonl', header: null, failedHeader: null, uses: null, skipped: () => 0, rows, plain }
}

/** Enough to see what it is. */
async function headOf(texts: AsyncGenerator<string>): Promise<string> {
  let head = ''
  while (head.trimStart().length < 1000) {
    const { value, done } = await texts.next()
    if (done === true) break
    head += value
  }
  return head
}

async function* joined(head: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (head !== '') yield head
  yield* rest
}

async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<Row> {
  for await (const row of jsonRows(texts)) {
    if (row.row === 1) refuseDocument(row.raw)
    yield row
  }
}

/** No header of a CSV file begins with a bracket, and no row of JSON Lines with the name of a parameter. */
function formatOf(name: string, head: string): Rows['format'] | 'array' {
  const end = extname(name).toLowerCase()
  const isArray = /^\[\s*(?:\{|$)/.test(head)
  const hint = 'Nothing was sent.'
  if (end === '.csv' || end === '.tsv') {
    if (isArray || /^\{\s*["}]/.test(head))
      throw invalidFile('the file is JSON, though its name says CSV: rename it to .jsonl or .json', { hint })
    return 'csv'
  }
  if (end === '.jsonl' || end === '.ndjson') {
    const [first = ''] = head.split(/[\r\n]/)
    if (/^"?[a-z][\w .-]*"?[,;|\t]/i.test(first) && !/[{[]/.test(first))
      throw invalidFile('the file is CSV, though its name says JSON Lines: rename it to .csv', { hint })
    return isArray ? 'array' : 'jsonl'
  }
  if (head.startsWith('[')) return 'array'
  return head.startsWith('{') ? 'jsonl' : 'csv'
}

type BadRow = { line: number; column: string | null; message: string }

/** The result of checking every row. */
export type CheckResult = Pick<Rows, 'format' | 'failedHeader' | 'uses'> & {
  rows: number
  /** Blank rows, which are not counted as rows. */
  skipped: number
  bad: number
  /** The first hundred of them. */
  first: BadRow[]
  /** How many share a reason. */
  reasons: ReasonGroup[]
  /** SHA-256 of the file, in hex. */
  hash: string
  /** Whether it is UTF-8 without a mark. */
  plain: boolean
}

const maxListed = 100

/** Bad rows among others. */
export type BadRows = Pick<CheckResult, 'rows' | 'bad' | 'first' | 'reasons'>

/** Reads a file to its end and checks every row; nothing is sent. `onRow` is called with each. */
export async function checkFile(
  action: AnyAction,
  name: string,
  input: Pick<InputFile, 'bytes' | 'hash'>,
  reading: ReadOptions,
  onRow: (row: CheckedRow) => void = () => {},
  check?: InputCheck,
): Promise<CheckResult> {
  const { rows, skipped, header, ...file } = await readRows(action, name, input.bytes(), reading)
  const bad = await badRows(action, rows, async (row) => {
    const checked = await verifiedRow(action, row, check)
    onRow(checked)
    return checked.problem
  })
  return { ...file, ...bad, skipped: skipped(), hash: input.hash() ?? '' }
}

/** Those that the workspace refuses though the action takes them. */
export async function refusedRows(
  action: AnyAction,
  rows: AsyncIterable<Row>,
  check: InputCheck,
): Promise<BadRows> {
  return await badRows(action, rows, async (row) =>
    checkRow(action, row).problem === null ? (await verifiedRow(action, row, check)).problem : null,
  )
}

async function badRows(
  action: AnyAction,
  rows: AsyncIterable<Row>,
  problemOf: (row: Row) => Promise<CheckedRow['problem']>,
): Promise<BadRows> {
  const first: BadRow[] = []
  const reasons = new Reasons()
  let count = 0
  let bad = 0
  for await (const row of rows) {
    count += 1
    const problem = await problemOf(row)
    if (problem === null) continue
    bad += 1
    const { column, error } = problem
    if (first.length < maxListed) first.push({ line: row.line, column, message: error.message })
    reasons.note(badLine(action, row, error))
  }
  return { rows: count, bad, first, reasons: reasons.groups() }
}
