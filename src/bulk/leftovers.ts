import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import type { Checked } from './check.ts'
import type { Outcomes } from './outcomes.ts'
import type { Row } from './row.ts'

/** Files of the form of the input, with its header, as they stand there; null where they would hold no row. */
export type Leftovers = { failed: string | null; unknown: string | null }

/**
 * Writes the rows that took no effect, ready to run again, and those of which nobody can say it, anew and whole. A
 * byte order mark stands before what was no plain UTF-8, so that the same --encoding reads it.
 */
export async function writeLeftovers(
  folder: string,
  rows: () => Promise<AsyncIterable<Row>>,
  { format, header, plain }: Pick<Checked, 'format' | 'header' | 'plain'>,
  outcomes: Outcomes,
): Promise<Leftovers> {
  const { failed, unknown } = outcomes.counts
  const paths = {
    failed: failed > 0 ? join(folder, `failed.${format}`) : null,
    unknown: unknown > 0 ? join(folder, `unknown.${format}`) : null,
  }
  for (const [name, path] of Object.entries(paths)) {
    if (path === null) await rm(join(folder, `${name}.${format}`), { force: true })
  }
  const begin = `${plain ? '' : '\ufeff'}${header === null ? '' : `${header}\n`}`
  const files = [paths.failed, paths.unknown].map((path) => (path === null ? null : openNext(path, begin)))
  const [failedFile, unknownFile] = files
  if (failed + unknown > 0) {
    for await (const { row, raw } of await rows()) {
      const outcome = outcomes.of(row)
      if (outcome === 'rejected' || outcome === 'not_sent') await failedFile?.add(raw)
      if (outcome === 'unknown') await unknownFile?.add(raw)
    }
  }
  for (const file of files) await file?.end()
  return paths
}

function openNext(path: string, begin: string) {
  const next = `${path}.next`
  const stream = createWriteStream(next, { mode: 0o600 })
  stream.write(begin)
  return {
    async add(raw: string) {
      if (!stream.write(`${raw}\n`)) await once(stream, 'drain')
    },
    async end() {
      stream.end()
      await finished(stream)
      await rename(next, path)
    },
  }
}
