import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher, Pool } from 'undici'
import { decodedBytes } from './decode.ts'

/** Up to here an encoded body is taken whole: what it decodes to is bounded when it is decoded. */
const smallBytes = 64 * 1024

/** One request, ready for the wire. */
export type Exchange = {
  origin: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  headers: Record<string, string>
  body: string | null
  /** Bound on each of: connecting, waiting for the answer's head, reading its body. */
  timeoutMs: number
  /** When all of it ends, an instant of `performance.now()`. */
  until: number
  /** Bound on the body's bytes, as they arrive and decoded. */
  maxBytes: number
  signal: AbortSignal | undefined
}

/** A whole answer, still encoded. `headAt`: when its head arrived, in ms of `performance.now()`. */
export type HttpAnswer = { status: number; headers: IncomingHttpHeaders; headAt: number; body: Buffer }

/** No whole answer. `transmitted` is false only when not one byte of the request can have reached Intercom. */
export type Broken = { broken: BrokenCode; transmitted: boolean }

/** Why there is no whole answer, in words for people. */
export const brokenMessages = {
  aborted: 'the caller aborted',
  answer_too_large: 'the answer exceeds the size limit',
  connect_timeout: 'no connection within the time limit',
  connection_lost: 'the connection broke',
  connection_refused: 'the host refused the connection',
  dns_failed: 'the host name could not be resolved',
  host_unreachable: 'the host cannot be reached',
  timeout: 'no complete answer within the time limit',
  tls_failed: "the host's TLS certificate or handshake was not accepted",
  unreadable_answer: 'the answer is not valid HTTP',
}
export type BrokenCode = keyof typeof brokenMessages

/**
 * Sends one request and collects its answer; never throws. undici calls `onRequestStart` right before it writes,
 * which is how "never transmitted" is told from a reset after sending.
 */
export function exchange(
  pool: Pick<Dispatcher, 'dispatch'>,
  request: Exchange,
): Promise<HttpAnswer | Broken> {
  return new Promise((resolve) => {
    const { signal, timeoutMs, until, maxBytes } = request
    const chunks: Buffer[] = []
    let controller: Dispatcher.DispatchController | undefined
    let answer: Omit<HttpAnswer, 'body'> | undefined
    let reason: BrokenCode | undefined
    let bytes = 0
    let decoded: ReturnType<typeof decodedBytes>
    let timer: NodeJS.Timeout | undefined
    let settled = false

    const settle = (result: HttpAnswer | Broken) => {
      settled = true
      decoded?.stop()
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      resolve(result)
    }
    const stop = (why: BrokenCode) => {
      reason ??= why
      if (controller) controller.abort(new Error(why))
      else settle({ broken: why, transmitted: false })
    }
    const startTimer = (why: 'connect_timeout' | 'timeout') => {
      clearTimeout(timer)
      timer = setTimeout(() => stop(why), Math.max(1, Math.min(timeoutMs, until - performance.now())))
    }
    const onAbort = () => stop('aborted')
    if (signal?.aborted) return settle({ broken: 'aborted', transmitted: false })
    signal?.addEventListener('abort', onAbort, { once: true })

    const { origin, method, path, headers, body } = request
    // undici's own timers are off: they are coarse, know no end of the call, and start anew with every 1xx.
    const options = { origin, method, path, headers, body, headersTimeout: 0, bodyTimeout: 0 }
    try {
      pool.dispatch(options, {
        onRequestStart(started) {
          if (reason !== undefined) return started.abort(new Error(reason))
          controller = started
          startTimer('timeout')
        },
        onResponseStart(_, status, responseHeaders) {
          if (status < 200) return
          answer = { status, headers: responseHeaders, headAt: performance.now() }
          startTimer('timeout')
        },
        onResponseData(_, chunk) {
          bytes += chunk.length
          if (bytes > maxBytes) return stop('answer_too_large')
          chunks.push(chunk)
          if (decoded !== undefined) return decoded.write(chunk)
          const grew = bytes > smallBytes && bytes - chunk.length <= smallBytes
          if (!grew || answer === undefined) return
          decoded = decodedBytes(answer.headers, maxBytes, () => stop('answer_too_large'))
          for (const earlier of chunks) decoded?.write(earlier)
        },
        onResponseEnd() {
          if (answer === undefined) return settle({ broken: 'unreadable_answer', transmitted: true })
          settle({ ...answer, body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) })
        },
        onResponseError(_, error) {
          settle({ broken: reason ?? codeOf(error), transmitted: controller !== undefined })
        },
      })
    } catch (error) {
      settle({ broken: codeOf(error), transmitted: controller !== undefined })
    }
    if (controller === undefined && !settled) startTimer('connect_timeout')
  })
}

const codes: Record<string, BrokenCode> = {
  ECONNREFUSED: 'connection_refused',
  EAI_AGAIN: 'dns_failed',
  ENOTFOUND: 'dns_failed',
  EHOSTUNREACH: 'host_unreachable',
  ENETUNREACH: 'host_unreachable',
  ETIMEDOUT: 'connect_timeout',
  EPROTO: 'tls_failed',
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  UND_ERR_HEADERS_OVERFLOW: 'answer_too_large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'unreadable_answer',
}

/** OpenSSL's and Node's names for a certificate or handshake that failed. */
const tls = /^(ERR_TLS|ERR_SSL|CERT_|CRL_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|HOSTNAME_MISMATCH|INVALID_CA)/

function codeOf(error: unknown): BrokenCode {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (error instanceof Error && error.name === 'HTTPParserError') return 'unreadable_answer'
  return codes[code] ?? (tls.test(code) ? 'tls_failed' : 'connection_lost')
}

const pools = new Map<string, Promise<Pool>>()

/**
 * The keep-alive pool of a host, shared by all clients of this process, so that a client costs nothing but its
 * token. Idle connections keep no process alive. undici is loaded by the first call, not by the import. A
 * call's own time limit bounds its wait for a connection (`exchange`).
 */
export function sharedPool(origin: string): Promise<Pool> {
  let pool = pools.get(origin)
  if (pool === undefined) {
    const options = { connections: 128, pipelining: 1, allowH2: false, connect: { timeout: 10_000 } }
    pool = import('undici').then(({ Pool }) => new Pool(origin, options))
    pools.set(origin, pool)
  }
  return pool
}
