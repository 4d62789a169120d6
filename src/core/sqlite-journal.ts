import type { DatabaseSync } from 'node:sqlite'
import { IntercomError } from '../errors.ts'
import {
  atMostEvery,
  type Layout,
  leaseHeld,
  openPrivateFile,
  presenceOf,
  retryWhileBusy,
  retryWhileBusySync,
  transaction,
} from '../sqlite/sqlite.ts'
import {
  type Acquired,
  type AttemptResult,
  type EarlierAttempt,
  type Journal,
  type JournalEntries,
  type Operation,
  type Peeked,
  retentionMs,
} from './journal.ts'
import { entriesOf } from './journal-entries.ts'
import type { Step } from './story.ts'

/** How long an owner that does not renew its lease counts as alive. */
const defaultLeaseMs = 5000
const pruneEveryMs = 3_600_000

const layout: Layout = {
  name: 'journal',
  code: 'journal_failed',
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
  record TEXT,
  begun_at INTEGER,
  story TEXT
) STRICT;
CREATE TABLE claims (
  item TEXT PRIMARY KEY,
  key TEXT NOT NULL,
  claimed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX operations_by_time ON operations (lease_until);
CREATE INDEX claims_by_time ON claims (claimed_at)`,
}

/** Columns that files of earlier versions lack. Processes of those versions can use a file that has them. */
const laterColumns = { begun_at: 'INTEGER', story: 'TEXT' }
/** Bytes of an operation's story; what does not fit is left out. */
const longestStory = 8192

type Row = {
  action: string
  input_hash: string
  owner: string | null
  lease_until: number
  sent_at: number | null
  unknown: number
  record: string | null
  held: number
}

type Counted = { rows: number; bytes: number; last: string }

/** A journal that can list what it holds. */
export type FileJournal = Journal & {
  readonly id: string
  peek(key: string): Promise<Peeked>
  /** Whether an operation was begun under this key, however it went on. */
  holds(key: string): boolean
  /** Bytes that the operations under keys with this prefix take, about. */
  spaceOf(prefix: string): Promise<number>
  readonly entries: JournalEntries
}

/** Bytes of an operation beside its record, about. */
export const operationBytes = 300
const countedAtOnce = 5000

/**
 * A journal in a file of `node:sqlite`, for the processes of one machine and one workspace of Intercom. It holds
 * what Intercom answered. Throws an `IntercomError` when the file cannot be used. Closing waits for the attempts that
 * hold a lease. One that does not renew it for `leaseMs` counts as dead; they renew every second.
 */
export function openJournal(file: string, leaseMs = defaultLeaseMs): FileJournal {
  const db = openPrivateFile(file, layout)
  addColumns(db)
  const checkPresence = presenceOf(file, layout)
  const read = db.prepare(
    `SELECT *, owner IS NOT NULL AND ${leaseHeld('lease_until', leaseMs)} AS held FROM operations WHERE key = :key`,
  )
  const insert = db.prepare(
    'INSERT INTO operations (key, action, input_hash, owner, lease_until, begun_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const takeOver = db.prepare('UPDATE operations SET owner = ?, lease_until = ? WHERE key = ?')
  const renew = db.prepare('UPDATE operations SET lease_until = ? WHERE key = ? AND owner = ?')
  // A second request says nothing of a first one whose outcome is unknown: that is looked for from its own time on.
  const recordSend = db.prepare(
    'UPDATE operations SET sent_at = iif(unknown, sent_at, ?), lease_until = ? WHERE key = ? AND owner = ?',
  )
  const recordUnknown = db.prepare('UPDATE operations SET unknown = 1 WHERE key = ? AND owner = ?')
  const longer = 'coalesce(story || char(10) || :story, story, :story)'
  const story = `story = iif(octet_length(${longer}) > ${longestStory}, story, ${longer})`
  const complete = db.prepare(
    `UPDATE operations SET record = :record, owner = NULL, lease_until = :now, ${story} WHERE key = :key AND owner = :owner`,
  )
  const release = db.prepare(
    `UPDATE operations SET unknown = max(unknown, :unknown), owner = NULL, lease_until = :now, ${story}
     WHERE key = :key AND owner = :owner`,
  )
  const remove = db.prepare('DELETE FROM operations WHERE key = ? AND owner = ?')
  const claim = db.prepare('INSERT OR IGNORE INTO claims (item, key, claimed_at) VALUES (?, ?, ?)')
  const claimed = db.prepare('SELECT key FROM claims WHERE item = ?')
  const ownerOf = (item: string) => (claimed.get(item)?.['key'] as string | undefined) ?? null // the column of its table
  const counted = db.prepare(
    `SELECT count(*) AS rows, coalesce(sum(bytes), 0) AS bytes, max(key) AS last FROM
     (SELECT key, coalesce(octet_length(record), 0) + coalesce(octet_length(story), 0) AS bytes FROM operations WHERE key > ? AND key < ? ORDER BY key LIMIT ${countedAtOnce})`,
  )
  const id = identityOf(db)
  const owners = new Set<string>()
  let closing = false
  const prune = atMostEvery(pruneEveryMs, () => {
    const before = Date.now() - retentionMs
    db.prepare('DELETE FROM operations WHERE lease_until < ?').run(before)
    db.prepare('DELETE FROM claims WHERE claimed_at < ?').run(before)
  })

  function acquire(
    { key, action, input_hash }: Operation,
    owner: string,
    mayWrite: boolean,
  ): Acquired | null {
    const now = Date.now()
    const row = read.get({ key, now }) as Row | undefined // the columns of its table
    if (row === undefined) {
      if (!mayWrite) return null
      insert.run(key, action, input_hash, owner, now + leaseMs, now)
      return { state: 'acquired', earlier: null }
    }
    if (row.action !== action || row.input_hash !== input_hash) return { state: 'mismatch' }
    if (row.record !== null) return { state: 'finished', record: row.record }
    if (row.held === 1) return { state: 'running' }
    if (!mayWrite) return null
    takeOver.run(owner, now + leaseMs, key)
    return { state: 'acquired', earlier: earlierOf(row, now, leaseMs) }
  }

  function finish(key: string, owner: string, result: AttemptResult, steps: readonly Step[] = []): void {
    const ended = { key, owner, now: Date.now(), story: steps.length === 0 ? null : JSON.stringify(steps) }
    if (result === 'no_effect') remove.run(key, owner)
    else if (typeof result === 'string') release.run({ ...ended, unknown: result === 'unknown' ? 1 : 0 })
    else complete.run({ ...ended, record: result.record })
  }

  return {
    id,
    peek: (key) =>
      retryWhileBusy(() => {
        checkPresence()
        const row = read.get({ key, now: Date.now() }) as Row | undefined // the columns of its table
        if (row === undefined) return { state: 'none' }
        if (row.record !== null) return { state: 'finished', record: row.record }
        if (row.held === 1) return { state: 'running' }
        return { state: 'stopped', sent: row.sent_at !== null, input_hash: row.input_hash }
      }),
    acquire: async (operation, owner) => {
      if (closing) throw new IntercomError('the journal is closed', { code: 'journal_failed' })
      checkPresence()
      owners.add(owner)
      let acquired: Acquired | undefined
      try {
        try {
          prune()
        } catch {} // the next hour will do
        acquired = await retryWhileBusy(
          () => acquire(operation, owner, false) ?? transaction(db, () => acquiring(operation, owner)),
        )
        return acquired
      } finally {
        if (acquired?.state !== 'acquired') released(owner)
      }
    },
    renew: async (key, owner) => void renew.run(Date.now() + leaseMs, key, owner),
    recordSend: (key, owner, at) =>
      retryWhileBusy(() => {
        checkPresence()
        return recordSend.run(at, Date.now() + leaseMs, key, owner).changes === 1
      }),
    recordUnknown: (key, owner) => retryWhileBusy(() => void recordUnknown.run(key, owner)),
    claim: (item, key) =>
      retryWhileBusy(() => {
        claim.run(item, key, Date.now())
        return ownerOf(item) === key
      }),
    claimedByOthers: (items, key) =>
      retryWhileBusy(() => items.filter((item) => ![null, key].includes(ownerOf(item)))),
    finish: (key, owner, result, steps) =>
      retryWhileBusy(() => finish(key, owner, result, steps)).finally(() => released(owner)),
    entries: entriesOf(db, leaseMs, checkPresence),
    holds: (key) => read.get({ key, now: Date.now() }) !== undefined,
    async spaceOf(prefix) {
      let space = 0
      for (
        let from: string | null = prefix;
        from !== null;
        await new Promise((resolve) => setImmediate(resolve))
      ) {
        const { rows, bytes, last } = counted.get(from, `${prefix}\u{10ffff}`) as Counted
        space += bytes + rows * operationBytes
        from = rows < countedAtOnce ? null : last
      }
      return space
    },
    close: () => {
      closing = true
      closeWhenIdle()
    },
  }

  function acquiring(operation: Operation, owner: string): Acquired {
    const acquired = acquire(operation, owner, true)
    if (acquired === null) throw new Error('in a transaction an operation is always acquired')
    return acquired
  }

  function released(owner: string): void {
    owners.delete(owner)
    closeWhenIdle()
  }

  function closeWhenIdle(): void {
    if (closing && owners.size === 0 && db.isOpen) db.close()
  }
}

function addColumns(db: DatabaseSync): void {
  const missing = () => {
    const there = db.prepare("SELECT name FROM pragma_table_info('operations')").all()
    return Object.entries(laterColumns).filter(([column]) => !there.some(({ name }) => name === column))
  }
  retryWhileBusySync(() => {
    if (missing().length === 0) return
    transaction(db, () => {
      for (const [column, type] of missing()) db.exec(`ALTER TABLE operations ADD COLUMN ${column} ${type}`)
    })
  })
}

/** Made with the file, or by the first that asks for it: older versions of this program do not look at the table. */
function identityOf(db: DatabaseSync): string {
  const known = () =>
    db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'identity'").get() &&
    db.prepare('SELECT id FROM identity').get()?.['id']
  const found = retryWhileBusySync(
    () =>
      known() ??
      transaction(db, () => {
        db.exec('CREATE TABLE IF NOT EXISTS identity (id TEXT NOT NULL) STRICT')
        db.prepare('INSERT INTO identity SELECT ? WHERE NOT EXISTS (SELECT 1 FROM identity)').run(
          crypto.randomUUID(),
        )
        return known()
      }),
  )
  return String(found)
}

function earlierOf(
  { owner, lease_until, sent_at, unknown }: Row,
  now: number,
  leaseMs: number,
): EarlierAttempt | null {
  if (sent_at === null) return null
  const alive_at = owner === null ? lease_until : lease_until - leaseMs
  // Times in the future mean that the clock was set back: they prove no absence.
  return { sent_at, alive_at, unknown: unknown === 1 || alive_at > now || sent_at > now }
}
