import type { DatabaseSync } from 'node:sqlite'
import { IntercomError, textOf } from '../errors.ts'
import { type Layout, openPrivateFile } from '../sqlite/sqlite.ts'

// `body` goes when an event is done: what remains is the id, so that a copy of the event is known.
const layout: Layout = {
  what: 'an inbox of webhooks',
  version: 1,
  tables: ['events', 'cursors'],
  sql: `
CREATE TABLE events (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  topic TEXT NOT NULL,
  subject TEXT,
  created_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
  body TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL DEFAULT 0,
  owner TEXT,
  lease_until INTEGER NOT NULL DEFAULT 0,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX events_waiting ON events (created_at, number) WHERE state = 'waiting';
CREATE INDEX events_at_work ON events (subject, lease_until) WHERE state = 'waiting';
CREATE INDEX events_ended ON events (state, changed_at);
CREATE INDEX events_polled ON events (subject, created_at) WHERE topic GLOB 'polled.*';
CREATE TABLE cursors (
  kind TEXT PRIMARY KEY,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID`,
}

/**
 * Opens the file of an inbox, which it makes when absent, readable by its owner alone. Throws an `IntercomError`
 * when it cannot be used, is another program's, or of another version.
 */
export function openInboxFile(file: string): DatabaseSync {
  try {
    return openPrivateFile(file, layout)
  } catch (error) {
    throw new IntercomError(`the store of webhooks cannot be opened: ${textOf(error)}`, {
      code: 'store_failed',
      hint: 'Name a file in a local directory that this process may write; it is made when absent.',
    })
  }
}
