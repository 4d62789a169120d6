import type { Trace } from '../../client/call.ts'
import { statusOf } from '../../core/http-status.ts'
import type { Failure } from '../../errors.ts'

/** An action's result over HTTP: the envelope, as JSON, is the body; the machine-readable rest is in headers. */
export function envelopeResponse(
  body: string,
  { failure, trace }: { failure: Failure | null; trace?: Trace },
  headers: Record<string, string> = {},
): Response {
  const status = statusOf(failure)
  return new Response(body, {
    status,
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'X-Outcome': failure?.outcome ?? 'success',
      ...(failure ? failureHeaders(failure) : {}),
      ...(status === 503 ? { 'Retry-After': String(secondsUntil(trace)) } : {}),
      ...headers,
    },
  })
}

function failureHeaders({ code, retryable, request_id }: Failure): Record<string, string> {
  return {
    'X-Error-Code': /^[\x20-\x7e]+$/.test(code) ? code : 'refused',
    'X-Retryable': String(retryable),
    ...(request_id === null ? {} : { 'X-Intercom-Request-Id': request_id }),
  }
}

/** Until Intercom's rate limit opens again where that is what stopped the call, else a second. */
function secondsUntil(trace: Trace | undefined): number {
  const limit = trace?.rate_limit
  if (!limit || limit.remaining > 0) return 1
  return Math.min(60, Math.max(1, limit.reset - Math.floor(Date.now() / 1000)))
}
