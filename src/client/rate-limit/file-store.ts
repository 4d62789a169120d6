import type { DatabaseSync } from 'node:sqlite'
import { IntercomError, textOf } from '../../errors.ts'
import { makePrivate } from '../../sqlite/make-private.ts'
import { newSchedule, type Schedule } from './schedule.ts'
import type { RateLimitStore } from './store.ts'

/** How long a process may hold the file up, ms: at its opening, and while calls wait. */
const openMs = 3_000
const busyMs = 200
/** After the file failed a process paces alone, and tries it again so much later, ms. */
const aloneMs = 5_000

/**
 * The budget of all processes that name the same file; `key` tells tokens apart and holds none. Throws an
 * `IntercomError` (`invalid_rate_limit_file`) when the file cannot be opened. When it fails later (locked for long, damaged,
 * full disk), a warning is emitted and the process paces alone, taking what the others use for foreign traffic.
 */
export function fileStore(file: string, key: string): RateLimitStore {
  const db = open(file)
  const begin = db.prepare('BEGIN IMMEDIATE')
  const read = db.prepare('SELECT state FROM pace WHERE key = ?')
  const write = db.prepare(
    'INSERT INTO pace (key, state) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET state = excluded.state',
  )
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  let last = newSchedule()
  let aloneUntil = 0

  function together<T>(change: (state: Schedule) => T): T {
    begin.run()
    try {
      const state = stateOf(read.get(key)?.['state'])
      const result = change(state)
      write.run(key, JSON.stringify(state))
      commit.run()
      last = state
      return result
    } catch (error) {
      if (db.isTransaction) rollback.run()
      throw error
    }
  }

  return {
    shared: true,
    change(change) {
      if (performance.now() < aloneUntil) return change(last)
      try {
        const result = together(change)
        aloneUntil = 0
        return result
      } catch (error) {
        if (aloneUntil === 0) warn(file, error)
        aloneUntil = performance.now() + aloneMs
        return change(last)
      }
    },
  }
}

/** What another version wrote, or nobody, is a new beginning. */
function stateOf(text: unknown): Schedule {
  const state = newSchedule()
  const found = typeof text === 'string' ? parsed(text) : null
  if (typeof found !== 'object' || found === null) return state
  const given = new Map<string, unknown>(Object.entries(found))
  const whole = Object.entries(state).every(([name, value]) => typeof given.get(name) === typeof value)
  return whole ? Object.assign(state, found) : state
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function open(file: string): DatabaseSync {
  try {
    makePrivate(file) // SQLite's own side files get the rights of this one
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
    const db = new DatabaseSync(file, { timeout: openMs })
    prepare(db, performance.now() + openMs)
    db.exec(`PRAGMA busy_timeout = ${busyMs}`)
    return db
  } catch (error) {
    throw new IntercomError(`the file for pacing cannot be opened: ${textOf(error)}`, {
      code: 'invalid_rate_limit_file',
      hint: 'Name a file in a local directory that this process may write; it is made when absent.',
    })
  }
}

/** Another process that opens the file at the same moment makes the change to WAL fail at once, without waiting. */
function prepare(db: DatabaseSync, until: number): void {
  for (;;) {
    try {
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
      db.exec(
        'CREATE TABLE IF NOT EXISTS pace (key TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID',
      )
      return
    } catch (error) {
      if (performance.now() > until || !/locked|busy/i.test(textOf(error))) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

function warn(file: string, error: unknown): void {
  process.emitWarning(`The file ${file} cannot be used (${textOf(error)}); this process paces alone.`, {
    code: 'INTERCOM_RATE_LIMIT_ALONE',
  })
}
