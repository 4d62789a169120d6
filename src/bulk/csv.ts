import { once } from 'node:events'
import { Readable } from 'node:stream'
import { CsvError, type Options, Parser } from 'csv-parse'
import type { AnyAction } from '../core/action.ts'
import type { IntercomError } from '../errors.ts'
import { type Cell, type Columns, columnsOf } from './columns.ts'
import { invalidFile } from './decode.ts'
import { maxRow, type Row } from './row.ts'

const separators = [',', ';', '\t', '|']

type Record = { cells: Cell[]; raw: string; line: number }

/** The header and the rows of a CSV text (RFC 4180, any line breaks). `separator`: else what the header shows. */
export async function csvRows(
  action: AnyAction,
  texts: AsyncGenerator<string>,
  separator: string | undefined,
): Promise<{ header: string; rows: AsyncIterable<Row> }> {
  const { head, all } = await withHeader(texts)
  const records = recordsOf(all, separator ?? separatorIn(head))
  const first = await records.next()
  if (first.done === true)
    throw invalidFile('the file is empty', { hint: 'Its first line must name the parameters.' })
  const { cells, raw } = first.value
  try {
    return { header: raw, rows: rowsOf(columnsOf(action, cells), records) }
  } catch (error) {
    await records.return(undefined)
    throw error
  }
}

async function* rowsOf({ input, titleOf }: Columns, records: AsyncIterable<Record>): AsyncGenerator<Row> {
  let row = 0
  for await (const { cells, raw, line } of records) {
    row += 1
    yield { row, line, raw, input: () => input(cells), columnOf: titleOf }
  }
}

async function* recordsOf(texts: AsyncIterable<string>, delimiter: string): AsyncGenerator<Record> {
  let line = 1
  const place = ({ record, raw }: { record: Cell[]; raw: string }): Record => {
    line += breaksIn(/^[\r\n]+/.exec(raw)?.[0] ?? '') // empty lines before it
    const own = { cells: record, raw: raw.replace(/^[\r\n]+|[\r\n]+$/g, ''), line }
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
    hint: 'Quote the whole cell and double the quotes inside it. Nothing was sent.',
  })
}

/** The text up to the first line break outside quotes, and the whole text again. */
async function withHeader(
  texts: AsyncGenerator<string>,
): Promise<{ head: string; all: AsyncIterable<string> }> {
  let head = ''
  while (!/[\r\n]/.test(outsideQuotes(head.trimStart())) && head.length < maxRow) {
    const { value, done } = await texts.next()
    if (done === true) break
    head += value
  }
  async function* all() {
    yield head
    yield* texts
  }
  const start = head.trimStart()
  return { head: outsideQuotes(start).split(/[\r\n]/)[0] ?? '', all: all() }
}

function outsideQuotes(text: string): string {
  return text.replace(/"[^"]*("|$)/g, '')
}

function separatorIn(head: string): string {
  const counts = separators.map((one) => head.split(one).length)
  return separators[counts.indexOf(Math.max(...counts))] ?? ','
}
