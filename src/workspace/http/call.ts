import type { Store } from '../store/store.ts'
import type { Input } from './input.ts'

/** An authenticated request, as a route gets it. */
export interface RouteCall {
  readonly store: Store
  /** The token's admin. */
  readonly adminId: number
  /** The version that applies to this request. */
  readonly version: string
  readonly method: string
  readonly path: string
  /** Scheme and host as the client sent them, for links in answers. */
  readonly origin: string
  /** Path parameters, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The JSON body; empty if there was none. */
  readonly body: Input
  /** Must be applied to the HTML of a message or note before it is stored; changes nothing by default. */
  readonly rewrite: (html: string) => string
}

/** A document that is already JSON text. */
export class Json {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Bytes of another media type than JSON. */
export class File {
  readonly type: string
  readonly bytes: Buffer<ArrayBuffer>

  constructor(type: string, bytes: Buffer<ArrayBuffer>) {
    this.type = type
    this.bytes = bytes
  }
}

/** A JSON document, a {@link File}, or `null` for an empty body. */
export type RouteAnswer = object | null

/** Answers one operation. Synchronous: the store is, and requests must not interleave inside a write. */
export type RouteHandler = (call: RouteCall) => RouteAnswer

/** An operation: method, path with `:id` and `:sub`, and handler. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly handle: RouteHandler
  /** A POST that changes nothing, such as a search, needs no write transaction; a GET never does. */
  readonly reads?: boolean
  /** The status of success. @default 200 */
  readonly status?: 202 | 204
  /** The media type for which `Accept` must name it or any; JSON, which wildcards include, if absent. */
  readonly accept?: string
}
