import type { Path } from './path.ts'

/**
 * What repeating a request does: `read` changes nothing; `same` has the effect of one; `again` acts twice.
 * It belongs to the request, not to the action: an upsert holds requests of all three kinds.
 */
export type Repeat = 'read' | 'same' | 'again'

/** Anything JSON can carry as an object. */
export type JsonObject = Record<string, unknown>

/** One request to Intercom. */
export type Request = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: Path
  body?: JsonObject | undefined
  repeat: Repeat
  /** Awaited each time when the request is about to leave, after all waiting; a rejection ends the call. */
  leaving?: (() => Promise<void>) | undefined
}

/** Sends a request: the JSON object of a success, or a rejection with an `IntercomError`. */
export type Send = (request: Request) => Promise<JsonObject>
