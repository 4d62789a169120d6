import { isUtf8 } from 'node:buffer'
import { on } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { deepest, isTooComplex, mostValues, readBody } from '../read-body.ts'
import { busy, type Refusal } from './refusal.ts'
import type { Place } from './stranger-places.ts'

/** What a body may be: its size, how long it may take, and the place of a request without a key. */
export type BodyRules = { bodyBytes: number; bodySeconds: number; place?: Place }

/** The refusal of a body whose declared length is too large, or of any where none is taken. */
export function declaredRefusal({ headers }: IncomingMessage, maxBytes: number): Refusal | undefined {
  const chunked = headers['transfer-encoding'] !== undefined
  return Number(headers['content-length'] ?? 0) > maxBytes || (maxBytes === 0 && chunked)
    ? tooLarge(maxBytes)
    : undefined
}

/** Reads a body within a size and a time, or refuses it. `null` when the client disconnects. */
export async function readRequestBody(
  request: IncomingMessage,
  { bodyBytes, bodySeconds, place }: BodyRules,
): Promise<Buffer | Refusal | null> {
  const signal = place === undefined ? {} : { signal: place.signal }
  const chunks = on(request, 'data', { close: ['end', 'close'], ...signal })
  const read = async () => {
    const { done, value } = await chunks.next()
    const chunk = value?.[0] as Buffer | undefined
    place?.grow(chunk?.length ?? 0)
    return { done, value: chunk }
  }
  const body = await readBody(read, bodyBytes, bodySeconds * 1000)
  void chunks.return?.()
  if (place?.signal.aborted) return busy
  place?.settle()
  if (body === 'too_large') return tooLarge(bodyBytes)
  if (body === 'too_slow') return tooSlow(bodySeconds)
  return body === 'broken' || !request.complete ? null : body
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/** The limits count requests, so a request is one call: a JSON-RPC batch would be many. */
export function batchRefusal(body: Buffer): Refusal | undefined {
  const marked = body.subarray(0, 3).equals(byteOrderMark) // decoding drops it
  const first = body.subarray(marked ? 3 : 0).find((byte) => byte > 0x20)
  if (first !== 0x5b) return undefined
  return { status: 400, code: 'no_batches', error: 'The body is a JSON array. Send one call per request.' }
}

/** The refusal of JSON with very many values, or nested very deeply, before anything is made of it. */
export function shapeRefusal(body: Buffer): Refusal | undefined {
  if (!isTooComplex(body)) return undefined
  return {
    status: 400,
    code: 'body_too_complex',
    error: `The body has more than ${mostValues} values, or is nested deeper than ${deepest}. Send the parameters of one call.`,
  }
}

/** The refusal of text that decoding would change: each letter of another encoding would become U+FFFD. */
export function encodingRefusal(body: Buffer): Refusal | undefined {
  if (isUtf8(body)) return undefined
  return {
    status: 400,
    code: 'body_not_utf8',
    error: 'The body is not UTF-8. Send its text encoded as UTF-8, whatever charset its Content-Type names.',
  }
}

function tooLarge(maxBytes: number): Refusal {
  return {
    status: 413,
    code: 'body_too_large',
    error:
      maxBytes === 0
        ? 'This path takes no body.'
        : `The body is larger than ${maxBytes} bytes. Send less, for instance a link instead of a file.`,
  }
}

function tooSlow(seconds: number): Refusal {
  return {
    status: 408,
    code: 'too_slow',
    error: `The body did not arrive within ${seconds} s. Send it again without pauses.`,
  }
}
