import { type Context, RestatePromise } from '@restatedev/restate-sdk'
import type { EarlierAttempt } from '../core/journal.ts'
import { claimAddress, claims } from './claims.ts'
import { reserveRoom, signalOf } from './concurrency-limit.ts'
import {
  type AttemptOutcome,
  attemptWrite,
  leaseMs,
  type PendingWrite,
  type Runtime,
  type Write,
  type WriteResult,
} from './write-attempt.ts'

/** Tries of a call that fails for a reason that may pass: about a quarter of an hour with the pauses between them. */
export const maxTries = 20
const maxPauseMs = 60_000

/** Who may send, as Restate's journal has it; `at` is when it was recorded, Unix ms of the owner's machine. */
type Lease = { owner: string; at: number }
/** This attempt of the handler. */
type Owner = { id: string; startedAt: number }

/** One write, as `runWrites` does it. */
export async function runWrite(ctx: Context, runtime: Runtime, write: Write): Promise<WriteResult> {
  const [result] = await runWrites(ctx, runtime, [write])
  if (result === undefined) throw new Error('a write always has a result')
  return result
}

/**
 * Writes together, each once. Their beginning is recorded before the first byte is transmitted; an attempt after a
 * crash reads back before it sends. A failure that may pass is retried after a durable pause.
 */
export async function runWrites(
  ctx: Context,
  runtime: Runtime,
  writes: readonly Write[],
): Promise<WriteResult[]> {
  const owner = { id: crypto.randomUUID(), startedAt: Date.now() }
  const all = writes.map((write): PendingWrite => ({ ...write, foreign: [], result: null }))
  for (let tries = 0, pauses = 0; ; ) {
    const pending = all.filter(({ result }) => result === null)
    if (pending.length === 0) return all.flatMap(({ result }) => result ?? [])
    const ended = await attemptAll(ctx, runtime, pending, owner)
    if (ended === null) {
      await ctx.sleep(pauseMs(ctx, pauses++), 'the worker is at its concurrency limit')
      continue
    }
    // Beginning or looking again is no failure.
    if (ended.some(({ attempted }) => attempted.next === 'retry')) tries += 1
    const mistaken = await settleClaims(ctx, ended)
    for (const { write, attempted } of ended) {
      const { result, next, lookAgainFor } = attempted
      write.earlier = mistaken.has(write) ? lookAgainFor : result.unresolved
      const isDone = next === 'done' || (next === 'retry' && tries >= maxTries)
      if (isDone && !mistaken.has(write)) write.result = result
    }
    const follows = (next: EndedAttempt['attempted']['next']) =>
      ended.some(({ write, attempted }) => write.result === null && attempted.next === next)
    if (follows('retry')) await ctx.sleep(pauseMs(ctx, tries), 'retrying after a failure')
    else if (follows('permit_late')) await ctx.sleep(pauseMs(ctx, pauses++), 'waiting for the rate limit')
    else {
      pauses = 0
      if (follows('turn_late')) await ctx.sleep(pauseMs(ctx, 0), 'its conversation is busy, or Restate slow')
    }
  }
}

/** One attempt of each write; null when the worker has no room for them. */
async function attemptAll(
  ctx: Context,
  runtime: Runtime,
  pending: readonly PendingWrite[],
  owner: Owner,
): Promise<EndedAttempt[] | null> {
  const reservation = reserveRoom(ctx, runtime.concurrency, pending.length)
  let begunAt = Number.NEGATIVE_INFINITY
  const lease = await ctx.run('begin', async (): Promise<Lease | null> => {
    if (!(await reservation.tryAcquire())) return null
    begunAt = performance.now() // and not when Restate acknowledges it: others count from `at`
    return { owner: owner.id, at: Date.now() }
  })
  if (lease === null) return null
  const holdsLease = lease.owner === owner.id ? leaseUntil(ctx, begunAt + leaseMs) : null
  const running = new Map(
    pending.map((write) => {
      const earlier = earlierOf(write, lease, owner)
      const running = ctx.run(write.action.name, () =>
        reservation.run(() =>
          attemptWrite(runtime, write, { earlier, holdsLease, begunAt: lease.at, signal: signalOf(ctx) }),
        ),
      )
      const attempt = running.map((attempted, failure) => {
        if (attempted === undefined) throw failure // an operator has ended it
        return { write, attempted }
      })
      return [write, attempt] as const
    }),
  )
  const ended: EndedAttempt[] = []
  while (running.size > 0) {
    const { write, attempted } = await RestatePromise.race([...running.values()])
    running.delete(write)
    ended.push({ write, attempted, isOwn: claim(ctx, write, attempted) })
  }
  return ended
}

/**
 * What this attempt has to look for. Where another attempt has the lease, it may have sent until that expired: this
 * one looks, and begins again before it sends, so that however many attempts follow, none waits from its own beginning.
 */
function earlierOf({ earlier }: PendingWrite, lease: Lease, owner: Owner): EarlierAttempt | null {
  if (lease.owner === owner.id) return earlier
  const alive_at = Math.min(owner.startedAt, lease.at + leaseMs)
  return { sent_at: earlier?.sent_at ?? lease.at, alive_at, unknown: earlier?.unknown ?? false }
}

function leaseUntil(ctx: Context, until: number): () => boolean {
  const signal = signalOf(ctx)
  return () => !signal.aborted && performance.now() < until
}

/** Twice as long each time, from a second on; uneven, so that many do not come back at once. */
export function pauseMs(ctx: Context, before: number): number {
  return Math.min(maxPauseMs, 1000 * 2 ** Math.min(before, 10)) * (0.5 + ctx.rand.random())
}

/** An attempt that has ended. `isOwn`: whether what it read back is its own, once the claims of all workers are known. */
type EndedAttempt = {
  write: PendingWrite
  attempted: AttemptOutcome
  isOwn: RestatePromise<boolean> | null
}

/** How often others are asked whether they claim what was found: about fifteen seconds in all. */
const maxAsked = 6
const firstPauseMs = 500

/**
 * Tells all workers what belongs to this write as soon as that is known: those that were cut off with it wait to
 * hear. What was read back may have been claimed by another since; what Intercom has answered cannot be.
 */
function claim(
  ctx: Context,
  { operation }: PendingWrite,
  { claimed, wasReadBack }: AttemptOutcome,
): RestatePromise<boolean> | null {
  if (claimed === null) return null
  const { key, item } = claimAddress(claimed)
  if (wasReadBack) return ctx.objectClient(claims, key).claim({ item, operation })
  ctx.objectSendClient(claims, key).claim({ item, operation })
  return null
}

/** The writes that found an item of another operation: they look again, without that item. */
async function settleClaims(ctx: Context, ended: readonly EndedAttempt[]): Promise<Set<PendingWrite>> {
  const mistaken = new Set<PendingWrite>()
  for (const { write, attempted, isOwn } of ended) {
    if (isOwn === null || attempted.claimed === null || (await isOwn)) continue
    write.foreign.push(attempted.claimed)
    mistaken.add(write)
  }
  let open = ended.flatMap(({ write, attempted: { claimed, unattributed } }) => {
    const [first] = unattributed
    return claimed !== null || first === undefined
      ? []
      : [{ write, unattributed, key: claimAddress(first).key }]
  })
  for (let asked = 1; open.length > 0; asked++) {
    const answers = await RestatePromise.all(
      open.map(({ write: { operation }, unattributed, key }) => {
        const items = unattributed.map((one) => claimAddress(one).item)
        return ctx.objectClient(claims, key).claimedByOthers({ items, operation })
      }),
    )
    open = open.filter(({ write, unattributed }, n) => {
      const known = unattributed.filter((one) => answers[n]?.includes(claimAddress(one).item))
      if (known.length === 0) return true
      write.foreign.push(...known)
      mistaken.add(write)
      return false
    })
    if (open.length === 0 || asked === maxAsked) break
    // Those that were cut off together look at about the same moment.
    await ctx.sleep(firstPauseMs * 2 ** (asked - 1), 'waiting for the claims of other workers')
  }
  return mistaken
}
