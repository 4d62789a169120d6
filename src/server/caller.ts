import type { Connection } from '../client/credentials.ts'
import { failureOf, IntercomError } from '../errors.ts'
import type { AnyIntercom } from '../intercom.ts'
import type { Grant } from '../tools/grant.ts'
import type { ConfirmBy } from '../tools/mcp/index.ts'
import type { OutputMode } from '../tools/offer.ts'
import type { Access } from '../tools/policy.ts'
import { boundedLive, untilTokenIsShown } from './bounded-live.ts'
import { logged } from './log.ts'
import type { CallerApprovals, CallerClient, KeyContext, Mount, MountHandler } from './mounts.ts'
import type { Refusal } from './refusal.ts'
import { type Metrics, metricsOf, metricsOfAll } from './rest/metrics.ts'
import { sendLog } from './rest/sends/log.ts'
import type { Traffic } from './rest/traffic.ts'

/** Who may call: a key, the workspace it gives access to, and what it may do there. */
export type Caller = {
  name: string
  /** `null`: everybody who can reach the server, without a key. */
  keyHash: Buffer | null
  intercom: CallerClient & Pick<AnyIntercom, 'close'>
  access: Access
  output?: OutputMode | undefined
  /** Where a person may decide within an MCP client of this key. */
  confirmBy?: ConfirmBy | undefined
  /** Whether `intercom` keeps a journal, and so idempotency keys. */
  journaled?: boolean
  callsPerMinute: number
  concurrentCalls: number
  /** Whose numbers this key sees at `/metrics`: its own, or those of all keys. */
  metrics?: 'own' | 'all' | undefined
  /** What `intercom` asks, which tells it by `onResponse`. */
  traffic?: Traffic | undefined
  /** The workspace that `intercom` calls, for `/readyz`. */
  workspace?: Connection
  /** What holds its calls that need a person; without it they are refused where the caller cannot ask. */
  approvals?: CallerApprovals | undefined
  /** The entry of the configuration whose client it shares with others. */
  shares?: string
  /** Gives what it may do in a workspace that each request names; without it a request that names one is refused. */
  choose?: ((workspaceId: string) => Promise<Omit<Caller, 'name' | 'keyHash'> | Refusal>) | undefined
  /** What holds the calls of one it has chosen. */
  heldBy?: ((caller: string) => CallerApprovals) | undefined
}

/** Live lists of one caller: each takes a connection, and no slot. */
const mostLive = 100

/** A caller being served: its handlers, and its limits. */
export type ServedCaller = {
  name: string
  /** What answers at the path of a mount, within what a token allows. */
  handler(path: string, grant?: Grant): MountHandler | undefined
  isIdle(): boolean
  /** Takes a slot for a call and answers how to release it, or why there is none. */
  acquire(): (() => void) | Refusal
  close(): Promise<void>
}

/**
 * Serves a caller, and adds its metrics to those of all. Its handlers are made when the first is asked for, which throws an
 * `IntercomError` on a policy that names no action or parameter.
 */
export function serveCaller(
  caller: Omit<Caller, 'keyHash'>,
  mounts: readonly Mount[],
  allMetrics: Map<string, Metrics>,
): ServedCaller {
  const {
    name,
    intercom,
    access,
    output,
    journaled = false,
    concurrentCalls,
    approvals,
    confirmBy,
    shares,
  } = caller
  const own = metricsOf(approvals?.counts)
  allMetrics.set(name, own)
  const sends = sendLog()
  const counted = own.measured(logged(sends.watched(intercom)))
  const metrics = caller.metrics === 'all' ? { ...own, text: () => metricsOfAll(allMetrics) } : own
  const context = {
    name,
    intercom: counted,
    access,
    output,
    journaled,
    metrics,
    approvals,
    confirmBy,
    sends,
    shares,
    traffic: shares === undefined ? caller.traffic : undefined, // it would tell of others
    host: caller.workspace?.origin ?? null,
  }
  const byGrant = new Map<Grant | undefined, Map<string, MountHandler>>()
  function handlersFor(grant: Grant | undefined): Map<string, MountHandler> {
    const made = byGrant.get(grant) ?? handlersOf({ ...context, grant }, mounts)
    byGrant.set(grant, made)
    return made
  }
  const bucket = tokenBucket(caller.callsPerMinute)
  const who = shares === undefined ? 'This key' : 'This sign-in'
  const bounded = boundedLive(mostLive, who)
  let running = 0
  return {
    name,
    handler(path, grant) {
      const made = handlersFor(grant).get(path)
      return made && bounded(made, grant && untilTokenIsShown)
    },
    isIdle: () => running === 0,
    acquire() {
      if (running >= concurrentCalls) {
        return tooMany(
          'too_many_calls',
          `${who} has ${concurrentCalls} calls in flight, which is its limit. Retry when one has finished.`,
          1,
        )
      }
      const seconds = bucket.take()
      if (seconds > 0) {
        return tooMany(
          'rate_limited',
          `${who} may make ${caller.callsPerMinute} calls a minute. Retry in ${seconds} s.`,
          seconds,
        )
      }
      running += 1
      return () => {
        running -= 1
      }
    },
    async close() {
      allMetrics.delete(name)
      const handlers = [...byGrant.values()].flatMap((made) => [...made.values()])
      await Promise.all(handlers.map((handler) => handler.close?.()))
      await intercom.close()
    },
  }
}

function handlersOf(context: KeyContext, mounts: readonly Mount[]): Map<string, MountHandler> {
  try {
    return new Map(
      mounts.flatMap((mount) => ('handler' in mount ? [[mount.path, mount.handler(context)]] : [])),
    )
  } catch (error) {
    if (!(error instanceof IntercomError)) throw error
    throw new IntercomError(`key ${context.name}: ${error.message}`, failureOf(error))
  }
}

/**
 * A token bucket of `perMinute` calls, refilled evenly. `take` answers 0, or the seconds until the next call.
 */
export function tokenBucket(perMinute: number, now: () => number = () => performance.now()) {
  const perMs = perMinute / 60_000
  let tokens = perMinute
  let at = now()
  return {
    take(): number {
      const time = now()
      tokens = Math.min(perMinute, tokens + (time - at) * perMs)
      at = time
      if (tokens < 1) return Math.ceil((1 - tokens) / perMs / 1000)
      tokens -= 1
      return 0
    },
  }
}

function tooMany(code: string, error: string, seconds: number): Refusal {
  return { status: 429, code, error, headers: { 'Retry-After': String(seconds) } }
}
