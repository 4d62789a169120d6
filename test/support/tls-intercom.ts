import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { type Certificate, certificate } from './certificates.ts'
import { listening } from './connect-proxy.ts'

/** An authority that this process trusts from now on. */
export const authority = certificate('Authority of the tests')
setDefaultCACertificates([...getCACertificates('default'), authority.cert])

export const intercomHost = 'api.intercom.io'

/** A certificate of the authority for Intercom's host. */
export function certificateOfIntercom(): Certificate {
  return certificate(intercomHost, { hosts: [intercomHost], issuer: authority })
}

/** A server that is Intercom to whoever trusts its certificate. It answers all with an empty list, unless told else. */
export async function tlsIntercom(
  options: ServerOptions = certificateOfIntercom(),
  answer: (response: ServerResponse) => void = emptyList,
): Promise<{
  port: number
  received: { path: string; headers: IncomingHttpHeaders }[]
  close(): Promise<void>
}> {
  const received: { path: string; headers: IncomingHttpHeaders }[] = []
  const server = createTlsServer(options, (request, response) => {
    received.push({ path: `${request.method} ${request.url}`, headers: request.headers })
    request.resume().on('end', () => answer(response))
  })
  server.on('tlsClientError', () => {})
  server.keepAliveTimeout = 10 * 60_000 // as the client hears in a header
  return { received, ...(await listening(server)) }
}

function emptyList(response: ServerResponse): void {
  response.setHeader('content-type', 'application/json').end('{"type":"list","data":[],"id":"1"}')
}
