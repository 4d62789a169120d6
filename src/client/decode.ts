import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'

type Inflate = (
  body: Buffer,
  options: { maxOutputLength: number },
  done: (error: Error | null, plain: Buffer) => void,
) => void

type Names = readonly [
  whole: 'brotliDecompress' | 'gunzip' | 'inflate',
  arriving: 'createBrotliDecompress' | 'createGunzip' | 'createInflate',
]

/** Names in node:zlib, which is loaded by the first encoded answer. */
const inflaters = new Map<string, Names>([
  ['br', ['brotliDecompress', 'createBrotliDecompress']],
  ['deflate', ['inflate', 'createInflate']],
  ['gzip', ['gunzip', 'createGunzip']],
  ['x-gzip', ['gunzip', 'createGunzip']],
])

/** The encodings `decode` reads, for `Accept-Encoding`. */
export const acceptEncoding = 'gzip, deflate, br'

/** Text of an answer, or why there is none. */
export type Decoded = { text: string } | { unreadable: 'answer_too_large' | 'unreadable_answer' }

/** Undoes `Content-Encoding` and reads UTF-8. `maxBytes` bounds the decoded size, so that a bomb stops early. */
export async function decode(body: Buffer, headers: IncomingHttpHeaders, maxBytes: number): Promise<Decoded> {
  const encoding = encodingOf(headers)
  if (encoding === 'identity' || encoding === '' || body.length === 0) return utf8(body)
  const inflater = inflaters.get(encoding)
  if (inflater === undefined) return { unreadable: 'unreadable_answer' }
  try {
    return utf8(await inflated(process.getBuiltinModule('node:zlib')[inflater[0]], body, maxBytes))
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    return { unreadable: tooLarge ? 'answer_too_large' : 'unreadable_answer' }
  }
}

/**
 * Decodes what arrives only to count it, and calls `onTooLarge` once. Undefined where nothing is encoded. What
 * cannot be decoded is not its business.
 */
export function decodedBytes(
  headers: IncomingHttpHeaders,
  maxBytes: number,
  onTooLarge: () => void,
): { write(chunk: Buffer): void; stop(): void } | undefined {
  const inflater = inflaters.get(encodingOf(headers))
  if (inflater === undefined) return undefined
  const stream = process.getBuiltinModule('node:zlib')[inflater[1]]()
  let bytes = 0
  stream.on('error', () => {})
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= maxBytes || stream.destroyed) return
    stream.destroy()
    onTooLarge()
  })
  return {
    write: (chunk) => void (stream.destroyed || stream.write(chunk)),
    stop: () => void stream.destroy(),
  }
}

function encodingOf(headers: IncomingHttpHeaders): string {
  return String(headers['content-encoding'] ?? 'identity')
    .trim()
    .toLowerCase()
}

function inflated(inflate: Inflate, body: Buffer, maxOutputLength: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  inflate(body, { maxOutputLength }, (error, plain) => (error ? reject(error) : resolve(plain)))
  return promise
}

function utf8(body: Buffer): Decoded {
  return isUtf8(body) ? { text: body.toString('utf8') } : { unreadable: 'unreadable_answer' }
}

/** The JSON object in a text, read by `parse`; `null` when it holds anything else. */
export function parseObject(text: string, parse: (json: string) => unknown): Record<string, unknown> | null {
  try {
    const value = parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
