import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { extname } from 'node:path'

/** A file that takes the place of an earlier one when it is whole. */
export interface NextFile {
  readonly path: string
  add(line: string): Promise<void>
  /**
   * Writes the rest and takes the place. Where the same was written the last time, what stands there stays as it is,
   * whoever has changed it since.
   */
  end(): Promise<void>
  /** Leaves nothing behind of a file that was not ended. */
  close(): Promise<void>
}

/** Called when somebody has changed a file since it was written, with where it is kept now. */
type Kept = (path: string) => void

/** Characters that are written at once. */
const blockSize = 64 * 1024

/** Begins a file that its owner alone may read. Everything rejects with the system's error. */
export async function openNext(path: string, begin: string, kept: Kept): Promise<NextFile> {
  const next = `${path}.next`
  const handle = await open(next, 'w', 0o600)
  const hashing = createHash('sha256')
  let waiting = begin

  async function write(): Promise<void> {
    hashing.update(waiting)
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
      const hash = hashing.digest('hex')
      if (existsSync(path) && (await lastWritten(path)) === hash) return
      await handle.sync() // before its hash is
      await makeWay(path, hash, kept)
      await rename(next, path)
      await writeFile(hashFile(path), hash, { mode: 0o600 })
    },
    async close() {
      await handle.close()
      await rm(next, { force: true })
    },
  }
}

/** Removes what `openNext` has written. */
export async function removeWritten(path: string, kept: Kept): Promise<void> {
  await makeWay(path, null, kept)
  await rm(path, { force: true })
  await rm(hashFile(path), { force: true })
}

/** Moves a file aside that holds neither what was written there last nor what is to come. */
async function makeWay(path: string, coming: string | null, kept: Kept): Promise<void> {
  if (!existsSync(path)) return
  const there = await hashOf(path)
  if (there === coming || there === (await lastWritten(path))) return
  const end = extname(path)
  let aside = path
  for (let n = 1; existsSync(aside); n++) aside = `${path.slice(0, -end.length)}.${n}${end}`
  await rename(path, aside)
  kept(aside)
}

/** Stays behind when the file is moved or changed; where it is lost, the file counts as changed. */
function hashFile(path: string): string {
  return `${path}.sha256`
}

async function lastWritten(path: string): Promise<string | null> {
  return existsSync(hashFile(path)) ? await readFile(hashFile(path), 'utf8') : null
}

async function hashOf(path: string): Promise<string> {
  const hashing = createHash('sha256')
  for await (const chunk of createReadStream(path)) hashing.update(chunk)
  return hashing.digest('hex')
}
