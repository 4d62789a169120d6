import type { Pool } from 'undici'

const pools = new Map<string, Promise<Pool>>()

/**
 * The keep-alive pool of a host, shared by all clients of this process, so that a client costs nothing but its
 * token. Idle connections keep no process alive. undici is loaded by the first call, not by the import. A
 * call's own time limit bounds its wait for a connection (`exchange`).
 */
export function sharedPool(origin: string): Promise<Pool> {
  let pool = pools.get(origin)
  if (pool === undefined) {
    const options = { connections: 128, pipelining: 1, allowH2: false, connect: { timeout: 10_000 } }
    pool = import('undici').then(({ Pool }) => new Pool(origin, options))
    pools.set(origin, pool)
  }
  return pool
}
