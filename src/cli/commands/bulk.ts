import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chosen, inOtherToolset } from '../../actions/select.ts'
import { actionNamed, catalogue } from '../../actions/toolsets.ts'
import type { BulkListener, CheckedRow, Summary } from '../../bulk/index.ts'
import type { AnyAction } from '../../core/action.ts'
import { didYouMean } from '../../core/nearest.ts'
import { IntercomError, sentences } from '../../errors.ts'
import { approvalsFlag } from '../approvals/file.ts'
import { askingOf, termsOf } from '../bulk/asking.ts'
import { printDryRun } from '../bulk/dry-run.ts'
import { openProgress, type Progress } from '../bulk/progress.ts'
import { sayBadRows, sayColumns, sayTable } from '../bulk/report.ts'
import { defaultRateLimitFile, openInputCheck, senderFor, throttle } from '../bulk/sender.ts'
import { type Command, orUsageError, printJson, say } from '../command.ts'
import { accessFlags, connectionFlags, toolsetsIn, workspaceFlags } from '../connection.ts'
import { type Flags, namesIn, textIn, UsageError } from '../flags.ts'

const flags: Flags = {
  check: { type: 'boolean', description: 'check all rows and send nothing' },
  strict: { type: 'boolean', description: 'send nothing if any row is bad' },
  keep_going: {
    type: 'boolean',
    description: 'do not stop when the first fifty rows are all rejected for one reason',
  },
  job: { type: 'string', description: 'job folder, FILE.<action>.job by default; required for stdin' },
  out: { type: 'string', description: 'results file, results.jsonl in the job folder by default' },
  separator: {
    type: 'string',
    description: 'CSV separator: , ; | or tab; detected from the header by default',
  },
  map: {
    type: 'array',
    description: 'the parameter that a CSV column fills: "First Name=name"; comma-separated',
  },
  ignore: { type: 'array', description: 'CSV columns to leave out, comma-separated: "Notes,Owner"' },
  clear: {
    type: 'array',
    description: 'CSV columns whose empty cells empty the field: "name,custom_attributes.plan"',
  },
  encoding: {
    type: 'string',
    description: 'windows-1252, utf-16le, …; by default as the byte order mark says, else UTF-8',
  },
  rate: { type: 'integer', description: 'most requests per second; by default all that Intercom allows' },
  rate_limit_file: {
    type: 'string',
    description: 'file through which processes share the rate limit, one per user by default',
  },
  ...connectionFlags,
  ...workspaceFlags,
  sends: accessFlags.sends,
  approve: accessFlags.approve,
  ...approvalsFlag,
  dry_run: {
    type: 'boolean',
    description: 'print the first three requests and an estimate of the time; write nothing',
  },
}

/** What makes a command line wrong, rather than a job fail. */
const usageCodes = ['invalid_file', 'other_job', 'other_results', 'job_locked', 'job_failed', 'invalid_input']

/** One action for every row of a file. */
export const bulkCommand: Command = {
  usage: '<action> FILE [flags]',
  flags,
  positionals: 2,
  words: catalogue.map(({ name }) => name),
  examples: ['bulk upsert_contact people.csv --check', 'bulk create_note notes.jsonl --sends confirm'],
  more: '.jsonl and .ndjson files are JSON Lines, .csv and .tsv files are CSV; otherwise the first character decides.',
  async run(values, positionals) {
    const { action, file } = target(positionals)
    await checkFlags(action, values)
    try {
      return await perform(action, file, values)
    } catch (error) {
      if (!(error instanceof IntercomError)) throw error
      const text = [error.message, error.hint].filter((part) => part !== null).join('. ')
      if (usageCodes.includes(error.code)) throw new UsageError(text)
      say(`modulex-intercom: ${text}`)
      printJson({ success: false, error: text })
      return 1
    }
  },
}

function target([name, file]: string[]): { action: AnyAction; file: string } {
  const names = catalogue.map((one) => one.name)
  if (name === undefined) throw new UsageError('bulk needs the name of an action: run --help lists them')
  const action = actionNamed(name)
  if (action === undefined)
    throw new UsageError(sentences(`unknown action ${JSON.stringify(name)}`, didYouMean(name, names)))
  if (file === undefined) throw new UsageError(`bulk ${name} needs a file, or - for stdin`)
  return { action, file }
}

async function checkFlags(action: AnyAction, values: Record<string, unknown>): Promise<void> {
  const { rate } = values
  if (typeof rate === 'number' && rate < 1)
    throw new UsageError('--rate must be a whole number of at least 1')
  if (values['local'] === true && values['job'] !== undefined) {
    throw new UsageError(
      '--local and --job cannot be combined: the local Intercom is discarded when the command ends',
    )
  }
  const choice = {
    toolsets: toolsetsIn(values),
    readOnly: values['read_only'] === true,
    only: namesIn(values['only']),
  }
  const enabled = await orUsageError(() => chosen(choice))
  if (enabled.includes(action)) return
  const elsewhere = inOtherToolset(action.name, choice.toolsets)
  throw new UsageError(elsewhere ?? `${action.name} is disabled by --read-only or --only`)
}

type Values = Record<string, unknown>

async function perform(action: AnyAction, file: string, values: Values): Promise<number> {
  const asking = await askingOf(action, values)
  if (values['check'] === true || values['dry_run'] === true) return await checkOnly(action, file, values)
  const reading = readingOf(values)
  const { runBulk } = await import('../../bulk/index.ts')
  const folder = folderOf(action, file, values)
  const out = textIn(values['out'])
  const rate = values['rate'] as number | undefined // its flag's type
  const signal = stopAtCtrlC()
  const progress = openProgress()
  const summary = await runBulk({
    action,
    input: file === '-' ? { stream: process.stdin } : { path: file },
    reading,
    folder,
    results: out === undefined ? undefined : resolve(out),
    strict: values['strict'] === true,
    keepGoing: values['keep_going'] === true,
    asks: termsOf(asking, values),
    concurrency: rate === undefined ? maxConcurrency : Math.min(maxConcurrency, rate * 10),
    signal,
    connect: (journal) => {
      const limits = {
        rateLimitFile: rateLimitFileOf(values),
        onRequest: rate === undefined ? undefined : throttle(rate),
      }
      return senderFor(action, values, { ...progress.hooks, ...limits }, journal, asking)
    },
    listener: listenerFor(progress),
  }).finally(() => progress.end())
  sayTable(folder, summary)
  return ended(action, folder, summary)
}

function readingOf(values: Values) {
  return {
    separator: separatorOf(values),
    encoding: textIn(values['encoding']),
    map: values['map'] as string[] | undefined, // their flags' type
    ignore: values['ignore'] as string[] | undefined,
    clear: values['clear'] as string[] | undefined,
  }
}

/** Of `--check` and `--dry-run`: reads all rows and writes nothing. */
async function checkOnly(action: AnyAction, file: string, values: Values): Promise<number> {
  const { checkFile, openInput, streamInput } = await import('../../bulk/index.ts')
  const reading = readingOf(values)
  const inputs: unknown[] = []
  const onRow = ({ input, problem }: CheckedRow) => {
    if (problem === null && inputs.length < 3) inputs.push(input)
  }
  const workspace = await openInputCheck(action, values)
  const check = async () => {
    const input = file === '-' ? streamInput(process.stdin) : await openInput(file)
    const name = file === '-' ? '' : file
    return await checkFile(action, name, input, reading, onRow, workspace.check).finally(() => input.close())
  }
  const checked = await check().finally(() => workspace.close())
  sayColumns(checked)
  sayBadRows(checked)
  if (values['dry_run'] === true && inputs.length > 0) {
    const limits = { rateLimitFile: rateLimitFileOf(values) }
    return (await printDryRun(action, values, limits, inputs, checked)) ? 0 : 1
  }
  const { rows, skipped, bad: bad_rows, reasons } = checked
  const error = bad_rows === 0 ? null : `${bad_rows} of ${rows} rows are bad`
  printJson({ success: bad_rows === 0, error, rows, skipped, bad_rows, reasons })
  return bad_rows === 0 ? 0 : 1
}

/** Enough for Intercom's rate limit. */
const maxConcurrency = 64

function listenerFor(progress: Progress): BulkListener {
  let checked = 0
  progress.show(() => ({ phase: 'Checking', rows: 0, done: checked, failed: 0, unknown: 0 }))
  return {
    onRowChecked: () => void checked++,
    onChecked: sayBadRows,
    onRefused: sayBadRows,
    onSending(outcomes, isRetry) {
      const phase = isRetry ? 'Retrying' : 'Sending'
      progress.show(() => ({ phase, rows: outcomes.rows, done: outcomes.done, ...outcomes.counts }))
    },
  }
}

function ended(action: AnyAction, folder: string, { stopped, ...counts }: Summary): number {
  const { rows, failed, unknown, held, left, files_problem } = counts
  const success = failed + unknown + held + left === 0 && files_problem === null
  const waiting = held === 0 ? null : `${held} wait for a person`
  const problem = `${failed} of ${rows} rows failed${unknown === 0 ? '' : `, the outcome of ${unknown} is unknown`}`
  const why = stopped?.message ?? (failed + unknown > 0 ? sentences(problem, waiting) : (waiting ?? problem))
  const error = success ? null : sentences(why, files_problem)
  printJson({ success, error, action: action.name, job: folder, ...counts, stopped: stopped?.why ?? null })
  if (success) return 0
  return stopped?.why === 'asked' ? 130 : 1
}

/** Aborted by the first Ctrl-C; the second one exits. */
function stopAtCtrlC(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(130)
      say('\nStopping after the rows in flight. Press Ctrl-C again to stop at once.')
      stop.abort()
    })
  }
  return stop.signal
}

function folderOf(action: AnyAction, file: string, values: Record<string, unknown>): string {
  if (values['local'] === true) return mkdtempSync(join(tmpdir(), 'modulex-intercom-bulk-'))
  const job = textIn(values['job'])
  if (job !== undefined) return resolve(job)
  if (file === '-') throw new UsageError('stdin needs --job DIR, a folder for the state of the job')
  return resolve(`${file}.${action.name}.job`)
}

function rateLimitFileOf(values: Record<string, unknown>): string | undefined {
  if (values['local'] === true) return undefined
  return textIn(values['rate_limit_file']) ?? defaultRateLimitFile(process.env)
}

function separatorOf(values: Record<string, unknown>): string | undefined {
  const given = textIn(values['separator'])
  const separator = given === 'tab' || given === '\\t' ? '\t' : given
  if (separator === undefined || [',', ';', '|', '\t'].includes(separator)) return separator
  throw new UsageError('--separator must be , ; | or tab')
}
