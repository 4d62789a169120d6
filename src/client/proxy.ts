import { IntercomError, sentences } from '../errors.ts'
import { isLoopback } from './credentials.ts'

/** An HTTP proxy on the way to Intercom, named by an environment variable. */
export type HttpProxy = {
  /** Scheme, host and port, without user name and password: what may be shown. */
  readonly url: string
  readonly variable: string
  /** `Proxy-Authorization`, for the proxy alone. */
  readonly authorization: string | undefined
}

/** The first that is not blank names the proxy. `HTTP_PROXY` comes last: Intercom is always asked over https. */
const variables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY']

type Environment = Record<string, string | undefined>

/**
 * The proxy that the environment asks for on the way to `origin`. Loopback is always reached directly, and so is what
 * `NO_PROXY` lists. Throws an `IntercomError` where the variable is not the URL of a proxy: bypassing it would break the
 * network's rule.
 */
export function proxyFor(origin: string, environment: Environment = process.env): HttpProxy | null {
  const { hostname, port } = new URL(origin)
  if (isLoopback(hostname)) return null
  const variable = variables.find((name) => textOf(environment, name) !== '')
  if (variable === undefined) return null
  const exempt = textOf(environment, 'no_proxy') || textOf(environment, 'NO_PROXY')
  const host = hostname.replace(/^\[|\]$|\.$/g, '')
  const direct = exempt.split(/[\s,]+/).some((entry) => covers(entry.toLowerCase(), host, port || '443'))
  return direct ? null : proxyOf(variable, textOf(environment, variable))
}

function textOf(environment: Environment, name: string): string {
  return environment[name]?.trim() ?? ''
}

/** Whether an entry of `NO_PROXY` covers a host: `*`, a name and its subdomains, `*.name`, an address or range, `:port`. */
function covers(entry: string, host: string, port: string): boolean {
  const [, name, only] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry) ?? [null, entry, port]
  if (name === undefined || name === '' || only !== port) return false
  if (name === '*') return true
  const { isIP } = process.getBuiltinModule('node:net')
  if (isIP(host) !== 0) return coversAddress(name, host)
  const plain = name.replace(/^\.|\.$/g, '')
  if (plain.startsWith('*')) return plain !== '*' && host.endsWith(plain.slice(1))
  return host === plain || host.endsWith(`.${plain}`)
}

function coversAddress(range: string, host: string): boolean {
  const { BlockList, isIP } = process.getBuiltinModule('node:net')
  const [, address = '', bits] = /^\[?([^\]/]+)\]?(?:\/(\d{1,3}))?$/.exec(range) ?? []
  const family = isIP(address)
  const most = family === 4 ? 32 : 128
  const length = bits === undefined ? most : Number(bits)
  if (family === 0 || family !== isIP(host) || length > most) return false
  const name = family === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(address, length, name)
  return list.check(host, name)
}

/** No text of a failure holds anything of the value: it may be a password. */
function proxyOf(variable: string, value: string): HttpProxy {
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`)
  if (url !== null && /^socks/.test(url.protocol))
    throw refused(`${variable} names a SOCKS proxy, which is not supported`, 'Give an HTTP proxy')
  const plain = url !== null && url.pathname === '/' && url.search === '' && url.hash === ''
  const user = plain ? decoded(url.username) : null
  const password = plain ? decoded(url.password) : null
  if (!plain || !/^https?:$/.test(url.protocol) || user === null || password === null)
    throw refused(
      `${variable} is not the URL of a proxy`,
      'Give it with its special characters encoded (%40 for @)',
    )
  return {
    url: url.origin,
    variable,
    authorization:
      user + password === '' ? undefined : `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function refused(message: string, what: string): IntercomError {
  const form = `${what}: http://host:port or http://user:password@host:port. Or list the host in NO_PROXY.`
  return new IntercomError(sentences(message, form), { code: 'invalid_proxy' })
}
