import type { Path } from '../client/path.ts'
import type { JsonObject, Request, Semantics, Send } from '../client/request.ts'

type PostOptions = { semantics: Semantics } | { check: () => Promise<void> }

/**
 * All that an action sees of Intercom. It answers with the JSON object of a success and rejects with an
 * `IntercomError` otherwise. The type parameter is the caller's expectation, not a check.
 */
export type Port = {
  /** Safe. */
  get<T = JsonObject>(path: Path): Promise<T>
  /** Non-idempotent, unless `semantics` says otherwise; then `check` may refuse it (`Request`). */
  post<T = JsonObject>(path: Path, body?: JsonObject, options?: PostOptions): Promise<T>
  /** Idempotent. */
  put<T = JsonObject>(path: Path, body: JsonObject): Promise<T>
  /** Idempotent. */
  delete<T = JsonObject>(path: Path, body?: JsonObject): Promise<T>
  /** When this was begun, Unix ms: under an idempotency key by its first attempt, whoever goes on with it. */
  begun(): Promise<number>
}

/** A port that sends by `send`, which may add anything between an action and the wire. */
export function portTo(send: Send, begun: () => Promise<number> = async () => Date.now()): Port {
  const as = <T>(request: Request) => send(request) as Promise<T> // the port's caller states its expectation
  return {
    get: (path) => as({ method: 'GET', path, semantics: 'safe' }),
    post: (path, body, options) =>
      as({ method: 'POST', path, body, semantics: 'non-idempotent', ...options }),
    put: (path, body) => as({ method: 'PUT', path, body, semantics: 'idempotent' }),
    delete: (path, body) => as({ method: 'DELETE', path, body, semantics: 'idempotent' }),
    begun,
  }
}
