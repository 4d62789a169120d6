import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnyAction } from '../core/action.ts'
import { type Checked, checkFile } from './check.ts'
import { type InputFile, openInput } from './input-file.ts'
import { type Job, type JobFolder, maySend, openFolder, sameJob } from './job-folder.ts'
import { type Leftovers, writeLeftovers } from './leftovers.ts'
import type { Counts, Outcomes } from './outcomes.ts'
import { openResults, type Results } from './results.ts'
import type { Row } from './row.ts'
import { type Reading, readRows } from './rows.ts'
import { type Called, type Halt, sendRows } from './send.ts'
import { spool } from './spool.ts'

/** How a job speaks to Intercom. */
export type Sender = {
  workspace: Pick<Job, 'origin' | 'app'>
  /** `idempotencyKey` is undefined for actions that read. */
  call(input: unknown, idempotencyKey: string | undefined): Promise<Called>
  close(): Promise<void>
}

/** One run of a job. */
export type Bulk = {
  action: AnyAction
  /** A file, or a stream that is kept in the job's folder first. */
  input: { path: string } | { stream: AsyncIterable<Uint8Array> }
  reading: Reading
  /** The job's folder. */
  folder: string
  /** Where the results go; else `results.jsonl` in the folder. */
  results?: string | undefined
  /** Whether one bad row keeps all from being sent. */
  strict: boolean
  /** Rows under way at once, at most. */
  atOnce: number
  /** Aborted when no more rows shall begin. */
  stop: AbortSignal
  /** Called once, when there is something to send; the file is that of its journal. */
  connect(journal: string): Promise<Sender>
  watch?: Watch
}

/** Who watches a job: what is called when. */
export type Watch = {
  /** Another row was checked. */
  seen(): void
  checked(checked: Checked): void
  /** Rows are being sent from now on. `again`: those whose failure may have passed. */
  sending(outcomes: Outcomes, again: boolean): void
}

/** What a run came to. The counts are those of the whole job. */
export type Summary = Counts & {
  rows: number
  /** Rows without a result: the same command goes on with them. */
  left: number
  /** Whether all rows had a result before this run, which did nothing then. */
  finished_before: boolean
  stopped: Halt | null
  results: string
  failed_rows: string | null
  unknown_rows: string | null
  /** Where earlier ones are kept that somebody has changed since they were written. */
  kept_files: string[]
  /** Why those two could not be written, in sentences. */
  files_problem: string | null
}

/**
 * Checks all rows, then sends those that have no result yet. A job that was cut off in whatever way goes on where it
 * was: what had been sent is known from its journal. Throws an `IntercomError` for what cannot be a job, or not this one.
 */
export async function runBulk(bulk: Bulk): Promise<Summary> {
  const folder = openFolder(bulk.folder)
  try {
    const spooled = join(folder.path, 'input')
    if ('stream' in bulk.input) await spool(bulk.input.stream, spooled)
    const input = await openInput('path' in bulk.input ? bulk.input.path : spooled)
    try {
      const summary = await onInput(bulk, folder, input)
      if (summary.left === 0) await rm(spooled, { force: true })
      return summary
    } finally {
      await input.close()
    }
  } finally {
    folder.close()
  }
}

async function onInput(bulk: Bulk, folder: JobFolder, input: InputFile): Promise<Summary> {
  const { action, reading, strict, watch } = bulk
  const name = 'path' in bulk.input ? bulk.input.path : ''
  const checked = await checkFile(action, name, input, reading, watch?.seen)
  watch?.checked(checked)
  const path = bulk.results ?? join(folder.path, 'results.jsonl')
  const given = {
    action: action.name,
    input: checked.hash,
    separator: reading.separator ?? null,
    encoding: reading.encoding ?? null,
    results: path,
  }
  const job = folder.read()
  if (job !== null) sameJob(job, given, folder.path)
  const rows = async () => (await readRows(action, name, input.bytes(), reading)).rows
  const results = await openResults(path, checked.rows, job === null)
  try {
    const { outcomes } = results
    const finished_before = job !== null && outcomes.done === checked.rows
    const halt: Halt | null =
      strict && checked.bad > 0
        ? { why: 'strict', message: `${checked.bad} of ${checked.rows} rows are bad, and none was sent.` }
        : finished_before
          ? null
          : await send(bulk, folder, job ?? given, results, rows)
    const left = await writeLeftovers(folder.path, rows, checked, outcomes)
    return summaryOf(outcomes, { finished_before, stopped: halt, results: path }, left)
  } finally {
    await results.close()
  }
}

async function send(
  { action, atOnce, stop, connect, watch }: Bulk,
  folder: JobFolder,
  job: Job | Omit<Job, 'id' | 'created_at' | 'origin' | 'app'>,
  results: Results,
  rows: () => Promise<AsyncIterable<Row>>,
): Promise<Halt | null> {
  const sender = await connect(join(folder.path, 'journal.db'))
  try {
    const own = 'id' in job ? job : folder.write({ ...job, ...sender.workspace })
    maySend(own, sender.workspace, folder.path)
    const call = (input: unknown, row: number) =>
      sender.call(input, action.effect === 'read' ? undefined : `${own.id}:${row}`)
    const sending = { action, call, results, atOnce, stop }
    watch?.sending(results.outcomes, false)
    const halt = await sendRows(await rows(), sending, false)
    if (halt !== null || results.outcomes.done === results.outcomes.rows) return halt
    watch?.sending(results.outcomes, true)
    return await sendRows(await rows(), sending, true)
  } finally {
    await sender.close()
  }
}

function summaryOf(
  outcomes: Outcomes,
  run: Pick<Summary, 'finished_before' | 'stopped' | 'results'>,
  { failed, unknown, kept, problem }: Leftovers,
): Summary {
  const { rows, done, counts } = outcomes
  const files = { failed_rows: failed, unknown_rows: unknown, kept_files: kept, files_problem: problem }
  return { rows, ...counts, left: rows - done, ...run, ...files }
}
