import type { Connection } from '../client/credentials.ts'
import { failureOf, IntercomError } from '../errors.ts'
import type { AnyIntercom } from '../intercom.ts'
import type { Grant } from '../tools/grant.ts'
import { type ListChanges, listChanges } from '../tools/mcp/changes.ts'
import type { ConfirmBy } from '../tools/mcp/index.ts'
import type { OutputMode } from '../tools/offer.ts'
import type { Access } from '../tools/policy.ts'
import { refused } from './approvals/answers.ts'
import { boundedLive, untilTokenIsShown } from './bounded-live.ts'
import { callLimits } from './call-limits.ts'
import { logged } from './log.ts'
import type { CallerApprovals, CallerClient, KeyContext, Mount, MountHandler } from './mounts.ts'
import type { Refusal } from './refusal.ts'
import { endingBy } from './rest/live.ts'
import { type MetricFamily, type Metrics, metricsOf, metricsOfAll } from './rest/metrics.ts'
import { sendLog } from './rest/sends/log.ts'
import type { Traffic } from './rest/traffic.ts'
import { runningCalls } from './running-calls.ts'
import type { Identity } from './sign-in/token.ts'

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
  /** What `intercom` asks, as its `onResponse` tells. */
  traffic?: Traffic | undefined
  /** The workspace that `intercom` calls, for `/readyz`. */
  workspace?: Connection
  /** What holds its calls that need a person; without it they are refused where the caller cannot ask. */
  approvals?: CallerApprovals | undefined
  /** The entry of the configuration whose client it shares with others. */
  shares?: string
  /** Who has signed in. */
  identity?: Identity
  /** A hash of its entry and of the secrets that it names. */
  made?: string
  /** Gives what it may do in a workspace that each request names; without it a request that names one is refused. */
  choose?: ((workspaceId: string) => Promise<Omit<Caller, 'name' | 'keyHash'> | Refusal>) | undefined
  /** The same without asking whether the workspace is connected; `null` where this key may not choose it. */
  chosen?: ((workspaceId: string) => Omit<Caller, 'name' | 'keyHash'> | null) | undefined
  /** What holds its calls in a workspace that it has chosen. */
  heldBy?: ((caller: string) => CallerApprovals) | undefined
}

/** A caller that is not known by a key alone. */
export type GivenCaller = Omit<Caller, 'keyHash'>

/** Live lists of one caller, and as many MCP streams: each takes a connection, and no slot. */
const mostLive = 100

/** A caller being served: its handlers, and its limits. What it has counted and sent outlasts its policies. */
export type ServedCaller = {
  name: string
  /** What it is under its present policy. */
  given(): GivenCaller
  /**
   * The handler of a mount's path, within what a token allows. It follows the policy in force once the body has
   * arrived.
   */
  handler(path: string, grant?: Grant): MountHandler | undefined
  isIdle(): boolean
  /** Takes a slot for a call and answers how to release it, or why there is none. */
  acquire(): (() => void) | Refusal
  /** Registers it with the mounts and the metrics. */
  begin(): void
  /**
   * Makes the handlers of another policy. It throws as `serveCaller` does, and has then changed nothing. The function
   * that it returns puts them in place of the others: live lists end, and MCP sessions whose list of tools has changed
   * are told.
   */
  prepare(next: GivenCaller): () => void
  /** Its key was replaced: all that came with the old one ends. */
  rekey(): void
  /** It is no longer allowed anything. */
  end(): void
  close(): Promise<void>
}

/** A caller under one policy. */
type Policy = {
  given: GivenCaller
  context: Omit<KeyContext, 'grant' | 'listChanges'>
  byGrant: Map<Grant | undefined, Map<string, MountHandler>>
  over: AbortController
}

/**
 * Serves a caller, and adds its metrics to those of all. Its handlers are made when the first is asked for, which throws an
 * `IntercomError` on a policy that names no action or parameter. `more`: metrics of the server, for keys that see all.
 */
export function serveCaller(
  caller: GivenCaller,
  mounts: readonly Mount[],
  allMetrics: Map<string, Metrics>,
  more?: () => MetricFamily[],
): ServedCaller {
  const { name, shares } = caller
  const own = metricsOf(caller.approvals?.counts)
  const sends = sendLog()
  const calls = runningCalls()
  const changes = new Map<Grant | undefined, ListChanges>()
  const who = shares === undefined ? 'This key' : 'This sign-in'
  const limits = callLimits(who, caller)
  const [lists, streams] = [boundedLive(mostLive, who), boundedLive(mostLive, who)]
  let policy = policyOf(caller)
  let sessions = new AbortController()
  let begun = false

  function policyOf(given: GivenCaller): Policy {
    const { access, output, journaled = false, approvals, confirmBy, workspace } = given
    const intercom = own.measured(logged(sends.watched(calls.watched(given.intercom))))
    const metrics = given.metrics === 'all' ? { ...own, text: () => metricsOfAll(allMetrics, more?.()) } : own
    const traffic = shares === undefined ? given.traffic : undefined // it would tell of others
    const host = workspace?.origin ?? null
    const policy = { access, output, journaled, approvals, confirmBy, traffic, host, shares }
    const context = { name, intercom, metrics, sends, ...policy }
    return { given, context, byGrant: new Map(), over: new AbortController() }
  }

  function changesOf(grant: Grant | undefined): ListChanges {
    const known = changes.get(grant) ?? listChanges()
    changes.set(grant, known)
    return known
  }

  function handlersIn(at: Policy, grant: Grant | undefined): Map<string, MountHandler> {
    const known = at.byGrant.get(grant)
    if (known !== undefined) return known
    const made = handlersOf({ ...at.context, grant, listChanges: changesOf(grant) }, mounts)
    at.byGrant.set(grant, made)
    if (begun && at === policy) for (const { begin } of made.values()) begin?.()
    return made
  }

  const madeIn = ({ byGrant }: Policy) => [...byGrant.values()].flatMap((made) => [...made.values()])

  function begin(): void {
    begun = true
    allMetrics.set(name, own)
    for (const handler of madeIn(policy)) handler.begin?.()
  }

  function become(next: Policy): void {
    const before = policy
    policy = next
    begin()
    limits.change(next.given)
    before.over.abort()
    for (const [grant, { count, tell }] of changes) {
      if (count() === 0) continue
      const [old, now] = [before, next].map((one) => handlersIn(one, grant).get('/mcp'))
      tell((apps) => old?.lists?.(apps) !== now?.lists?.(apps))
    }
    const { intercom } = before.given
    if (intercom !== next.given.intercom) calls.whenIdle(() => void intercom.close().catch(() => {}))
  }

  function rekey(): void {
    sessions.abort()
    sessions = new AbortController()
    calls.stop()
  }

  function leave(isGone: boolean): void {
    if (!begun) return
    begun = false // another one may have its name by now
    allMetrics.delete(name)
    for (const handler of madeIn(policy)) handler.end?.(isGone)
  }

  async function close(): Promise<void> {
    leave(false)
    sessions.abort()
    await Promise.all(madeIn(policy).map((handler) => handler.close?.()))
    await policy.given.intercom.close()
  }

  return {
    name,
    given: () => policy.given,
    handler(path, grant) {
      if (!handlersIn(policy, grant).has(path)) return undefined
      const { signal } = sessions
      const current: MountHandler = {
        async fetch(request) {
          const at = policy
          const handler = handlersIn(at, grant).get(path)
          if (signal.aborted || handler === undefined) return noLonger()
          const answer = await handler.fetch(request)
          return endingBy(answer, handler.lists ? [signal] : [signal, at.over.signal])
        },
      }
      const bounded = path === '/mcp' ? streams : lists
      return bounded(current, grant && untilTokenIsShown)
    },
    isIdle: limits.isIdle,
    acquire: limits.acquire,
    begin,
    prepare(given) {
      const next = policyOf(given)
      handlersIn(next, undefined)
      return () => become(next)
    },
    rekey,
    end() {
      rekey()
      leave(true)
      calls.whenIdle(() => void close().catch(() => {}))
    },
    close,
  }
}

/** The answer to a request that began before its caller was removed. */
function noLonger(): Response {
  return refused(
    401,
    'wrong_key',
    'This server does not know this key or sign-in any more. Nothing was sent.',
  )
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
