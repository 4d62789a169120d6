import { join } from 'node:path'
import { textOf } from '../errors.ts'
import type { Reasons } from './reasons.ts'
import { openReplacement, type ReplacementFile, removeWritten } from './replacement-file.ts'
import type { Outcomes } from './results.ts'
import type { Row, RowOutcome } from './row.ts'
import type { CheckResult } from './rows.ts'

/** The files of failed and of unknown rows, in the format of the input; null where there are no such rows. */
export type ProblemRows = {
  failed: string | null
  unknown: string | null
  /** Earlier versions that were edited since the job wrote them, moved aside. */
  kept: string[]
  /** Why they could not be written, in sentences. */
  problem: string | null
}

/**
 * Writes the rows that had no effect, ready to run again, and those whose outcome is unknown, as they stand in the
 * input, under its header, each with its reason. Where the input was not plain UTF-8, a byte order mark makes the same
 * --encoding read it. An edited file is never lost. A full disk is reported and not thrown: the run's summary must still
 * be printed.
 */
export async function writeProblemRows(
  folder: string,
  rows: () => Promise<AsyncIterable<Row>>,
  checked: Pick<CheckResult, 'format' | 'failedHeader' | 'plain'>,
  outcomes: Outcomes,
  reasons: Reasons,
): Promise<ProblemRows> {
  const kept: string[] = []
  try {
    const paths = await write(folder, rows, checked, outcomes, reasons, (path) => kept.push(path))
    return { ...paths, kept, problem: null }
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    const problem = `The failed and unknown rows could not be written to ${folder} (${textOf(error)}). Free some space there, then run the same command again to write them.`
    return { failed: null, unknown: null, kept, problem }
  }
}

async function write(
  folder: string,
  rows: () => Promise<AsyncIterable<Row>>,
  { format, failedHeader, plain }: Pick<CheckResult, 'format' | 'failedHeader' | 'plain'>,
  outcomes: Outcomes,
  reasons: Reasons,
  kept: (path: string) => void,
): Promise<Pick<ProblemRows, 'failed' | 'unknown'>> {
  const begin = `${plain ? '' : '\ufeff'}${failedHeader === null ? '' : `${failedHeader}\n`}`
  const files: { failed?: ReplacementFile; unknown?: ReplacementFile } = {}
  try {
    for (const name of ['failed', 'unknown'] as const) {
      const path = join(folder, `${name}.${format}`)
      if (outcomes.counts[name] > 0) files[name] = await openReplacement(path, begin, kept)
      else await removeWritten(path, kept)
    }
    const { failed, unknown } = files
    if (failed !== undefined || unknown !== undefined) {
      for await (const { row, withReason } of await rows()) {
        const name = fileOf(outcomes.of(row))
        if (name !== null) await files[name]?.add(withReason(reasons.of(row)))
      }
    }
    await failed?.end()
    await unknown?.end()
    return { failed: failed?.path ?? null, unknown: unknown?.path ?? null }
  } finally {
    await files.failed?.close()
    await files.unknown?.close()
  }
}

function fileOf(outcome: RowOutcome | null): 'failed' | 'unknown' | null {
  if (outcome === 'rejected' || outcome === 'not_sent') return 'failed'
  return outcome === 'unknown' ? 'unknown' : null
}
