import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { makePrivate, prepareData } from './open.ts'
import { DatabaseSync } from './sqlite.ts'

/**
 * A copy of all data in memory, which holds up to a gibibyte and throws beyond. It is a database of SQLite's
 * `memdb`, which `VACUUM INTO` can write by its name: Node 22 has no `serialize`.
 */
export function copyToMemory(raw: DatabaseSync): DatabaseSync {
  const uri = `file:/${randomUUID()}?vfs=memdb`
  const copy = new DatabaseSync(uri)
  try {
    copy.exec('PRAGMA journal_mode = MEMORY')
    raw.exec(`VACUUM INTO '${uri}'`)
    prepareData(copy, 'MEMORY')
    return copy
  } catch (error) {
    copy.close()
    throw error
  }
}

/** Copies all data into a file; what was there is gone. */
export function copyToFile(raw: DatabaseSync, path: string): void {
  rmSync(path, { force: true })
  makePrivate(path)
  // A bare path would be taken for a name in memory where the data is in memory.
  const system = process.platform === 'win32' ? 'win32' : 'unix'
  raw.exec(`VACUUM INTO '${pathToFileURL(path).href.replaceAll("'", '%27')}?vfs=${system}'`)
}
