import { retryWhileBusy, transaction } from '../sqlite/sqlite.ts'
import { openInboxFile } from './inbox-file.ts'
import type { Event } from './notification.ts'

/** How long a worker that says nothing counts as alive, ms; it speaks every second. */
const defaultLeaseMs = 5000
/** How long a delivery waits for the file; Intercom waits 5 s for the answer (docs/intercom-api.md 6). */
const receiveMs = 3000
const pruneEveryMs = 60_000
/** Failed events are kept for somebody to look at them, ms. */
const failedMs = 30 * 24 * 3600 * 1000
/** No event waits longer than an hour to be tried again; one that would was written before the clock was set back. */
const longestPauseMs = 3_600_000

/** An event that a worker holds. */
export type Work = {
  number: number
  id: string
  topic: string
  body: string
  attempts: number
  owner: string
}

/** An event that was given up. */
type FailedEvent = { id: string; topic: string; attempts: number; body: string }

/** What became of an event that came in. */
export type Received = 'new' | 'known' | 'full'

/** The events of one file, which several processes may share; each event is at one of them at a time. */
export type Inbox = ReturnType<typeof openInbox>

/**
 * Opens an inbox that remembers events that are done for `keptMs` after they happened, or came, whichever is later.
 * Throws an `IntercomError` when the file cannot be used.
 */
export function openInbox(
  file: string,
  { keptMs, maxWaiting, leaseMs = defaultLeaseMs }: { keptMs: number; maxWaiting: number; leaseMs?: number },
) {
  const db = openInboxFile(file)
  const insert = db.prepare(
    'INSERT OR IGNORE INTO events (id, topic, subject, created_at, state, body, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const known = db.prepare('SELECT 1 FROM events WHERE id = ?')
  const waiting = db.prepare("SELECT count(*) AS n FROM events WHERE state = 'waiting'")
  // A lease from the future is none: the clock was set back.
  const alive = (row: string) => `(${row}.lease_until > :now AND ${row}.lease_until <= :now + ${leaseMs})`
  const next = db.prepare(`
    SELECT number, id, topic, body, attempts FROM events AS event
    WHERE state = 'waiting' AND (due_at <= :now OR due_at > :now + ${longestPauseMs}) AND NOT ${alive('event')}
      AND NOT EXISTS (SELECT 1 FROM events AS other
        WHERE other.state = 'waiting' AND other.subject = event.subject AND ${alive('other')})
    ORDER BY created_at, number LIMIT 1`)
  const own = db.prepare(
    'UPDATE events SET owner = ?, lease_until = ?, attempts = attempts + 1 WHERE number = ?',
  )
  const renew = db.prepare('UPDATE events SET lease_until = ? WHERE number = ? AND owner = ?')
  const end = db.prepare(`
    UPDATE events SET state = ?, body = iif(? = 'done', NULL, body), owner = NULL, lease_until = 0, changed_at = ?
    WHERE number = ? AND owner = ?`)
  const again = db.prepare(
    'UPDATE events SET owner = NULL, lease_until = 0, due_at = ?, attempts = ? WHERE number = ? AND owner = ?',
  )
  const failed = db.prepare(
    "SELECT id, topic, attempts, body FROM events WHERE state = 'failed' ORDER BY created_at, number",
  )
  const revive = db.prepare(
    "UPDATE events SET state = 'waiting', attempts = 0, due_at = 0 WHERE id = ? AND state = 'failed'",
  )
  // What polling found is forgotten when its cursor has passed.
  const forget = db.prepare(`
    DELETE FROM events WHERE state = 'done' AND changed_at < :before AND created_at * 1000 < :before
      AND topic NOT GLOB 'polled.*'`)
  const forgetFailed = db.prepare("DELETE FROM events WHERE state = 'failed' AND changed_at < ?")
  let prunedAt = Number.NEGATIVE_INFINITY

  function receive({ id, topic, subject, createdAt, body }: Event, wanted: boolean): Received {
    if (known.get(id) !== undefined) return 'known'
    if (wanted && Number(waiting.get()?.['n']) >= maxWaiting) return 'full'
    const state = wanted ? 'waiting' : 'done'
    insert.run(id, topic, subject, createdAt, state, wanted ? body : null, Date.now())
    return 'new'
  }

  function take(owner: string): Work | undefined {
    const now = Date.now()
    const row = next.get({ now }) as Omit<Work, 'owner'> | undefined // the columns of its table
    if (row === undefined) return undefined
    own.run(owner, now + leaseMs, row.number)
    return { ...row, attempts: row.attempts + 1, owner }
  }

  return {
    db,
    /** On disk when it resolves. An event that nobody wants is only remembered. */
    receive: (event: Event, wanted: boolean) =>
      retryWhileBusy(() => transaction(db, () => receive(event, wanted)), receiveMs),
    /** Within a transaction of the caller's. */
    receiveNow: receive,
    /** The oldest event that is due and whose subject is at nobody; counts as an attempt. */
    take: (owner: string) =>
      retryWhileBusy(() => (next.get({ now: Date.now() }) ? transaction(db, () => take(owner)) : undefined)),
    /** False when it was held for dead and another has the event. */
    renew: ({ number, owner }: Work) => renew.run(Date.now() + leaseMs, number, owner).changes === 1,
    /** False when another has the event by now. */
    end: ({ number, owner }: Work, state: 'done' | 'failed') =>
      retryWhileBusy(() => end.run(state, state, Date.now(), number, owner).changes === 1),
    /** To be taken again after `ms`, with so many attempts on its account. */
    putBack: ({ number, owner }: Work, ms: number, attempts: number) =>
      retryWhileBusy(
        () => void again.run(Date.now() + Math.min(ms, longestPauseMs), attempts, number, owner),
      ),
    failed: () => failed.all() as FailedEvent[], // the columns of its table
    revive: (id: string) => retryWhileBusy(() => revive.run(id).changes === 1),
    /** Once a minute at most: forgets what is older than it is kept. */
    prune(): void {
      if (performance.now() < prunedAt + pruneEveryMs) return
      prunedAt = performance.now()
      const now = Date.now()
      forget.run({ before: now - keptMs })
      forgetFailed.run(now - failedMs)
    },
    close: () => db.isOpen && db.close(),
  }
}
