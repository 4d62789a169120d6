import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Incoming, maxBodyBytes, type Outgoing } from './http/answer.ts'

/** A port that answers. */
export interface Listening {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly url: string
  /** Stops taking connections, lets running answers finish. */
  close(): Promise<void>
}

/**
 * Serves a workspace on the loopback interface only. Node's own server, not a fetch adapter: faults that are
 * made on purpose (cut, slow or broken answers) need the socket.
 */
export function listen(answer: (incoming: Incoming) => Outgoing, port: number): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    collect(request, (body) => send(response, answer(incomingOf(request, body)), body === undefined))
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
            server.closeIdleConnections()
            setTimeout(() => server.closeAllConnections(), 1_000).unref()
          }),
      })
    })
  })
}

/** Gathers the body; undefined when it is larger than allowed. A client that leaves is left. */
function collect(request: IncomingMessage, done: (body: string | undefined) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= maxBodyBytes) chunks.push(chunk)
    else if (chunks.length > 0) chunks.length = 0
  })
  request.on('end', () => done(size > maxBodyBytes ? undefined : Buffer.concat(chunks).toString('utf8')))
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
    ...headers,
    'Content-Length': length,
    ...(last ? { Connection: 'close' } : {}),
  })
  response.end(body)
}
