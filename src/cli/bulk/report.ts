import type { Checked, Summary } from '../../bulk/index.ts'
import { say } from '../print.ts'
import { count } from './progress.ts'

/** Names the bad rows of a file, the first hundred of them. */
export function sayBadRows({ rows, bad, first }: Checked): void {
  for (const { line, column, message } of first) {
    say(`line ${line}${column === null ? '' : `, column ${column}`}: ${oneLine(message)}`)
  }
  if (bad > first.length) say(`… and ${count(bad - first.length)} more bad rows.`)
  if (bad > 0) say(`${count(bad)} of ${count(rows)} rows are bad.`)
}

/** What a run came to, as a table, and what to do next. */
export function sayTable(folder: string, summary: Summary): void {
  const { rows, succeeded, failed, unknown, left, failed_rows, unknown_rows, results, stopped } = summary
  const lines: [string, number, string][] = [
    ['rows', rows, `results: ${results}`],
    ['succeeded', succeeded, ''],
    ['failed', failed, failed_rows === null ? '' : `no effect; put right and run again: ${failed_rows}`],
    [
      'unknown',
      unknown,
      unknown_rows === null
        ? ''
        : `may have taken effect; look in Intercom before you run any again: ${unknown_rows}`,
    ],
    ['left', left, left === 0 ? '' : `the same command goes on with them (job: ${folder})`],
  ]
  const widest = count(rows).length
  for (const [name, value, words] of lines) {
    say(`${name.padEnd(9)}  ${count(value).padStart(widest)}  ${words}`.trimEnd())
  }
  if (summary.finished_before) say('The job was finished before; nothing was sent.')
  for (const path of summary.kept_files)
    say(`Somebody had changed what this job wrote; it is kept as ${path}`)
  if (summary.files_problem !== null) say(oneLine(summary.files_problem))
  if (stopped !== null && (left > 0 || stopped.why === 'strict')) say(`Stopped: ${oneLine(stopped.message)}`)
}

/** Texts from files and from Intercom must not move a terminal's cursor. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}
