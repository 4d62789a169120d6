import type { DatabaseSync } from 'node:sqlite'
import { IntercomError, textOf } from '../errors.ts'
import { type Layout, openPrivateFile, retryWhileBusySync } from '../sqlite/sqlite.ts'

/** How long the outcome of an operation is kept, known or not, ms. */
const keptMs = 30 * 24 * 3600 * 1000

const layout: Layout = {
  what: 'a journal',
  version: 1,
  tables: ['operations', 'claims'],
  sql: `
CREATE TABLE operations (
  key TEXT PRIMARY KEY,
  action TEXT NOT NULL,
  input_hash TEXT NOT NULL,
  owner TEXT,
  lease_until INTEGER NOT NULL,
  sent_at INTEGER,
  unknown INTEGER NOT NULL DEFAULT 0,
  record TEXT
) STRICT;
CREATE TABLE claims (
  item TEXT PRIMARY KEY,
  key TEXT NOT NULL,
  claimed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX operations_by_time ON operations (lease_until);
CREATE INDEX claims_by_time ON claims (claimed_at)`,
}

/**
 * Opens the file of a journal, which it makes when absent, readable by its owner alone. Throws an `IntercomError`
 * when it cannot be used, is another program's, or of another version.
 */
export function openFile(file: string): DatabaseSync {
  try {
    const db = openPrivateFile(file, layout)
    retryWhileBusySync(() => prune(db))
    return db
  } catch (error) {
    throw new IntercomError(`the journal cannot be opened: ${textOf(error)}`, {
      code: 'journal_failed',
      hint: 'Name a file in a local directory that this process may write; it is made when absent.',
    })
  }
}

/** Forgets what is older than it is kept. */
export function prune(db: DatabaseSync): void {
  const before = Date.now() - keptMs
  db.prepare('DELETE FROM operations WHERE lease_until < ?').run(before)
  db.prepare('DELETE FROM claims WHERE claimed_at < ?').run(before)
}
