import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { noPage } from './refusal.ts'

/** The web-standard form of a request; `null` where Host and path do not form a valid URL. */
export function webRequest(request: IncomingMessage, body: Buffer, signal: AbortSignal): Request | null {
  const { method = 'GET', rawHeaders } = request
  const headers = new Headers()
  for (let at = 0; at < rawHeaders.length; at += 2)
    headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  const bodiless = method === 'GET' || method === 'HEAD'
  const { host = 'localhost' } = request.headers
  const url = `http://${host}${request.url ?? '/'}`
  if (/[@/\\?#]/.test(host) || !URL.canParse(url)) return null
  return new Request(url, { method, headers, signal, ...(bodiless ? {} : { body: new Uint8Array(body) }) })
}

/** The same request at another path, without what it says of who asks. */
export function moved(request: Request, path: string): Request {
  const url = new URL(request.url)
  url.pathname = path
  const { method, signal, body } = request
  const headers = new Headers(request.headers)
  for (const name of ['authorization', 'cookie', 'origin', 'x-studio-token']) headers.delete(name)
  return new Request(url, { method, headers, signal, ...(body === null ? {} : { body, duplex: 'half' }) })
}

/**
 * Writes a web-standard response. An event stream is written chunk by chunk, until `ending`, everything else with its
 * length.
 */
export async function writeResponse(
  response: ServerResponse,
  answer: Response,
  headers: Record<string, string>,
  ending?: AbortSignal,
): Promise<void> {
  const { connection: _, ...own } = Object.fromEntries(answer.headers) // the socket is the server's
  const all = { 'content-security-policy': noPage, ...own, ...headers }
  const streams = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false
  if (!streams || answer.body === null) {
    const body = Buffer.from(await answer.arrayBuffer())
    response.writeHead(answer.status, { ...all, 'Content-Length': String(body.length) })
    response.end(body)
    return
  }
  response.writeHead(answer.status, all)
  response.flushHeaders()
  const reader = answer.body.getReader()
  const stop = () => void reader.cancel().catch(() => {})
  response.once('close', stop)
  ending?.addEventListener('abort', stop, { once: true })
  if (ending?.aborted) stop()
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (response.destroyed) return
    if (!response.write(chunk.value)) await Promise.race([once(response, 'drain'), once(response, 'close')])
  }
  ending?.removeEventListener('abort', stop)
  response.end()
}
