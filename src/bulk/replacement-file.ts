import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { extname } from 'node:path'

/** A file that replaces an earlier one once it is complete. */
export interface ReplacementFile {
  readonly path: string
  add(line: string): Promise<void>
  /**
   * Writes the rest and replaces the earlier file. If the same content was written last time, the file stays as it is,
   * edited or not.
   */
  end(): Promise<void>
  /** Leaves nothing behind of an incomplete file. */
  close(): Promise<void>
}

/** Called with the new path of a file that was edited and is now moved aside. */
type OnMovedAside = (path: string) => void

/** Characters that are written at once. */
const blockSize = 64 * 1024

/** Starts a file that only its owner may read. Rejects with the system's error. */
export async function openReplacement(
  path: string,
  begin: string,
  kept: OnMovedAside,
): Promise<ReplacementFile> {
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
      await moveAside(path, hash, kept)
      await rename(next, path)
      await writeFile(hashFile(path), hash, { mode: 0o600 })
    },
    async close() {
      await handle.close()
      await rm(next, { force: true })
    },
  }
}

/** Removes what `openReplacement` has written. */
export async function removeWritten(path: string, kept: OnMovedAside): Promise<void> {
  await moveAside(path, null, kept)
  await rm(path, { force: true })
  await rm(hashFile(path), { force: true })
}

/** Moves a file aside that holds neither what was written there last nor what is about to be. */
async function moveAside(path: string, next: string | null, kept: OnMovedAside): Promise<void> {
  if (!existsSync(path)) return
  const current = await hashOf(path)
  if (current === next || current === (await lastWritten(path))) return
  const end = extname(path)
  let aside = path
  for (let n = 1; existsSync(aside); n++) aside = `${path.slice(0, -end.length)}.${n}${end}`
  await rename(path, aside)
  kept(aside)
}

/** Holds the hash of what was written last; without it the file counts as edited. */
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
