import type { AnyAction, Envelope } from '../core/action.ts'
import type { EarlierAttempt } from '../core/journal.ts'
import { outcomeOf } from '../core/outcome.ts'
import { idsOnly } from '../core/receipt.ts'
import { failed } from '../core/run.ts'
import { type Failure, failureOf, IntercomError } from '../errors.ts'
import type { Intercom } from '../intercom.ts'
import type { Asking } from './asking.ts'
import type { AttemptJournal } from './attempt-journal.ts'
import type { ConcurrencyLimit } from './concurrency-limit.ts'

/** What the handlers of one worker share. */
export type Runtime = {
  intercom: Pick<Intercom, 'call'> & Partial<Pick<Intercom, 'toolsets'>>
  /** The journal that the client was made with. */
  journal: AttemptJournal
  concurrency: ConcurrencyLimit
  /** The folder that bulk jobs read files from. */
  files: string | undefined
  /** Where calls wait that need a person; absent where none does. */
  asking?: Asking | undefined
}

/** One write that must happen once. */
export type Write = {
  /** The same for all runs of the write, in all workers. */
  operation: string
  action: AnyAction
  /** Rejects with an `IntercomError` where the input is not available any more. */
  input(): Promise<unknown>
  /** What an earlier run of the operation left unresolved. */
  earlier: EarlierAttempt | null
}

/** The result of a write as Restate keeps it: ids, no message. */
export type WriteResult = {
  output: Envelope
  failure: Failure | null
  /** Whether it is the operation's result for good; else the same operation may be tried again. */
  isFinal: boolean
  /** An attempt that may have taken effect. */
  unresolved: EarlierAttempt | null
}

/** A write on its way to its result. `foreign`: items that are known to belong to other operations. */
export type PendingWrite = Write & { foreign: string[]; result: WriteResult | null }

/**
 * What follows an attempt: nothing; a retry, after a failure that may pass; or a new beginning, since its lease was
 * another attempt's, or expired while it waited for a permit, or behind other calls of its conversation.
 */
type Next = 'done' | 'retry' | 'lease_taken' | 'permit_late' | 'turn_late'

/** The result of an attempt. */
export type AttemptOutcome = {
  result: WriteResult
  next: Next
  claimed: string | null
  /** Whether what it claims was read back, and not Intercom's answer to it. */
  wasReadBack: boolean
  /** Found items that may belong to another operation. */
  unattributed: readonly string[]
  /** What to look for next time, if what was found belongs to others. */
  lookAgainFor: EarlierAttempt
}

/** A write must be transmitted within this time after its beginning was recorded, ms; else it begins again. */
export const leaseMs = 5_000

/** The place of one attempt among those of its write. */
type Beginning = {
  /** What earlier attempts left to look for. */
  earlier: EarlierAttempt | null
  /** `null` where another attempt has the lease. */
  holdsLease: (() => boolean) | null
  /** When the lease began, Unix ms. */
  begunAt?: number
  signal: AbortSignal
}

/** One call of the client, as one step of Restate's journal. */
export async function attemptWrite(
  { intercom, journal, concurrency }: Runtime,
  { operation, action, input, foreign }: PendingWrite,
  { earlier, holdsLease, begunAt, signal }: Beginning,
): Promise<AttemptOutcome> {
  const given = await outcomeOf(input())
  if ('failure' in given) return withoutInput(action, given.failure, earlier)
  const key = crypto.randomUUID()
  const { value, report } = await journal.run(
    key,
    { operation, earlier, begunAt, foreign: new Set(foreign), holdsLease: holdsLease ?? (() => false) },
    () => intercom.call(action.name, given.value, { idempotencyKey: key, signal }),
  )
  const { output, failure, trace } = value
  const { sentAt, unknown, claimed, unattributed, result } = report
  const isLate = failure?.code === 'idempotency_key_taken_over' // the lease was lost: nothing was transmitted
  // Waiting behind other calls of its conversation says nothing about permits.
  const waitedForPermit = trace.waits.some(({ reason, ms }) => reason === 'rate_limit' && ms > leaseMs / 2)
  if (holdsLease !== null) concurrency.report(isLate && waitedForPermit)
  const lookAgainFor = {
    sent_at: earlier?.sent_at ?? sentAt ?? begunAt ?? Date.now(),
    alive_at: earlier?.alive_at ?? Date.now(),
    unknown: unknown || earlier?.unknown === true,
  }
  const isUnchanged = isLate || result === 'unchanged'
  const unresolved = isUnchanged ? earlier : result === 'unknown' ? { ...lookAgainFor, unknown: true } : null
  const afterLate = holdsLease === null ? 'lease_taken' : waitedForPermit ? 'permit_late' : 'turn_late'
  return {
    result: { output: idsOnly(output, claimed), failure, isFinal: typeof result === 'object', unresolved },
    next: isLate ? afterLate : failure?.retryable === true ? 'retry' : 'done',
    claimed,
    wasReadBack: trace.verified_by === 'read_back',
    unattributed: failure?.outcome === 'unknown' ? unattributed : [],
    lookAgainFor,
  }
}

/** Nothing is sent, and what an earlier attempt has sent cannot be looked for. */
function withoutInput(
  action: AnyAction,
  error: IntercomError,
  earlier: EarlierAttempt | null,
): AttemptOutcome {
  const outcome = earlier === null ? 'not_sent' : 'unknown'
  const told = new IntercomError(error.message, { ...failureOf(error), outcome })
  return {
    result: { ...failed(action, told, (text) => text), isFinal: false, unresolved: earlier },
    next: 'done',
    claimed: null,
    wasReadBack: false,
    unattributed: [],
    lookAgainFor: earlier ?? { sent_at: Date.now(), alive_at: Date.now(), unknown: false },
  }
}
