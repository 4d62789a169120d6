import http from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'

/**
 * Sends what this process asks of Intercom's hosts to `url` instead, as a proxy in front of a program would: for clients
 * that know no other address. Gives a function that ends it.
 */
export function redirectIntercom(url: string): () => void {
  const target = new URL(url)
  const { request, get } = https
  const { fetch } = globalThis
  const redirected = (...args: Parameters<typeof http.request>) => {
    const [first] = args
    const options: http.RequestOptions =
      typeof first === 'string' || first instanceof URL ? urlOptions(new URL(first)) : first
    const host = String(options.hostname ?? options.host)
    if (!isIntercom(host)) throw new Error(`${host} is not Intercom's, and nothing else is to be reached`)
    const { agent: _, ...rest } = options
    const headers = { ...(rest.headers as Record<string, string>), host: target.host }
    const here = { protocol: 'http:', hostname: target.hostname, host: target.hostname, port: target.port }
    return http.request({ ...rest, headers, ...here }, ...(args.slice(1) as [])) as http.ClientRequest
  }
  https.request = redirected as typeof https.request
  https.get = ((...args: Parameters<typeof http.request>) => redirected(...args).end()) as typeof https.get
  globalThis.fetch = async (input, init) => {
    const asked = new Request(input, init)
    const { hostname, pathname, search } = new URL(asked.url)
    if (!isIntercom(hostname)) return fetch(input, init)
    return fetch(new URL(pathname + search, target), init ?? asked)
  }
  syncBuiltinESMExports()
  return () => {
    Object.assign(https, { request, get })
    globalThis.fetch = fetch
    syncBuiltinESMExports()
  }
}

function isIntercom(hostname: string): boolean {
  return /^api(\.eu|\.au)?\.intercom\.io$/.test(hostname)
}

function urlOptions({ hostname, pathname, search }: URL): http.RequestOptions {
  return { hostname, path: pathname + search }
}
