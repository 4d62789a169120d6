import { setTimeout as sleep } from 'node:timers/promises'
import { IntercomError, textOf } from '../errors.ts'
import { stoppedError } from './http-result.ts'
import type { RateLimit } from './rate-limit/headers.ts'
import type { JsonObject } from './request.ts'
import type { CallSpan } from './telemetry.ts'

/** One attempt of a request, as hooks see it before it is transmitted: no header and no body. */
export type RequestEvent = { method: 'GET' | 'POST' | 'PUT' | 'DELETE'; path: string; attempt: number }
/** What came of an attempt of a request that was transmitted, or was to be. */
export type ResponseEvent = RequestEvent & {
  /** The path without its ids and query: `/contacts/{id}`. */
  route: string
  /** `null` without an answer. */
  status: number | null
  /** The code of its failure; `null` of a success. */
  code: string | null
  /** From its transmission until all of the answer was there. */
  ms: number
  /** Intercom's `X-Request-Id`. */
  request_id: string | null
  rate_limit: RateLimit | null
}
/** A request about to be repeated: why, and after how many ms. */
export type RetryEvent = RequestEvent & { code: string; ms: number }
/** A pause: `rate_limit`, `retry`, `settle` before reading back, and the like. */
export type WaitEvent = { ms: number; reason: string }

/**
 * One attempt of a request, once it is over: what was sent, the access token removed, and what came of it. `planned`: a dry run
 * has not sent it.
 */
export type ExchangeEvent = RequestEvent & {
  body: JsonObject | null
  planned: boolean
  /** Whether any of it was sent. */
  transmitted: boolean
  /** `null` where no answer came. */
  status: number | null
  /** Until the whole answer was there. */
  ms: number
}

/** Hooks are awaited, within the call's deadline. One that throws ends the call: it may be there to stop it. */
export type Hooks = {
  /** Before each attempt of a request. */
  onRequest?: ((event: RequestEvent) => void | Promise<void>) | undefined
  /** After each attempt of a request. Not awaited, and what it throws is left out: what it is told has happened. */
  onResponse?: ((event: ResponseEvent) => void | Promise<void>) | undefined
  /** Before the pause that comes before a repetition. */
  onRetry?: ((event: RetryEvent) => void | Promise<void>) | undefined
  /** Before each pause; after a wait for the rate limit, whose length shows only then. */
  onWait?: ((event: WaitEvent) => void | Promise<void>) | undefined
}

/** What one action call did on the wire. */
export type Trace = {
  attempts: number
  /** Pauses, ms: for the rate limit, before a repetition, before reading back. */
  waits: { ms: number; reason: string }[]
  rate_limit: RateLimit | null
  /** Intercom's `X-Request-Id` of the last answer. */
  request_id: string | null
  /** How the success of a request whose answer was lost is known. */
  verified_by: 'read_back' | null
}

/** One action call while it runs: every wait in it ends with the caller's abort and at `until`. */
export type Call = {
  trace: Trace
  hooks: Hooks
  signal: AbortSignal | undefined
  /** An instant of `performance.now()`. */
  until: number
  /** When its last request was transmitted. */
  sentAt: number
  span: CallSpan | undefined
  /** Whoever watches this one call. What it throws is ignored: the request is over. */
  onExchange?: ((event: ExchangeEvent) => void) | undefined
}

/** Waits, and rejects at once when that would outlast the call. `unknown`: as for `tell`. */
export async function pause(call: Call, ms: number, reason: string, unknown: boolean): Promise<void> {
  if (performance.now() + ms > call.until) throw stoppedError('deadline', unknown, ms)
  await tell(call, 'onWait', ({ onWait }) => onWait?.({ ms, reason }), unknown)
  note(call.trace, { ms, reason })
  const { signal } = call
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal })
  } catch {
    throw stoppedError('aborted', unknown)
  }
}

/** Runs a hook, where there is one. `unknown`: whether an earlier attempt of the request may have taken effect. */
export async function tell(
  call: Call,
  name: Exclude<keyof Hooks, 'onResponse'>,
  run: (hooks: Hooks) => void | Promise<void>,
  unknown: boolean,
): Promise<void> {
  if (call.hooks[name] === undefined) return
  const running = (async () => await run(call.hooks))().catch((error: unknown) => {
    throw new IntercomError(`the ${name} hook threw: ${textOf(error)}`, {
      code: 'internal',
      outcome: unknown ? 'unknown' : 'not_sent',
      hint: unknown ? 'An earlier attempt may have taken effect.' : 'Nothing was sent.',
    })
  })
  await bounded(call, running, unknown)
}

/** Tells what has happened, which no hook can stop. */
export function observe({ onResponse }: Hooks, event: ResponseEvent): void {
  if (onResponse !== undefined) (async () => await onResponse(event))().catch(() => {})
}

/** Waits for something, no longer than the call may last. */
export async function bounded(
  { signal, until }: Call,
  turn: Promise<unknown>,
  unknown: boolean,
): Promise<void> {
  const { promise: stop, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(stoppedError('aborted', unknown))
  const onDeadline = () => reject(stoppedError('deadline', unknown))
  const timer = setTimeout(onDeadline, Math.max(0, until - performance.now()))
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([turn, stop])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

/** Adds a pause to a trace; pauses of one reason in a row become one. */
export function note({ waits }: Trace, wait: { ms: number; reason: string }): void {
  const last = waits.at(-1)
  if (last?.reason === wait.reason) last.ms += wait.ms
  else waits.push({ ...wait })
}
