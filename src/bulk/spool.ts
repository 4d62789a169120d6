import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { textOf } from '../errors.ts'
import { invalidFile } from './decode.ts'

/** Writes what comes only once to a file that its owner alone may read, so that it can be read again. */
export async function spool(source: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  try {
    await pipeline(source, createWriteStream(path, { mode: 0o600 }))
  } catch (error) {
    throw invalidFile(`stdin cannot be kept in ${path} (${textOf(error)})`, { hint: 'Nothing was sent.' })
  }
}
