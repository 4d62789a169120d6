import type { Config } from './config.ts'

/** The limits of one server. */
export type Limits = {
  /** Bytes of a request's body. */
  bodyBytes: number
  /** Calls in flight at once, of all keys. */
  concurrentCalls: number
  /** Seconds for a whole request to arrive. */
  requestSeconds: number
  /** Seconds for its headers to arrive. */
  headerSeconds: number
  /** Seconds that running calls get to finish at shutdown. */
  shutdownSeconds: number
}

export const defaultLimits: Limits = {
  bodyBytes: 4 * 1024 * 1024,
  concurrentCalls: 500,
  requestSeconds: 30,
  headerSeconds: 10,
  shutdownSeconds: 20,
}

/** The default limits of a key; one Intercom app may make 10,000 calls a minute. */
export const defaultCallsPerMinute = 1000
export const defaultConcurrentCalls = 100

/** Bytes of all headers of a request together. */
export const headerBytes = 16 * 1024

/** Connections at once; more are closed without an answer. */
export const connections = 5000

/** The limits of a configuration, with defaults. */
export function limitsOf(limits: Config['limits'] = {}): Limits {
  return {
    bodyBytes: limits.body_bytes ?? defaultLimits.bodyBytes,
    concurrentCalls: limits.concurrent_calls ?? defaultLimits.concurrentCalls,
    requestSeconds: limits.request_seconds ?? defaultLimits.requestSeconds,
    headerSeconds: limits.header_seconds ?? defaultLimits.headerSeconds,
    shutdownSeconds: limits.shutdown_seconds ?? defaultLimits.shutdownSeconds,
  }
}
