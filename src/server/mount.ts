import type { Intercom } from '../intercom.ts'
import type { Output } from '../tools/compact/output.ts'
import type { Access } from '../tools/policy.ts'
import type { Metrics } from './rest/index.ts'

/** What a key opens: the Intercom client of its workspace, under its own policy. */
export type KeyContext = {
  /** The key's name in the configuration, for logs. */
  name: string
  /** Calls go into the log line of the request they serve. */
  intercom: Pick<Intercom, 'call'>
  access: Access
  /** What was asked for, if anything was: each mount has its own default. */
  output: Output | undefined
  /** Whether the client keeps a journal of intents. */
  journaled: boolean
  /** Counts of this key's calls, over every mount. */
  metrics: Metrics
}

/** A web-standard handler. Its request is whole and within the limits; its `signal` aborts when the client leaves. */
export type Handler = {
  fetch(request: Request): Promise<Response> | Response
  close?(): Promise<void>
}

/**
 * Something served under a path (and below it). `handler` makes one handler per key, which sees only requests that
 * carry it; `open` answers anybody, whatever the Host, so nothing that it says may be secret, and takes a body only up
 * to its `bodyBytes`.
 */
export type Mount = { path: string } & (
  | { handler(context: KeyContext): Handler }
  | { open: Handler; bodyBytes?: number }
)
