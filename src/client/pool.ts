import type { Pool } from 'undici'

const pools = new Map<string, Promise<Pool>>()

/** Longest wait for a connection, ms: shorter when the call's own timeout is. */
const connectTimeoutMs = 10_000

/**
 * The keep-alive pool of a host, shared by all clients of this process, so that a client costs nothing but its
 * token. Idle connections keep no process alive. undici is loaded by the first call, not by the import.
 */
export function sharedPool(origin: string, timeoutMs: number): Promise<Pool> {
  const connectMs = Math.min(timeoutMs, connectTimeoutMs)
  const key = `${origin} ${connectMs}`
  let pool = pools.get(key)
  if (pool === undefined) {
    pool = import('undici').then(
      ({ Pool }) =>
        new Pool(origin, {
          connections: 128,
          pipelining: 1,
          allowH2: false,
          connect: { timeout: connectMs },
        }),
    )
    pools.set(key, pool)
  }
  return pool
}
