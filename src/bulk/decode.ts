import { isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { quotedName } from '../errors.ts'
import { invalidFile, refuseOtherKinds } from './file-kind.ts'

const boms: [encoding: string, bytes: number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]
const lineFeed = 10

/** The text of a file, and whether it was anything else than plain UTF-8. */
export type DecodedText = { texts: AsyncGenerator<string>; plain: boolean }

/**
 * The text of bytes. A byte order mark decides; else `encoding` (any label of `TextDecoder`), else UTF-8. Nothing is
 * replaced: invalid bytes throw an `IntercomError` that names the line, as does a file that is no text. `name`: the
 * file's, whose ending may say more.
 */
export async function decoded(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
  name = '',
): Promise<DecodedText> {
  const source = chunks[Symbol.asyncIterator]()
  const head = await firstBytes(source)
  refuseOtherKinds(name, head)
  const marked = boms.find(([, bytes]) => bytes.every((byte, at) => head[at] === byte))?.[0]
  if (marked === undefined && encoding === undefined) refuseNul(head)
  const label = marked ?? encoding ?? 'utf-8'
  const decoder = decoderOf(label)
  return {
    texts: textsOf(head, source, decoder),
    plain: marked === undefined && decoder.encoding === 'utf-8',
  }
}

/** UTF-16 has a NUL beside every letter of ASCII. */
function refuseNul(head: Uint8Array): void {
  const first = head.indexOf(0)
  if (first < 0) return
  if (head.filter((byte) => byte === 0).length > head.length / 8)
    throw invalidFile('the file contains NUL bytes, which suggests UTF-16 without a byte order mark', {
      hint: 'Add --encoding utf-16le, or save it as UTF-8.',
    })
  const line = head.subarray(0, first).filter((byte) => byte === lineFeed).length + 1
  throw invalidFile(`line ${line} contains a NUL byte, which no text has`, {
    hint: 'Remove it, or export the file again. Nothing was sent.',
  })
}

function decoderOf(label: string): TextDecoder {
  try {
    return new TextDecoder(label, { fatal: true })
  } catch {
    throw invalidFile(`unknown encoding ${quotedName(label)}`, {
      hint: 'Try utf-8, windows-1252, iso-8859-15, utf-16le or shift_jis.',
    })
  }
}

/** Enough to see a byte order mark, and what kind of file it is. */
async function firstBytes(source: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array()
  while (head.length < 1024) {
    const { value, done } = await source.next()
    if (done === true) break
    head = Buffer.concat([head, value])
  }
  return head
}

async function* textsOf(
  head: Uint8Array,
  source: AsyncIterator<Uint8Array>,
  decoder: TextDecoder,
): AsyncGenerator<string> {
  let line = 1
  try {
    for (let chunk = head; ; ) {
      const text = decode(decoder, chunk, line)
      line += text.split('\n').length - 1
      if (text !== '') yield text
      const { value, done } = await source.next()
      if (done === true) break
      chunk = value
    }
    decode(decoder, undefined, line)
  } finally {
    await source.return?.()
  }
}

function decode(decoder: TextDecoder, chunk: Uint8Array | undefined, line: number): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined })
  } catch {
    const at = line + (chunk === undefined || decoder.encoding !== 'utf-8' ? 0 : linesBefore(chunk))
    throw invalidFile(`line ${at} is not valid ${decoder.encoding}`, {
      hint: 'Give the encoding of the file, for example --encoding windows-1252.',
    })
  }
}

/**
 * How many line feeds of a chunk come before its first bytes that are not UTF-8; 0 where those belong to a character
 * that began in the chunk before.
 */
function linesBefore(chunk: Uint8Array): number {
  let from = chunk.findIndex((byte) => byte >> 6 !== 2) // the rest of a character of the chunk before
  if (from < 0) return 0
  for (let lines = 0; ; lines++) {
    const end = chunk.indexOf(lineFeed, from)
    if (end < 0) return isUtf8(withoutPartial(chunk.subarray(from))) ? 0 : lines
    if (!isUtf8(chunk.subarray(from, end))) return lines
    from = end + 1
  }
}

/** Without the first bytes of a character that ends in the next chunk. */
function withoutPartial(bytes: Uint8Array): Uint8Array {
  const lead = bytes.findLastIndex((byte) => byte >> 6 !== 2)
  const isPartial = lead >= bytes.length - 3 && (bytes[lead] ?? 0) >= 0xc0
  return isPartial ? bytes.subarray(0, lead) : bytes
}
