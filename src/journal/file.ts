import { resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { IntercomError, textOf } from '../errors.ts'

/** How long a record answers later calls of its id, and an intent whose outcome is unclear is known, ms. */
const keptMs = 30 * 24 * 3600 * 1000
/** How long other processes may hold the file up when it is opened, ms. */
const openMs = 3000
/** SQLite's own waiting for a lock stops the whole process, so it is short. */
const lockMs = 50
/** `PRAGMA user_version` of the tables below. */
const version = 1

const tables = `
CREATE TABLE steps (
  id TEXT PRIMARY KEY,
  action TEXT NOT NULL,
  input_hash TEXT NOT NULL,
  owner TEXT,
  lease_until INTEGER NOT NULL,
  begun_at INTEGER,
  unclear INTEGER NOT NULL DEFAULT 0,
  record TEXT
) STRICT;
CREATE TABLE claims (
  item TEXT PRIMARY KEY,
  step TEXT NOT NULL,
  claimed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX steps_by_time ON steps (lease_until);
CREATE INDEX claims_by_time ON claims (claimed_at);
PRAGMA user_version = ${version};
`

/**
 * Opens the file of a journal, which it makes when absent, readable by its owner alone. Throws an `IntercomError`
 * when it cannot be used, is another program's, or of another version.
 */
export function openFile(file: string): DatabaseSync {
  try {
    const path = resolve(file) // SQLite would read `:memory:` and `file:` as something else than a file's name
    const { chmodSync, closeSync, openSync } = process.getBuiltinModule('node:fs')
    closeSync(openSync(path, 'a', 0o600))
    chmodSync(path, 0o600) // SQLite gives its side files the rights of this one
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
    const db = new DatabaseSync(path, { timeout: lockMs })
    whenFree(() => prepare(db))
    whenFree(() => prune(db))
    return db
  } catch (error) {
    throw new IntercomError(`the journal cannot be opened: ${textOf(error)}`, {
      code: 'journal_failed',
      hint: 'Name a file in a local directory that this process may write; it is made when absent.',
    })
  }
}

function prepare(db: DatabaseSync): void {
  if (isCurrent(db)) {
    db.exec('PRAGMA synchronous = FULL')
    return
  }
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  exclusive(db, () => {
    if (!isCurrent(db)) db.exec(tables)
  })
}

/** Whether the tables are there; throws when they are not ours to use. */
function isCurrent(db: DatabaseSync): boolean {
  const found = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
  if (found === version) return true
  const strange = db.prepare("SELECT 1 FROM sqlite_schema WHERE name IN ('steps', 'claims')").get()
  if (found === 0 && strange === undefined) return false
  throw new Error(`it is not a journal of version ${version} (user_version ${found}); name another file`)
}

/** Forgets what is older than it is kept. */
export function prune(db: DatabaseSync): void {
  const before = Date.now() - keptMs
  db.prepare('DELETE FROM steps WHERE lease_until < ?').run(before)
  db.prepare('DELETE FROM claims WHERE claimed_at < ?').run(before)
}

/** Runs `act` in a write transaction of its own. */
export function exclusive<T>(db: DatabaseSync, act: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = act()
    db.exec('COMMIT')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK') // a full disk ends a transaction by itself
    throw error
  }
}

/** Whether somebody else holds the file at this moment. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5
}

function whenFree(act: () => void): void {
  for (const until = performance.now() + openMs; ; ) {
    try {
      act()
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}
