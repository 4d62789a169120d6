import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Wire } from './faults/wire.ts'
import { bodyText, type Incoming, maxBodyBytes, type Outgoing } from './http/answer.ts'
import type { Service } from './service.ts'

/** An open port. */
export interface Listening {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly url: string
  /** Stops accepting connections and lets running answers finish; connections that a fault holds are reset. */
  close(): Promise<void>
}

/**
 * Serves a workspace on the loopback interface only. Node's own server, not a fetch adapter: injected faults (cut, slow
 * or broken answers) need the socket.
 */
export function listen(service: Service, port: number): Promise<Listening> {
  const held = new Set<Wire>()
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    request.url = originForm(request.url ?? '/')
    const fault = service.pick(request.method ?? 'GET', request.url)
    const hold = () => {
      const wire = socketWire(request, response)
      held.add(wire)
      response.once('close', () => held.delete(wire))
      return wire
    }
    if (fault === undefined) {
      collect(request, (body) => {
        const outgoing = service.answer(incomingOf(request, body))
        if (outgoing.live !== undefined) outgoing.live(hold())
        else send(response, outgoing, body === undefined)
      })
      return
    }
    const wire = hold()
    const inject = (body: string | undefined) => service.inject(fault, incomingOf(request, body), wire)
    if (fault.kind === 'reset') inject('')
    else collect(request, inject)
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(taken ? new Error(`Port ${port} is already in use.`, { cause: error }) : error)
    })
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      const actual = typeof address === 'object' && address !== null ? address.port : port
      resolve({
        url: `http://127.0.0.1:${actual}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done())
            for (const wire of held) wire.reset()
            server.closeIdleConnections()
            setTimeout(() => server.closeAllConnections(), 1_000).unref()
          }),
      })
    })
  })
}

/** Path and query of a target; a client may send the whole URL, as to a proxy (RFC 9112, 3.2.2). */
function originForm(target: string): string {
  const rest = target.replace(/^https?:\/\/[^/?#]*/i, '')
  return rest.startsWith('/') || rest === target ? rest : `/${rest}`
}

/** Reads the body; undefined if it is too large. If the client disconnects, `done` is not called. */
function collect(request: IncomingMessage, done: (body: string | undefined) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= maxBodyBytes) chunks.push(chunk)
    else if (chunks.length > 0) chunks.length = 0
  })
  request.on('end', () => done(size > maxBodyBytes ? undefined : bodyText(Buffer.concat(chunks))))
  request.on('error', () => request.destroy())
}

function incomingOf(request: IncomingMessage, body: string | undefined): Incoming {
  return {
    method: request.method ?? 'GET',
    origin: `http://${request.headers.host ?? '127.0.0.1'}`,
    target: request.url ?? '/',
    header: (name) => {
      const value = request.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    body,
  }
}

function send(response: ServerResponse, { status, headers, body }: Outgoing, last: boolean): void {
  const length = String(Buffer.byteLength(body))
  response.writeHead(status, {
    'Content-Length': length,
    ...headers,
    ...(last ? { Connection: 'close' } : {}),
  })
  response.end(body)
}

/** The socket of one request. After a cut or a reset, further writes are ignored. */
function socketWire(request: IncomingMessage, response: ServerResponse): Wire {
  const gone = new AbortController()
  let written = () => {}
  response.once('close', () => {
    gone.abort()
    written()
  })
  response.on('error', () => {})
  const { socket } = request
  return {
    gone: gone.signal,
    head: (status, headers) => {
      if (response.destroyed) return
      response.writeHead(status, headers.flat())
      response.flushHeaders()
    },
    write: (chunk) =>
      new Promise((resolve) => {
        if (response.destroyed || gone.signal.aborted) return resolve()
        written = resolve
        response.write(chunk, () => resolve())
      }),
    end: () => response.end(),
    cut: () => socket.destroy(),
    // Node.js fails to reset an ending socket and never closes it, which would keep the process alive.
    reset: () => (socket.writableEnded ? socket.destroy() : socket.resetAndDestroy()),
  }
}
