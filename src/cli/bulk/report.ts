import type { CheckResult, Summary } from '../../bulk/index.ts'
import { say } from '../command.ts'
import { formatCount } from './progress.ts'

/** Prints the first hundred bad rows. */
export function sayBadRows({ rows, bad, first }: CheckResult): void {
  for (const { line, column, message } of first) {
    say(`line ${line}${column === null ? '' : `, column ${column}`}: ${oneLine(message)}`)
  }
  if (bad > first.length) say(`… and ${formatCount(bad - first.length)} more bad rows.`)
  if (bad > 0) say(`${formatCount(bad)} of ${formatCount(rows)} rows are bad.`)
}

/** Prints the result of a run as a table, with what to do next. */
export function sayTable(folder: string, summary: Summary): void {
  const { rows, succeeded, failed, unknown, left, failed_rows, unknown_rows, results, stopped } = summary
  const lines: [string, number, string][] = [
    ['rows', rows, `results: ${results}`],
    ['succeeded', succeeded, ''],
    ['failed', failed, failed_rows === null ? '' : `had no effect; fix them and run ${failed_rows}`],
    [
      'unknown',
      unknown,
      unknown_rows === null
        ? ''
        : `may have taken effect; check in Intercom before you run any of ${unknown_rows}`,
    ],
    ['left', left, left === 0 ? '' : `run the same command again to resume (job: ${folder})`],
  ]
  const widest = formatCount(rows).length
  for (const [name, value, words] of lines) {
    say(`${name.padEnd(9)}  ${formatCount(value).padStart(widest)}  ${words}`.trimEnd())
  }
  if (summary.finished_before) say('The job was already finished; nothing was sent.')
  for (const path of summary.kept_files)
    say(`A file of this job had been edited; the edited version is kept as ${path}`)
  if (summary.files_problem !== null) say(oneLine(summary.files_problem))
  if (stopped !== null && (left > 0 || stopped.why === 'strict')) say(`Stopped: ${oneLine(stopped.message)}`)
}

/** Texts from files and from Intercom must not move a terminal's cursor. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}
