import type { Store } from '../store/store.ts'
import type { Input } from './input.ts'

/** One authenticated request, as a route sees it. */
export interface Call {
  readonly store: Store
  /** The admin that the token belongs to. */
  readonly adminId: number
  /** The version that applies to this request. */
  readonly version: string
  readonly method: string
  readonly path: string
  /** Scheme and host as the client addressed them, for links in answers. */
  readonly origin: string
  /** Path parameters, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The JSON body; empty when there was none. */
  readonly body: Input
  /** To be applied to the HTML of a message or note before it is stored; leaves it as it is unless asked for. */
  readonly rewrite: (html: string) => string
}

/** A document that is JSON text already. */
export class Json {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What a route answers: a JSON document with status 200, or `null` for 200 with an empty body. */
export type RouteAnswer = object | null

/** Answers one operation. Synchronous: the store is, and requests must not interleave inside a write. */
export type RouteHandler = (call: Call) => RouteAnswer

/** One operation: method, path with `:id` and `:sub`, and whoever answers it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly handle: RouteHandler
  /** A POST that changes nothing, such as a search, needs no write transaction; a GET never does. */
  readonly reads?: boolean
  /** What success is called where it is not 200. */
  readonly status?: 202
}
