import type { Failure } from '../errors.ts'

/** Failures whose code alone decides the status. */
const byCode: Record<string, number> = {
  invalid_json: 400,
  invalid_query: 400,
  invalid_idempotency_key: 400,
  no_journal: 400,
  not_allowed: 403,
  insufficient_scope: 403,
  confirmation_unavailable: 403,
  not_confirmed: 403,
  unknown_action: 404,
  not_found: 404,
  no_such_path: 404,
  method_not_allowed: 405,
  unsupported_media_type: 415,
  internal: 500,
  client_closed: 503,
  too_many_approvals: 429,
  journal_failed: 503,
  approvals_failed: 503,
  unreadable_answer: 503,
  workspace_not_connected: 404,
  workspace_changed: 503,
  workspaces_failed: 503,
  wrong_workspaces_key: 503,
}

/**
 * The HTTP status of a result, over REST and on Restate. What may have taken effect is 409, since hosts and proxies
 * repeat 408, 425, 429 and 5xx by themselves; those (503, 502, 500) are left for what is known to have had no effect.
 */
export function statusOf(failure: Failure | null): number {
  if (failure === null) return 200
  const { code, status, outcome, retryable } = failure
  if (outcome === 'unknown') return 409
  if (status === null && byCode[code] !== undefined) return byCode[code]
  if (status === 401) return 403 // the token is this server's or worker's own; a 401 would be about the caller's
  const foreign = code === 'unreadable_answer' // not Intercom's own word
  if (status !== null && !foreign && status >= 400 && status < 500 && ![408, 425, 429].includes(status))
    return status
  if (retryable) return 503
  return status === null ? 422 : 502
}
