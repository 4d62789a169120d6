import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type HostName, hostNames } from './hosts.ts'

/** Opens a port for each host of Intercom, on the loopback interface only. */
export async function listenByName(answer: (name: HostName, request: Request) => Promise<Response>) {
  const servers = new Map<HostName, Server>()
  const urls = {} as Record<HostName, string> // filled below
  for (const name of hostNames) {
    const server = createServer((incoming, outgoing) => {
      const respond = async () => {
        const { status, headers, body } = await answer(name, await requestOf(incoming, urls[name]))
        outgoing.writeHead(status, Object.fromEntries(headers))
        for await (const chunk of body ?? []) outgoing.write(chunk)
        outgoing.end()
      }
      respond().catch(() => outgoing.destroy())
    })
    servers.set(name, server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    urls[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const close = async () => {
    const closing = [...servers.values()].map((server) => {
      server.closeIdleConnections()
      setTimeout(() => server.closeAllConnections(), 1000).unref()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    })
    await Promise.all(closing)
  }
  return { urls, close }
}

async function requestOf(incoming: IncomingMessage, url: string): Promise<Request> {
  const { method = 'GET', headers } = incoming
  const given = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])
  const body = method === 'GET' || method === 'HEAD' ? null : new Uint8Array(await buffer(incoming))
  return new Request(new URL(incoming.url ?? '/', url), { method, headers: given, body })
}
