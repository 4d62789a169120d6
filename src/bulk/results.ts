import { type FileHandle, open } from 'node:fs/promises'
import { IntercomError, textOf } from '../errors.ts'
import { Reasons } from './reasons.ts'
import type { ResultLine, RowOutcome } from './row.ts'

const codes: (RowOutcome | null)[] = [null, 'success', 'rejected', 'not_sent', 'unknown', 'held']

/** How many rows ended how, how many wait for a person, and how many fields they emptied. */
export type Counts = { succeeded: number; failed: number; unknown: number; held: number; cleared: number }

/** The outcome of every row of a job in one byte each, so that a million rows are a megabyte. */
export class Outcomes {
  readonly #codes: Uint8Array
  readonly counts: Counts = { succeeded: 0, failed: 0, unknown: 0, held: 0, cleared: 0 }
  readonly #approvals = new Map<number, string>()

  constructor(rows: number) {
    this.#codes = new Uint8Array(rows + 1)
  }

  get rows(): number {
    return this.#codes.length - 1
  }

  /** Rows that have an outcome for good. */
  get done(): number {
    const { succeeded, failed, unknown } = this.counts
    return succeeded + failed + unknown
  }

  /** The approval that a held row waits for. */
  approvalOf(row: number): string | undefined {
    return this.#approvals.get(row)
  }

  /** The outcome of a row, counted from 1; null while it has none. */
  of(row: number): RowOutcome | null {
    return codes[this.#codes[row] ?? 0] ?? null
  }

  /** Sets the outcome of a row that has none, or was held. */
  set({
    row,
    outcome,
    cleared = 0,
    approval,
  }: Pick<ResultLine, 'row' | 'outcome' | 'cleared' | 'approval'>): void {
    if (this.of(row) === 'held') this.counts.held -= 1
    this.#approvals.delete(row)
    this.counts.cleared += cleared
    this.#codes[row] = codes.indexOf(outcome)
    if (outcome === 'success') this.counts.succeeded += 1
    else if (outcome === 'unknown') this.counts.unknown += 1
    else if (outcome !== 'held') this.counts.failed += 1
    else {
      this.counts.held += 1
      if (approval !== undefined) this.#approvals.set(row, approval)
    }
  }
}

const lineFeed = 10
const closingBrace = 125
/** Bytes of a line that identify its outcome. */
const headBytes = 80
const blockSize = 1024 * 1024

/**
 * The results of a job: one line for each row that has ended, in the order of their ends. A row that was held has a
 * line that says so, and another one later, which counts.
 */
export interface Results {
  readonly outcomes: Outcomes
  readonly reasons: Reasons
  /** Resolves when the line is written. Rejects with an `IntercomError` when it cannot be: then nothing more is. */
  add(line: ResultLine): Promise<void>
  /** Waits until what is written is on disk. */
  close(): Promise<void>
}

/**
 * Opens the results of a job, made when absent and readable by their owner alone, and learns which rows have ended.
 * A last line that was not written to its end is removed. Throws an `IntercomError` when a line is not of this job; a
 * new one has none yet.
 */
export async function openResults(path: string, rows: number, isNew: boolean): Promise<Results> {
  const outcomes = new Outcomes(rows)
  const reasons = new Reasons(rows)
  const handle = await opened(path)
  try {
    if (isNew && (await handle.stat()).size > 0) throw otherResults(`${path} is not empty`)
    const whole = isNew ? 0 : await readBack(path, handle, outcomes, reasons)
    if (whole < (await handle.stat()).size) await handle.truncate(whole)
    return appending(path, handle, outcomes, reasons)
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a+', 0o600)
  } catch (error) {
    throw resultsFailed(path, error)
  }
}

function appending(path: string, handle: FileHandle, outcomes: Outcomes, reasons: Reasons): Results {
  let waiting = ''
  let writing: Promise<void> | undefined

  /** Lines that come while others are being written go together, after them. */
  async function write(): Promise<void> {
    await Promise.resolve()
    const text = waiting
    waiting = ''
    writing = undefined
    await handle.appendFile(text)
  }

  let last: Promise<void> = Promise.resolve()
  return {
    outcomes,
    reasons,
    async add(line) {
      waiting += `${JSON.stringify(line)}\n`
      if (writing === undefined) {
        writing = last.then(write)
        last = writing
      }
      try {
        await writing
      } catch (error) {
        throw resultsFailed(path, error)
      }
      outcomes.set(line)
      reasons.note(line)
    },
    async close() {
      await last.catch(() => {})
      await handle.sync().catch(() => {})
      await handle.close()
    },
  }
}

/** Reads the outcomes of all whole lines, and the reasons of failures; answers where the last of them ends. */
async function readBack(
  path: string,
  handle: FileHandle,
  outcomes: Outcomes,
  reasons: Reasons,
): Promise<number> {
  const block = Buffer.alloc(blockSize)
  let head = Buffer.alloc(0)
  let lastByte = 0
  let count = 0
  let whole = 0
  for (let at = 0; ; ) {
    const { bytesRead } = await handle.read(block, 0, blockSize, at)
    if (bytesRead === 0) return whole
    for (let from = 0; from < bytesRead; ) {
      const found = block.indexOf(lineFeed, from)
      const end = found < 0 || found >= bytesRead ? bytesRead : found
      const short = Math.min(end, from + Math.max(0, headBytes - head.length))
      if (short > from) head = Buffer.concat([head, block.subarray(from, short)])
      if (end > short && !isSuccess(head)) head = Buffer.concat([head, block.subarray(short, end)])
      if (end > from) lastByte = block[end - 1] ?? 0
      if (end === bytesRead) break
      count += 1
      note(path, count, lastByte === closingBrace ? head.toString() : '', outcomes, reasons)
      head = Buffer.alloc(0)
      lastByte = 0
      whole = at + end + 1
      from = end + 1
    }
    at += bytesRead
  }
}

/** Its line need not be read to its end. */
function isSuccess(head: Buffer): boolean {
  return head.includes('"outcome":"success"')
}

function note(path: string, count: number, text: string, outcomes: Outcomes, reasons: Reasons): void {
  const found =
    /^\{"line":\d+,"row":(\d+),"outcome":"(success|rejected|not_sent|unknown|held)",(?:"cleared":(\d+),)?/.exec(
      text,
    )
  const row = Number(found?.[1] ?? 0)
  const isOther = row < 1 || row > outcomes.rows || ![null, 'held'].includes(outcomes.of(row))
  const outcome = found?.[2] as RowOutcome // one of those in the pattern
  const line = isOther || outcome === 'success' ? null : wholeLine(text)
  if (isOther || line === undefined)
    throw otherResults(`line ${count} of ${path} is not a result of this job`)
  outcomes.set({ row, outcome, cleared: Number(found?.[3] ?? 0), approval: line?.approval })
  if (line !== null) reasons.note(line)
}

function wholeLine(text: string): ResultLine | undefined {
  try {
    return JSON.parse(text) as ResultLine // its beginning is what this job writes
  } catch {
    return undefined
  }
}

function otherResults(message: string): IntercomError {
  return new IntercomError(message, {
    code: 'other_results',
    hint: 'Move the file away and run the same command again. Rows that were sent are not sent again.',
  })
}

function resultsFailed(path: string, error: unknown): IntercomError {
  return new IntercomError(`the results cannot be written to ${path} (${textOf(error)})`, {
    code: 'results_failed',
    hint: 'Free some space there, then run the same command again: it resumes where it stopped.',
  })
}
