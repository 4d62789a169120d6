import type { IncomingMessage } from 'node:http'
import type { Refusal } from './refusal.ts'

/** Why a body is not even asked for. */
export function declaredRefusal(request: IncomingMessage, maxBytes: number): Refusal | undefined {
  return Number(request.headers['content-length'] ?? 0) > maxBytes ? tooLarge(maxBytes) : undefined
}

/**
 * Gathers a body up to a size and a time; what comes beyond them is refused. `null` when the client leaves.
 */
export function bodyOf(
  request: IncomingMessage,
  maxBytes: number,
  requestSeconds: number,
): Promise<Buffer | Refusal | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const finish = (result: Buffer | Refusal | null) => {
      clearTimeout(timer)
      request.off('data', gather)
      resolve(result)
    }
    const timer = setTimeout(() => finish(tooSlow(requestSeconds)), requestSeconds * 1000)
    const gather = (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) finish(tooLarge(maxBytes))
      else chunks.push(chunk)
    }
    request.on('data', gather)
    request.once('end', () => finish(Buffer.concat(chunks)))
    request.once('close', () => finish(null))
    request.once('error', () => finish(null))
  })
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/** The limits count requests, so a request is one call: a JSON-RPC batch would be many. */
export function batchRefusal(body: Buffer): Refusal | undefined {
  const marked = body.subarray(0, 3).equals(byteOrderMark) // which decoding drops
  const first = body.subarray(marked ? 3 : 0).find((byte) => byte > 0x20)
  if (first !== 0x5b) return undefined
  return { status: 400, code: 'no_batches', error: 'The body is a JSON array. Send one call a request.' }
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
    error: `The body did not arrive within ${seconds} s. Send it again, in one go.`,
  }
}
