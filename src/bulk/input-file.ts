import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { textOf } from '../errors.ts'
import { invalidFile } from './file-kind.ts'

const blockSize = 256 * 1024

/** The input of a job, held open, so that what replaces the file does not reach the job. */
export interface InputFile {
  /** Its bytes from the beginning, each time. Throws an `IntercomError` when it has changed since it was opened. */
  bytes(): AsyncIterable<Uint8Array>
  /** SHA-256 in hex of what was last read to the end; null before. */
  hash(): string | null
  close(): Promise<void>
}

/** A stream as an input that can be read once. */
export function streamInput(stream: AsyncIterable<Uint8Array>): InputFile {
  return { bytes: () => stream, hash: () => null, close: async () => {} }
}

/** Writes a stream to a file that only its owner may read, so that it can be read again. */
export async function spool(source: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  try {
    await pipeline(source, createWriteStream(path, { mode: 0o600 }))
  } catch (error) {
    throw invalidFile(`stdin cannot be saved to ${path} (${textOf(error)})`, { hint: 'Nothing was sent.' })
  }
}

/** Opens a regular file, which messages call `name`. Throws an `IntercomError` when it cannot be read. */
export async function openInput(path: string, name = path): Promise<InputFile> {
  const handle = await opened(path, name)
  const before = await handle.stat()
  let hash: string | null = null

  async function* bytes(): AsyncGenerator<Uint8Array> {
    const hashing = createHash('sha256')
    for (let at = 0; ; ) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(blockSize), 0, blockSize, at)
      if (bytesRead === 0) break
      await unchanged(name, handle, before)
      at += bytesRead
      const chunk = buffer.subarray(0, bytesRead)
      hashing.update(chunk)
      yield chunk
    }
    await unchanged(name, handle, before)
    const seen = hashing.digest('hex')
    if (hash !== null && seen !== hash) throw changed(name)
    hash = seen
  }

  return { bytes, hash: () => hash, close: () => handle.close() }
}

async function opened(path: string, name: string): Promise<FileHandle> {
  let handle: FileHandle | undefined
  try {
    handle = await open(path)
    if ((await handle.stat()).isFile()) return handle
  } catch (error) {
    throw invalidFile(`${name} cannot be read (${textOf(error)})`, { hint: 'Give a file, or - for stdin.' })
  }
  await handle.close()
  throw invalidFile(`${name} is not a file`, { hint: 'Give a file, or - for stdin.' })
}

type FileVersion = { size: number; mtimeMs: number }

async function unchanged(name: string, handle: FileHandle, before: FileVersion): Promise<void> {
  const { size, mtimeMs } = await handle.stat()
  if (size !== before.size || mtimeMs !== before.mtimeMs) throw changed(name)
}

function changed(name: string) {
  return invalidFile(`${name} changed while it was being read`, {
    hint: 'Rows that were sent are in the results. Restore the file to resume, or start a new job.',
  })
}
