import { AsyncLocalStorage } from 'node:async_hooks'
import { failureOf, IntercomError } from '../errors.ts'
import type { Intercom } from '../intercom.ts'
import type { OutputMode } from '../tools/invoke.ts'
import type { Access } from '../tools/policy.ts'
import type { LogLine } from './log.ts'
import type { KeyContext, Mount, MountHandler } from './mounts.ts'
import type { Refusal } from './refusal.ts'
import { metricsOf } from './rest/index.ts'

/** Who may call: a key, the workspace it gives access to, and what it may do there. */
export type Caller = {
  name: string
  /** `null`: everybody who can reach the server, without a key. */
  keyHash: Buffer | null
  intercom: Pick<Intercom, 'call' | 'close'>
  access: Access
  output?: OutputMode | undefined
  /** Whether `intercom` keeps a journal, and so idempotency keys. */
  journaled?: boolean
  callsPerMinute: number
  concurrentCalls: number
}

/** A caller being served: its handlers by path, and its limits. */
export type ServedCaller = Pick<Caller, 'name' | 'keyHash'> & {
  handlers: Map<string, MountHandler>
  /** Takes a slot for a call and answers how to release it, or why there is none. */
  acquire(): (() => void) | Refusal
  close(): Promise<void>
}

const current = new AsyncLocalStorage<LogLine>()

/** Runs something for a request: the actions that it runs go into the request's log line. */
export const withLogLine = <T>(line: LogLine, act: () => T): T => current.run(line, act)

/** Makes a caller's handlers. Throws an `IntercomError` on a policy that names no action or parameter. */
export function serveCaller(caller: Caller, mounts: readonly Mount[]): ServedCaller {
  const { name, keyHash, intercom, access, output, journaled = false, concurrentCalls } = caller
  const metrics = metricsOf()
  const counted = metrics.measured(logged(intercom))
  const context: KeyContext = { name, intercom: counted, access, output, journaled, metrics }
  const handlers = handlersOf(context, mounts)
  const bucket = tokenBucket(caller.callsPerMinute)
  let running = 0
  return {
    name,
    keyHash,
    handlers,
    acquire() {
      if (running >= concurrentCalls) {
        return tooMany(
          'too_many_calls',
          `This key has ${concurrentCalls} calls in flight, which is its limit. Retry when one has finished.`,
          1,
        )
      }
      const seconds = bucket.take()
      if (seconds > 0) {
        return tooMany(
          'rate_limited',
          `This key may make ${caller.callsPerMinute} calls a minute. Retry in ${seconds} s.`,
          seconds,
        )
      }
      running += 1
      return () => {
        running -= 1
      }
    },
    async close() {
      await Promise.all([...handlers.values()].map((handler) => handler.close?.()))
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

function logged<Client extends Pick<Intercom, 'call'>>(intercom: Client): Client {
  const call = async (name: string, input?: unknown, options?: Parameters<Intercom['call']>[2]) => {
    const result = await intercom.call(name, input, options)
    current.getStore()?.actions.push(`${name}: ${result.failure?.code ?? 'ok'}`)
    return result
  }
  return { ...intercom, call: call as Intercom['call'] } // the same function, seen by a name known at run time
}
