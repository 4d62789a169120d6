import { open, rename, rm } from 'node:fs/promises'

/** A file that takes the place of another when it is whole. */
export interface NextFile {
  readonly path: string
  add(line: string): Promise<void>
  /** Writes the rest and takes the place. */
  end(): Promise<void>
  /** Leaves nothing behind of a file that was not ended. */
  close(): Promise<void>
}

/** Characters that are written at once. */
const blockSize = 64 * 1024

/** Begins a file that its owner alone may read. Everything rejects with the system's error. */
export async function openNext(path: string, begin: string): Promise<NextFile> {
  const next = `${path}.next`
  const handle = await open(next, 'w', 0o600)
  let waiting = begin

  async function write(): Promise<void> {
    await handle.appendFile(waiting)
    waiting = ''
  }

  return {
    path,
    async add(line) {
      waiting += `${line}\n`
      if (waiting.length >= blockSize) await write()
    },
    async end() {
      await write()
      await rename(next, path)
    },
    async close() {
      await handle.close()
      await rm(next, { force: true })
    },
  }
}
