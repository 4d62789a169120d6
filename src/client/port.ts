import type { Path } from './path.ts'

/**
 * What repeating a request does: `read` changes nothing; `same` has the effect of one; `again` acts twice.
 * It belongs to the request, not to the action: an upsert holds requests of all three kinds.
 */
export type Repeat = 'read' | 'same' | 'again'

/** Anything JSON can carry as an object. */
export type JsonObject = Record<string, unknown>

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
