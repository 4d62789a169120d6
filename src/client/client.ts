import { setTimeout } from 'node:timers/promises'
import { IntercomError } from '../errors.ts'
import type { Credentials } from './credentials.ts'
import { acceptEncoding, decode, jsonObject } from './decode.ts'
import { type Answer, type Broken, exchange } from './exchange.ts'
import { type Hooks, type RequestEvent, told } from './hooks.ts'
import { type Permit, sharedPacer } from './pace/pacer.ts'
import { type RateLimit, retryAfterMs } from './pace/rate-limit.ts'
import { sharedPool } from './pool.ts'
import { Redactor } from './redact.ts'
import { broken, givenUp, redirect, refusal, stillUnclear, stopped, unreadable } from './refusal.ts'
import { backoffMs, type Judged, maxRetries } from './retry.ts'
import type { JsonObject, Request, Send } from './send.ts'
import type { CallSpan } from './telemetry.ts'

/** The REST API version every request asks for. */
export const intercomVersion = '2.12'
/** Largest answer read, in decoded bytes. */
const maxAnswerBytes = 20 * 1024 * 1024

/** What one action call did on the wire. */
export type Trace = {
  attempts: number
  /** Pauses, ms: for the rate limit, before a repetition, before reading back. */
  waits: { ms: number; reason: string }[]
  rate_limit: RateLimit | null
  /** How the success of a request whose answer was lost is known. */
  verified_by: 'read_back' | null
}

export type ClientOptions = {
  credentials: Credentials
  /** Bound on each of: connecting, waiting for the answer's head, reading its body. */
  timeoutMs: number
  hooks: Hooks
  /** A file that processes of this machine share one rate limit by. */
  paceFile: string | undefined
}

/** What actions need of a client. */
export type Client = {
  /** Begins a call that obeys a signal and ends within `deadlineMs`. `span` sees its requests. */
  open(deadlineMs: number, signal: AbortSignal | undefined, span?: CallSpan): Connection
  /** Removes the access token, also in pieces, from a text of ours. */
  redact(text: string): string
}

/** One call's way to Intercom. Everything in it ends with the caller's abort and with the deadline. */
export type Connection = {
  readonly trace: Trace
  readonly send: Send
  wait(ms: number, reason: string): Promise<void>
  /** Waits for another call of this client. */
  until(turn: Promise<void>): Promise<void>
  /** When the last request left, in ms of `performance.now()`. */
  sentAt(): number
  /** Unix ms on Intercom's clock of an instant of `performance.now()`. */
  intercomTime(at: number): number
}

type Call = {
  trace: Trace
  signal: AbortSignal | undefined
  until: number
  sentAt: number
  span: CallSpan | undefined
}

/** The attempts of a request so far: how many, whether one may have taken effect, and the last one's error. */
type Past = { attempts: number; unclear: boolean; last: IntercomError | null }

/** A client of one token on one host. It holds no connection of its own. */
export function createClient(options: ClientOptions): Client {
  const { credentials, timeoutMs, hooks, paceFile } = options
  const { origin, accessToken, prefix } = credentials
  const redactor = new Redactor(accessToken)
  const pacer = sharedPacer(origin, accessToken, paceFile)
  const caller = {} // one client is one caller: calls of another one on this token do not wait behind all of its own
  const headers = {
    authorization: `Bearer ${accessToken}`,
    accept: 'application/json',
    'accept-encoding': acceptEncoding,
    'intercom-version': intercomVersion,
    'user-agent': 'modulex-intercom',
  }
  const jsonHeaders = { ...headers, 'content-type': 'application/json' }

  /** The one way out: paces, sends, and repeats what may be repeated. */
  async function send(call: Call, request: Request): Promise<JsonObject> {
    const text = request.body === undefined ? null : JSON.stringify(request.body)
    if (redactor.found(decodeURIComponent(request.path)) || (text !== null && redactor.found(text))) {
      throw new IntercomError('the input holds the access token', {
        code: 'invalid_input',
        hint: 'Remove it.',
      })
    }
    const past: Past = { attempts: 0, unclear: false, last: null }
    for (let retries = 0; ; ) {
      const judged: Judged = await attempt(call, request, text, past)
      if ('json' in judged) {
        pacer.retries.success()
        return judged.json
      }
      const { error, again, waitMs } = judged
      const spent = again === 'repeat' && (retries >= maxRetries || !pacer.retries.take())
      if (again === 'no' || spent) throw past.unclear ? stillUnclear(error) : error
      past.attempts++
      past.unclear ||= error.outcome === 'unknown'
      past.last = error
      if (again === 'rate_limited') {
        await told(
          'onRetry',
          hooks.onRetry,
          { ...eventOf(call, request), code: error.code, ms: waitMs },
          past.unclear,
        )
        continue // the pacer holds back everything of this token
      }
      const ms = Math.max(waitMs, backoffMs(retries++))
      if (performance.now() + ms > call.until) throw givenUp(error, ms, past.unclear)
      await told('onRetry', hooks.onRetry, { ...eventOf(call, request), code: error.code, ms }, past.unclear)
      await pause(call, ms, 'retry', past.unclear)
    }
  }

  async function attempt(call: Call, request: Request, text: string | null, past: Past): Promise<Judged> {
    if (hooks.onRequest) await told('onRequest', hooks.onRequest, eventOf(call, request), past.unclear)
    const pool = await sharedPool(origin)
    const permit = await permitFor(call, past)
    await request.leaving?.().catch((error: unknown) => {
      permit.done(null)
      throw error
    })
    call.trace.attempts++
    const { method, path } = request
    const seen = call.span?.attempt({ origin, method, path, resends: past.attempts })
    call.sentAt = performance.now()
    const result = await exchange(pool, {
      method,
      path: prefix + path,
      headers: text === null ? headers : jsonHeaders,
      body: text,
      timeoutMs: Math.max(1, Math.min(timeoutMs, call.until - call.sentAt)),
      maxBytes: maxAnswerBytes,
      signal: call.signal,
    })
    seen?.(result)
    const { sentAt } = call
    call.trace.rate_limit =
      permit.done('broken' in result ? null : { ...result, sentAt }) ?? call.trace.rate_limit
    return 'broken' in result ? lost(request, result) : await answered(request, result)
  }

  async function permitFor(call: Call, { unclear, last }: Past): Promise<Permit> {
    const { signal, until } = call
    const permit = await pacer.acquire(caller, { signal, until })
    if ('refused' in permit) {
      if (permit.refused === 'deadline' && last) throw givenUp(last, permit.waitMs, unclear)
      throw stopped(permit.refused, unclear, permit.waitMs)
    }
    if (permit.waited !== null) note(call.trace, permit.waited)
    return permit
  }

  function lost({ repeat }: Request, { broken: code, left }: Broken): Judged {
    const error = broken(code, left, repeat)
    const final = code === 'aborted' || code === 'answer_too_large' || (left && repeat === 'again')
    return { error, again: final ? 'no' : 'repeat', waitMs: 0 }
  }

  async function answered({ repeat }: Request, { status, headers, body }: Answer): Promise<Judged> {
    const waitMs = retryAfterMs(headers, pacer.clock, performance.now()) ?? 0
    if (status >= 300 && status < 400) return { error: redirect(status, headers), again: 'no', waitMs }
    const decoded = await decode(body, headers, maxAnswerBytes)
    const json = 'text' in decoded ? jsonObject(decoded.text, (text) => redactor.parse(text)) : null
    if (status < 400 && json !== null) return { json }
    if (status < 400) {
      const code = 'text' in decoded ? 'unreadable_answer' : decoded.unreadable
      const final = repeat === 'again' || code === 'answer_too_large'
      return { error: unreadable(status, headers, code, repeat), again: final ? 'no' : 'repeat', waitMs: 0 }
    }
    const error = refusal(status, headers, json, repeat, waitMs)
    if (status === 429) return { error, again: 'rate_limited', waitMs }
    const passing = (status === 408 || status >= 500) && repeat !== 'again'
    return {
      error,
      again: passing ? 'repeat' : 'no',
      waitMs: headers['retry-after'] === undefined ? 0 : waitMs,
    }
  }

  /** Rejects at once when the pause would outlast the call. */
  async function pause(call: Call, ms: number, reason: string, unclear: boolean): Promise<void> {
    if (performance.now() + ms > call.until) throw stopped('deadline', unclear, ms)
    if (hooks.onWait) await told('onWait', hooks.onWait, { ms, reason }, unclear)
    note(call.trace, { ms, reason })
    try {
      await setTimeout(ms, undefined, call.signal === undefined ? {} : { signal: call.signal })
    } catch {
      throw stopped('aborted', unclear)
    }
  }

  return {
    redact: (text) => redactor.message(text),
    open(deadlineMs, signal, span) {
      const trace: Trace = { attempts: 0, waits: [], rate_limit: null, verified_by: null }
      const now = performance.now()
      const call: Call = { trace, signal, until: now + deadlineMs, sentAt: now, span }
      return {
        trace,
        send: (request) => send(call, request),
        wait: (ms, reason) => pause(call, ms, reason, false),
        until: (turn) => turned(call, turn),
        sentAt: () => call.sentAt,
        intercomTime: (at) => pacer.clock.at(at),
      }
    },
  }
}

function eventOf({ trace }: Call, { method, path }: Request): RequestEvent {
  return { method, path, attempt: trace.attempts + 1 }
}

/** Adds a pause to a trace; pauses of one reason in a row become one. */
function note({ waits }: Trace, wait: { ms: number; reason: string }): void {
  const last = waits.at(-1)
  if (last?.reason === wait.reason) last.ms += wait.ms
  else waits.push({ ...wait })
}

/** Waits for another call, but no longer than this one may last. */
async function turned({ signal, until }: Call, turn: Promise<void>): Promise<void> {
  const { promise: stop, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(stopped('aborted', false))
  const timer = globalThis.setTimeout(
    () => reject(stopped('deadline', false)),
    Math.max(0, until - performance.now()),
  )
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([turn, stop])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}
