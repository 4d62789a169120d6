import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { createIntercom, type Intercom, type IntercomOptions } from '../../src/index.ts'

/** A request as it reached the server. */
export type Received = {
  method: string
  path: string
  headers: NodeJS.Dict<string | string[]>
  body: unknown
}

// The jitter of back-offs at its shortest, and no reading back: tests see every repetition, but do not wait for it.
Math.random = () => 0
const brief: IntercomOptions = { onUnknown: 'report' }

/** What the server does with a request: JSON with a status, or anything at all to the raw response. */
export type Reply =
  | { status?: number; json: unknown; headers?: Record<string, string> }
  | ((response: ServerResponse, socket: Socket) => void)

/** The token of every scripted client: letters and digits only, so that it would pass for an id or a code. */
export const scriptedToken = Buffer.from('tok:canary-3141592653-5897932384-626433832795').toString('base64')

/**
 * A server that answers request after request from a script (its last entry repeats) or by a function, and a
 * client that speaks to it.
 */
export async function scriptedIntercom(
  script: Reply[] | ((request: Received) => Reply),
  options: IntercomOptions = {},
): Promise<{ intercom: Intercom; received: Received[]; url: string; close(): Promise<void> }> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const seen = await receive(request)
    received.push(seen)
    const reply =
      typeof script === 'function' ? script(seen) : script[Math.min(received.length, script.length) - 1]
    if (typeof reply === 'function') return reply(response, request.socket)
    const { status = 200, json, headers = {} } = reply ?? { status: 500, json: {} }
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json))
  })
  // A test that fails before it closes this must not keep the process alive.
  server.unref().on('connection', (socket) => socket.unref())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const intercom = createIntercom({ accessToken: scriptedToken, baseUrl: url, ...brief, ...options })
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { intercom, received, url, close }
}

async function receive(request: IncomingMessage): Promise<Received> {
  const body = await text(request)
  const { method = '', url = '', headers } = request
  return { method, path: url, headers, body: body === '' ? undefined : JSON.parse(body) }
}

/** An error body as Intercom writes it (docs/intercom-api.md 1.4). */
export function errorList(code: string, message: string): object {
  return { type: 'error.list', request_id: 'req0000000000000001', errors: [{ code, message }] }
}
