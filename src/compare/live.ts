import { setTimeout as sleep } from 'node:timers/promises'
import type { Credentials } from '../client/credentials.ts'
import { acceptEncoding, decode } from '../client/decode.ts'
import { exchange, sharedPool } from '../client/exchange.ts'
import { proxyFor } from '../client/proxy.ts'
import { sharedRateLimiter } from '../client/rate-limit/rate-limiter.ts'
import { answerOf, headersOf, type NoAnswer, textOf, type Witness } from './witness.ts'

/** A larger answer is not compared. */
const maxBytes = 8 * 1024 * 1024
const timeoutMs = 30_000
/** How often a call is made at most: again after a 429, and where it changes nothing after a broken connection. */
const maxAttempts = 4

/**
 * Intercom itself, over the client's own connections and within its rate limit. At least `paceMs` lie between two
 * calls; all end with `signal`.
 */
export function liveWitness(
  credentials: Credentials,
  { paceMs, signal }: { paceMs: number; signal: AbortSignal },
): Witness {
  const { origin, prefix, accessToken } = credentials
  const proxy = proxyFor(origin)
  const limiter = sharedRateLimiter(origin, accessToken, undefined)
  const caller = {}
  let last = Number.NEGATIVE_INFINITY

  return async (ask) => {
    const pool = await sharedPool(origin, proxy)
    for (let attempt = 1; ; attempt++) {
      const pause = last + paceMs - performance.now()
      if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => {})
      const until = performance.now() + 4 * timeoutMs
      const permit = await limiter.acquire(caller, { signal, until })
      if ('refused' in permit) return none(permit.refused === 'aborted' ? 'aborted' : 'rate_limited')
      last = performance.now()
      const sentAt = last
      const result = await exchange(pool, {
        origin,
        method: ask.method,
        path: prefix + ask.path,
        headers: { ...headersOf(ask, accessToken), 'accept-encoding': acceptEncoding },
        body: textOf(ask),
        timeoutMs,
        until,
        maxBytes,
        signal,
        proxied: proxy !== null,
      })
      permit.done('broken' in result ? null : { ...result, sentAt })
      if ('broken' in result) {
        const again = (ask.safe || !result.transmitted) && result.broken !== 'aborted' && attempt < 2
        if (again) continue
        return { broken: result.broken, transmitted: result.transmitted }
      }
      if (result.status === 429 && attempt < maxAttempts) continue // the rate limiter holds the next attempt back
      const decoded = await decode(result.body, result.headers, maxBytes)
      if ('unreadable' in decoded) return { broken: decoded.unreadable, transmitted: true }
      const headers = Object.entries(result.headers).map(([name, value]) => [name, String(value)])
      return answerOf(result.status, Object.fromEntries(headers), decoded.text)
    }
  }
}

function none(broken: string): NoAnswer {
  return { broken, transmitted: false }
}
