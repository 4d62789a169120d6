import { request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type Socket } from 'node:net'
import type { ConnectionOptions as TlsOptions } from 'node:tls'
import type { buildConnector } from 'undici'
import { ProxyError, type Reason, reasonOf, refusalOf } from './broken.ts'
import type { HttpProxy } from './proxy.ts'

/**
 * undici's `connect` by way of a proxy: a CONNECT, bounded by `timeoutMs`, and through it TLS with the host itself, by
 * `secure`, so that the proxy sees neither the token nor a byte of a request.
 */
export function tunnelThrough(
  proxy: HttpProxy,
  secure: buildConnector.connector,
  timeoutMs: number,
): buildConnector.connector {
  return (options, callback) => {
    openTunnel(
      proxy,
      `${new URL(`https://${options.host}`).hostname}:${options.port || 443}`,
      timeoutMs,
    ).then(
      (httpSocket) =>
        secure({ ...options, httpSocket }, (error, socket) =>
          error === null ? callback(null, socket) : callback(beforeTls(error), null),
        ),
      (error: Error) => callback(error, null),
    )
  }
}

function openTunnel(proxy: HttpProxy, target: string, timeoutMs: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const { protocol, hostname, port } = new URL(proxy.url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const options: RequestOptions & Pick<TlsOptions, 'servername'> = {
    host,
    servername: isIP(host) === 0 ? host : '', // and not of the header
    ...(port === '' ? {} : { port }),
    method: 'CONNECT',
    path: target,
    agent: false,
    headers: {
      host: target,
      'user-agent': 'modulex-intercom',
      connection: 'keep-alive',
      'proxy-connection': 'keep-alive',
      ...(proxy.authorization ? { 'proxy-authorization': proxy.authorization } : {}),
    },
  }
  const connect = (protocol === 'https:' ? httpsRequest : httpRequest)(options)
  const timer = setTimeout(() => connect.destroy(new ProxyError({ broken: 'proxy_timeout' })), timeoutMs)
  connect.once('connect', ({ statusCode = 0, headers }, socket: Socket, head: Buffer) => {
    clearTimeout(timer)
    socket.on('error', () => {}) // TLS over it tells, or nobody asks any more
    if (statusCode < 200 || statusCode > 299) {
      socket.destroy()
      return reject(new ProxyError(refusalOf(statusCode, otherLogin(headers['proxy-authenticate']))))
    }
    if (head.length > 0) socket.unshift(head)
    resolve(socket)
  })
  connect.on('error', (error) => {
    clearTimeout(timer)
    reject(error instanceof ProxyError ? error : new ProxyError(ofProxy(error)))
  })
  connect.end()
  return promise
}

/** The login that a proxy asks for, where Basic would not do. */
function otherLogin(asked: string | undefined): string {
  const schemes = (asked ?? '')
    .split(',')
    .flatMap((one) => /^\s*([A-Za-z][\w-]{0,30})(?:\s|$)/.exec(one)?.[1] ?? [])
  return schemes.some((scheme) => scheme.toLowerCase() === 'basic') ? '' : (schemes[0] ?? '')
}

/** Why the proxy itself was not reached, or gave no answer. */
function ofProxy(error: Error): Reason {
  const { broken, detail } = reasonOf(error)
  if (broken === 'tls_failed') return { broken: 'proxy_tls_failed', ...(detail ? { detail } : {}) }
  if (broken === 'connect_timeout') return { broken: 'proxy_timeout' }
  if ('code' in error && String(error.code).startsWith('HPE_')) return { broken: 'proxy_unreadable' }
  return broken === 'connection_lost'
    ? { broken: 'proxy_lost' }
    : { broken: 'proxy_unreachable', detail: broken }
}

/** TLS that fails tells what is wrong with it; anything else before it stands is the proxy's doing. */
function beforeTls(error: Error): Error {
  const { broken } = reasonOf(error)
  if (broken === 'tls_failed') return error
  return new ProxyError({ broken: broken === 'connect_timeout' ? 'proxy_timeout' : 'proxy_lost' })
}
