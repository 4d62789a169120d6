import type { Connection } from '../client/client.ts'
import { type Failure, failureOf, IntercomError, textOf } from '../errors.ts'
import { hashOf } from './input-hash.ts'
import type { End, Left, Step, StepJournal } from './journal.ts'
import type { Result } from './run.ts'

const renewEveryMs = 1000
const firstPollMs = 50
const longestPollMs = 1000

/** A step of the journal while its call runs. */
export type Entry = {
  left: Left | null
  /** Right before a request leaves; rejects when it must not, since it is not written down or not ours any more. */
  begin(): Promise<void>
  /** Never rejects: Intercom has been asked already. */
  unclear(): Promise<void>
  /** Whether what was found is this step's; rejects when the journal cannot say. */
  claim(item: string): Promise<boolean>
  /** Those of the items that are other steps'; rejects when the journal cannot say. */
  others(items: readonly string[]): Promise<readonly string[]>
}

/** A call that writes. Without an id nobody can ask for it again: it is written down only while it runs. */
export type Intended = { id: string | undefined; action: string; input: unknown }

/** What bounds the waits of a call. */
type Bounds = Pick<Connection, 'wait' | 'until'>
type Run = Result & { wrote: boolean }

/**
 * Runs a call under an intent id. The first call of an id runs and its outcome is kept, unless repeating it is
 * safe; later ones with the same input get that outcome; one that comes meanwhile waits.
 */
export async function underIntent(
  journal: StepJournal,
  { id: given, action, input }: Intended,
  connection: Bounds,
  run: (entry: Entry) => Promise<Run>,
): Promise<Result> {
  const owner = crypto.randomUUID()
  const id = given ?? owner
  const step = { id, action, input_hash: await hashOf(action, input) }
  const taken = await take(journal, step, owner, connection)
  if ('record' in taken) return recorded(taken.record)
  const { left } = taken
  const alive = setInterval(() => void guarded(() => journal.renew(id, owner)).catch(() => {}), renewEveryMs)
  let end: End = 'unclear'
  try {
    let begun = false
    const onBegin = () => {
      begun = true
    }
    const result = await run(entryOf(journal, step, owner, connection, left, onBegin))
    end = given === undefined ? 'undone' : endOf(result, left !== null && !begun)
    const { output, failure } = end === 'as_found' ? withDoubt(result) : result
    return { output, failure }
  } finally {
    clearInterval(alive)
    // What Intercom did is known by now; when this fails, the next run of the id reads before it sends.
    await ask(connection, () => journal.finish(id, owner, end)).catch(() => {})
  }
}

/** `asFound`: an earlier run has left a question that this one did not come to. */
function endOf({ output, failure, wrote }: Run, asFound: boolean): End {
  if (failure === null) return { record: recordOf({ output, failure }) }
  if (failure.outcome === 'unknown') return 'unclear'
  if (asFound) return 'as_found'
  return wrote && isFinal(failure) ? { record: recordOf({ output, failure }) } : 'undone'
}

/** An answer nested deeper than the stack cannot be written down: that the call succeeded can. */
function recordOf({ output, failure }: Result): string {
  try {
    return JSON.stringify({ output, failure })
  } catch {
    const shallow = Object.entries(output).map(([key, value]) => [
      key,
      value instanceof Object ? null : value,
    ])
    return JSON.stringify({ output: Object.fromEntries(shallow), failure })
  }
}

/** A refused token says nothing about the intent. */
function isFinal({ outcome, retryable, status }: Failure): boolean {
  return outcome === 'rejected' && !retryable && status !== 401 && status !== 403
}

function withDoubt({ output, failure }: Result): Result {
  const hint =
    'An earlier run of this intent did not end and may have taken effect. Call again with the same intent id: it reads before it sends.'
  if (output.success || failure === null) return { output, failure }
  return {
    output: { ...output, error: `${output.error} ${hint}` },
    failure: { ...failure, outcome: 'unknown', hint },
  }
}

function recorded(record: string): Result {
  try {
    return JSON.parse(record) as Result // written above
  } catch {
    throw new IntercomError('the record of this intent cannot be read', {
      code: 'journal_failed',
      outcome: 'unknown',
      hint: 'This intent has ended. Do not send it again before you have checked.',
    })
  }
}

function entryOf(
  journal: StepJournal,
  { id }: Step,
  owner: string,
  connection: Bounds,
  left: Left | null,
  onBegin: () => void,
): Entry {
  return {
    left,
    begin: async () => {
      const mine = await ask(connection, () => journal.begin(id, owner, Date.now())).catch(notWritten)
      if (!mine) {
        throw new IntercomError('another run has taken over this intent', {
          code: 'idempotency_key_taken_over',
          outcome: 'unknown',
          retryable: true,
          hint: 'This one has sent nothing since. Call again with the same intent id.',
        })
      }
      onBegin()
    },
    unclear: () => ask(connection, () => journal.unclear(id, owner)).catch(() => {}),
    claim: (item) => ask(connection, () => journal.claim(item, id)),
    others: (items) => ask(connection, () => journal.others(items, id)),
  }
}

function notWritten(error: unknown): never {
  if (error instanceof IntercomError) throw error
  throw new IntercomError(`the journal failed: ${textOf(error)}`, {
    code: 'journal_failed',
    hint: 'Nothing was sent.',
  })
}

/** The record of a finished step, or what an earlier run left. Waits while another one runs. */
async function take(
  journal: StepJournal,
  step: Step,
  owner: string,
  connection: Bounds,
): Promise<{ record: string } | { left: Left | null }> {
  for (let pause = firstPollMs; ; pause = Math.min(longestPollMs, pause * 2)) {
    const answer = await ask(connection, () => journal.take(step, owner))
    if (answer.state === 'mine') return { left: answer.left }
    if (answer.state === 'finished') return { record: answer.record }
    if (answer.state === 'other_input') {
      throw new IntercomError('this intent id was used with another action or input', {
        code: 'idempotency_key_mismatch',
        hint: 'Nothing was sent. Use a new intent id for a new intent.',
      })
    }
    await connection.wait(pause, 'same_intent').catch(stillRunning)
  }
}

/** The call ends while another one of the same intent may be sending. */
function stillRunning(error: unknown): never {
  if (!(error instanceof IntercomError)) throw error
  throw new IntercomError(`another call of this intent is still running, and ${error.message}`, {
    ...failureOf(error),
    outcome: 'unknown',
    hint: 'This one has sent nothing. Call again with the same intent id.',
  })
}

/** A journal that never answers holds a call up until its deadline, and no longer. */
async function ask<T>(connection: Bounds, act: () => Promise<T>): Promise<T> {
  const answer = guarded(act)
  await connection.until(answer.then(() => {}))
  return await answer
}

/** A journal that throws instead of rejecting. */
async function guarded<T>(act: () => Promise<T>): Promise<T> {
  return await act()
}
