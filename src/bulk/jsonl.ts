import { exactJson } from '../core/exact-json.ts'
import { invalidInput } from '../errors.ts'
import { invalidFile } from './decode.ts'
import { maxRow, type Row } from './row.ts'

/**
 * The rows of a JSON Lines text: one object a line. Empty lines are skipped. `end`: the bytes of UTF-8 up to the end
 * of the line, its line feed included.
 */
export async function* jsonRows(
  texts: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<Row & { end: number }> {
  let row = 0
  let line = 0
  let end = 0
  for await (const text of linesOf(texts)) {
    line += 1
    end += Buffer.byteLength(text) + 1
    const raw = text.replace(/\r$/, '')
    if (raw.trim() === '') continue
    row += 1
    yield { row, line, raw, end, input: () => objectIn(raw), columnOf: (parameter) => parameter }
  }
}

function objectIn(raw: string): unknown {
  const value = exactJson(raw, 'the line')
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw invalidInput('the line must be a JSON object', 'Nothing was sent.')
}

async function* linesOf(texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let rest = ''
  let count = 0
  for await (const text of texts) {
    const lines = text.split('\n')
    lines[0] = rest + lines[0]
    rest = lines.pop() ?? ''
    count += lines.length
    yield* lines
    if (rest.length > maxRow) {
      throw invalidFile(`line ${count + 1} is longer than ${maxRow} characters`, {
        hint: 'Nothing was sent.',
      })
    }
  }
  if (rest !== '') yield rest
}
