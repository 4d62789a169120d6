import type { OpenCall } from '../client/client.ts'
import { type Failure, failureOf, IntercomError, textOf } from '../errors.ts'
import type { Result } from './action.ts'
import { serialized } from './envelope.ts'
import {
  type Acquired,
  type AttemptResult,
  type EarlierAttempt,
  inputHash,
  type Journal,
  type Operation,
} from './journal.ts'
import { idsOnly } from './receipt.ts'
import { type Story, storyOf } from './story.ts'

const renewEveryMs = 1000
const firstPollMs = 50
const longestPollMs = 1000
/** Characters of a record. A reply is answered by its whole conversation, which may be megabytes. */
const longestRecord = 64 * 1024

/** The attempt that holds the lease of an operation. */
export type Attempt = {
  earlier: EarlierAttempt | null
  /**
   * When the operation was begun, Unix ms: recorded by its first attempt, so that each one after it gets the same.
   * Rejects as `recordSend` does.
   */
  begun(): Promise<number>
  /** Awaited right before a request is transmitted; rejects when it is not recorded, or the lease is lost. */
  recordSend(): Promise<void>
  /** Never rejects: the request was transmitted already. */
  recordUnknown(): Promise<void>
  /** Whether an item belongs to this operation; rejects when the journal cannot say. */
  claim(item: string): Promise<boolean>
  /** Those of the items that belong to other operations; rejects when the journal cannot say. */
  claimedByOthers(items: readonly string[]): Promise<readonly string[]>
}

/** A call that writes. Without a key it is recorded only while it runs: nobody can ask for its outcome. */
export type KeyedCall = {
  key: string | undefined
  action: string
  input: unknown
  /** It only looks for what earlier attempts may have sent: there must be one, and what is not found stays as it was. */
  onlyLook?: boolean
}

type Begun = Pick<Extract<Acquired, { state: 'acquired' }>, 'earlier' | 'begun_at'>

/** What bounds the waits of a call. */
type Bounds = Pick<OpenCall, 'wait' | 'until'>
type RunResult = Result & { wrote: boolean }

/**
 * Runs a call under an idempotency key. The first call of a key runs and its outcome is recorded, unless it is safe
 * to try again; later calls with the same input get that outcome; one that comes while it runs waits.
 */
export async function underIdempotencyKey(
  journal: Journal,
  { key: given, action, input, onlyLook = false }: KeyedCall,
  call: Bounds,
  run: (attempt: Attempt) => Promise<RunResult>,
  story: Story = storyOf(),
): Promise<Result> {
  const owner = crypto.randomUUID()
  const key = given ?? owner
  const operation = { key, action, input_hash: await inputHash(action, input) }
  if (onlyLook) await mustExist(journal, key, call)
  const acquired = await acquire(journal, operation, owner, call)
  if ('record' in acquired) {
    story.tell({ step: 'replayed' })
    return recorded(acquired.record)
  }
  const { earlier } = acquired
  tellBeginning(story, earlier)
  const begun = given === undefined ? { earlier, begun_at: Date.now() } : acquired // nobody else goes on with it
  const renewal = setInterval(
    () => void guarded(() => journal.renew(key, owner)).catch(() => {}),
    renewEveryMs,
  )
  let ended: AttemptResult = onlyLook ? 'unchanged' : 'unknown'
  try {
    let sent = false
    let item: string | null = null
    const seen = {
      onSend() {
        sent = true
      },
      onClaim(own: string) {
        item = own
      },
    }
    const result = await run(attemptOf(journal, key, owner, call, begun, seen))
    ended = given === undefined ? 'no_effect' : attemptResult(result, item, earlier !== null && !sent)
    if (onlyLook && typeof ended === 'string') ended = 'unchanged'
    const isOpen =
      ended === 'unchanged' && result.failure?.code !== 'not_there' && result.failure?.outcome !== 'unknown'
    const { output, failure } = isOpen ? asUnknown(result) : result
    return { output, failure }
  } finally {
    clearInterval(renewal)
    // What Intercom did is known by now; when this fails, the next attempt reads before it sends.
    await askJournal(call, () => journal.finish(key, owner, ended, story.steps)).catch(() => {})
  }
}

async function mustExist(journal: Journal, key: string, call: Bounds): Promise<void> {
  const state = await askJournal(call, async () => (await journal.peek?.(key))?.state ?? 'none')
  if (state !== 'none') return
  throw new IntercomError('nothing is recorded under this idempotency key', {
    code: 'nothing_recorded',
    hint: 'Nothing was sent: there is nothing to look for.',
  })
}

function tellBeginning({ tell }: Story, earlier: EarlierAttempt | null): void {
  if (earlier === null) tell({ step: 'recorded' })
  else {
    tell({ at: earlier.sent_at, step: 'transmitted', earlier: true })
    tell({ at: earlier.alive_at, step: 'interrupted', earlier: true })
  }
}

/**
 * `item` is what it claimed. `isUnresolved`: an earlier attempt left its outcome open, and this one has sent nothing.
 */
function attemptResult(result: RunResult, item: string | null, isUnresolved: boolean): AttemptResult {
  const { failure, wrote } = result
  if (failure === null) return { record: recordOf(result, item) }
  if (failure.outcome === 'unknown') return 'unknown'
  if (isUnresolved) return 'unchanged'
  return wrote && isFinal(failure) ? { record: recordOf(result, item) } : 'no_effect'
}

/** The whole answer where it is short, else a receipt: the ids of what it answers with and of what was made. */
export function recordOf({ output, failure }: Result, item: string | null): string {
  const whole = serialized(output).json
  const kept = whole.length <= longestRecord ? whole : JSON.stringify(idsOnly(output, item))
  return `{"output":${kept},"failure":${JSON.stringify(failure)}}`
}

/** A refused token says nothing about the operation. */
function isFinal({ outcome, retryable, status }: Failure): boolean {
  return outcome === 'rejected' && !retryable && status !== 401 && status !== 403
}

function asUnknown({ output, failure }: Result): Result {
  const hint =
    'An earlier attempt under this idempotency key did not finish and may have taken effect. Call again with the same key: it reads before it sends.'
  if (output.success || failure === null) return { output, failure }
  return {
    output: { ...output, error: `${output.error} ${hint}` },
    failure: { ...failure, outcome: 'unknown', hint },
  }
}

/** The outcome in a journal's record of a finished operation. */
export function recorded(record: string): Result {
  try {
    return JSON.parse(record) as Result // written above
  } catch {
    throw new IntercomError('the outcome recorded under this idempotency key cannot be read', {
      code: 'journal_failed',
      outcome: 'unknown',
      hint: 'The call has finished. Check in Intercom before you send it again.',
    })
  }
}

function attemptOf(
  journal: Journal,
  key: string,
  owner: string,
  call: Bounds,
  { earlier, begun_at }: Begun,
  seen: { onSend(): void; onClaim(item: string): void },
): Attempt {
  const record = async () => {
    const at = Date.now()
    const recording = askJournal(call, () => journal.recordSend(key, owner, at))
    const holds = await recording.catch((error: unknown) => {
      throw asJournalError(error)
    })
    if (!holds) {
      throw new IntercomError('another attempt has taken over this idempotency key', {
        code: 'idempotency_key_taken_over',
        outcome: 'unknown',
        retryable: true,
        hint: 'This one has sent nothing since. Call again with the same key.',
      })
    }
    seen.onSend()
    return at
  }
  return {
    earlier,
    begun: async () => earlier?.sent_at ?? begun_at ?? (await record()),
    recordSend: async () => void (await record()),
    recordUnknown: () => askJournal(call, () => journal.recordUnknown(key, owner)).catch(() => {}),
    claim: async (item) => {
      const isOwn = await askJournal(call, () => journal.claim(item, key))
      if (isOwn) seen.onClaim(item)
      return isOwn
    },
    claimedByOthers: (items) => askJournal(call, () => journal.claimedByOthers(items, key)),
  }
}

/** A failure of the journal, which comes before anything is sent. */
export function asJournalError(error: unknown): IntercomError {
  if (error instanceof IntercomError) return error
  return new IntercomError(`the journal failed: ${textOf(error)}`, {
    code: 'journal_failed',
    hint: 'Nothing was sent.',
  })
}

/** The record of a finished operation, or what an earlier attempt left. Waits while another one runs. */
async function acquire(
  journal: Journal,
  operation: Operation,
  owner: string,
  call: Bounds,
): Promise<{ record: string } | Begun> {
  for (let pause = firstPollMs; ; pause = Math.min(longestPollMs, pause * 2)) {
    const acquired = await askJournal(call, () => journal.acquire(operation, owner))
    if (acquired.state === 'acquired') return acquired
    if (acquired.state === 'finished') return { record: acquired.record }
    if (acquired.state === 'mismatch') throw keyMismatch()
    await call.wait(pause, 'idempotency_key').catch((error: unknown) => {
      throw error instanceof IntercomError ? stillRunning(error) : error
    })
  }
}

export function keyMismatch(): IntercomError {
  return new IntercomError('this idempotency key was used with another action or input', {
    code: 'idempotency_key_mismatch',
    hint: 'Nothing was sent. Use a new key for a new call.',
  })
}

/** The call ends while another one under the same key may be sending; with `error`, since it could not wait longer. */
export function stillRunning(error?: IntercomError): IntercomError {
  const why = error === undefined ? '' : `, and ${error.message}`
  return new IntercomError(`another call under this idempotency key is still running${why}`, {
    ...(error === undefined ? { code: 'idempotency_key_in_use', retryable: true } : failureOf(error)),
    outcome: 'unknown',
    hint: 'This one has sent nothing. Call again with the same key.',
  })
}

/** A journal that never answers holds a call up until its deadline, and no longer. */
async function askJournal<T>(call: Bounds, act: () => Promise<T>): Promise<T> {
  const answer = guarded(act)
  await call.until(answer)
  return await answer
}

/** A journal that throws instead of rejecting. */
async function guarded<T>(act: () => Promise<T>): Promise<T> {
  return await act()
}
