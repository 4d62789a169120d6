import type { Dispatcher } from 'undici'
import { type IntercomError, invalidInput } from '../errors.ts'
import { requestId } from './answer-text.ts'
import type { Broken } from './broken.ts'
import {
  bounded,
  type Call,
  type ExchangeEvent,
  type Hooks,
  note,
  observe,
  pause,
  type RequestEvent,
  type ResponseEvent,
  type Trace,
  tell,
} from './call.ts'
import { type Connection, ownerOf, type RefusedTokenHook } from './credentials.ts'
import { acceptEncoding } from './decode.ts'
import { type Exchange, exchange, type HttpAnswer, sharedPool } from './exchange.ts'
import {
  answerResult,
  brokenResult,
  deadlineError,
  type HttpResult,
  maxAnswerBytes,
  stillUnknown,
  stoppedError,
  withHint,
} from './http-result.ts'
import { proxyFor } from './proxy.ts'
import type { PermitSource } from './rate-limit/budget.ts'
import { createRateLimiter, type Permit, sharedRateLimiter } from './rate-limit/rate-limiter.ts'
import { Redactor } from './redact.ts'
import type { JsonObject, Request, Send } from './request.ts'
import { backoffMs, maxRetries } from './retry-decision.ts'
import type { CallSpan } from './telemetry.ts'
import { currentToken } from './token-function.ts'

/** The REST API version every request asks for. */
export const intercomVersion = '2.12'

export type ClientOptions = {
  credentials: Connection
  /** Is told of a token that Intercom has refused (401). */
  onRefusedToken?: RefusedTokenHook | undefined
  /** Bound on each of: connecting, waiting for the answer's head, reading its body. */
  timeoutMs: number
  hooks: Hooks
  /** What sends the requests, in place of a pool that all clients of the host share. */
  dispatcher?: Pick<Dispatcher, 'dispatch'> | undefined
  /** A file that processes of this machine share one rate limit by. */
  rateLimitFile: string | undefined
  /** A source of permits instead, for processes of several machines. */
  permits?: PermitSource | undefined
}

/** What actions need of a client. */
export type Client = {
  /** Begins a call that obeys a signal and ends within `deadlineMs`. `span` and `onExchange` see its requests. */
  open(
    deadlineMs: number,
    signal: AbortSignal | undefined,
    span?: CallSpan,
    onExchange?: (event: ExchangeEvent) => void,
  ): OpenCall
  /** Removes the access token, also in pieces, from a text of ours. */
  redact(text: string): string
}

/** One call while it runs. Everything in it ends with the caller's abort and with the deadline. */
export type OpenCall = {
  readonly trace: Trace
  readonly send: Send
  wait(ms: number, reason: string): Promise<void>
  /** Waits for another call of this client. */
  until(turn: Promise<unknown>): Promise<unknown>
  /** When the last request was transmitted, in ms of `performance.now()`. */
  sentAt(): number
  /** Unix ms on Intercom's clock of an instant of `performance.now()`. */
  intercomTime(at: number): number
}

/** The attempts of a request so far: how many, whether one may have taken effect, and the last one's error. */
type Past = { attempts: number; unknown: boolean; last: IntercomError | null }

/** A client of one workspace on one host. It holds no connection of its own. */
export function createClient(options: ClientOptions): Client {
  const { credentials, timeoutMs, hooks, dispatcher, rateLimitFile, permits, onRefusedToken } = options
  const { origin, accessToken, prefix } = credentials
  const route = { origin, proxy: dispatcher === undefined ? proxyFor(origin) : null }
  const redactor = new Redactor(typeof accessToken === 'string' ? accessToken : '')
  const parse = (json: string) => redactor.parse(json)
  const rateLimiter = permits
    ? createRateLimiter(permits)
    : sharedRateLimiter(origin, ownerOf(credentials), rateLimitFile)
  const caller = {} // one client is one caller: calls of another one on this token do not wait behind all of its own
  const headers = {
    accept: 'application/json',
    'accept-encoding': acceptEncoding,
    'intercom-version': intercomVersion,
    'user-agent': 'modulex-intercom',
  }
  const jsonHeaders = { ...headers, 'content-type': 'application/json' }

  /** Waits for the rate limit, sends, and retries as `retry-decision.ts` decides. */
  async function send(call: Call, request: Request): Promise<JsonObject> {
    const text = request.body === undefined ? null : JSON.stringify(request.body)
    refuseTokenIn(request, text)
    const past: Past = { attempts: 0, unknown: false, last: null }
    for (let retries = 0; ; ) {
      const result = await attempt(call, request, text, past)
      if ('json' in result) {
        rateLimiter.retries.success()
        return result.json
      }
      const { error, retry, waitMs } = result
      // The attempt whose answer was lost has deleted it.
      if (
        past.unknown &&
        request.method === 'DELETE' &&
        error.status === 404 &&
        error.code !== 'unreadable_answer' &&
        error.code !== 'admin_not_found' // says nothing about what was to be deleted
      )
        return {}
      const spent = retry === 'back_off' && (retries >= maxRetries || !rateLimiter.retries.take())
      if (retry === 'no' || spent) throw past.unknown ? stillUnknown(error) : error
      past.attempts++
      past.unknown ||= error.outcome === 'unknown'
      past.last = error
      const limited = retry === 'rate_limit' // then the rate limiter holds back everything of this token
      const ms = limited ? waitMs : waitMs + backoffMs(retries++)
      const left = call.until - performance.now() - 1 // the timer of the attempt may have fired a millisecond early
      if (!limited && ms > left) throw deadlineError(error, ms, past.unknown)
      const event = { ...eventOf(call, request), code: error.code, ms }
      await tell(call, 'onRetry', ({ onRetry }) => onRetry?.(event), past.unknown)
      if (!limited) await pause(call, ms, 'retry', past.unknown)
    }
  }

  function refuseTokenIn({ path }: Request, text: string | null): void {
    if (redactor.found(decodeURIComponent(path.encoded)) || (text !== null && redactor.found(text)))
      throw invalidInput('the input contains the access token', 'Remove it.')
  }

  /** The token for this attempt. It is known as a secret from here on. */
  async function tokenFor(call: Call, request: Request, text: string | null, unknown: boolean) {
    if (typeof accessToken === 'string') return accessToken
    const token = await currentToken(accessToken, call, unknown)
    if (redactor.add(token)) refuseTokenIn(request, text)
    return token
  }

  async function attempt(call: Call, request: Request, text: string | null, past: Past): Promise<HttpResult> {
    const { method, path } = request
    await tell(call, 'onRequest', ({ onRequest }) => onRequest?.(eventOf(call, request)), past.unknown)
    const pool = dispatcher ?? (await sharedPool(origin, route.proxy))
    const permit = await permitFor(call, past)
    let token: string
    try {
      token = await tokenFor(call, request, text, past.unknown)
      await request.beforeSend?.()
      if (performance.now() > call.until) throw stoppedError('deadline', past.unknown)
    } catch (error) {
      permit.done(null)
      throw error
    }
    call.trace.attempts++
    const seen = call.span?.attempt({ origin, method, template: path.template, resends: past.attempts })
    call.sentAt = performance.now()
    const own = { authorization: `Bearer ${token}`, ...(text === null ? headers : jsonHeaders) }
    const outgoing: Exchange = {
      origin,
      method,
      path: prefix + path.encoded,
      headers: seen === undefined ? own : { ...seen.headers, ...own },
      body: text,
      timeoutMs,
      until: call.until,
      maxBytes: maxAnswerBytes,
      signal: call.signal,
      proxied: route.proxy !== null,
    }
    const result = await (seen ? seen.within(() => exchange(pool, outgoing)) : exchange(pool, outgoing))
    seen?.end(result)
    watched(call, request, text, result)
    const ms = performance.now() - call.sentAt
    const rate_limit = permit.done('broken' in result ? null : { ...result, sentAt: call.sentAt })
    call.trace.rate_limit = rate_limit ?? call.trace.rate_limit
    return await outcomeOf(call, request, result, token, { ms, rate_limit })
  }

  /** What an attempt has come to, which is then told. */
  async function outcomeOf(
    call: Call,
    { method, path, semantics }: Request,
    result: HttpAnswer | Broken,
    token: string,
    measured: Pick<ResponseEvent, 'ms' | 'rate_limit'>,
  ): Promise<HttpResult> {
    const answer = 'broken' in result ? null : result
    const id = answer && requestId(answer.headers, null)
    const request_id = id && redactor.message(id)
    if (answer) call.trace.request_id = request_id
    const hint = answer?.status === 401 ? await refusedToken(call, token) : null
    const known =
      'broken' in result
        ? brokenResult(result, semantics, route)
        : await answerResult(result, semantics, rateLimiter.clock, parse, path.template)
    const outcome = hint === null ? known : withHint(known, hint)
    observe(hooks, {
      method,
      path: path.encoded,
      route: path.template,
      attempt: call.trace.attempts,
      status: answer?.status ?? null,
      code: 'error' in outcome ? outcome.error.code : null,
      request_id,
      ...measured,
    })
    return outcome
  }

  function watched(call: Call, request: Request, text: string | null, result: HttpAnswer | Broken): void {
    const broken = 'broken' in result
    try {
      call.onExchange?.({
        ...eventOf(call, request),
        attempt: call.trace.attempts,
        body: text === null ? null : (parse(text) as JsonObject), // made from one
        planned: false,
        transmitted: !broken || result.transmitted,
        status: broken ? null : result.status,
        ms: Math.round((performance.now() - call.sentAt) * 10) / 10,
      })
    } catch {} // the answer counts
  }

  /** Whoever keeps the token is told, and may say what to do. That they fail changes nothing of the answer. */
  async function refusedToken(call: Call, token: string): Promise<string | null> {
    const told = (async () => await onRefusedToken?.(token))()
    try {
      await bounded(call, told, false)
      const said: unknown = await told
      return typeof said === 'string' ? said : null
    } catch {
      return null
    }
  }

  async function permitFor(call: Call, { unknown, last }: Past): Promise<Permit> {
    const { signal, until } = call
    const permit = await rateLimiter.acquire(caller, { signal, until })
    if ('refused' in permit) {
      if (permit.refused === 'deadline' && last) throw deadlineError(last, permit.waitMs, unknown)
      throw stoppedError(permit.refused, unknown, permit.waitMs)
    }
    const { waited } = permit
    if (waited === null) return permit
    note(call.trace, waited)
    try {
      await tell(call, 'onWait', ({ onWait }) => onWait?.(waited), unknown)
      return permit
    } catch (error) {
      permit.done(null)
      throw error
    }
  }

  return {
    redact: (text) => redactor.message(text),
    open(deadlineMs, signal, span, onExchange) {
      const trace: Trace = { attempts: 0, waits: [], rate_limit: null, request_id: null, verified_by: null }
      const now = performance.now()
      const call: Call = { trace, hooks, signal, until: now + deadlineMs, sentAt: now, span, onExchange }
      return {
        trace,
        send: (request) => send(call, request),
        wait: (ms, reason) => pause(call, ms, reason, false),
        until: (turn) => bounded(call, turn, false),
        sentAt: () => call.sentAt,
        intercomTime: (at) => rateLimiter.clock.at(at),
      }
    },
  }
}

function eventOf({ trace }: Call, { method, path }: Request): RequestEvent {
  return { method, path: path.encoded, attempt: trace.attempts + 1 }
}
