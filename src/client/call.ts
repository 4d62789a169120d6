import { setTimeout as sleep } from 'node:timers/promises'
import { type Hooks, told } from './hooks.ts'
import type { RateLimit } from './rate-limit/headers.ts'
import { stopped } from './send-result.ts'
import type { CallSpan } from './telemetry.ts'

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
}

/** Waits, and rejects at once when that would outlast the call. `unknown`: as for `tell`. */
export async function pause(call: Call, ms: number, reason: string, unknown: boolean): Promise<void> {
  if (performance.now() + ms > call.until) throw stopped('deadline', unknown, ms)
  await tell(call, 'onWait', ({ onWait }) => onWait?.({ ms, reason }), unknown)
  note(call.trace, { ms, reason })
  const { signal } = call
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal })
  } catch {
    throw stopped('aborted', unknown)
  }
}

/** Tells a hook, where there is one. `unknown`: whether an earlier attempt of the request may have taken effect. */
export async function tell(
  call: Call,
  name: keyof Hooks,
  act: (hooks: Hooks) => void | Promise<void>,
  unknown: boolean,
): Promise<void> {
  if (call.hooks[name] === undefined) return
  const telling = told(name, () => act(call.hooks), unknown)
  await within(call, telling, unknown)
}

/** Waits for something, but no longer than the call may last. */
export async function within({ signal, until }: Call, turn: Promise<void>, unknown: boolean): Promise<void> {
  const { promise: stop, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(stopped('aborted', unknown))
  const onDeadline = () => reject(stopped('deadline', unknown))
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
