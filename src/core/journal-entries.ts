import type { DatabaseSync } from 'node:sqlite'
import { retryWhileBusy } from '../sqlite/sqlite.ts'
import { watched } from '../sqlite/watch.ts'
import type { EntryListing, EntryPage, JournalEntries, JournalEntry } from './journal.ts'
import type { Step } from './story.ts'

/** Rows that one listing looks at. */
const lookedAt = 1000
/** Changes of other processes that are told one by one. */
const mostChanges = 200

/**
 * A key up to and with its first colon: an index over it keeps the order in which operations were begun. A scope may
 * have more colons.
 */
const scopeColumn = "substr(key, 1, instr(key, ':'))"
const indexes = `
CREATE INDEX IF NOT EXISTS operations_of_scope ON operations (${scopeColumn});
CREATE INDEX IF NOT EXISTS operations_open ON operations (${scopeColumn}) WHERE record IS NULL`

/** As `serialized` writes a success. */
const successful = `substr(record, 1, 25) = '{"output":{"success":true'`

type Row = {
  key: string
  action: string
  seq: number
  owner: string | null
  lease_until: number
  sent_at: number | null
  unknown: number
  record: string | null
  begun_at: number | null
  story: string | null
}

type Brief = { seq: number; key: string; action: string; success: number | null }

/**
 * Reads a journal's file. The first look makes its indexes, which takes a second or so for every million operations;
 * a file that nobody looks into does without them. `check` throws when the file cannot be read.
 */
export function entriesOf(db: DatabaseSync, leaseMs: number, check: () => void): JournalEntries {
  let isIndexed = false
  const { listen } = watched(db, changedSince)

  async function reading<T>(act: () => T): Promise<T> {
    return await retryWhileBusy(() => {
      check()
      if (!isIndexed) db.exec(indexes)
      isIndexed = true
      return act()
    })
  }

  const byKey = () => db.prepare('SELECT rowid AS seq, * FROM operations WHERE key = ?')

  function list(scope: string, { limit, before, open, action, success }: EntryListing): EntryPage {
    const brief = db.prepare(
      `SELECT rowid AS seq, key, action, ${success === undefined ? 'NULL' : `iif(record IS NULL, NULL, ${successful})`} AS success
       FROM operations WHERE ${scopeColumn} = ? AND rowid < ? ${open === true ? 'AND record IS NULL' : ''}
       ORDER BY rowid DESC LIMIT ${lookedAt}`,
    )
    const whole = db.prepare('SELECT rowid AS seq, * FROM operations WHERE rowid = ?')
    const entries: JournalEntry[] = []
    const own = `${scope}:`
    const first = own.slice(0, own.indexOf(':') + 1)
    let seen = 0
    let last = before ?? Number.MAX_SAFE_INTEGER
    for (const one of brief.iterate(first, last) as Iterable<Brief>) {
      if (entries.length === limit) return { entries, next: last }
      seen += 1
      last = one.seq
      if (!one.key.startsWith(own)) continue
      if (action !== undefined && one.action !== action) continue
      if (success !== undefined && (one.success ?? 0) !== (success ? 1 : 0)) continue
      const row = whole.get(one.seq) as Row | undefined
      if (row !== undefined) entries.push(entryOf(row, leaseMs))
    }
    return { entries, next: seen === lookedAt ? last : null }
  }

  /** The keys that were written to, by the index of their leases. */
  function changedSince(since: number): (string | null)[] {
    const changed = db
      .prepare('SELECT key FROM operations WHERE lease_until >= ? LIMIT ?')
      .all(since, mostChanges)
    return changed.length === mostChanges ? [null] : changed.map(({ key }) => String(key))
  }

  return {
    list: (scope, listing) => reading(() => list(scope, listing)),
    get: (key) =>
      reading(() => {
        const row = byKey().get(key) as Row | undefined // the columns of its table
        return row === undefined ? null : entryOf(row, leaseMs)
      }),
    listen,
  }
}

function entryOf(row: Row, leaseMs: number): JournalEntry {
  const { key, action, seq, begun_at, sent_at, owner, lease_until, record } = row
  const now = Date.now()
  const isHeld = owner !== null && lease_until > now && lease_until <= now + leaseMs
  const state = record !== null ? 'finished' : isHeld ? 'running' : 'stopped'
  return {
    ...{ key, action, seq, begun_at, sent_at, record, state },
    changed_at: owner === null ? lease_until : lease_until - leaseMs,
    died: state === 'stopped' && owner !== null,
    unknown: row.unknown === 1,
    steps: stepsIn(row.story),
  }
}

/** The steps of all attempts, a line of JSON for each. What a later one repeats of an earlier one is left out. */
function stepsIn(story: string | null): Step[] {
  const attempts = (story ?? '').split('\n').flatMap((line) => (line === '' ? [] : [lineOf(line)]))
  return attempts.flatMap((steps, index) => (index === 0 ? steps : steps.filter(({ earlier }) => !earlier)))
}

function lineOf(line: string): Step[] {
  try {
    return JSON.parse(line) as Step[] // as `finish` wrote it
  } catch {
    return []
  }
}
