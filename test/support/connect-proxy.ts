import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'
import type { Certificate } from './certificates.ts'

/** What a proxy does with a CONNECT: it owns the socket from then on. */
export type OnConnect = (request: IncomingMessage, socket: Socket) => void

/** A CONNECT as it reached a proxy. */
type Connected = { target: string; authorization: string | undefined }

/** A proxy on loopback. `through` is all that clients sent through it. */
export type ConnectProxy = {
  url: string
  received: Connected[]
  through(): Buffer
  close(): Promise<void>
}

/** A proxy that does with the first, second, … CONNECT what it is told; the last repeats. With a certificate it speaks TLS. */
export async function connectProxy(script: OnConnect[], certificate?: Certificate): Promise<ConnectProxy> {
  const received: Connected[] = []
  const chunks: Buffer[] = []
  const server = certificate === undefined ? createHttpServer() : createHttpsServer(certificate)
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    received.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] })
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    script[Math.min(received.length, script.length) - 1]?.(request, socket)
  })
  const { port, close } = await listening(server)
  const url = `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`
  return { url, received, through: () => Buffer.concat(chunks), close }
}

/** Answers with a status and a body, and closes. */
export function answering(status: string, headers: string[] = [], body = ''): OnConnect {
  return (_, socket) =>
    socket.end([`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${body.length}`, '', body].join('\r\n'))
}

/** Opens the tunnel to a port of this machine, whatever host was asked for. */
export function tunnelTo(port: number): OnConnect {
  return (_, socket) => {
    const target = connect(port, '127.0.0.1', () =>
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n'),
    )
    target.on('error', () => {}).on('close', () => socket.destroy())
    target.pipe(socket).pipe(target)
    socket.on('close', () => target.destroy())
  }
}

/** Listens on loopback; what it holds open keeps no process alive. */
export async function listening(server: Server): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  server.unref().on('connection', (socket: Socket) => {
    socket.unref().on('error', () => {})
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  return { port: (server.address() as AddressInfo).port, close }
}
