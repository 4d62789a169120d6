import { once } from 'node:events'
import { Readable } from 'node:stream'
import { CsvError, type Options, Parser } from 'csv-parse'
import type { AnyAction } from '../core/action.ts'
import { isBlank } from '../core/blanks.ts'
import { parametersOf } from '../core/describe.ts'
import { failureOf, IntercomError } from '../errors.ts'
import { shown } from './cells.ts'
import { type Cell, type Columns, columnsOf } from './columns.ts'
import { separatorIn, withHeader } from './csv-separator.ts'
import { invalidFile } from './file-kind.ts'
import { type ColumnOptions, reasonName } from './header.ts'
import { maxRow, type Row, type Rows } from './row.ts'

type Record = { cells: Cell[]; raw: string; line: number }

/** How a CSV text is read. `separator`: else what a line `sep=;` says, else what the header shows. */
export type CsvOptions = ColumnOptions & { separator?: string | undefined }

/** The header and the rows of a CSV text (RFC 4180, any line breaks). */
export async function csvRows(
  action: AnyAction,
  texts: AsyncGenerator<string>,
  options: CsvOptions,
): Promise<Omit<Rows, 'format'>> {
  const { head, all, said } = await withHeader(texts)
  const separator = options.separator ?? said?.separator ?? separatorIn(head, parametersOf(action))
  const records = recordsOf(all, separator, said === null ? 1 : 2)
  const counted = { skipped: 0 }
  let first = await records.next()
  for (; first.done !== true && first.value.cells.every((cell) => isBlank(cell ?? '')); counted.skipped++)
    first = await records.next()
  if (first.done === true)
    throw invalidFile('the file is empty', { hint: 'Its first line must name the parameters.' })
  const { cells, raw, line } = first.value
  try {
    const columns = columnsOf(action, cells, options)
    return {
      header: raw,
      failedHeader: `${said?.line ?? ''}${withReason(raw, reasonName, columns.reasonAt, cells.length, separator)}`,
      uses: columns.uses,
      rows: rowsOf(columns, records, cells.length, separator, counted),
      skipped: () => counted.skipped,
    }
  } catch (error) {
    await records.return(undefined)
    throw atLine(line, error)
  }
}

function unnamedColumn(name: string, line: number, cell: string): IntercomError {
  return invalidFile(`${name} has no name, but line ${line} has ${shown(cell)} there`, {
    hint: `Name it, or leave it out with --ignore "${name}". Nothing was sent.`,
  })
}

/** The header may stand below blank lines. */
function atLine(line: number, error: unknown): unknown {
  if (!(error instanceof IntercomError) || !error.message.startsWith('line 1: ')) return error
  return new IntercomError(error.message.replace('line 1', `line ${line}`), failureOf(error))
}

async function* rowsOf(
  { input, titleOf, advice, reasonAt, unnamed }: Columns,
  records: AsyncIterable<Record>,
  width: number,
  separator: string,
  counted: { skipped: number },
): AsyncGenerator<Row> {
  let row = 0
  for await (const { cells, raw, line } of records) {
    if (cells.every((cell, at) => at === reasonAt || isBlank(cell ?? ''))) {
      counted.skipped += 1
      continue
    }
    for (const [at, name] of unnamed.entries()) {
      if (name !== null && !isBlank(cells[at] ?? '')) throw unnamedColumn(name, line, cells[at] ?? '')
    }
    row += 1
    yield {
      row,
      line,
      raw,
      input: () => input(cells),
      columnOf: titleOf,
      advice,
      withReason: (reason) => withReason(raw, reason, reasonAt, width, separator),
    }
  }
}

/**
 * A row with a reason in front, or in the column of reasons that it has. A row of another width stays as it is: nobody
 * can tell which cell holds the reason, and adding one could make it fit the header.
 */
function withReason(raw: string, reason: string, reasonAt: number, width: number, separator: string): string {
  const cell = reason === reasonName ? reason : `"${reason.replaceAll('"', '""')}"`
  if (reasonAt < 0) return `${cell}${separator}${raw}`
  const cells = rawCells(raw, separator)
  return cells.length === width ? cells.with(reasonAt, cell).join(separator) : raw
}

/** The cells of a row that can be read, with their quotes. */
function rawCells(raw: string, separator: string): string[] {
  const cells: string[] = []
  for (let at = 0; at <= raw.length; ) {
    const end = raw.indexOf(separator, raw[at] === '"' ? endOfQuoted(raw, at) : at)
    cells.push(raw.slice(at, end < 0 ? raw.length : end))
    at = end < 0 ? raw.length + 1 : end + separator.length
  }
  return cells
}

/** Where a quoted cell that begins at `at` ends. */
function endOfQuoted(raw: string, at: number): number {
  let end = raw.indexOf('"', at + 1)
  while (raw[end + 1] === '"') end = raw.indexOf('"', end + 2)
  return end + 1
}

/** In linear time, unlike `/[\r\n]+$/`: a cell may hold many breaks. */
function withoutBreaksAround(raw: string): string {
  let end = raw.length
  while (end > 0 && /[\r\n]/.test(raw.charAt(end - 1))) end -= 1
  return raw.slice(0, end).replace(/^[\r\n]+/, '')
}

async function* recordsOf(
  texts: AsyncIterable<string>,
  delimiter: string,
  firstLine: number,
): AsyncGenerator<Record> {
  let line = firstLine
  const place = ({ record, raw }: { record: Cell[]; raw: string }): Record => {
    line += breaksIn(/^[\r\n]+/.exec(raw)?.[0] ?? '') // empty lines before it
    const own = { cells: record, raw: withoutBreaksAround(raw), line }
    line += breaksIn(own.raw) + 1
    return own
  }
  const options = {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    raw: true,
    relax_column_count: true, // a row of another length is a bad row
    skip_empty_lines: true,
    max_record_size: maxRow,
    cast: (cell: string, { quoting }: { quoting: boolean }) => (cell === '' && !quoting ? undefined : cell),
    on_record: place,
  }
  const parser = new Parser(options as unknown as Options) // its types know neither what `raw` brings nor `place` gives
  const source = Readable.from(texts)
  source.on('error', (error) => parser.destroy(error)).pipe(parser)
  try {
    yield* parser as AsyncIterable<Record>
  } catch (error) {
    throw error instanceof CsvError ? brokenAt(line, error) : error
  } finally {
    parser.destroy()
    source.destroy()
    if (!source.closed) await once(source, 'close') // until then the file is being read
  }
}

function breaksIn(text: string): number {
  return /[\r\n]/.test(text) ? text.split(/\r\n|\r|\n/).length - 1 : 0
}

/** Where quotes are wrong nobody can tell what the rows are, so none is sent. */
function brokenAt(line: number, { code }: CsvError): IntercomError {
  const what =
    code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'a quote is opened and never closed'
      : code === 'CSV_MAX_RECORD_SIZE'
        ? `the row is longer than ${maxRow} characters; a quote may never be closed`
        : 'there is a quote in the middle of a cell'
  return invalidFile(`the row at line ${line} cannot be read: ${what}`, {
    hint: 'Quote the whole cell and double the quotes inside it; where cells are formulas (="00123"), export their values. Nothing was sent.',
  })
}
