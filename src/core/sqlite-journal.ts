import type { DatabaseSync } from 'node:sqlite'
import { IntercomError } from '../errors.ts'
import { retryWhileBusy, transaction } from '../sqlite/sqlite.ts'
import type { End, Left, Step, StepJournal, Taken } from './journal.ts'
import { openFile, prune } from './sqlite-journal-file.ts'

/** How long a run that says nothing counts as alive. */
const defaultLeaseMs = 5000
const pruneEveryMs = 3_600_000

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
 * A journal in a file of `node:sqlite`, for the processes of one machine and one workspace of Intercom. It holds
 * what Intercom answered. Throws an `IntercomError` when the file cannot be used. Closing waits for the runs that
 * have a step. A run that says nothing for `leaseMs` counts as dead; runs speak every second.
 */
export function openJournal(file: string, leaseMs = defaultLeaseMs): StepJournal {
  return journalOn(openFile(file), leaseMs)
}

function journalOn(db: DatabaseSync, leaseMs: number): StepJournal {
  const read = db.prepare('SELECT * FROM steps WHERE id = ?')
  const insert = db.prepare(
    'INSERT INTO steps (id, action, input_hash, owner, lease_until) VALUES (?, ?, ?, ?, ?)',
  )
  const own = db.prepare('UPDATE steps SET owner = ?, lease_until = ? WHERE id = ?')
  const renew = db.prepare('UPDATE steps SET lease_until = ? WHERE id = ? AND owner = ?')
  // A second request does not make a first one clear: it is looked for from its own time on.
  const begin = db.prepare(
    'UPDATE steps SET begun_at = iif(unclear, begun_at, ?), lease_until = ? WHERE id = ? AND owner = ?',
  )
  const unclear = db.prepare('UPDATE steps SET unclear = 1 WHERE id = ? AND owner = ?')
  const keep = db.prepare(
    'UPDATE steps SET record = ?, owner = NULL, lease_until = ? WHERE id = ? AND owner = ?',
  )
  const release = db.prepare(
    'UPDATE steps SET unclear = max(unclear, ?), owner = NULL, lease_until = ? WHERE id = ? AND owner = ?',
  )
  const forget = db.prepare('DELETE FROM steps WHERE id = ? AND owner = ?')
  const claim = db.prepare('INSERT OR IGNORE INTO claims (item, step, claimed_at) VALUES (?, ?, ?)')
  const claimed = db.prepare('SELECT step FROM claims WHERE item = ?')
  const ownerOf = (item: string) => (claimed.get(item)?.['step'] as string | undefined) ?? null // the column of its table
  const owners = new Set<string>()
  let closing = false
  let prunedAt = Date.now()

  function take({ id, action, input_hash }: Step, owner: string, mayWrite: boolean): Taken | null {
    const row = read.get(id) as Row | undefined // the columns of its table
    const now = Date.now()
    if (row === undefined) {
      if (!mayWrite) return null
      insert.run(id, action, input_hash, owner, now + leaseMs)
      return { state: 'mine', left: null }
    }
    if (row.action !== action || row.input_hash !== input_hash) return { state: 'other_input' }
    if (row.record !== null) return { state: 'finished', record: row.record }
    // A lease from the future is none: the clock was set back.
    if (row.owner !== null && row.lease_until > now && row.lease_until <= now + leaseMs) {
      return { state: 'running' }
    }
    if (!mayWrite) return null
    own.run(owner, now + leaseMs, id)
    return { state: 'mine', left: leftBy(row, now, leaseMs) }
  }

  function finish(id: string, owner: string, end: End): void {
    const now = Date.now()
    if (end === 'undone') forget.run(id, owner)
    else if (end === 'unclear' || end === 'as_found') release.run(end === 'unclear' ? 1 : 0, now, id, owner)
    else keep.run(end.record, now, id, owner)
  }

  function pruneNowAndThen(): void {
    if (Date.now() < prunedAt + pruneEveryMs) return
    prunedAt = Date.now()
    try {
      prune(db)
    } catch {} // the next hour will do
  }

  return {
    take: async (step, owner) => {
      if (closing) throw new IntercomError('the journal is closed', { code: 'journal_failed' })
      owners.add(owner)
      let taken: Taken | undefined
      try {
        pruneNowAndThen()
        taken = await retryWhileBusy(
          () => take(step, owner, false) ?? transaction(db, () => taking(step, owner)),
        )
        return taken
      } finally {
        if (taken?.state !== 'mine') leave(owner)
      }
    },
    renew: async (id, owner) => void renew.run(Date.now() + leaseMs, id, owner),
    begin: (id, owner, at) =>
      retryWhileBusy(() => begin.run(at, Date.now() + leaseMs, id, owner).changes === 1),
    unclear: (id, owner) => retryWhileBusy(() => void unclear.run(id, owner)),
    claim: (item, id) =>
      retryWhileBusy(() => {
        claim.run(item, id, Date.now())
        return ownerOf(item) === id
      }),
    others: (items, id) => retryWhileBusy(() => items.filter((item) => ![null, id].includes(ownerOf(item)))),
    finish: (id, owner, end) => retryWhileBusy(() => finish(id, owner, end)).finally(() => leave(owner)),
    close: () => {
      closing = true
      closeWhenLeft()
    },
  }

  function taking(step: Step, owner: string): Taken {
    const taken = take(step, owner, true)
    if (taken === null) throw new Error('a step that may be written is always taken')
    return taken
  }

  function leave(owner: string): void {
    owners.delete(owner)
    closeWhenLeft()
  }

  function closeWhenLeft(): void {
    if (closing && owners.size === 0 && db.isOpen) db.close()
  }
}

function leftBy({ owner, lease_until, begun_at, unclear }: Row, now: number, leaseMs: number): Left | null {
  if (begun_at === null) return null
  const seen_at = owner === null ? lease_until : lease_until - leaseMs
  // Times in the future say that the clock was set back: no absence can be judged by them.
  return { at: begun_at, seen_at, unclear: unclear === 1 || seen_at > now || begun_at > now }
}
