import { exactJson, jsonValue } from '../core/exact-json.ts'
import { invalidInput } from '../errors.ts'
import { refuseErrorValues } from './cells.ts'
import { invalidFile } from './file-kind.ts'
import { reasonName } from './header.ts'
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
    yield { ...jsonRow(row, line, raw), end }
  }
}

/** A row of JSON. `text`: what it is read from, where that is not the row on one line. */
export function jsonRow(row: number, line: number, raw: string, text = raw): Row {
  return {
    row,
    line,
    raw,
    input: () => objectIn(text),
    columnOf: (parameter) => parameter,
    advice: () => null,
    withReason: (reason) => withReason(raw, reason),
  }
}

function objectIn(raw: string): unknown {
  const value = exactJson(raw, 'the line')
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidInput('the line must be a JSON object', 'Nothing was sent.')
  Reflect.deleteProperty(value, reasonName)
  refuseErrorValues(value)
  return value
}

const earlierReason = new RegExp(`^\\s*\\{\\s*"${reasonName}"\\s*:\\s*"(?:[^"\\\\]|\\\\.)*"\\s*,?`)

/** What is not an object stays as it is. */
function withReason(raw: string, reason: string): string {
  const rest = raw.replace(earlierReason, '{').trimStart()
  if (!rest.startsWith('{')) return raw
  const isEmpty = /^\{\s*\}?\s*$/.test(rest)
  return `{${JSON.stringify(reasonName)}:${JSON.stringify(reason)}${isEmpty ? '' : ','}${rest.slice(1)}`
}

/** Throws an `IntercomError` when the first line is not a row but a larger document, or the beginning of one. */
export function refuseDocument(first: string): void {
  const text = first.trim()
  const give = (what: string, command: string) =>
    invalidFile(`this is ${what}; give JSON Lines, one object a line: ${command}`, {
      hint: 'Nothing was sent.',
    })
  if (/^\[\s*(?:\{|$)/.test(text)) throw give('a JSON array', 'jq -c ".[]" FILE')
  const list = Object.entries(Object(jsonValue(text))).find(
    ([name, value]) => name !== 'query_value' && isListOfObjects(value),
  )
  if (list !== undefined) throw give('one JSON object that holds a list', `jq -c ".${list[0]}[]" FILE`)
  if (/[{[]$/.test(text) || (/^\{.*,$/.test(text) && jsonValue(text.slice(0, -1)) === undefined))
    throw give('JSON over several lines', 'jq -c . FILE, or jq -c ".rows[]" FILE where "rows" holds the list')
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === 'object' && value[0] !== null
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
