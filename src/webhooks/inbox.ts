import {
  atMostEvery,
  type Layout,
  leaseHeld,
  openPrivateFile,
  presenceOf,
  retryWhileBusy,
  transaction,
} from '../sqlite/sqlite.ts'
import type { InboxEvent } from './notification.ts'

/** Workers renew their leases every second, ms. */
const defaultLeaseMs = 5000
/** How long a delivery waits for the file, ms; Intercom waits 5 s for the answer (docs/intercom-api.md 6). */
const receiveMs = 3000
const pruneEveryMs = 60_000
/** Failed events are kept for inspection, ms. */
const failedMs = 30 * 24 * 3600 * 1000
/** No event is due later than this; one that seems to be was stored before the clock was set back. */
const maxDelayMs = 3_600_000

const layout: Layout = {
  name: 'webhook store',
  code: 'store_failed',
  version: 1,
  tables: ['events', 'cursors'],
  // `body` is NULL once an event is done: its id remains, to recognize duplicates.
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
CREATE INDEX events_leased ON events (subject, lease_until) WHERE state = 'waiting';
CREATE INDEX events_ended ON events (state, changed_at);
CREATE INDEX events_polled ON events (subject, created_at) WHERE topic GLOB 'polled.*';
CREATE TABLE cursors (
  kind TEXT PRIMARY KEY,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID`,
}

/** An event leased to a worker. */
export type LeasedEvent = {
  number: number
  id: string
  topic: string
  body: string
  attempts: number
  owner: string
}

type FailedEvent = { id: string; topic: string; attempts: number; body: string }

/** `full`: not stored. */
export type Received = 'new' | 'duplicate' | 'full'

/** The events of one file, which processes may share; an event is leased to one worker at a time. */
export type Inbox = ReturnType<typeof openInbox>

/**
 * Opens an inbox that remembers handled events for `keptMs` after they happened or arrived, whichever is later.
 * Throws an `IntercomError` when the file cannot be used.
 */
export function openInbox(
  file: string,
  { keptMs, maxWaiting, leaseMs = defaultLeaseMs }: { keptMs: number; maxWaiting: number; leaseMs?: number },
) {
  const db = openPrivateFile(file, layout)
  const checkPresence = presenceOf(file, layout)
  const insert = db.prepare(
    'INSERT OR IGNORE INTO events (id, topic, subject, created_at, state, body, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const known = db.prepare('SELECT 1 FROM events WHERE id = ?')
  const waiting = db.prepare("SELECT count(*) AS n FROM events WHERE state = 'waiting'")
  const held = (row: string) => leaseHeld(`${row}.lease_until`, leaseMs)
  const next = db.prepare(`
    SELECT number, id, topic, body, attempts FROM events AS event
    WHERE state = 'waiting' AND (due_at <= :now OR due_at > :now + ${maxDelayMs}) AND NOT ${held('event')}
      AND NOT EXISTS (SELECT 1 FROM events AS other
        WHERE other.state = 'waiting' AND other.subject = event.subject AND ${held('other')})
    ORDER BY created_at, number LIMIT 1`)
  const lease = db.prepare(
    'UPDATE events SET owner = ?, lease_until = ?, attempts = attempts + 1 WHERE number = ?',
  )
  const renew = db.prepare('UPDATE events SET lease_until = ? WHERE number = ? AND owner = ?')
  const finish = db.prepare(`
    UPDATE events SET state = ?, body = iif(? = 'done', NULL, body), owner = NULL, lease_until = 0, changed_at = ?
    WHERE number = ? AND owner = ?`)
  const release = db.prepare(
    'UPDATE events SET owner = NULL, lease_until = 0, due_at = ?, attempts = ? WHERE number = ? AND owner = ?',
  )
  const failed = db.prepare(
    "SELECT id, topic, attempts, body FROM events WHERE state = 'failed' ORDER BY created_at, number",
  )
  const retry = db.prepare(
    "UPDATE events SET state = 'waiting', attempts = 0, due_at = 0 WHERE id = ? AND state = 'failed'",
  )
  // The poller forgets its own events once its cursor has passed them.
  const forget = db.prepare(`
    DELETE FROM events WHERE state = 'done' AND changed_at < :before AND created_at * 1000 < :before
      AND topic NOT GLOB 'polled.*'`)
  const forgetFailed = db.prepare("DELETE FROM events WHERE state = 'failed' AND changed_at < ?")
  const prune = atMostEvery(pruneEveryMs, () => {
    const now = Date.now()
    forget.run({ before: now - keptMs })
    forgetFailed.run(now - failedMs)
  })

  function receive({ id, topic, subject, createdAt, body }: InboxEvent, handled: boolean): Received {
    checkPresence()
    if (known.get(id) !== undefined) return 'duplicate'
    if (handled && Number(waiting.get()?.['n']) >= maxWaiting) return 'full'
    const state = handled ? 'waiting' : 'done'
    insert.run(id, topic, subject, createdAt, state, handled ? body : null, Date.now())
    return 'new'
  }

  function take(owner: string): LeasedEvent | undefined {
    const now = Date.now()
    const row = next.get({ now }) as Omit<LeasedEvent, 'owner'> | undefined // the columns of its table
    if (row === undefined) return undefined
    lease.run(owner, now + leaseMs, row.number)
    return { ...row, attempts: row.attempts + 1, owner }
  }

  return {
    db,
    /** Resolves once the event is on disk. One that has no handler is only remembered. */
    receive: (event: InboxEvent, handled: boolean) =>
      retryWhileBusy(() => transaction(db, () => receive(event, handled)), receiveMs),
    /** The same within a transaction of the caller's. */
    receiveNow: receive,
    /** Leases the oldest due event whose subject nobody is handling, and counts an attempt. */
    take: (owner: string) =>
      retryWhileBusy(() => {
        checkPresence()
        return next.get({ now: Date.now() }) ? transaction(db, () => take(owner)) : undefined
      }),
    /** False if the lease expired and another worker has the event. */
    renew: ({ number, owner }: LeasedEvent) => renew.run(Date.now() + leaseMs, number, owner).changes === 1,
    /** False if another worker has the event. */
    finish: ({ number, owner }: LeasedEvent, state: 'done' | 'failed') =>
      retryWhileBusy(() => finish.run(state, state, Date.now(), number, owner).changes === 1),
    /** Gives up the lease: the event is due again after `ms`, with this many attempts counted. */
    release: ({ number, owner }: LeasedEvent, ms: number, attempts: number) =>
      retryWhileBusy(() => void release.run(Date.now() + Math.min(ms, maxDelayMs), attempts, number, owner)),
    failed: () => failed.all() as FailedEvent[], // the columns of its table
    /** Makes a failed event wait again, with no attempts counted; false if there is none. */
    retry: (id: string) => retryWhileBusy(() => retry.run(id).changes === 1),
    /** Forgets what has expired, at most once a minute. */
    prune,
    close: () => db.isOpen && db.close(),
  }
}
