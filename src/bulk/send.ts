import type { AnyAction, Envelope } from '../core/action.ts'
import { failed } from '../core/run.ts'
import type { Verify } from '../core/verify.ts'
import type { Failure, IntercomError } from '../errors.ts'
import { openRoom } from './backpressure.ts'
import { type Lines, oneAfterAnother } from './in-order.ts'
import type { ResultLine, Results } from './results.ts'
import { checkRow, type Row } from './row.ts'

/** What calling the action for one row came to. */
export type Called = { output: Envelope; failure: Failure | null; request_id: string | null }

/** Why no more rows begin. */
export type Halt = { why: 'asked' | 'strict' | 'credential' | 'failing' | 'storage'; message: string }

/** How rows are sent. */
export type Sending = {
  action: AnyAction
  call(input: unknown, row: number): Promise<Called>
  results: Results
  /** Rows under way at once, at most. */
  atOnce: number
  /** Aborted when no more rows shall begin; those under way end. */
  stop: AbortSignal
}

/** So many failures that may pass in a row, with nothing else between, mean that the next ones would fail as well. */
const mostInARow = 20

/**
 * Sends the rows that have no result yet. Those of one conversation or contact go one after another, in the order of
 * the file. One whose failure may pass, or whose outcome is unknown, gets no result unless this is the `last` round,
 * and neither do those after it that must not overtake it. Answers why it ended early; null at the end of the rows.
 */
export async function sendRows(
  rows: AsyncIterable<Row>,
  sending: Sending,
  last: boolean,
): Promise<Halt | null> {
  const { action, call, results, atOnce, stop } = sending
  const lines: Lines = new Map()
  const passedOver = new Set<string>()
  const room = openRoom(atOnce)
  let inARow = 0
  let halt: Halt | null = null
  let broken: unknown

  const halted = () => {
    if (stop.aborted) halt ??= { why: 'asked', message: 'It was asked to stop.' }
    return halt !== null || broken !== undefined
  }

  /** The last round's failures that may pass: a line is written once something else has come between. */
  const held: ResultLine[] = []

  async function one({ row, line }: Row, input: unknown, keys: string[]): Promise<void> {
    if (halted()) return
    if (keys.some((key) => passedOver.has(key))) return passOver(keys)
    const { output, failure, request_id } = await call(input, row)
    const outcome = failure?.outcome ?? 'success'
    const result: ResultLine = { line, row, outcome, request_id, failure, output }
    if (failure === null || !isInconclusive(failure)) {
      const stopping = failure === null ? null : haltAt(failure, output)
      halt ??= stopping
      if (stopping !== null) return
      inARow = 0
      await write([...held.splice(0), result])
      return
    }
    // What an earlier run left open was found to be so, and says nothing of the next rows.
    const isFound = failure.code === 'interrupted'
    if (!isFound) inARow += 1
    if (inARow >= mostInARow) halt ??= failing(inARow, output)
    if (last && isFound) await write([result])
    else if (last) held.push(result)
    else passOver(keys)
  }

  function passOver(keys: string[]): void {
    for (const key of keys) passedOver.add(key)
  }

  async function write(lines: ResultLine[]): Promise<void> {
    await Promise.all(lines.map((line) => results.add(line)))
  }

  try {
    for await (const row of rows) {
      if (halted()) break
      if (results.outcomes.of(row.row) !== null) continue
      const { input, parsed, problem } = checkRow(action, row)
      if (problem !== null) {
        await write([badResult(action, row, problem.error)])
        continue
      }
      await room.enter(row.raw.length)
      const keys = keysOf(action, parsed)
      const run = () => room.one(() => one(row, input, keys))
      void oneAfterAnother(lines, keys, run)
        .catch((error: unknown) => {
          broken ??= error
        })
        .finally(() => room.leave(row.raw.length))
    }
  } finally {
    await room.empty()
  }
  if (broken === undefined && !halted()) await write(held)
  if (broken !== undefined) throw broken
  return halt
}

/** What a row writes to, under each of its names, where the order of writes matters there; else none. */
function keysOf(action: AnyAction, parsed: unknown): string[] {
  const verify = action.verify as Verify<unknown> | undefined // the schema that its input type comes from has parsed it
  return verify === undefined ? [] : [verify.key(parsed), ...(verify.aliases?.(parsed) ?? [])]
}

/** The envelope that the action would answer. */
function badResult(action: AnyAction, { row, line }: Row, error: IntercomError): ResultLine {
  const { output, failure } = failed(action, error, (text) => text) // names parameters and columns, no values
  return { line, row, outcome: 'not_sent', request_id: null, failure, output }
}

/** Another round may say more: it was refused for a reason that passes, or nobody knows its outcome. */
function isInconclusive({ retryable, outcome }: Failure): boolean {
  return retryable || outcome === 'unknown'
}

/** What speaks of the token or of this machine, and not of the row. */
function haltAt({ status, code }: Failure, { error }: Envelope): Halt | null {
  if (status === 401 || status === 403)
    return { why: 'credential', message: `The token is refused: ${error}` }
  return code === 'journal_failed' ? { why: 'storage', message: String(error) } : null
}

function failing(inARow: number, { error }: Envelope): Halt {
  return { why: 'failing', message: `${inARow} rows in a row could not be sent, the last one so: ${error}` }
}
