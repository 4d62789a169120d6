import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher, Pool } from 'undici'
import { type Broken, type Reason, reasonOf } from './broken.ts'
import type { BrokenCode } from './broken-messages.ts'
import { decodedBytes } from './decode.ts'
import type { HttpProxy } from './proxy.ts'

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
  /** Whether the connection is to come about through a proxy. */
  proxied: boolean
}

/** A whole answer, still encoded. `headAt`: when its head arrived, in ms of `performance.now()`. */
export type HttpAnswer = { status: number; headers: IncomingHttpHeaders; headAt: number; body: Buffer }

/**
 * Sends one request and collects its answer; never throws. undici calls `onRequestStart` right before it writes,
 * which is how "never transmitted" is told from a reset after sending.
 */
export function exchange(
  pool: Pick<Dispatcher, 'dispatch'>,
  request: Exchange,
): Promise<HttpAnswer | Broken> {
  return new Promise((resolve) => {
    const { signal, timeoutMs, until, maxBytes, proxied } = request
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
    const startTimer = (why: BrokenCode) => {
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
          const why: Reason = reason === undefined ? reasonOf(error) : { broken: reason }
          settle({ ...why, transmitted: controller !== undefined })
        },
      })
    } catch (error) {
      settle({ ...reasonOf(error), transmitted: controller !== undefined })
    }
    if (controller === undefined && !settled) startTimer(proxied ? 'proxy_timeout' : 'connect_timeout')
  })
}

const pools = new Map<string, Promise<Pool>>()

/** Limit for connecting; through a proxy for the tunnel, and again for TLS through it. In ms. */
const connectMs = 10_000

/**
 * The keep-alive pool of a host, shared by all clients of this process, so that a client costs nothing but its
 * token. Idle connections keep no process alive. undici is loaded by the first call, not by the import. A
 * call's own time limit bounds its wait for a connection (`exchange`).
 */
export function sharedPool(origin: string, proxy: HttpProxy | null): Promise<Pool> {
  const way = proxy === null ? origin : `${origin} ${proxy.url} ${proxy.authorization}`
  let pool = pools.get(way)
  if (pool === undefined) {
    pool = poolOf(origin, proxy)
    pools.set(way, pool)
  }
  return pool
}

async function poolOf(origin: string, proxy: HttpProxy | null): Promise<Pool> {
  const { Pool, buildConnector } = await import('undici')
  const direct = { timeout: connectMs }
  const connect =
    proxy === null
      ? direct
      : (await import('./tunnel.ts')).tunnelThrough(
          proxy,
          buildConnector({ ...direct, allowH2: false }),
          connectMs,
        )
  return new Pool(origin, { connections: 128, pipelining: 1, allowH2: false, connect })
}
