import { chmodSync, closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Clock } from '../clock.ts'
import { Database } from './database.ts'
import { fold } from './fold.ts'
import { applicationId, createHistory, createStatements, schemaVersion } from './schema.ts'
import { DatabaseSync } from './sqlite.ts'
import { Store } from './store.ts'
import { upgrade } from './upgrade.ts'

/** The files that this process has opened, by device and number. */
const opened = new Map<string, DatabaseSync>()

/** Opens a workspace in memory (`data` absent) or in a file, making the tables of a new one. */
export function openStore(data: string | undefined, clock: Clock): Store {
  return new Store(new Database(openData(data)), clock)
}

/** Opens the data alone, for {@link openStore} and {@link Store.swap}. */
export function openData(path: string | undefined): DatabaseSync {
  const data = path && resolve(path) // SQLite would read `:memory:` and `file:` as something else than a file's name
  const version = data === undefined ? undefined : versionOf(data)
  if (data !== undefined) makePrivate(data)
  const raw = new DatabaseSync(data ?? ':memory:')
  try {
    // One process owns a file: ids are handed out from memory. Without a shared reader, WAL needs no shm file.
    raw.exec('PRAGMA locking_mode = EXCLUSIVE')
    raw.exec('PRAGMA busy_timeout = 0')
    if (version === undefined) createTables(raw)
    prepareData(raw)
    if (version !== undefined && version < schemaVersion) upgrade(raw)
    raw.exec(createHistory)
    dropFormerHistory(raw)
    if (data !== undefined) opened.set(identityOf(data), raw)
    return raw
  } catch (error) {
    raw.close()
    if (error instanceof Error && /locked|busy/i.test(error.message)) {
      throw new Error(`The workspace file ${data} is in use by another process.`, { cause: error })
    }
    throw error
  }
}

/** It holds an access token and what customers wrote. SQLite gives the files beside it the same permissions. */
export function makePrivate(path: string): void {
  if (existsSync(path)) chmodSync(path, 0o600)
  else closeSync(openSync(path, 'ax', 0o600))
}

/** What every connection of ours needs, whatever it was opened on. */
export function prepareData(raw: DatabaseSync, journal: 'WAL' | 'MEMORY' = 'WAL'): void {
  // A commit reaches the operating system before the request is answered, which is what surviving SIGKILL
  // takes. NORMAL leaves out the fsync per commit that only a power cut would need.
  raw.exec(`PRAGMA journal_mode = ${journal}`)
  raw.exec('PRAGMA synchronous = NORMAL')
  raw.exec('PRAGMA cache_size = -65536')
  raw.exec('PRAGMA temp_store = MEMORY')
  // Copying the log back waits for the disk; rarely, since the pages of busy conversations are in it many times.
  raw.exec('PRAGMA wal_autocheckpoint = 10000')
  raw.exec('BEGIN IMMEDIATE; COMMIT')
  raw.function('fold', { deterministic: true }, (value) => (typeof value === 'string' ? fold(value) : value))
}

/** At first the history was an entry a row, in a table that triggers filled. */
function dropFormerHistory(raw: DatabaseSync): void {
  if (raw.prepare(`SELECT name FROM sqlite_schema WHERE name = 'history'`).get() === undefined) return
  raw.exec('DROP TABLE history; DELETE FROM history_checkpoints; DELETE FROM history_rewinds')
}

/** Written in rollback-journal mode, so that the mark that says "ours" is in the main file from the start. */
function createTables(raw: DatabaseSync): void {
  raw.exec('BEGIN IMMEDIATE')
  raw.exec(`PRAGMA application_id = ${applicationId}`)
  raw.exec(`PRAGMA user_version = ${schemaVersion}`)
  for (const statement of createStatements()) raw.exec(statement)
  raw.exec('COMMIT')
}

/**
 * The schema version of a file, from its SQLite header: it is not opened as a database, so that a file that is not
 * ours stays untouched. Undefined for a file that is absent or empty.
 */
function versionOf(path: string): number | undefined {
  if (!existsSync(path)) return undefined
  if (!statSync(path).isFile()) throw new Error(`${path} is not a file, so it cannot hold a workspace.`)
  // Closing it after a look would take away the locks that SQLite holds on it for this process.
  if (opened.get(identityOf(path))?.isOpen) {
    throw new Error(`The workspace file ${path} is in use by another workspace of this process.`)
  }
  const header = Buffer.alloc(100)
  const file = openSync(path, 'r')
  try {
    if (readSync(file, header, 0, 100, 0) === 0) return undefined
  } finally {
    closeSync(file)
  }
  const isSqlite = header.toString('latin1', 0, 15) === 'SQLite format 3'
  if (!isSqlite || header.readUInt32BE(68) !== applicationId) {
    throw new Error(`${path} is not a workspace file of modulex-intercom; it was left as it is.`)
  }
  const version = header.readUInt32BE(60)
  if (version > schemaVersion) {
    throw new Error(
      `${path} was written by a newer version (schema ${version}, this one knows ${schemaVersion}).`,
    )
  }
  return version
}

function identityOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true })
  return `${dev}:${ino}`
}
