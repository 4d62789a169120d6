import { request } from 'node:http'

/** The result of a POST: a status, or why there is none. */
export type Reply = { readonly status: number } | { readonly error: string }

/** How long an endpoint may take to answer, ms of the machine's time (docs/intercom-api.md 6). */
const timeoutMs = 5_000

/**
 * Sends one delivery over its own connection; redirects are not followed. Does not keep the process alive and never
 * rejects.
 */
export function post(
  url: string,
  headers: Record<string, string>,
  body: Buffer,
  signal: AbortSignal,
): Promise<Reply> {
  return new Promise((resolve) => {
    const outgoing = request(url, { method: 'POST', headers, agent: false, signal })
    const timer = setTimeout(() => {
      outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`))
    }, timeoutMs)
    timer.unref()
    outgoing.on('socket', (socket) => socket.unref())
    outgoing.on('error', (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message }))
    outgoing.on('close', () => clearTimeout(timer))
    outgoing.on('response', (response) => {
      // Only the status counts. The body is discarded, until the timeout at most.
      resolve({ status: response.statusCode ?? 0 })
      response.on('error', () => undefined)
      response.resume()
    })
    outgoing.end(body)
  })
}
