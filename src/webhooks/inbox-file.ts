import type { Layout } from '../sqlite/sqlite.ts'

/** `body` goes when an event is done: what remains is the id, so that a copy of the event is known. */
export const inboxLayout: Layout = {
  name: 'webhook store',
  code: 'store_failed',
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
