import type { AnyAction, Envelope } from '../core/action.ts'
import { KeyedMutex } from '../core/keyed-mutex.ts'
import type { Verify } from '../core/verify.ts'
import { type Failure, sentences } from '../errors.ts'
import { clearedBy } from './clearing.ts'
import { reasonOf } from './reasons.ts'
import type { Results } from './results.ts'
import { badLine, type InputCheck, type ResultLine, type Row, verifiedRow } from './row.ts'

/** The result of calling the action for one row. */
export type RowAnswer = { output: Envelope; failure: Failure | null; request_id: string | null }

/** Why a run ended early. */
export type Stopped = {
  why: 'asked' | 'strict' | 'credential' | 'failing' | 'storage' | 'one_reason' | 'held'
  message: string
}

/** How rows are sent. */
export type Sending = {
  action: AnyAction
  call(input: unknown, row: number): Promise<RowAnswer>
  results: Results
  /** Rows in flight at once, at most. */
  concurrency: number
  /** Aborted when no more rows may begin; those in flight end. */
  signal: AbortSignal
  /** Sends on when the first rows are all rejected for one reason. */
  keepGoing: boolean
  check: InputCheck | undefined
}

/** After so many inconclusive failures with nothing else between, the next rows would fail as well. */
const maxConsecutiveFailures = 20

/** When so many rows come first and Intercom rejects all for one reason, the next ones would be as well. */
const maxAlike = 50

/**
 * Sends the rows that have no result yet. Those of one conversation or contact go one after another, in the order of
 * the file. One that failed inconclusively gets no result unless this is the `last` round, and neither do those after
 * it that must not overtake it. Answers why it ended early; null at the end of the rows.
 */
export async function sendRows(
  rows: AsyncIterable<Row>,
  sending: Sending,
  last: boolean,
): Promise<Stopped | null> {
  const { action, call, results, concurrency, signal, keepGoing, check } = sending
  const mutex = new KeyedMutex()
  const deferred = new Set<string>()
  const backpressure = openBackpressure(concurrency)
  const stopAlike = keepGoing || last || results.outcomes.counts.succeeded > 0 ? () => null : openAlike()
  let consecutiveFailures = 0
  let stopped: Stopped | null = null
  let error: unknown

  const isStopped = () => {
    if (signal.aborted) stopped ??= { why: 'asked', message: 'Interrupted.' }
    return stopped !== null || error !== undefined
  }

  /** The last round's inconclusive failures: their lines are written once something else has come between. */
  const unsettled: ResultLine[] = []

  async function sendRow({ row, line }: Row, input: unknown, keys: string[]): Promise<void> {
    if (isStopped()) return
    if (keys.some((key) => deferred.has(key))) return defer(keys)
    const { output, failure, request_id } = await call(input, row)
    const outcome = failure?.outcome ?? 'success'
    const cleared = clearedBy(input, output)
    const emptied = cleared > 0 ? { cleared } : {}
    const result: ResultLine = { line, row, outcome, ...emptied, request_id, failure, output }
    if (failure !== null && waitsForPerson.includes(failure.code)) {
      const approval = failure.approval?.id
      if (approval === undefined || results.outcomes.approvalOf(row) !== approval)
        await write([{ line, row, outcome: 'held', approval, request_id, failure, output }])
      return
    }
    if (failure === null || !isInconclusive(failure)) {
      const stop = failure === null ? null : stopAt(failure, output)
      stopped ??= stop
      if (stop !== null) return
      consecutiveFailures = 0
      await write([...unsettled.splice(0), result])
      stopped ??= stopAlike(result)
      return
    }
    // An earlier run was interrupted there, which says nothing about the next rows.
    const isInterrupted = failure.code === 'interrupted'
    if (!isInterrupted) consecutiveFailures += 1
    if (consecutiveFailures >= maxConsecutiveFailures) stopped ??= failing(consecutiveFailures, output)
    if (last && isInterrupted) await write([result])
    else if (last) unsettled.push(result)
    else defer(keys)
  }

  function defer(keys: string[]): void {
    for (const key of keys) deferred.add(key)
  }

  async function write(lines: ResultLine[]): Promise<void> {
    await Promise.all(lines.map((line) => results.add(line)))
  }

  try {
    for await (const row of rows) {
      if (isStopped()) break
      const known = results.outcomes.of(row.row)
      if (known !== null && (known !== 'held' || last)) continue // a held one is looked at once a run
      const { input, parsed, problem } = await verifiedRow(action, row, check)
      if (problem !== null) {
        const result = badLine(action, row, problem.error)
        await write([result])
        if (parsed !== undefined) stopped ??= stopAlike(result) // by the workspace, as Intercom would have
        continue
      }
      await backpressure.admit(row.raw.length)
      const keys = keysOf(action, parsed)
      const run = () => backpressure.run(() => sendRow(row, input, keys))
      void mutex
        .run(keys, run)
        .catch((thrown: unknown) => {
          error ??= thrown
        })
        .finally(() => backpressure.release(row.raw.length))
    }
  } finally {
    await backpressure.drained()
  }
  if (error === undefined && !isStopped()) await write(unsettled)
  if (error !== undefined) throw error
  return stopped
}

/** What a row writes to, under each of its names: such rows go one after another. */
export function keysOf(action: AnyAction, parsed: unknown): string[] {
  const verify = action.verify as Verify<unknown> | undefined // the schema that its input type comes from has parsed it
  if (verify !== undefined) return [verify.key(parsed), ...(verify.aliases?.(parsed) ?? [])]
  if (action.effect === 'read') return []
  return [action.writesTo?.(parsed as never) ?? `${Object.values(parsed as object)[0]}`]
}

/** Nobody has decided yet, or another process is about to make the approved call. */
const waitsForPerson = ['held', 'approval_under_way']
/** No more calls may wait. */
const tooMany = 'too_many_approvals'

/** Whether another round may settle it: it was refused for a reason that may pass, or its outcome is unknown. */
function isInconclusive({ retryable, outcome, code }: Failure): boolean {
  return (retryable && code !== tooMany) || outcome === 'unknown'
}

/** Whether the failure is the token's or this machine's, and not the row's. */
function stopAt({ status, code }: Failure, { error }: Envelope): Stopped | null {
  if (status === 401 || status === 403)
    return { why: 'credential', message: `Intercom rejected the token: ${error}` }
  if (code === tooMany) return { why: 'held', message: String(error) }
  return code === 'journal_failed' || code === 'approvals_failed'
    ? { why: 'storage', message: String(error) }
    : null
}

function failing(count: number, { error }: Envelope): Stopped {
  return { why: 'failing', message: `${count} rows in a row failed, the last one with: ${error}` }
}

/** Takes the rows as they end, and tells when all so far were rejected for one reason. */
function openAlike(): (result: ResultLine) => Stopped | null {
  let first: string | null = null
  let count = 0
  let isMixed = false
  return (result) => {
    if (isMixed || result.failure?.code === 'not_confirmed') return null // a person's word on that row alone
    const { key, reason } = reasonOf(result)
    first ??= key
    isMixed = result.failure === null || key !== first
    count += 1
    if (isMixed || count < maxAlike) return null
    const message = sentences(
      `The first ${count} rows were all rejected for one reason: ${reason}`,
      result.failure?.hint ?? null,
      'Correct this and run the same command again, or add --keep-going',
    )
    return { why: 'one_reason', message }
  }
}

/** Most rows that have been read and not ended: they may wait for others of their conversation. */
const maxRows = 2000
/** Most characters of theirs. */
const maxText = 16 * 1024 * 1024

/** Bounds what is held in memory, and what is in flight. */
function openBackpressure(concurrency: number) {
  let rows = 0
  let text = 0
  let inFlight = 0
  const waiting: (() => void)[] = []
  let released: (() => void) | undefined

  const release = () =>
    new Promise<void>((resolve) => {
      released = resolve
    })
  return {
    /** Waits until there is room for a row of so many characters. */
    async admit(size: number): Promise<void> {
      while (rows >= maxRows || text + size > maxText) await release()
      rows += 1
      text += size
    },
    release(size: number): void {
      rows -= 1
      text -= size
      released?.()
    },
    /** Runs something when fewer than `concurrency` are in flight. */
    async run<T>(act: () => Promise<T>): Promise<T> {
      if (inFlight >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve))
      else inFlight += 1
      try {
        return await act()
      } finally {
        const next = waiting.shift()
        if (next === undefined) inFlight -= 1
        else next()
      }
    },
    /** Waits until all rows are released. */
    async drained(): Promise<void> {
      while (rows > 0) await release()
    },
  }
}
