import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'

type Inflate = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>

const inflaters: Record<string, Inflate> = {
  br: promisify(brotliDecompress) as Inflate,
  deflate: promisify(inflate) as Inflate,
  gzip: promisify(gunzip) as Inflate,
  'x-gzip': promisify(gunzip) as Inflate,
}

/** The encodings `decode` reads, for `Accept-Encoding`. */
export const acceptEncoding = 'gzip, deflate, br'

/** Text of an answer, or why there is none. */
export type Decoded = { text: string } | { unreadable: 'answer_too_large' | 'unreadable_answer' }

/** Undoes `Content-Encoding` and reads UTF-8. `maxBytes` bounds the decoded size, so that a bomb stops early. */
export async function decode(body: Buffer, headers: IncomingHttpHeaders, maxBytes: number): Promise<Decoded> {
  const encoding = String(headers['content-encoding'] ?? 'identity')
    .trim()
    .toLowerCase()
  if (encoding === 'identity' || encoding === '' || body.length === 0) return utf8(body)
  const inflater = inflaters[encoding]
  if (inflater === undefined) return { unreadable: 'unreadable_answer' }
  try {
    return utf8(await inflater(body, { maxOutputLength: maxBytes }))
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    return { unreadable: tooLarge ? 'answer_too_large' : 'unreadable_answer' }
  }
}

function utf8(body: Buffer): Decoded {
  return isUtf8(body) ? { text: body.toString('utf8') } : { unreadable: 'unreadable_answer' }
}

/** The JSON object in a text, read by `parse`; `null` when it holds anything else. */
export function jsonObject(text: string, parse: (json: string) => unknown): Record<string, unknown> | null {
  try {
    const value = parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
