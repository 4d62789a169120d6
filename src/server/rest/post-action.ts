import { notChosen } from '../../actions/select.ts'
import type { Approval } from '../../approvals/approval.ts'
import type { Trace } from '../../client/call.ts'
import { serialized } from '../../core/envelope.ts'
import { exactJson } from '../../core/exact-json.ts'
import { statusOf } from '../../core/http-status.ts'
import { failed } from '../../core/run.ts'
import { type Failure, failureOf, IntercomError } from '../../errors.ts'
import { insufficientScope, lackingEffect } from '../../tools/grant.ts'
import { held } from '../../tools/held.ts'
import { type Approve, invoke } from '../../tools/invoke.ts'
import type { Offer } from '../../tools/offer.ts'
import type { Tool } from '../../tools/policy.ts'
import { type CallQuery, callQueryOf } from './call-query.ts'
import { explaining } from './explanation.ts'
import { idempotencyKeyOf } from './idempotency.ts'
import { decisionOf, retryAfter } from './own-approval.ts'

/** What `/actions/{name}` is served with: the scope is `undefined` where no journal keeps idempotency keys. */
export type RestOffer = Offer & { idempotencyScope: string | undefined }

/** `POST /actions/{name}`. Every refusal is the action's own envelope. */
export async function postAction(offer: RestOffer, name: string, request: Request): Promise<Response> {
  const tool = offer.tools.get(name) ?? offer.withheld.get(name)
  const [action, unknown] = tool
    ? [tool.action, null]
    : notChosen(name, [...offer.tools.keys()], offer.toolsets)
  let explain = false
  let dryRun = false
  try {
    if (tool === undefined) throw unknown
    if (request.method !== 'POST')
      throw new IntercomError('actions are called with POST', { code: 'method_not_allowed' })
    const query = callQueryOf(request)
    explain = query.explain
    dryRun = query.dryRun
    return await performed(offer, tool, request, query)
  } catch (error) {
    if (!(error instanceof IntercomError)) throw error
    const allow = error.code === 'method_not_allowed' ? { Allow: 'POST' } : {}
    if (!dryRun) offer.intercom.refused?.(name, failureOf(error))
    return await refused(action, error, explain, allow)
  }
}

/** What is refused before it reaches the action. */
async function refused(
  action: Parameters<typeof failed>[0],
  error: IntercomError,
  explain: boolean,
  headers: Record<string, string>,
): Promise<Response> {
  const { output, failure } = failed(action, error, (text) => text)
  const told = { envelope: output, compact: String(output.error), failure, replayed: false }
  const body = explain ? await explaining(false).explanation(told) : output
  return envelopeResponse(JSON.stringify(body), { failure }, headers)
}

async function performed(
  offer: RestOffer,
  tool: Tool,
  request: Request,
  { dryRun, explain }: CallQuery,
): Promise<Response> {
  // A read is made each time, so a key has no effect on it.
  const isRead = tool.action.effect === 'read'
  const key = isRead ? undefined : idempotencyKeyOf(request, offer.idempotencyScope)
  const idempotencyKey = dryRun ? undefined : key
  const given = await inputOf(request)
  const { grant } = offer
  const lacking = grant && lackingEffect(grant, tool, given)
  if (grant && lacking) {
    const headers = { 'WWW-Authenticate': grant.challenge(lacking) }
    const lack = insufficientScope(grant, lacking)
    if (!dryRun) offer.intercom.refused?.(tool.action.name, failureOf(lack))
    return await refused(tool.action, lack, explain, headers)
  }
  const watched = explain ? explaining(dryRun) : null
  // With a key the client can ask for the outcome later, so the call continues when the client disconnects.
  const ends = idempotencyKey === undefined ? { signal: request.signal } : { idempotencyKey }
  const options = {
    ...ends,
    ...(dryRun ? { dryRun } : {}),
    ...(watched ? { onExchange: watched.onExchange } : {}),
  }
  const approve = approvalOf(offer, tool, { idempotencyKey, dryRun })
  const output = explain ? 'compact' : offer.output
  const result = await invoke({ ...offer, output }, tool, given, approve, options)
  const { trace, failure, structured, text, approval, remark } = result
  const replayed =
    idempotencyKey !== undefined && trace?.attempts === 0 && (failure === null || failure.status !== null)
  const envelope = offer.output === 'full' ? serialized(result.output).envelope : structured
  const compact = remark === undefined ? text : `${text}\n${remark}`
  const told = await watched?.explanation({ ...result, envelope, compact, replayed })
  const plain = offer.output === 'full' ? text : JSON.stringify(structured)
  return envelopeResponse(told ? JSON.stringify(told) : plain, result, {
    ...(replayed ? { 'Idempotent-Replayed': 'true' } : {}),
    ...(approval ? approvalHeaders(approval) : {}),
  })
}

/** An action's result over HTTP: the envelope, as JSON, is the body; the machine-readable rest is in headers. */
export function envelopeResponse(
  body: string,
  { failure, trace }: { failure: Failure | null; trace?: Trace },
  headers: Record<string, string> = {},
): Response {
  const held = heldHeaders(failure)
  const status = held ? 202 : statusOf(failure)
  return new Response(body, {
    status,
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'X-Outcome': failure?.outcome ?? 'success',
      ...(failure ? { ...failureHeaders(failure), ...declineHeaders(failure) } : {}),
      ...(status === 503 ? { 'Retry-After': String(secondsUntil(trace)) } : {}),
      ...(status === 429 ? { 'Retry-After': retryAfter } : {}),
      ...held,
      ...headers,
    },
  })
}

/** Where to ask what became of a call that waits for a person, or for its approval to be carried out. */
function heldHeaders(failure: Failure | null): Record<string, string> | null {
  const waits = failure?.code === 'held' || failure?.code === 'approval_under_way'
  if (!waits || !failure.approval) return null
  return { Location: `/approvals/${failure.approval.id}`, 'Retry-After': retryAfter }
}

function approvalHeaders(approval: Approval): Record<string, string> {
  return { 'X-Approval': approval.id, 'X-Approval-Decision': String(decisionOf(approval)) }
}

function declineHeaders({ code, approval }: Failure): Record<string, string> {
  if (code !== 'not_confirmed' || approval === undefined) return {}
  return { 'X-Approval': approval.id, 'X-Approval-Decision': 'decline' }
}

function failureHeaders({ code, retryable, request_id }: Failure): Record<string, string> {
  return {
    'X-Error-Code': /^[\x20-\x7e]+$/.test(code) ? code : 'refused',
    'X-Retryable': String(retryable),
    ...(request_id === null ? {} : { 'X-Intercom-Request-Id': request_id }),
  }
}

/** Seconds until Intercom's rate limit opens again, if that stopped the call; else one. */
function secondsUntil(trace: Trace | undefined): number {
  const limit = trace?.rate_limit
  if (!limit || limit.remaining > 0) return 1
  return Math.min(60, Math.max(1, limit.reset - Math.floor(Date.now() / 1000)))
}

async function inputOf(request: Request): Promise<unknown> {
  const cut = () => new TextEncoder().encode('a body that was cut off')
  const body = new Uint8Array(await request.arrayBuffer().catch(cut))
  if (body.length === 0) return {}
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json *(;|$)/i.test(type)) {
    throw new IntercomError('the body is not declared as JSON', {
      code: 'unsupported_media_type',
      hint: 'Nothing was sent. Send it with Content-Type: application/json.',
    })
  }
  return exactJson(body, 'the body')
}

/** A dry run asks nobody, since nothing is sent: held, it would be sent once it is approved. */
function approvalOf(
  { approver }: RestOffer,
  tool: Tool,
  { idempotencyKey, dryRun }: { idempotencyKey: string | undefined; dryRun: boolean },
): Approve {
  if (approver === null) return cannotConfirm
  return dryRun ? async () => null : held(approver, tool, { idempotencyKey })
}

async function cannotConfirm(): Promise<never> {
  throw new IntercomError(
    'this server sends only what a person confirms, and over REST there is nobody to ask',
    {
      code: 'confirmation_unavailable',
      hint: 'Nothing was sent. Use an MCP client that supports elicitation, or have the operator of the server hold such calls for approval, or allow sends.',
    },
  )
}
