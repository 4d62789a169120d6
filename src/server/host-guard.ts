import type { IncomingMessage } from 'node:http'
import { isLoopback } from '../client/credentials.ts'
import type { Refusal } from './refusal.ts'

/** The host names a server answers to, and the origins of pages that may call it. */
export type HostNames = { host: string; hosts: readonly string[]; origins: readonly string[] }

const proxyHeaders =
  /^(forwarded|via|cdn-loop|((true|fastly|fly|x|x-cluster)-)?client-ip|(x-(forwarded|real|original|envoy|azure)|cf|tailscale)(-.*)?)$/

/** Whether a proxy or a tunnel says that it passes a request on: then it need not come from this machine. */
export function isForwarded({ headers }: IncomingMessage): boolean {
  return Object.keys(headers).some((name) => proxyHeaders.test(name))
}

export const forwarded = forbidden(
  'forwarded_without_key',
  'A proxy passed this request on, and this server has no API key: anybody whom the proxy lets through could act in Intercom. Its operator must set MODULEX_INTERCOM_API_KEY; then send that key.',
)

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

/**
 * Checks the Host and Origin of a request, against DNS rebinding and pages of other sites. Ports are not compared: a
 * page cannot choose the name it is loaded from.
 */
export function hostGuard({ host, hosts, origins }: HostNames) {
  const local = isLoopback(host)
  const names = new Set([...hosts.map((name) => name.toLowerCase()), ...(local ? loopbackNames : [])])
  if (/^[\d.]+$/.test(host) && host !== '0.0.0.0') names.add(host)
  const pages = new Set(origins.map((origin) => origin.toLowerCase()))

  return (given: { host: string | undefined; origin: string | undefined }): Refusal | undefined => {
    const name = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(given.host ?? '')?.[1]?.toLowerCase()
    if (name === undefined || !names.has(name)) {
      return forbidden(
        'wrong_host',
        'This server does not answer to this Host. Use its own name; its operator lists names in listen.hosts.',
      )
    }
    const { origin } = given
    if (origin === undefined || pages.has(origin.toLowerCase()) || (local && isLocalPage(origin)))
      return undefined
    return forbidden(
      'wrong_origin',
      'Pages of this Origin may not call this server; its operator lists origins in listen.origins.',
    )
  }
}

function isLocalPage(origin: string): boolean {
  const name = /^https?:\/\/(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(origin)?.[1]?.toLowerCase()
  return name !== undefined && loopbackNames.includes(name)
}

export function forbidden(code: string, error: string): Refusal {
  return { status: 403, code, error }
}
