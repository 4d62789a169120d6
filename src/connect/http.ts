import type { Dispatcher } from 'undici'
import { acceptEncoding, decode } from '../client/decode.ts'
import { exchange, sharedPool } from '../client/exchange.ts'
import { proxyFor } from '../client/proxy.ts'
import { IntercomError } from '../errors.ts'

const maxBytes = 64 * 1024
const timeoutMs = 10_000
const deadlineMs = 20_000

/** What sends a request, and what ends it early. */
export type Sending = {
  dispatcher?: Pick<Dispatcher, 'dispatch'> | undefined
  signal?: AbortSignal | undefined
}

/** A request to Intercom that is not an action's. A form is sent as one; with neither, there is no body. */
type Asked = {
  method: 'GET' | 'POST'
  url: URL
  accessToken?: string | undefined
  form?: Record<string, string> | undefined
}

/**
 * Sends it once; redirects are not followed. `json` is `null` where the answer is not JSON. Rejects with an
 * `IntercomError` where there is no whole answer.
 */
export async function ask(
  { method, url, accessToken, form }: Asked,
  { dispatcher, signal }: Sending,
): Promise<{ status: number; json: unknown }> {
  const { origin, pathname } = url
  const proxy = dispatcher === undefined ? proxyFor(origin) : null
  const answer = await exchange(dispatcher ?? (await sharedPool(origin, proxy)), {
    origin,
    method,
    path: pathname,
    headers: {
      accept: 'application/json',
      'accept-encoding': acceptEncoding,
      'intercom-version': '2.12',
      'user-agent': 'modulex-intercom',
      ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
      ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    body: form === undefined ? null : new URLSearchParams(form).toString(),
    timeoutMs,
    until: performance.now() + deadlineMs,
    maxBytes,
    signal,
    proxied: proxy !== null,
  })
  if ('broken' in answer) {
    throw new IntercomError(`Intercom does not answer (${answer.broken})`, {
      code: answer.broken,
      retryable: true,
      outcome: answer.transmitted ? 'unknown' : 'not_sent',
      hint: 'Try again.',
    })
  }
  const decoded = await decode(answer.body, answer.headers, maxBytes)
  return { status: answer.status, json: 'text' in decoded ? parsed(decoded.text) : null }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
