import { type Context, RestatePromise } from '@restatedev/restate-sdk'
import type { AnyAction, Envelope } from '../core/action.ts'
import type { EarlierAttempt } from '../core/journal.ts'
import { failed } from '../core/run.ts'
import { outcomeOf } from '../core/step.ts'
import { type Failure, failureOf, IntercomError } from '../errors.ts'
import { claims, placeOf } from './claims.ts'
import type { Engine } from './engine.ts'
import { receipt } from './receipt.ts'
import { signalOf, turnsOf } from './turns.ts'

/** One write that is to happen once. */
export type Deed = {
  /** Of the intent: the same for all runs of it. */
  id: string
  action: AnyAction
  /** Rejects with an `IntercomError` where the input cannot be had any more. */
  input(): Promise<unknown>
  /** What an earlier run of the intent left open. */
  open: EarlierAttempt | null
}

/** What a write came to, as the engine keeps it: ids, no message. */
export type Done = {
  output: Envelope
  failure: Failure | null
  /** Whether the outcome is final; else the same intent may try again. */
  kept: boolean
  /** What may yet appear at Intercom. */
  open: EarlierAttempt | null
}

type Ran = Done & {
  /** What is open when it is looked again, since what was found is others'. */
  resume: EarlierAttempt
  claimed: string | null
  doubted: readonly string[]
  seen: boolean
  again: 'no' | 'anew' | 'late' | 'behind' | 'later'
}
type Work = { deed: Deed; open: EarlierAttempt | null; others: string[]; done: Done | null }
/** `ours`: whether what was read back is this one's, as soon as the other workers' claims are known. */
type Ended = { work: Work; ran: Ran; ours: RestatePromise<boolean> | null }
type Begun = { attempt: string; at: number; full: boolean }

/** Tries that may fail for a reason that passes: with the pauses between them about a quarter of an hour. */
export const mostTries = 20
const longestPauseMs = 60_000
/** How often others are asked whether they have what was found: about fifteen seconds in all. */
const mostAsked = 6
const firstAskAgainMs = 500
/** What has been written down as begun leaves within so many ms, or is written down anew. */
const leaseMs = 5_000

/**
 * Writes together, each once. That they begin is written down before the first byte leaves; a run that comes back
 * after a crash reads before it sends. What Intercom holds off is repeated after a durable pause.
 */
export async function act(ctx: Context, engine: Engine, deeds: readonly Deed[]): Promise<Done[]> {
  const attempt = crypto.randomUUID()
  const bornAt = Date.now()
  const works = deeds.map((deed): Work => ({ deed, open: deed.open, others: [], done: null }))
  for (let tries = 0, pauses = 0; ; ) {
    const pending = works.filter(({ done }) => done === null)
    if (pending.length === 0) return works.flatMap(({ done }) => (done === null ? [] : [done]))
    const turns = turnsOf(ctx, engine, pending.length)
    let begunAt = Number.NEGATIVE_INFINITY
    const begun = await ctx.run('begin', async (): Promise<Begun> => {
      const full = !(await turns.enter())
      begunAt = performance.now() // and not when the engine says that it has it: others count from `at`
      return { attempt, at: Date.now(), full }
    })
    if (begun.full) {
      await ctx.sleep(pauseMs(ctx, pauses++), 'all turns are taken')
      continue
    }
    const isOurs = begun.attempt === attempt ? oursUntil(ctx, begunAt + leaseMs) : null
    const running = new Map(
      pending.map((work) => {
        const left = leftBy(work.open, begun, attempt, bornAt)
        const running = ctx.run(work.deed.action.name, () =>
          turns.take(() => perform(engine, work, left, isOurs, signalOf(ctx))),
        )
        return [work, running.map((ran, failure) => ({ work, ran: ranOr(ran, failure) }))] as const
      }),
    )
    const rans: Ended[] = []
    while (running.size > 0) {
      const { work, ran } = await RestatePromise.race([...running.values()])
      running.delete(work)
      rans.push({ work, ran, ours: claim(ctx, work, ran) })
    }
    const later = rans.some(({ ran }) => ran.again === 'later')
    if (later) tries += 1 // what was not begun in time, or is looked for again, has not failed
    const anothers = await withWhatIsAnothers(ctx, rans)
    for (const { work, ran } of rans) {
      work.open = anothers.has(work) ? ran.resume : ran.open
      if (!anothers.has(work) && (ran.again === 'no' || (ran.again === 'later' && tries >= mostTries)))
        work.done = doneOf(ran)
    }
    if (later) await ctx.sleep(pauseMs(ctx, tries), 'Intercom asks to wait')
    else if (rans.some(({ ran }) => ran.again === 'late')) {
      await ctx.sleep(pauseMs(ctx, pauses++), 'permits are few')
    } else {
      pauses = 0
      if (rans.some(({ ran }) => ran.again === 'behind')) {
        await ctx.sleep(pauseMs(ctx, 0), 'its conversation is busy, or the engine is slow')
      }
    }
  }
}

function ranOr(ran: Ran | undefined, failure: unknown): Ran {
  if (ran !== undefined) return ran
  throw failure // an operator has ended it
}

/** One call of the client, as one step of the engine's journal. */
async function perform(
  { intercom, steps, slots }: Engine,
  { deed: { id: intent, action, input }, others }: Work,
  left: EarlierAttempt | null,
  isOurs: (() => boolean) | null,
  signal: AbortSignal,
): Promise<Ran> {
  const id = crypto.randomUUID()
  const given = await outcomeOf(input())
  if ('failure' in given) return withoutInput(action, given.failure, left)
  const { result, ended } = await steps.run(
    id,
    { intent, earlier: left, others: new Set(others), isOurs: isOurs ?? (() => false) },
    () => intercom.call(action.name as string, given.value, { idempotencyKey: id, signal }),
  )
  const { output, failure, trace } = result
  const { begunAt, unknown, claimed, doubted, end } = ended
  const late = failure?.code === 'idempotency_key_taken_over' // it was not begun in time: nothing has left
  // Behind others of its conversation a call waits as long, which says nothing of permits.
  const forPermit = trace.waits.some(({ reason, ms }) => reason === 'rate_limit' && ms > leaseMs / 2)
  if (isOurs !== null) slots.note(late && forPermit)
  const resume = {
    sent_at: left?.sent_at ?? begunAt ?? Date.now(),
    alive_at: left?.alive_at ?? Date.now(),
    unknown: unknown || left?.unknown === true,
  }
  const asFound = late || end === 'unchanged'
  return {
    output: receipt(output, claimed),
    failure,
    kept: typeof end === 'object',
    open: asFound ? left : end === 'unknown' ? { ...resume, unknown: true } : null,
    resume,
    claimed,
    doubted: failure?.outcome === 'unknown' ? doubted : [],
    seen: trace.verified_by === 'read_back',
    again: late ? lateAgain(isOurs !== null, forPermit) : failure?.retryable === true ? 'later' : 'no',
  }
}

function lateAgain(isOurs: boolean, forPermit: boolean): Ran['again'] {
  if (!isOurs) return 'anew'
  return forPermit ? 'late' : 'behind'
}

/** Nothing is sent; what an earlier attempt has sent cannot be looked for. */
function withoutInput(action: AnyAction, error: IntercomError, left: EarlierAttempt | null): Ran {
  const outcome = left === null ? 'not_sent' : 'unknown'
  const told = new IntercomError(error.message, { ...failureOf(error), outcome })
  const resume = left ?? { sent_at: Date.now(), alive_at: Date.now(), unknown: false }
  const rest = {
    kept: false,
    open: left,
    resume,
    claimed: null,
    doubted: [],
    seen: false,
    again: 'no' as const,
  }
  return { ...failed(action, told, (text) => text), ...rest }
}

/**
 * Tells all workers what is this one's as soon as it is known: those that were cut off with it wait to hear whose it
 * is. What was read back may have been another's by then; what Intercom has answered to this one is not.
 */
function claim(ctx: Context, { deed }: Work, { claimed, seen }: Ran): RestatePromise<boolean> | null {
  if (claimed === null) return null
  const { key, item } = placeOf(claimed)
  if (seen) return ctx.objectClient(claims, key).claim({ item, id: deed.id })
  ctx.objectSendClient(claims, key).claim({ item, id: deed.id })
  return null
}

/** Those of which others have something that was read back: they are looked for again, without that. */
async function withWhatIsAnothers(ctx: Context, rans: readonly Ended[]): Promise<Set<Work>> {
  const anothers = new Set<Work>()
  for (const { work, ran, ours } of rans) {
    if (ours === null || ran.claimed === null || (await ours)) continue
    work.others.push(ran.claimed)
    anothers.add(work)
  }
  let doubts = rans.flatMap(({ work, ran: { claimed, doubted } }) => {
    const [first] = doubted
    return claimed !== null || first === undefined ? [] : [{ work, doubted, key: placeOf(first).key }]
  })
  for (let asked = 1; doubts.length > 0; asked++) {
    const answers = await RestatePromise.all(
      doubts.map(({ work, doubted, key }) => {
        const items = doubted.map((one) => placeOf(one).item)
        return ctx.objectClient(claims, key).others({ items, id: work.deed.id })
      }),
    )
    doubts = doubts.filter(({ work, doubted }, n) => {
      const known = doubted.filter((one) => answers[n]?.includes(placeOf(one).item))
      if (known.length === 0) return true
      work.others.push(...known)
      anothers.add(work)
      return false
    })
    if (doubts.length === 0 || asked === mostAsked) break
    // Those that were cut off together look at about the same moment.
    await ctx.sleep(firstAskAgainMs * 2 ** (asked - 1), 'another may find its own')
  }
  return anothers
}

function doneOf({ output, failure, kept, open }: Ran): Done {
  return { output, failure, kept, open }
}

/**
 * What this attempt has to look for. What another attempt has begun left within the lease, if it did: this one looks,
 * and begins anew before it sends, so that however many attempts follow, none has to wait from its own beginning.
 */
function leftBy(
  open: EarlierAttempt | null,
  begun: Begun,
  attempt: string,
  bornAt: number,
): EarlierAttempt | null {
  if (begun.attempt === attempt) return open
  const alive_at = Math.min(bornAt, begun.at + leaseMs)
  return { sent_at: open?.sent_at ?? begun.at, alive_at, unknown: open?.unknown ?? false }
}

function oursUntil(ctx: Context, until: number): () => boolean {
  const signal = signalOf(ctx)
  return () => !signal.aborted && performance.now() < until
}

/** Twice as long each time, from a second on; uneven, so that many do not come back at once. */
export function pauseMs(ctx: Context, before: number): number {
  return Math.min(longestPauseMs, 1000 * 2 ** Math.min(before, 10)) * (0.5 + ctx.rand.random())
}
