import { join } from 'node:path'
import { textOf } from '../errors.ts'
import type { Checked } from './check.ts'
import { type NextFile, openNext, removeWritten } from './next-file.ts'
import type { Outcomes, RowOutcome } from './outcomes.ts'
import type { Row } from './row.ts'

/** Files of the form of the input, with its header, as they stand there; null where they would hold no row. */
export type Leftovers = {
  failed: string | null
  unknown: string | null
  /** Where earlier ones are kept that somebody has changed since they were written. */
  kept: string[]
  /** Why there are none although there are such rows, in sentences. */
  problem: string | null
}

/**
 * Writes the rows that took no effect, ready to run again, and those of which nobody can say it, anew and whole. A
 * byte order mark stands before what was no plain UTF-8, so that the same --encoding reads it. What somebody has put right
 * in an earlier file is never lost. What the system refuses (a full disk) is told and not thrown: what the run came to
 * must still be said.
 */
export async function writeLeftovers(
  folder: string,
  rows: () => Promise<AsyncIterable<Row>>,
  checked: Pick<Checked, 'format' | 'header' | 'plain'>,
  outcomes: Outcomes,
): Promise<Leftovers> {
  const kept: string[] = []
  try {
    const paths = await write(folder, rows, checked, outcomes, (path) => kept.push(path))
    return { ...paths, kept, problem: null }
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    const problem = `The files of failed and unknown rows could not be written to ${folder} (${textOf(error)}). Make room there, then give the same command: it writes them again.`
    return { failed: null, unknown: null, kept, problem }
  }
}

async function write(
  folder: string,
  rows: () => Promise<AsyncIterable<Row>>,
  { format, header, plain }: Pick<Checked, 'format' | 'header' | 'plain'>,
  outcomes: Outcomes,
  kept: (path: string) => void,
): Promise<Pick<Leftovers, 'failed' | 'unknown'>> {
  const begin = `${plain ? '' : '\ufeff'}${header === null ? '' : `${header}\n`}`
  const files: { failed?: NextFile; unknown?: NextFile } = {}
  try {
    for (const name of ['failed', 'unknown'] as const) {
      const path = join(folder, `${name}.${format}`)
      if (outcomes.counts[name] > 0) files[name] = await openNext(path, begin, kept)
      else await removeWritten(path, kept)
    }
    const { failed, unknown } = files
    if (failed !== undefined || unknown !== undefined) {
      for await (const { row, raw } of await rows()) {
        const name = fileOf(outcomes.of(row))
        if (name !== null) await files[name]?.add(raw)
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
