import type { BadRows, CheckResult, ReasonGroup, Summary } from '../../bulk/index.ts'
import { Redactor } from '../../client/redact.ts'
import { oneLine } from '../../errors.ts'
import { say } from '../command.ts'
import { formatCount } from './progress.ts'

/** Prints what each column of a CSV file fills. */
export function sayColumns({ uses, rows, skipped }: CheckResult): void {
  if (uses !== null) {
    const titles = ['column', ...uses.map(({ column }) => oneLine(column))]
    const names = [
      'parameter',
      ...uses.map(
        ({ parameter, type, clears }) =>
          `${oneLine(parameter ?? '(left out)')}${type === null || type === 'text' ? '' : `, ${type}`}${clears ? ', emptied by an empty cell' : ''}`,
      ),
    ]
    const widest = Math.max(...titles.map(({ length }) => length))
    for (const [at, title] of titles.entries()) say(`${title.padEnd(widest)}  ${names[at]}`)
  }
  if (skipped > 0) say(`Skipped blank rows: ${formatCount(skipped)}`)
  if (rows === 0) say('There are no rows under the header.')
}

/** Prints the first hundred bad rows. */
export function sayBadRows({ rows, bad, first, reasons }: BadRows): void {
  const redactor = new Redactor(process.env['INTERCOM_ACCESS_TOKEN'] ?? '')
  for (const { line, column, message } of first) {
    const text = redactor.message(oneLine(message))
    say(`line ${line}${column === null ? '' : `, column ${oneLine(column)}`}: ${text}`)
  }
  if (bad > first.length) say(`… and ${formatCount(bad - first.length)} more bad rows.`)
  if (bad > 0) say(`${formatCount(bad)} of ${formatCount(rows)} rows are bad.`)
  sayReasons(reasons)
}

function heldWords(caller: string | null, folder: string): string {
  return `wait for a person: modulex-intercom approvals show --all --caller ${caller}; then run the same command again (job: ${folder})`
}

/** Prints the result of a run as a table, with what to do next. */
export function sayTable(folder: string, summary: Summary): void {
  const { rows, succeeded, cleared, failed, unknown, held, held_by, left } = summary
  const { failed_rows, unknown_rows, results, stopped } = summary
  const lines: [string, number, string][] = [
    ['rows', rows, `results: ${results}`],
    ['succeeded', succeeded, cleared === 0 ? '' : `fields cleared: ${formatCount(cleared)}`],
    ['failed', failed, failed_rows === null ? '' : `had no effect; fix them and run ${failed_rows}`],
    [
      'unknown',
      unknown,
      unknown_rows === null
        ? ''
        : `may have taken effect; check in Intercom before you run any of ${unknown_rows}`,
    ],
    ...(held === 0 ? [] : [['held', held, heldWords(held_by, folder)] as [string, number, string]]),
    ['left', left, left === 0 ? '' : `run the same command again to resume (job: ${folder})`],
  ]
  const widest = formatCount(rows).length
  for (const [name, value, words] of lines) {
    say(`${name.padEnd(9)}  ${formatCount(value).padStart(widest)}  ${words}`.trimEnd())
  }
  sayReasons(summary.reasons)
  if (summary.skipped > 0) say(`Skipped blank rows: ${formatCount(summary.skipped)}`)
  if (rows === 0) say('There were no rows, so nothing was sent.')
  else if (summary.finished_before) say('The job was already finished; nothing was sent.')
  for (const path of summary.kept_files)
    say(`A file of this job had been edited; the edited version is kept as ${path}`)
  if (summary.files_problem !== null) say(oneLine(summary.files_problem))
  if (stopped !== null && (left > 0 || stopped.why === 'strict')) say(`Stopped: ${oneLine(stopped.message)}`)
}

const maxReasons = 10

/** Prints why rows did not succeed: how many share a reason, and where the first of them is. */
function sayReasons(reasons: readonly ReasonGroup[]): void {
  for (const { rows, reason, first_line, outcome } of reasons.slice(0, maxReasons)) {
    const word = outcome === 'unknown' ? 'unknown: ' : ''
    say(`  ${formatCount(rows)} × ${word}${oneLine(reason)}, first in line ${first_line}`)
  }
  const more = reasons.length - maxReasons
  if (more > 0) say(`  … and other reasons; each row's is in its file`)
}
