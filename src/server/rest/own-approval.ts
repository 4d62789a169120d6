import type { Approval } from '../../approvals/approval.ts'

/**
 * `GET /approvals/{id}` of a caller: what became of a call of its own that was held. `own` answers `null` for others.
 * `undefined` where the path is not an approval's.
 */
export async function ownApproval(
  own: (id: string) => Promise<Approval | null>,
  request: Request,
): Promise<Response | undefined> {
  const [, id] = /^\/approvals\/([\w-]+)$/.exec(new URL(request.url).pathname) ?? []
  if (id === undefined) return undefined
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refused(405, 'method_not_allowed', 'An approval takes GET only.', { Allow: 'GET, HEAD' })
  const approval = await own(id)
  if (approval === null)
    return refused(404, 'no_such_approval', 'There is no such approval. They are kept for 30 days.')
  const waits = approval.state === 'waiting' || approval.state === 'approved'
  return Response.json(callerView(approval), {
    headers: { 'Cache-Control': 'no-store', ...(waits ? { 'Retry-After': retryAfter } : {}) },
  })
}

/** Seconds: people take their time. */
export const retryAfter = '30'

/** What a person decided; `null` where nobody has. */
export function decisionOf({
  state,
  decided_at,
  edited,
}: Pick<Approval, 'state' | 'decided_at' | 'edited'>): 'approve' | 'edit' | 'decline' | null {
  if (decided_at === null) return null
  if (state === 'declined') return 'decline'
  return edited === null ? 'approve' : 'edit'
}

/** An approval for the caller whose call it is: not who decided. */
function callerView(approval: Approval) {
  const { id, action, state, created_at, expires_at, decided_at, reason, edited, outcome } = approval
  const decision = decisionOf(approval)
  const came = { output: outcome?.output ?? null, failure: outcome?.failure ?? null }
  return { id, action, state, decision, created_at, expires_at, decided_at, reason, edited, ...came }
}

function refused(
  status: number,
  code: string,
  error: string,
  headers: Record<string, string> = {},
): Response {
  const body = { success: false, error, code }
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store', ...headers } })
}
