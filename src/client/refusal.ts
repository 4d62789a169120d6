import type { IncomingHttpHeaders } from 'node:http'
import { type Failure, failureOf, IntercomError } from '../errors.ts'
import type { BrokenCode } from './exchange.ts'
import type { Semantics } from './request.ts'

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
const repeatIsSafe = 'It may have taken effect; repeating it is safe.'

/** The error for an answer that is no success: Intercom's own code and message where the body gives them. */
export function refusal(
  status: number,
  headers: IncomingHttpHeaders,
  body: Record<string, unknown> | null,
  semantics: Semantics,
  waitMs: number,
): IntercomError {
  const first = firstError(body)
  const unknown = status === 408 || status >= 500
  const code = first?.code ?? codeByStatus[status] ?? (unknown ? 'server_error' : 'refused')
  const type = String(headers['content-type'] ?? 'no content type')
  return new IntercomError(
    short(first?.message ?? (body ? 'no message' : `no JSON in the answer (${type})`)),
    {
      code,
      status,
      request_id: requestId(headers, body),
      ...judged(unknown, semantics, status === 429),
      hint: unknown ? unknownHint(semantics) : hintFor(status, waitMs),
    },
  )
}

/**
 * The error for a redirect: it is never followed, since the token would travel along. A write may have taken effect
 * all the same, as a 303 says.
 */
export function redirect(status: number, headers: IncomingHttpHeaders, semantics: Semantics): IntercomError {
  return new IntercomError('Intercom answered with a redirect, which is not followed', {
    code: 'redirect_refused',
    status,
    outcome: semantics === 'safe' ? 'rejected' : 'unknown',
    request_id: requestId(headers, null),
    hint: 'Check the base URL.',
  })
}

/** The error for a success status whose body is no JSON object. */
export function unreadable(
  status: number,
  headers: IncomingHttpHeaders,
  code: 'answer_too_large' | 'unreadable_answer',
  semantics: Semantics,
): IntercomError {
  const what =
    code === 'answer_too_large' ? 'an answer over the size limit' : 'an answer that is no JSON object'
  return new IntercomError(
    `Intercom sent ${what} (${short(String(headers['content-type'] ?? 'no content type'))})`,
    {
      code,
      status,
      request_id: requestId(headers, null),
      ...judged(true, semantics, false),
      hint: unknownHint(semantics),
    },
  )
}

const brokenMessages: Record<BrokenCode, string> = {
  aborted: 'the caller aborted',
  answer_too_large: 'the answer is over the size limit',
  connect_timeout: 'no connection within the time limit',
  connection_lost: 'the connection broke',
  connection_refused: 'the host refused the connection',
  dns_failed: 'the host name could not be resolved',
  host_unreachable: 'the host cannot be reached',
  timeout: 'no complete answer within the time limit',
  tls_failed: "the host's TLS certificate or handshake is not acceptable",
  unreadable_answer: 'the answer is not valid HTTP',
}

/** The error for an exchange that ended without a whole answer. */
export function broken(code: BrokenCode, transmitted: boolean, semantics: Semantics): IntercomError {
  const message = brokenMessages[code]
  if (!transmitted) {
    const hint = code === 'tls_failed' ? 'Nothing was sent. Check the base URL.' : 'Nothing was sent.'
    return new IntercomError(message, { code, outcome: 'not_sent', retryable: true, hint })
  }
  return new IntercomError(message, { code, ...judged(true, semantics, false), hint: unknownHint(semantics) })
}

/** The error of a last attempt, after an earlier one of the same request that may have taken effect. */
export function stillUnknown(error: IntercomError): IntercomError {
  const repeated = { outcome: 'unknown', retryable: true, hint: repeatIsSafe } as const
  return new IntercomError(error.message, { ...failureOf(error), ...repeated })
}

/** The error of an attempt that would be repeated if the call had `ms` left. */
export function givenUp(error: IntercomError, ms: number, unknown: boolean): IntercomError {
  const last = unknown ? stillUnknown(error) : error
  const hint = `${unknown ? `${repeatIsSafe} ` : ''}The deadline comes first. ${waitFor(ms)}`
  return new IntercomError(last.message, { ...failureOf(last), retryable: true, hint })
}

/** The error of a call that ends while it waits. `waitMs`: how long it would have had to, where known. */
export function stopped(why: 'aborted' | 'deadline', unknown: boolean, waitMs?: number): IntercomError {
  const message = why === 'aborted' ? brokenMessages.aborted : 'the deadline of the call comes first'
  const said = unknown ? repeatIsSafe : 'Nothing was sent.'
  return new IntercomError(message, {
    code: why === 'aborted' ? 'aborted' : 'deadline_exceeded',
    outcome: unknown ? 'unknown' : 'not_sent',
    retryable: true,
    hint: waitMs === undefined || why === 'aborted' ? said : `${said} ${waitFor(waitMs)}`,
  })
}

function judged(
  unknown: boolean,
  semantics: Semantics,
  retryLater: boolean,
): Pick<Failure, 'outcome' | 'retryable'> {
  if (!unknown || semantics === 'safe') return { outcome: 'rejected', retryable: retryLater || unknown }
  return { outcome: 'unknown', retryable: semantics === 'idempotent' }
}

function unknownHint(semantics: Semantics): string {
  if (semantics === 'safe') return 'Nothing was changed; try again later.'
  return semantics === 'idempotent' ? repeatIsSafe : mayHaveHappened
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

function short(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return line.length > maxMessage ? `${line.slice(0, maxMessage)}…` : line
}
