import { type Failure, failureOf, IntercomError } from '../errors.ts'
import { firstError, foreignText, isPage, requestId, toHost } from './answer-text.ts'
import type { Broken } from './broken.ts'
import { type BrokenCode, type Route, wordsFor } from './broken-messages.ts'
import { type Decoded, decode, parseObject } from './decode.ts'
import type { HttpAnswer } from './exchange.ts'
import { hintFor } from './hints.ts'
import { retryAfterMs, windowMs } from './rate-limit/headers.ts'
import type { JsonObject, Semantics } from './request.ts'
import { type Decision, decide, type FailureKind, kindOfStatus } from './retry-decision.ts'
import type { ServerClock } from './server-clock.ts'

/** Codes for answers whose body names none (docs/intercom-api.md 1.4). */
const codeByStatus: Record<number, string> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  408: 'request_timeout',
  409: 'conflict',
  422: 'unprocessable_entity',
  429: 'rate_limit_exceeded',
}

const mayHaveHappened = 'It may have taken effect. Do not send it again before you have checked.'
const retryIsSafe = 'It may have taken effect; repeating it is safe.'

/** Largest answer read, in decoded bytes. */
export const maxAnswerBytes = 20 * 1024 * 1024

/** The result of an attempt; after a failure whether to send again, and after how many ms at the earliest. */
export type HttpResult =
  | { json: JsonObject }
  | { error: IntercomError; retry: Decision['retry']; waitMs: number }

/** The result of an attempt without a whole answer. */
export function brokenResult(
  { broken, transmitted, detail }: Broken,
  semantics: Semantics,
  route: Route,
): HttpResult {
  const kind = transmitted ? 'unknown' : 'not_transmitted'
  const { message, next } = wordsFor(broken, detail, route)
  return failed(kind, semantics, message, { code: broken }, { broken, next: transmitted ? null : next })
}

/**
 * The result of an attempt with an answer, which `parse` reads. A redirect is never followed: the token would travel
 * along.
 */
export async function answerResult(
  { status, headers, body }: HttpAnswer,
  semantics: Semantics,
  clock: ServerClock,
  parse: (json: string) => unknown,
  template = '',
): Promise<HttpResult> {
  if (status >= 300 && status < 400) {
    const message = `the answer is a redirect${toHost(headers.location)}, which is not followed`
    const next = 'Check the base URL, and whether the network asks for a login first.'
    const rest = { code: 'redirect_refused', status, request_id: requestId(headers, null) }
    return failed(kindOfStatus(status), semantics, message, rest, { next })
  }
  const decoded = await decode(body, headers, maxAnswerBytes)
  const json =
    'text' in decoded ? (isTaken(status, decoded.text) ? {} : parseObject(decoded.text, parse)) : null
  if (status < 400 && json !== null && !isErrorList(json)) return { json }
  const type = headers['content-type']
  const first = firstError(json)
  const kind = status >= 400 ? kindOfStatus(status) : refusals.has(first?.code ?? '') ? 'rejected' : 'unknown'
  const own = json !== null && isIntercoms(json)
  const code = first?.code ?? codeOf(status, own, decoded)
  const message = first?.message ?? (own ? 'no message' : foreignText(decoded, json, type))
  const asked = retryAfterMs(headers, clock, performance.now()) ?? 0
  const waitMs = kind === 'rate_limited' || headers['retry-after'] !== undefined ? asked : 0
  const isForeign = !own && (json !== null || isPage(decoded, type))
  const isList = semantics === 'safe' && template !== '' && !template.includes('{id}')
  const next = hintFor({ status, code: first?.code ?? '', message, isForeign, isList })
  const broken = status < 400 && 'unreadable' in decoded ? decoded.unreadable : null
  const rest = { code, status, request_id: requestId(headers, json) }
  return failed(kind, semantics, message, rest, { broken, waitMs, next })
}

/** 202 says that a request was taken, and needs no body (docs/intercom-api.md 3.11). */
function isTaken(status: number, body: string): boolean {
  return status === 202 && body.trim() === ''
}

/** A page of something in between must not pass for Intercom's word that a thing does not exist, or exists already. */
function codeOf(status: number, own: boolean, decoded: Decoded): string {
  if (status < 400) return 'unreadable' in decoded ? decoded.unreadable : 'unreadable_answer'
  const known = own || status === 401 || kindOfStatus(status) !== 'rejected'
  if (!known) return 'unreadable_answer'
  return codeByStatus[status] ?? (kindOfStatus(status) === 'unknown' ? 'server_error' : 'refused')
}

/** Codes by which Intercom refuses a request (docs/intercom-api.md 1.4, 3, 4.1): nothing was done. */
const refusals = new Set(
  `bad_request unauthorized forbidden not_found conflict unprocessable_entity parameter_invalid parameter_not_found
  parameter_missing missing_parameter type_mismatch data_invalid invalid_query invalid_field invalid_operator
  invalid_value invalid_values intercom_version_invalid token_not_found token_revoked token_blocked token_expired
  token_suspended token_unauthorized missing_authorization api_plan_restricted action_forbidden admin_not_found
  tag_not_found company_not_found resource_conflict unique_user_constraint`.split(/\s+/),
)

/** Whether an error is in Intercom's form, or in none: gateways have others. */
function isIntercoms({ type, errors, ...rest }: JsonObject): boolean {
  return type === 'error.list' || Array.isArray(errors) || Object.keys(rest).length === 0
}

/**
 * Whether an answer is an error, also under a status of success, as gateways send that replace the status. Whether a
 * write then took effect is known only where the code is one of `refusals`.
 */
function isErrorList({ type, errors }: JsonObject): boolean {
  return type === 'error.list' || (type === undefined && Array.isArray(errors) && errors.length > 0)
}

type More = { broken?: BrokenCode | null; waitMs?: number; next?: string | null | undefined }

function failed(
  kind: FailureKind,
  semantics: Semantics,
  message: string,
  failure: Partial<Failure> & { code: string },
  { broken = null, waitMs = 0, next }: More,
): HttpResult {
  const { retry, ...decided } = decide(kind, semantics, broken)
  const hint = [hintOf(kind, semantics, waitMs), next].filter(Boolean).join(' ') || null
  return { error: new IntercomError(message, { ...failure, ...decided, hint }), retry, waitMs }
}

function hintOf(kind: FailureKind, semantics: Semantics, waitMs: number): string | null {
  if (kind === 'not_transmitted') return 'Nothing was sent.'
  if (kind === 'rate_limited') return `It was not executed. ${waitFor(waitMs || windowMs)}`
  if (kind !== 'unknown') return null
  if (semantics === 'safe') return 'Nothing was changed; try again later.'
  return semantics === 'idempotent' ? retryIsSafe : mayHaveHappened
}

/** The same result, whose error says something else to do. */
export function withHint(result: HttpResult, hint: string): HttpResult {
  if ('json' in result) return result
  const { error } = result
  return { ...result, error: new IntercomError(error.message, { ...failureOf(error), hint }) }
}

/** The error of a last attempt, after an earlier one of the same request that may have taken effect. */
export function stillUnknown(error: IntercomError): IntercomError {
  const repeated = { outcome: 'unknown', retryable: true, hint: retryIsSafe } as const
  return new IntercomError(error.message, { ...failureOf(error), ...repeated })
}

/** The error of an attempt that would be repeated if the call had `ms` left. */
export function deadlineError(error: IntercomError, ms: number, unknown: boolean): IntercomError {
  const last = unknown ? stillUnknown(error) : error
  const hint = `${unknown ? `${retryIsSafe} ` : ''}The deadline would pass first. ${waitFor(ms)}`
  return new IntercomError(last.message, { ...failureOf(last), retryable: true, hint })
}

/** The error of a call that ends while it waits. `waitMs`: how long it would have had to, where known. */
export function stoppedError(why: 'aborted' | 'deadline', unknown: boolean, waitMs?: number): IntercomError {
  const message = why === 'aborted' ? 'the caller aborted' : 'the deadline of the call would pass first'
  const said = unknown ? retryIsSafe : 'Nothing was sent.'
  return new IntercomError(message, {
    code: why === 'aborted' ? 'aborted' : 'deadline_exceeded',
    outcome: unknown ? 'unknown' : 'not_sent',
    retryable: true,
    hint: waitMs === undefined || why === 'aborted' ? said : `${said} ${waitFor(waitMs)}`,
  })
}

function waitFor(ms: number): string {
  return `Wait ${Math.max(1, Math.ceil(ms / 1000))} s, then repeat.`
}
