import type { Path } from '../client/path.ts'
import type { JsonObject, Repeat, Request, Send } from '../client/send.ts'

/**
 * The small door through which actions speak to Intercom. It answers with the JSON object of a success and
 * rejects with an `IntercomError` otherwise. The type parameter is the caller's expectation, not a check.
 */
export type Port = {
  /** Always a `read`. */
  get<T = JsonObject>(path: Path): Promise<T>
  /** Acts twice when repeated, unless `repeat` says otherwise. */
  post<T = JsonObject>(path: Path, body?: JsonObject, options?: { repeat: Repeat }): Promise<T>
  /** The `same` when repeated. */
  put<T = JsonObject>(path: Path, body: JsonObject): Promise<T>
  /** The `same` when repeated. */
  delete<T = JsonObject>(path: Path, body?: JsonObject): Promise<T>
}

/** The port in front of a way to send. Whatever stands between an action and the wire wraps `send`. */
export function portOf(send: Send): Port {
  const as = <T>(request: Request) => send(request) as Promise<T> // the port's caller states its expectation
  return {
    get: (path) => as({ method: 'GET', path, repeat: 'read' }),
    post: (path, body, options) => as({ method: 'POST', path, body, repeat: options?.repeat ?? 'again' }),
    put: (path, body) => as({ method: 'PUT', path, body, repeat: 'same' }),
    delete: (path, body) => as({ method: 'DELETE', path, body, repeat: 'same' }),
  }
}
