import type { Socket } from 'node:net'

/** Why a request is refused: its status, a code for programs, a sentence that says what to do. */
export type Refusal = {
  status: number
  code: string
  error: string
  headers?: Record<string, string>
  /** The name of the key that came with it, for the log. */
  key?: string
}

/** The policy of answers that are no page: whatever a browser makes of one, nothing in it runs or loads. */
export const noPage = "default-src 'none'; frame-ancestors 'none'"

export const busy: Refusal = {
  status: 503,
  code: 'server_busy',
  error: 'The server is at its limit of concurrent calls. Nothing was sent; retry in a second.',
  headers: { 'Retry-After': '1' },
}

/** The body of a refusal: an envelope without a result, and the id to ask the operator about. */
export function refusalBody({ code, error }: Refusal, requestId: string | null): string {
  return JSON.stringify({ success: false, error, code, request_id: requestId })
}

type Malformation = { status: number; phrase: string; code: string; error: string }

const malformations: Record<string, Malformation> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    phrase: 'Request Timeout',
    code: 'too_slow',
    error: 'The request did not arrive in time. Send it again without pauses.',
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    phrase: 'Request Header Fields Too Large',
    code: 'headers_too_large',
    error: 'The headers are too large. Send fewer or shorter ones.',
  },
}

const malformed: Malformation = {
  status: 400,
  phrase: 'Bad Request',
  code: 'malformed_request',
  error: 'This is not a well-formed HTTP request.',
}

/**
 * Answers bytes that are not a request, or took too long, and closes the socket. `running` is what came before them: an
 * answer that has begun ends with the socket, a call is answered first.
 */
export function refuseBytes(
  error: NodeJS.ErrnoException,
  socket: Socket,
  running: 'call' | 'answer' | null,
): void {
  if (!socket.writable || running === 'answer' || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  if (running === 'call') return
  const { status, phrase, code, error: sentence } = malformations[error.code ?? ''] ?? malformed
  const body = refusalBody({ status, code, error: sentence }, null)
  const head = [
    `HTTP/1.1 ${status} ${phrase}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
