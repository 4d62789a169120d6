import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type AdmissionOptions, admission } from './admission.ts'
import { webRequest, writeResponse } from './fetch-adapter.ts'
import { boundedLog, type LogLine, requestIdOf, thrownAt, withLogLine } from './log.ts'
import type { MountHandler } from './mounts.ts'
import { noPage, type Refusal, refusalBody } from './refusal.ts'
import {
  batchRefusal,
  declaredRefusal,
  encodingRefusal,
  readRequestBody,
  shapeRefusal,
} from './request-body.ts'
import { liveOf } from './rest/live.ts'
import { networkOf } from './stranger-places.ts'

/** What a listener is made of. */
export type ListenerOptions = AdmissionOptions & {
  /** Takes one line per request. */
  log(line: LogLine): void
  /** Is told of each connection over which a key has come, and each time one comes. */
  onKey?(socket: Socket): void
}

/** How long the rest of a refused request may take to arrive, ms: a client reads the answer once it has sent all. */
const lingerMs = 2000

/** Requests that may wait for the one before them on their connection. */
const maxPipelined = 10

/** Checks the head, the caller and the body of each request, then hands it to its mount. */
export function requestListener(options: ListenerOptions) {
  const log = boundedLog(options.log)
  const { admit, prepare, close } = admission(options)
  const current = new WeakMap<Socket, ServerResponse>()
  const waiting = new WeakMap<Socket, (() => void)[]>()
  const running = new Map<ServerResponse, Promise<void>>()
  const ending = new AbortController()
  let draining = false

  async function serve(request: IncomingMessage, response: ServerResponse, line: LogLine): Promise<void> {
    if (draining) response.shouldKeepAlive = false
    const decided = draining ? shuttingDown : admit(request)
    const admitted = decided instanceof Promise ? await decided : decided
    if ('status' in admitted) return sendRefusal(request, response, admitted, line)
    line.key = admitted.name
    if (admitted.name !== null) options.onKey?.(request.socket)
    if (response.destroyed) return admitted.release() // gone while its token was checked
    let held = true
    const release = () => {
      if (held) admitted.release()
      held = false
    }
    response.once('close', release)
    const declared = declaredRefusal(request, admitted.bodyBytes)
    if (declared) return sendRefusal(request, response, declared, line)
    if (request.headers.expect !== undefined) response.writeContinue()
    const body = await readRequestBody(request, admitted)
    if (body === null) return
    if (!Buffer.isBuffer(body)) return sendRefusal(request, response, body, line)
    line.bytes = body.length
    const isOpen = admitted.name === null // it judges the bytes itself
    const refusal = batchRefusal(body) ?? (isOpen ? undefined : (encodingRefusal(body) ?? shapeRefusal(body)))
    if (refusal) return sendRefusal(request, response, refusal, line)
    await handOn({ request, response, line }, body, admitted.handler, { release, ending: ending.signal })
  }

  /** One request of a connection at a time, in their order. No client is known that sends many ahead. */
  function inTurn(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request
    if (socket.destroyed) return
    const queue = waiting.get(socket)
    if (queue !== undefined && queue.length >= maxPipelined) {
      socket.destroy()
      return
    }
    const begin = () => {
      response.once('close', () => {
        const next = waiting.get(socket)?.shift()
        if (next === undefined) waiting.delete(socket)
        else if (!socket.destroyed) next()
      })
      answer(request, response)
    }
    if (queue !== undefined) queue.push(begin)
    else {
      waiting.set(socket, [])
      begin()
    }
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const started = performance.now()
    const line = lineOf(request)
    current.set(request.socket, response)
    const done = serve(request, response, line).catch((error: unknown) => {
      line.error = thrownAt(error)
      if (response.headersSent) response.destroy()
      else sendRefusal(request, response, internalError, { ...line })
    })
    const closed = new Promise<void>((resolve) => response.once('close', resolve))
    const whole = Promise.all([done, closed]).then(() => {
      running.delete(response)
      line.status = response.headersSent ? response.statusCode : null
      line.ms = Math.round((performance.now() - started) * 10) / 10
      log(line)
    })
    running.set(response, whole)
  }

  return {
    answer: inTurn,
    /**
     * What malformed bytes on a socket must not be answered before: a call that may take effect, which is then the
     * last of its connection, or an answer that has begun.
     */
    runningOn(socket: Socket): 'call' | 'answer' | null {
      const response = current.get(socket)
      if (response === undefined || response.writableEnded) return null
      if (response.headersSent) return 'answer'
      if (!response.req.complete) return null
      response.shouldKeepAlive = false
      return 'call'
    },
    /** Refuses new requests; resolves when the running ones have ended. */
    async drain() {
      draining = true
      ending.abort()
      for (const response of running.keys()) response.shouldKeepAlive = false
      await Promise.all(running.values())
    },
    prepare,
    close,
  }
}

async function handOn(
  { request, response, line }: { request: IncomingMessage; response: ServerResponse; line: LogLine },
  body: Buffer,
  handler: MountHandler,
  { release, ending }: { release(): void; ending: AbortSignal },
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => response.writableFinished || gone.abort())
  const given = webRequest(request, body, gone.signal)
  if (given === null) return sendRefusal(request, response, invalidUrl, line)
  const answer = await withLogLine(line, () =>
    handler.fetch(given, networkOf(request.socket.remoteAddress ?? '')),
  )
  const live = liveOf(answer)
  if (response.destroyed) await answer.body?.cancel()
  else if (live === undefined) await writeResponse(response, answer, commonHeaders(line))
  else {
    release()
    const signals = live.until === undefined ? [ending] : [ending, live.until]
    const written = writeResponse(response, answer, commonHeaders(line), AbortSignal.any(signals))
    await written.catch(() => response.destroy()) // what it reads from has broken, or its reader has gone
  }
  live?.over?.()
}

function sendRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  refusal: Refusal,
  line: LogLine,
): void {
  line.error = refusal.code
  line.key ??= refusal.key ?? null
  const body = refusalBody(refusal, line.request_id)
  const { socket } = request
  // Closed while the client still sends, the connection would be reset, and the client might never see the answer.
  const lingers = !request.complete
  const closes = !response.shouldKeepAlive
  if (lingers) response.shouldKeepAlive = true
  response.writeHead(refusal.status, {
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    'Content-Security-Policy': noPage,
    ...refusal.headers,
    ...commonHeaders(line),
  })
  response.end(body)
  if (!lingers) return
  if (closes) request.once('end', () => socket.end())
  request.resume()
  setTimeout(() => request.complete || socket.destroy(), lingerMs).unref()
}

function commonHeaders({ request_id }: LogLine): Record<string, string> {
  return { 'X-Request-Id': request_id, 'X-Content-Type-Options': 'nosniff' }
}

function lineOf(request: IncomingMessage): LogLine {
  return {
    time: new Date().toISOString(),
    request_id: requestIdOf(request.headersDistinct['x-request-id']?.join(' ')),
    key: null,
    method: request.method ?? '',
    path: (request.url ?? '').split('?', 1)[0]?.slice(0, 200) ?? '',
    status: null,
    ms: 0,
    bytes: 0,
    actions: [],
    error: null,
  }
}

const shuttingDown: Refusal = {
  status: 503,
  code: 'shutting_down',
  error: 'The server is shutting down. Nothing was sent; retry at once, another instance may answer.',
  headers: { 'Retry-After': '1' },
}

const invalidUrl: Refusal = {
  status: 400,
  code: 'malformed_request',
  error: 'Host and path do not form a valid URL. Send a plain host name and a percent-encoded path.',
}

const internalError: Refusal = {
  status: 500,
  code: 'internal_error',
  error: 'The server failed. The outcome is unknown; its operator can look this request id up in the log.',
}
