import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnyAction } from '../core/action.ts'
import { type InputFile, openInput, spool } from './input-file.ts'
import { assertMaySend, assertSameJob, type JobFolder, type JobManifest, openFolder } from './job-folder.ts'
import { type ProblemRows, writeProblemRows } from './problem-rows.ts'
import type { ReasonGroup } from './reasons.ts'
import { type Counts, type Outcomes, openResults, type Results } from './results.ts'
import type { InputCheck, Row, WorkspaceCheck } from './row.ts'
import { type BadRows, type CheckResult, checkFile, type ReadOptions, readRows, refusedRows } from './rows.ts'
import { type RowAnswer, type Stopped, sendRows } from './send.ts'

/** How a job speaks to Intercom. */
export type Sender = {
  workspace: Pick<JobManifest, 'origin' | 'app'>
  /** `idempotencyKey` is undefined for actions that read. `caller`: in whose name a person is asked. */
  call(input: unknown, idempotencyKey: string | undefined, caller: string): Promise<RowAnswer>
  /** Checks inputs against the workspace, which knows more about them than their action. */
  check?: WorkspaceCheck | undefined
  /** Whether a call under this key was begun earlier. */
  isBegun?(idempotencyKey: string): boolean
  close(): Promise<void>
}

/** One run of a job. */
export type BulkOptions = {
  action: AnyAction
  /** A file, or a stream that is kept in the job's folder first. */
  input: { path: string } | { stream: AsyncIterable<Uint8Array> }
  reading: ReadOptions
  /** The job's folder. */
  folder: string
  /** Where the results go; else `results.jsonl` in the folder. */
  results?: string | undefined
  /** Send nothing if any row is bad. */
  strict: boolean
  /** Rows in flight at once, at most. */
  concurrency: number
  /** Aborted when no more rows may begin. */
  signal: AbortSignal
  /** Send on when the first rows are all rejected for one reason. */
  keepGoing?: boolean | undefined
  /** Which calls a person decides on, and in which file; a job keeps to it. */
  asks?: string | undefined
  /** Called once, when there is something to send, with the path of the job's journal. */
  connect(journal: string): Promise<Sender>
  listener?: BulkListener
}

/** What is told how a job gets on. */
export type BulkListener = {
  onRowChecked(): void
  onChecked(result: CheckResult): void
  /** Rows that the workspace would refuse; they are not sent. */
  onRefused(rows: BadRows): void
  /** Sending begins. `isRetry`: again, of the rows that failed inconclusively. */
  onSending(outcomes: Outcomes, isRetry: boolean): void
}

/** The result of a run. The counts are those of the whole job. */
export type Summary = Counts & {
  rows: number
  /** Blank rows in the file, which are not counted as rows. */
  skipped: number
  /** In whose name a person is asked about the rows that are held. */
  held_by: string | null
  /** Rows without a result that are not held either: the same command resumes with them. */
  left: number
  /** Whether all rows had a result before this run, which did nothing then. */
  finished_before: boolean
  stopped: Stopped | null
  /** Why rows did not succeed, those with most rows first; a hundred at most. */
  reasons: ReasonGroup[]
  results: string
  failed_rows: string | null
  unknown_rows: string | null
  /** Earlier versions of those two that were edited since the job wrote them. */
  kept_files: string[]
  /** Why those two could not be written, in sentences. */
  files_problem: string | null
}

/**
 * Checks all rows, then sends those that have no result yet. A job that was interrupted, however it was, resumes: its
 * journal knows what was sent. Throws an `IntercomError` for what cannot be a job, or is not this one.
 */
export async function runBulk(bulk: BulkOptions): Promise<Summary> {
  const folder = openFolder(bulk.folder)
  try {
    const spooled = join(folder.path, 'input')
    if ('stream' in bulk.input) await spool(bulk.input.stream, spooled)
    const input = await openInput('path' in bulk.input ? bulk.input.path : spooled)
    try {
      const summary = await runOnInput(bulk, folder, input)
      if (summary.left + summary.held === 0) await rm(spooled, { force: true })
      return summary
    } finally {
      await input.close()
    }
  } finally {
    folder.close()
  }
}

async function runOnInput(bulk: BulkOptions, folder: JobFolder, input: InputFile): Promise<Summary> {
  const { action, reading, strict, listener } = bulk
  const name = 'path' in bulk.input ? bulk.input.path : ''
  const checked = await checkFile(action, name, input, reading, listener?.onRowChecked)
  listener?.onChecked(checked)
  const path = bulk.results ?? join(folder.path, 'results.jsonl')
  const given = {
    action: action.name,
    input: checked.hash,
    separator: reading.separator ?? null,
    encoding: reading.encoding ?? null,
    columns:
      checked.uses?.map(({ parameter, type, clears }) =>
        parameter === null ? null : [parameter, type ?? '', clears ? 'clear' : ''].join(' ').trim(),
      ) ?? null,
    results: path,
    ...(bulk.asks === undefined ? {} : { asks: bulk.asks }),
  }
  const job = folder.read()
  if (job !== null) assertSameJob(job, given, folder.path)
  const rows = async () => (await readRows(action, name, input.bytes(), reading)).rows
  const results = await openResults(path, checked.rows, job === null)
  try {
    const { outcomes, reasons } = results
    const finished_before = job !== null && outcomes.done === checked.rows
    const stopped: Stopped | null =
      strict && checked.bad > 0
        ? strictStop(checked)
        : finished_before
          ? null
          : await send(bulk, folder, job ?? given, results, rows)
    const files = await writeProblemRows(folder.path, rows, checked, outcomes, reasons)
    const begun = outcomes.counts.held > 0 ? folder.read() : null
    const run = {
      skipped: checked.skipped,
      finished_before,
      stopped,
      reasons: reasons.groups(),
      results: path,
      held_by: begun && callerOf(begun),
    }
    return summaryOf(outcomes, run, files)
  } finally {
    await results.close()
  }
}

function callerOf({ id }: JobManifest): string {
  return `bulk:${id.slice(0, 8)}`
}

/** What an earlier run has begun is not judged by the workspace's present state: its journal knows how it went. */
function checkOf({ check, isBegun }: Sender, job: string): InputCheck | undefined {
  if (check === undefined) return undefined
  return async (parsed, row) => (isBegun?.(`${job}:${row}`) === true ? null : await check(parsed))
}

function strictStop({ bad, rows }: BadRows): Stopped {
  return { why: 'strict', message: `${bad} of ${rows} rows are bad; nothing was sent.` }
}

async function send(
  { action, strict, concurrency, signal, keepGoing = false, connect, listener }: BulkOptions,
  folder: JobFolder,
  job: JobManifest | Omit<JobManifest, 'id' | 'created_at' | 'origin' | 'app'>,
  results: Results,
  rows: () => Promise<AsyncIterable<Row>>,
): Promise<Stopped | null> {
  const sender = await connect(join(folder.path, 'journal.db'))
  try {
    const own = 'id' in job ? job : folder.write({ ...job, ...sender.workspace })
    assertMaySend(own, sender.workspace, folder.path)
    const call = (input: unknown, row: number) =>
      sender.call(input, action.effect === 'read' ? undefined : `${own.id}:${row}`, callerOf(own))
    const check = checkOf(sender, own.id)
    if (check !== undefined) {
      const refused = await refusedRows(action, await rows(), check)
      listener?.onRefused(refused)
      if (strict && refused.bad > 0) return strictStop(refused)
    }
    const sending = { action, call, results, concurrency, signal, keepGoing, check }
    listener?.onSending(results.outcomes, false)
    const stopped = await sendRows(await rows(), sending, false)
    const { done, rows: count, counts } = results.outcomes
    const isDone = done + counts.held === count
    if (isDone && stopped?.why === 'one_reason') return null
    if (stopped !== null || isDone) return stopped
    listener?.onSending(results.outcomes, true)
    return await sendRows(await rows(), sending, true)
  } finally {
    await sender.close()
  }
}

function summaryOf(
  outcomes: Outcomes,
  run: Pick<Summary, 'skipped' | 'finished_before' | 'stopped' | 'reasons' | 'results' | 'held_by'>,
  { failed, unknown, kept, problem }: ProblemRows,
): Summary {
  const { rows, done, counts } = outcomes
  const files = { failed_rows: failed, unknown_rows: unknown, kept_files: kept, files_problem: problem }
  return { rows, ...counts, left: rows - done - counts.held, ...run, ...files }
}
