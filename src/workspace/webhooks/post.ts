import { request } from 'node:http'

/** What came of one POST: a status, or why there is none. */
export type Reply = { readonly status: number } | { readonly error: string }

/**
 * Sends one delivery over its own connection and gives the status of the answer; redirects are not followed.
 * `timeoutMs` is machine time: a receiver is real, whatever the workspace's clock says. Nothing here keeps
 * the process alive, and it never rejects.
 */
export function post(
  url: string,
  headers: Record<string, string>,
  body: Buffer,
  timeoutMs: number,
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
      // The status is all that counts. The rest is read and thrown away, until the timer ends it.
      resolve({ status: response.statusCode ?? 0 })
      response.on('error', () => undefined)
      response.resume()
    })
    outgoing.end(body)
  })
}
