import type { BrokenCode } from './broken-messages.ts'

/** Why there is no whole answer. `detail`: the name of what is wrong with TLS, or what a proxy answered. */
export type Reason = { broken: BrokenCode; detail?: string }

/** No whole answer. `transmitted` is false only when not one byte of the request can have reached Intercom. */
export type Broken = Reason & { transmitted: boolean }

/** A proxy's own failure, before the connection through it was open. */
export class ProxyError extends Error {
  readonly reason: Reason
  constructor(reason: Reason) {
    super(reason.broken)
    this.reason = reason
  }
}

const codes: Record<string, BrokenCode> = {
  ECONNREFUSED: 'connection_refused',
  ENOTFOUND: 'dns_failed',
  EACCES: 'host_unreachable',
  EADDRNOTAVAIL: 'host_unreachable',
  EHOSTDOWN: 'host_unreachable',
  EHOSTUNREACH: 'host_unreachable',
  ENETDOWN: 'host_unreachable',
  ENETUNREACH: 'host_unreachable',
  EPERM: 'host_unreachable',
  ETIMEDOUT: 'connect_timeout',
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  UND_ERR_HEADERS_OVERFLOW: 'answer_too_large',
  UND_ERR_PRX_CONN: 'proxy_lost',
  UND_ERR_PRX_TLS: 'proxy_tls_failed',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'unreadable_answer',
}

/** OpenSSL's and Node's names for a certificate or handshake that failed. */
const tls =
  /^(EPROTO$|ERR_TLS|ERR_SSL|CERT_|CRL_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|HOSTNAME_MISMATCH|INVALID_|PATH_LENGTH)/

/** The reason in an error of undici, of Node, or of a tunnel. */
export function reasonOf(error: unknown): Reason {
  if (!(error instanceof Error)) return { broken: 'connection_lost' }
  if (error instanceof ProxyError) return error.reason
  if (error.name === 'HTTPParserError') return { broken: 'unreadable_answer' }
  const code = 'code' in error ? String(error.code) : ''
  if (tls.test(code)) return { broken: 'tls_failed', detail: openSslReason(error) ?? code }
  if (code.startsWith('EAI_')) return { broken: 'dns_failed' }
  const [, status] = /^Proxy response \((\d{3})\)/.exec(error.message) ?? [] // of undici's own ProxyAgent
  return status === undefined ? { broken: codes[code] ?? 'connection_lost' } : refusalOf(Number(status))
}

/** `WRONG_VERSION_NUMBER` of `write EPROTO …:error:0A00010B:SSL routines:…:wrong version number:…`. */
function openSslReason({ message }: Error): string | undefined {
  const [, reason] = /:SSL routines:[^:]*:([\w /]{1,60}):/.exec(message) ?? []
  return reason?.toUpperCase().replaceAll(' ', '_')
}

/** What it means that a proxy answers a CONNECT with this status. `scheme`: the login it asks for. */
export function refusalOf(status: number, scheme = ''): Reason {
  if (status === 407) return { broken: 'proxy_auth_required', detail: scheme }
  const passing = status === 408 || status === 429 || status >= 500
  return { broken: passing ? 'proxy_failed' : 'proxy_refused', detail: String(status) }
}
