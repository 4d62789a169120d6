import { resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { makePrivate } from './make-private.ts'

/** How long other processes may hold the file up when it is opened, ms. */
const openMs = 3000
/** SQLite's own waiting for a lock stops the whole process, so it is short. */
const lockMs = 50
/** How long a write waits for those of other processes, ms. */
const busyMs = 10_000

/** What a file of ours holds. */
export type Layout = {
  /** What it is called in errors: `a journal`. */
  what: string
  /** `PRAGMA user_version` of these tables. */
  version: number
  tables: readonly string[]
  /** The SQL that makes them. */
  sql: string
}

/**
 * Opens a file of `node:sqlite`, which it makes when absent, readable by its owner alone. Throws where it cannot be
 * used, is another program's, or of another version; then it is left as it is.
 */
export function openPrivateFile(file: string, layout: Layout): DatabaseSync {
  const path = resolve(file) // SQLite would read `:memory:` and `file:` as something else than a file's name
  makePrivate(path)
  const { chmodSync } = process.getBuiltinModule('node:fs')
  chmodSync(path, 0o600) // SQLite gives its side files the rights of this one
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
  const db = new DatabaseSync(path, { timeout: lockMs })
  retryWhileBusySync(() => prepare(db, layout))
  return db
}

function prepare(db: DatabaseSync, layout: Layout): void {
  if (isCurrent(db, layout)) {
    db.exec('PRAGMA synchronous = FULL')
    return
  }
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  transaction(db, () => {
    if (!isCurrent(db, layout)) db.exec(`${layout.sql}; PRAGMA user_version = ${layout.version}`)
  })
}

/** Whether the tables are there; throws when what is there is not ours to use. */
function isCurrent(db: DatabaseSync, { what, version, tables }: Layout): boolean {
  const found = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
  const there = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => name)
  if (found === version && tables.every((table) => there.includes(table))) return true
  if (found === 0 && there.length === 0) return false
  throw new Error(`it is not ${what} of version ${version} (user_version ${found}); name another file`)
}

/** Runs `act` in a write transaction of its own. */
export function transaction<T>(db: DatabaseSync, act: () => T): T {
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
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5
}

/** Waits for other processes between tries, at most 3 s; this process stands still meanwhile. For opening a file. */
export function retryWhileBusySync<T>(act: () => T): T {
  for (const until = performance.now() + openMs; ; ) {
    try {
      return act()
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

/** Waits for other processes between tries, while this one goes on working. */
export async function retryWhileBusy<T>(act: () => T, waitMs = busyMs): Promise<T> {
  for (const until = performance.now() + waitMs; ; ) {
    try {
      return act()
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 20))
  }
}
