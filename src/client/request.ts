import type { Path } from './path.ts'

/**
 * What a request does, and does when it is sent twice, in the words of RFC 9110, section 9.2. It belongs to the
 * request, not to the action: an upsert makes requests of all three kinds.
 */
export type Semantics = 'safe' | 'idempotent' | 'non-idempotent'

/** Anything JSON can carry as an object. */
export type JsonObject = Record<string, unknown>

/** One request to Intercom. */
export type Request = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: Path
  body?: JsonObject | undefined
  semantics: Semantics
  /** Awaited right before each attempt is transmitted, after all waiting; a rejection ends the call. */
  beforeSend?: (() => Promise<void>) | undefined
  /**
   * Of a non-idempotent request: awaited before it is transmitted, once what an earlier attempt has made was looked
   * for. What it refuses may be so because of that attempt.
   */
  check?: (() => Promise<void>) | undefined
}

/** Sends a request: the JSON object of a success, or a rejection with an `IntercomError`. */
export type Send = (request: Request) => Promise<JsonObject>
