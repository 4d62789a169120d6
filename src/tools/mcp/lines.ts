import { isUtf8 } from 'node:buffer'
import { Transform } from 'node:stream'
import { deepest, isTooComplex, mostValues } from '../../read-body.ts'

/** Bytes of a message: the most that the SDK takes. */
const lineBytes = 10 * 1024 * 1024 - 1
/** Where an id is looked for in a message that is not read, at its beginning and its end. */
const edgeBytes = 300

/** Passes lines on to the SDK, except those that would block or end it, which `answer` gets a refusal of, as a line. */
export function boundedLines(answer: (line: string) => void): Transform {
  let pieces: Buffer[] = []
  let size = 0
  let first = ''
  const refuse = (reason: string, last: Buffer, next = 'send less') => {
    const id = idIn(first, String(last.subarray(-edgeBytes)))
    const error = { code: -32_600, message: `The message ${reason}. Nothing was done; ${next}.` }
    answer(`${JSON.stringify({ jsonrpc: '2.0', id, error })}\n`)
  }
  const take = (piece: Buffer) => {
    if (size === 0) first = String(piece.subarray(0, edgeBytes))
    size += piece.length
    if (size > lineBytes) pieces = []
    else pieces.push(piece)
  }
  return new Transform({
    transform(chunk: Buffer, _, done) {
      let from = 0
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        const last = chunk.subarray(from, end + 1)
        take(last)
        const line = Buffer.concat(pieces)
        if (size > lineBytes) refuse(`is longer than ${lineBytes} bytes`, last)
        else if (!isUtf8(line)) refuse('is not UTF-8', line, 'encode its text so')
        else if (!isTooComplex(line)) this.push(line)
        else refuse(`has more than ${mostValues} values, or is nested deeper than ${deepest}`, line)
        pieces = []
        size = 0
        from = end + 1
      }
      if (from < chunk.length) take(chunk.subarray(from))
      done()
    },
  })
}

/** The id of a request, where it comes before or after everything nested; else `null`, as JSON-RPC wants it. */
function idIn(first: string, last: string): unknown {
  const value = '("[^"\\\\]*"|-?\\d+)'
  const found =
    new RegExp(`^\\s*\\{[^{}[\\]]*?"id"\\s*:\\s*${value}\\s*,`).exec(first) ??
    new RegExp(`[,{]\\s*"id"\\s*:\\s*${value}[^{}[\\]]*\\}\\s*$`).exec(last)
  return found?.[1] === undefined ? null : JSON.parse(found[1])
}
