import { invalidFile } from './file-kind.ts'
import { jsonRow } from './jsonl.ts'
import { maxRow, type Row } from './row.ts'

/**
 * The rows of a text that is one JSON array of objects. Only what is between the elements is looked at here; each is
 * read for itself. Throws an `IntercomError` where nobody can tell which the elements are.
 */
export async function* arrayRows(texts: AsyncIterable<string>): AsyncGenerator<Row> {
  let element = ''
  let row = 0
  let line = 1
  let begin = 1
  let depth = 0
  let isInString = false
  let isEscaped = false
  let isClosed = false
  let isBetween = true

  function ended(isLast: boolean): Row[] {
    const text = element.trim()
    element = ''
    if (text === '') {
      if (isLast && row === 0) return []
      throw broken(line, isLast ? 'there is a comma after the last row' : 'a row is missing before the comma')
    }
    row += 1
    return [jsonRow(row, begin, text.replace(/\s*[\r\n]\s*/g, ' '), text)]
  }

  for await (const text of texts) {
    let from = 0
    for (let at = 0; at < text.length; at++) {
      const char = text[at]
      if (char === '\n') line += 1
      if (isInString) {
        if (isEscaped) isEscaped = false
        else if (char === '\\') isEscaped = true
        else if (char === '"') isInString = false
        continue
      }
      if (isBlank(char)) continue
      if (isClosed) throw broken(line, 'there is more after the end of the list; JSON Lines has no brackets')
      if (depth === 0) {
        depth = 1 // the first bracket, which the caller has seen
        from = at + 1
        continue
      }
      if (isBetween) begin = line
      isBetween = false
      if (char === '"') isInString = true
      else if (char === '{' || char === '[') depth += 1
      else if (char === '}' || char === ']') depth -= 1
      if (depth === 0 || (depth === 1 && char === ',')) {
        element += text.slice(from, at)
        from = at + 1
        isClosed = depth === 0
        isBetween = true
        if (isClosed && char === '}') throw broken(line, 'a bracket is closed by a brace')
        yield* ended(isClosed)
      }
    }
    if (!isClosed) element += text.slice(from)
    if (element.length > maxRow) throw broken(begin, `the row is longer than ${maxRow} characters`)
  }
  if (!isClosed) throw broken(line, 'the list is not closed: the file may be cut off')
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\r' || char === '\t'
}

function broken(line: number, what: string) {
  return invalidFile(`line ${line}: the JSON array cannot be read: ${what}`, {
    hint: 'Correct it, or give JSON Lines: jq -c ".[]" FILE. Nothing was sent.',
  })
}
