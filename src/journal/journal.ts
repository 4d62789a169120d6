import { chmodSync, closeSync, openSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { Step, StepJournal, Taken } from '../core/journal.ts'
import { IntercomError, textOf } from '../errors.ts'

/** How long a run that says nothing counts as alive. */
const leaseMs = 5000
/** How long a record answers later calls of its id. */
const keptMs = 30 * 24 * 3600 * 1000
const busyMs = 10_000

const schema = `
PRAGMA busy_timeout = ${busyMs};
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS steps (
  id TEXT PRIMARY KEY,
  action TEXT NOT NULL,
  input_hash TEXT NOT NULL,
  owner TEXT,
  lease_until INTEGER NOT NULL,
  begun_at INTEGER,
  unclear INTEGER NOT NULL DEFAULT 0,
  record TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claims (
  item TEXT PRIMARY KEY,
  step TEXT NOT NULL,
  claimed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS steps_by_time ON steps (lease_until);
CREATE INDEX IF NOT EXISTS claims_by_time ON claims (claimed_at);
`

type Row = {
  action: string
  input_hash: string
  owner: string | null
  lease_until: number
  begun_at: number | null
  unclear: number
  record: string | null
}

/**
 * A journal in a file of `node:sqlite`, for the processes of one machine. Readable by its owner alone: it holds
 * what Intercom answered. Throws an `IntercomError` when the file cannot be used.
 */
export function openJournal(file: string): StepJournal {
  let db: DatabaseSync
  try {
    closeSync(openSync(file, 'a', 0o600))
    chmodSync(file, 0o600)
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
    db = new DatabaseSync(file)
    db.exec(schema)
    db.prepare('DELETE FROM steps WHERE lease_until < ?').run(Date.now() - keptMs)
    db.prepare('DELETE FROM claims WHERE claimed_at < ?').run(Date.now() - keptMs)
  } catch (error) {
    throw new IntercomError(`the journal cannot be opened: ${textOf(error)}`, { code: 'journal_failed' })
  }
  return journalOn(db)
}

function journalOn(db: DatabaseSync): StepJournal {
  const read = db.prepare('SELECT * FROM steps WHERE id = ?')
  const insert = db.prepare(
    'INSERT INTO steps (id, action, input_hash, owner, lease_until) VALUES (?, ?, ?, ?, ?)',
  )
  const own = db.prepare('UPDATE steps SET owner = ?, lease_until = ? WHERE id = ?')
  const renew = db.prepare('UPDATE steps SET lease_until = ? WHERE id = ? AND owner = ?')
  const begin = db.prepare(
    'UPDATE steps SET begun_at = ?, unclear = 0, lease_until = ? WHERE id = ? AND owner = ?',
  )
  const unclear = db.prepare('UPDATE steps SET unclear = 1 WHERE id = ? AND owner = ?')
  const keep = db.prepare(
    'UPDATE steps SET record = ?, owner = NULL, lease_until = ? WHERE id = ? AND owner = ?',
  )
  const release = db.prepare(
    'UPDATE steps SET owner = NULL, lease_until = ? WHERE id = ? AND owner = ? AND unclear = 1',
  )
  const forget = db.prepare('DELETE FROM steps WHERE id = ? AND owner = ? AND unclear = 0')
  const claim = db.prepare('INSERT OR IGNORE INTO claims (item, step, claimed_at) VALUES (?, ?, ?)')
  const claimed = db.prepare('SELECT step FROM claims WHERE item = ?')

  function take({ id, action, input_hash }: Step, owner: string): Taken {
    const row = read.get(id) as Row | undefined
    const now = Date.now()
    if (row === undefined) {
      insert.run(id, action, input_hash, owner, now + leaseMs)
      return { state: 'mine', left: null }
    }
    if (row.action !== action || row.input_hash !== input_hash) return { state: 'other_input' }
    if (row.record !== null) return { state: 'finished', record: row.record }
    if (row.owner !== null && row.lease_until > now) return { state: 'running' }
    own.run(owner, now + leaseMs, id)
    const left = row.begun_at === null ? null : { at: row.begun_at, unclear: row.unclear === 1 }
    return { state: 'mine', left }
  }

  return {
    take: async (step, owner) => exclusive(db, () => take(step, owner)),
    renew: async (id, owner) => void renew.run(Date.now() + leaseMs, id, owner),
    begin: async (id, owner, at) => begin.run(at, at + leaseMs, id, owner).changes === 1,
    unclear: async (id, owner) => void unclear.run(id, owner),
    claim: async (item, id) => {
      claim.run(item, id, Date.now())
      return (claimed.get(item) as { step: string } | undefined)?.step === id
    },
    finish: async (id, owner, record) => {
      if (record !== null) keep.run(record, Date.now(), id, owner)
      else if (release.run(Date.now(), id, owner).changes === 0) forget.run(id, owner)
    },
    close: () => db.close(),
  }
}

function exclusive<T>(db: DatabaseSync, act: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = act()
    db.exec('COMMIT')
    return result
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}
