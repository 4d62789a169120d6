import type { IncomingHttpHeaders } from 'node:http'
import { type Failure, failureOf, IntercomError } from '../errors.ts'
import type { Broken } from './broken.ts'
import { type BrokenCode, type Route, wordsFor } from './broken-words.ts'
import { decode, parseObject } from './decode.ts'
import type { HttpAnswer } from './exchange.ts'
import { retryAfterMs } from './rate-limit/headers.ts'
import type { JsonObject, Semantics } from './request.ts'
import { type Decision, decide, type FailureKind, kindOfStatus } from './retry-decision.ts'
import type { ServerClock } from './server-clock.ts'

const maxMessage = 300

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

/** What an attempt came to; after a failure whether to send again, `waitMs` at the earliest. */
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
  const hint = transmitted || next === undefined ? null : `Nothing was sent. ${next}`
  return failed(kind, semantics, message, { code: broken, hint }, { broken })
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
): Promise<HttpResult> {
  if (status >= 300 && status < 400) {
    const message = 'Intercom answered with a redirect, which is not followed'
    const rest = { code: 'redirect_refused', status, request_id: requestId(headers, null) }
    return failed(kindOfStatus(status), semantics, message, { ...rest, hint: 'Check the base URL.' })
  }
  const decoded = await decode(body, headers, maxAnswerBytes)
  const json = 'text' in decoded ? parseObject(decoded.text, parse) : null
  const type = String(headers['content-type'] ?? 'no content type')
  if (status < 400) {
    if (json !== null) return isErrorList(json) ? errorInSuccess(status, headers, json, semantics) : { json }
    const code = 'text' in decoded ? 'unreadable_answer' : decoded.unreadable
    const what =
      code === 'answer_too_large'
        ? 'an answer that exceeds the size limit'
        : 'an answer that is not a JSON object'
    const message = `Intercom sent ${what} (${oneLine(type)})`
    const rest = { code, status, request_id: requestId(headers, null) }
    return failed('unknown', semantics, message, rest, { broken: code })
  }
  const kind = kindOfStatus(status)
  const first = firstError(json)
  const code = first?.code ?? codeByStatus[status] ?? (kind === 'unknown' ? 'server_error' : 'refused')
  const message = oneLine(first?.message ?? (json ? 'no message' : `no JSON in the answer (${type})`))
  const asked = retryAfterMs(headers, clock, performance.now()) ?? 0
  const waitMs = kind === 'rate_limited' || headers['retry-after'] !== undefined ? asked : 0
  const rest = { code, status, request_id: requestId(headers, json), hint: hintFor(status, waitMs) }
  return failed(kind, semantics, message, rest, { waitMs })
}

/** Codes by which Intercom refuses a request (docs/intercom-api.md 1.4, 3, 4.1): nothing was done. */
const refusals = new Set(
  `bad_request unauthorized forbidden not_found conflict unprocessable_entity parameter_invalid parameter_not_found
  parameter_missing missing_parameter type_mismatch data_invalid invalid_query invalid_field invalid_operator
  invalid_value invalid_values intercom_version_invalid token_not_found token_revoked token_blocked token_expired
  token_suspended token_unauthorized missing_authorization api_plan_restricted action_forbidden admin_not_found
  tag_not_found company_not_found resource_conflict unique_user_constraint`.split(/\s+/),
)

function isErrorList({ type, errors }: JsonObject): boolean {
  return type === 'error.list' || (type === undefined && Array.isArray(errors) && errors.length > 0)
}

/**
 * An error under a status of success, as gateways send it that replace the status: it must not pass for a success.
 * Whether a write took effect only a code tells that Intercom refuses requests with.
 */
function errorInSuccess(
  status: number,
  headers: IncomingHttpHeaders,
  json: JsonObject,
  semantics: Semantics,
): HttpResult {
  const { code = 'unreadable_answer', message = 'no message' } = firstError(json) ?? {}
  const rest = { code, status, request_id: requestId(headers, json) }
  return failed(refusals.has(code) ? 'rejected' : 'unknown', semantics, oneLine(message), rest)
}

function failed(
  kind: FailureKind,
  semantics: Semantics,
  message: string,
  failure: Partial<Failure> & { code: string },
  { broken = null, waitMs = 0 }: { broken?: BrokenCode | null; waitMs?: number } = {},
): HttpResult {
  const { retry, ...decided } = decide(kind, semantics, broken)
  const hint = failure.hint ?? hintOf(kind, semantics)
  return { error: new IntercomError(message, { ...failure, ...decided, hint }), retry, waitMs }
}

function hintOf(kind: FailureKind, semantics: Semantics): string | null {
  if (kind === 'not_transmitted') return 'Nothing was sent.'
  if (kind !== 'unknown') return null
  if (semantics === 'safe') return 'Nothing was changed; try again later.'
  return semantics === 'idempotent' ? retryIsSafe : mayHaveHappened
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

function hintFor(status: number, waitMs: number): string | null {
  if (status === 401) return 'Check the access token, and that the base URL is of its region.'
  if (status === 403) return 'The token lacks a permission for this; grant it in the Developer Hub.'
  return status === 429 ? `It was not executed. ${waitFor(waitMs)}` : null
}

function waitFor(ms: number): string {
  return `Wait ${Math.max(1, Math.ceil(ms / 1000))} s, then repeat.`
}

function firstError(body: Record<string, unknown> | null): { code?: string; message?: string } | null {
  const list = body?.['errors']
  const first: unknown = Array.isArray(list) ? list[0] : null
  if (typeof first !== 'object' || first === null) return null
  const { code, message } = first as Record<string, unknown>
  return {
    ...(typeof code === 'string' && /^[\w .-]{1,64}$/.test(code) ? { code } : {}),
    ...(typeof message === 'string' && message !== '' ? { message } : {}),
  }
}

/** What Intercom's support asks for: of the body, else of the headers. */
export function requestId(headers: IncomingHttpHeaders, body: Record<string, unknown> | null): string | null {
  const id = body?.['request_id'] ?? headers['x-request-id']
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id) ? id : null
}

function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return line.length > maxMessage ? `${line.slice(0, maxMessage)}…` : line
}
