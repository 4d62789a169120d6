import { resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { IntercomError, textOf } from '../errors.ts'

/** How long opening a file waits for other processes, ms. */
const openMs = 3000
/** SQLite's own wait for a lock blocks the whole process, so it is short. */
const lockMs = 50
/** How long a write waits for other processes, ms. */
const busyMs = 10_000

/** The tables of a file, and its name in errors. */
export type Layout = {
  /** `journal` */
  name: string
  /** The error code when the file cannot be opened. */
  code: string
  /** `PRAGMA user_version` of these tables. */
  version: number
  tables: readonly string[]
  /** The SQL that creates them. */
  sql: string
  /** `FULL` unless a power cut may lose the last changes. */
  synchronous?: 'NORMAL'
}

/**
 * Opens a SQLite file, creating it if missing, readable by its owner only. Throws an `IntercomError` if it cannot be
 * used, belongs to another program or has another version; the file is then left unchanged.
 */
export function openPrivateFile(file: string, layout: Layout): DatabaseSync {
  try {
    const path = resolve(file) // SQLite would not take `:memory:` and `file:` as file names
    makePrivate(path)
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
    const db = new DatabaseSync(path, { timeout: lockMs })
    try {
      retryWhileBusySync(() => isCurrent(db, layout))
      restrict(path)
      retryWhileBusySync(() => prepare(db, layout))
    } catch (error) {
      db.close()
      throw error
    }
    return db
  } catch (error) {
    throw new IntercomError(`the ${layout.name} cannot be opened: ${textOf(error)}`, {
      code: layout.code,
      hint: 'Name a file in a local directory that this process may write; it is created if missing.',
    })
  }
}

/** For its owner alone, with the side files there are; SQLite gives later ones the permissions of the file. */
function restrict(path: string): void {
  const { chmodSync, existsSync } = process.getBuiltinModule('node:fs')
  for (const part of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(part)) chmodSync(part, 0o600)
}

/**
 * Throws an `IntercomError` once the file of an open database is no longer there: what is written then is lost with
 * this process. Call it before what depends on a record.
 */
export function presenceOf(file: string, { name, code }: Layout): () => void {
  const { statSync } = process.getBuiltinModule('node:fs')
  const path = resolve(file)
  const identity = () => {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    return found && `${found.dev} ${found.ino}`
  }
  const opened = identity()
  return () => {
    if (identity() === opened) return
    throw new IntercomError(`the ${name} was deleted or replaced while in use`, {
      code,
      hint: 'Nothing was recorded. Restart this process, and keep the file while it runs.',
    })
  }
}

/**
 * Creates a file if missing, readable by its owner only: SQLite would make it readable for all. An existing one is not
 * opened, since closing it would release the locks that SQLite holds on it for this process, and another process could
 * then delete the log that this one is still writing.
 */
export function makePrivate(path: string): void {
  const { accessSync, closeSync, constants, lstatSync, openSync } = process.getBuiltinModule('node:fs')
  try {
    closeSync(openSync(path, 'ax', 0o600))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    // SQLite would follow the one, and only say that it cannot open the other.
    const found = lstatSync(path)
    if (found.isSymbolicLink()) throw new Error('it is a symbolic link; name the file itself')
    if (!found.isFile()) throw new Error('it is not a file')
    accessSync(path, constants.R_OK | constants.W_OK)
  }
}

function prepare(db: DatabaseSync, layout: Layout): void {
  const synchronous = `PRAGMA synchronous = ${layout.synchronous ?? 'FULL'}`
  if (isCurrent(db, layout)) {
    db.exec(synchronous)
    return
  }
  db.exec(`PRAGMA journal_mode = WAL; ${synchronous}`)
  transaction(db, () => {
    if (!isCurrent(db, layout)) db.exec(`${layout.sql}; PRAGMA user_version = ${layout.version}`)
  })
}

/** Whether the tables exist; throws if the file is something else. */
function isCurrent(db: DatabaseSync, { name, version, tables }: Layout): boolean {
  const { found, there } = inOneRead(db, () => ({
    found: Number(db.prepare('PRAGMA user_version').get()?.['user_version']),
    there: db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .all()
      .map((table) => table['name']),
  }))
  if (found === version && tables.every((table) => there.includes(table))) return true
  if (found === 0 && there.length === 0) return false
  throw new Error(`it is not a ${name} of version ${version} (user_version ${found}); name another file`)
}

/** Runs several reads on one state of the file: another process may write between two of them. */
function inOneRead<T>(db: DatabaseSync, act: () => T): T {
  if (db.isTransaction) return act()
  db.exec('BEGIN')
  try {
    return act()
  } finally {
    if (db.isTransaction) db.exec('COMMIT') // what is locked may have ended it
  }
}

/** Runs `act` in a write transaction. */
export function transaction<T>(db: DatabaseSync, act: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = act()
    db.exec('COMMIT')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK') // a full disk rolls back by itself
    throw error
  }
}

/** Whether the file is locked at this moment. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5
}

/** Retries while the file is locked, for at most 3 s, and blocks this process meanwhile. For opening a file. */
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

/** Retries while the file is locked, without blocking this process. */
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

/**
 * SQL for whether a lease is held at `:now`. One that ends later than any lease could is not: the clock has been set
 * back since.
 */
export function leaseHeld(column: string, leaseMs: number): string {
  return `(${column} > :now AND ${column} <= :now + ${leaseMs})`
}

/** Runs `act` on the first call, and then at most once per `everyMs`. For pruning. */
export function atMostEvery(everyMs: number, act: () => void): () => void {
  let doneAt: number | undefined
  return () => {
    const now = Date.now()
    if (doneAt !== undefined && Math.abs(now - doneAt) < everyMs) return
    doneAt = now
    act()
  }
}
