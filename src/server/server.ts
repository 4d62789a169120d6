import { createServer } from 'node:http'
import { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { isLoopback } from '../client/credentials.ts'
import { invalidInput } from '../errors.ts'
import { connections, headerBytes, requestsPerConnection } from './config.ts'
import { connectionsPerAddress } from './connections.ts'
import { refuseBytes } from './refusal.ts'
import { type ListenerOptions, requestListener } from './request-listener.ts'
import type { Admissible } from './served-callers.ts'

export type ServerOptions = ListenerOptions & {
  /** 0 picks a free one. */
  port: number
  /** Addresses of proxies, for which the bound of connections per address does not hold. */
  proxies?: readonly string[]
}

/** A listening server. */
export type Serving = {
  /** `http://ADDRESS:PORT`, without a trailing slash. */
  url: string
  /**
   * Makes all that others need to be served; throws an `IntercomError` on a policy that names no action or parameter, and
   * has changed nothing. What it answers puts them in the place of those who are served, all at once.
   */
  prepare(next: Admissible): () => void
  /** Refuses new requests, lets running calls finish within `shutdownSeconds`, then closes everything. */
  close(): Promise<void>
}

/**
 * Listens. Throws an `IntercomError` where anybody on the network could call without a key, where an address that
 * others can reach has no host names, and where the port is not available.
 */
export async function startServer(options: ServerOptions): Promise<Serving> {
  checkReach(options)
  const { limits, host } = options
  const { open, settle } = connectionsPerAddress(limits.connectionsPerAddress, options.proxies ?? [])
  const { answer, runningOn, drain, prepare, close } = requestListener({ ...options, onKey: settle })
  const server = createServer(
    {
      maxHeaderSize: headerBytes,
      headersTimeout: limits.headerSeconds * 1000,
      requestTimeout: (limits.requestSeconds + 5) * 1000, // the timeout for bodies comes first, and answers better
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: 65_000,
      requireHostHeader: false, // the guard refuses, with a sentence
    },
    answer,
  )
  server.on('connection', open)
  server.maxConnections = connections
  server.maxRequestsPerSocket = requestsPerConnection
  server.timeout = 120_000 // of silence; a call has ended by then
  server.on('checkContinue', answer)
  server.on('clientError', (error, socket) => {
    if (socket instanceof Socket) refuseBytes(error, socket, runningOn(socket))
    else socket.destroy()
  })
  await listening(server, options)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    prepare(next) {
      checkReach({ ...options, ...next })
      return prepare(next)
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await Promise.race([drain(), pause(limits.shutdownSeconds * 1000, undefined, { ref: false })])
      await close()
      const grace = setTimeout(() => server.closeAllConnections(), 1000)
      server.closeIdleConnections()
      await closed
      clearTimeout(grace)
    },
  }
}

function checkReach({ host, hosts, callers, signIn }: ServerOptions): void {
  if (signIn !== undefined && callers.some(({ keyHash }) => keyHash === null))
    throw invalidInput('with auth everybody has to sign in or send a key: there can be no caller without one')
  if (isLoopback(host) || (callers.length === 0 && signIn === undefined)) return
  if (callers.some(({ keyHash }) => keyHash === null)) {
    throw invalidInput(
      `listening on ${host} without an API key would let anybody who can reach it act in Intercom: set MODULEX_INTERCOM_API_KEY, or listen on 127.0.0.1`,
    )
  }
  if (hosts.length === 0) {
    throw invalidInput(
      `listening on ${host} needs the host names that clients use: listen.hosts in the configuration`,
    )
  }
}

function listening(server: ReturnType<typeof createServer>, { host, port }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reasons: Record<string, string> = {
        EADDRINUSE: `port ${port} is already in use`,
        EACCES: `port ${port} needs more privileges`,
      }
      const reason = reasons[error.code ?? ''] ?? `${host} is not an address of this machine`
      reject(invalidInput(reason))
    })
    server.listen({ port, host, backlog: connections }, resolve) // a burst is queued, not reset
  })
}
