import type { Database } from '../store/database.ts'
import type { TableName } from '../store/schema.ts'
import type { Cells } from './entities.ts'

/** Who writes, and why. */
export interface Author {
  readonly cause: 'request' | 'clock' | 'control' | 'rewind'
  readonly request_id?: string
  readonly route?: string | undefined
  readonly token?: string
  readonly admin_id?: number
}

/**
 * A row that changed: `i` it came, `u` it changed, `d` it went. `was` is what it was: nothing for a new row, all of one
 * that went, of an update the columns that were set.
 */
export interface RawEntry {
  readonly op: 'i' | 'u' | 'd'
  readonly tbl: TableName
  readonly row_key: string | number
  readonly was: Cells | undefined
}

/** One write: its entries are numbered from `id` to `last`. Without any, all data was replaced. */
export interface RawWrite {
  readonly id: number
  readonly last: number
  /** Unix milliseconds, by the workspace's clock. */
  readonly at: number
  readonly author: Author
  readonly entries: readonly RawEntry[]
}

/** What is kept at most: writes, and bytes of their entries. */
export interface HistoryLimits {
  readonly writes: number
  readonly bytes: number
}

/** So many writes go by between two looks at the limits. */
const unchecked = 100

/** Of a stored write: the number of its last entry, and its bytes. */
export interface Stored {
  readonly last: number
  readonly bytes: number
}

interface Row {
  readonly id: number
  readonly last: number
  readonly at: number
  readonly author: string
  readonly entries: string
}

/** The writes that are kept, oldest first, each stored in the transaction that it tells of. */
export class HistoryLog {
  readonly #db: Database
  readonly #limits: HistoryLimits
  #newest: number
  #writes: number
  #bytes: number
  #sinceCheck = 0

  constructor(db: Database, limits: HistoryLimits) {
    this.#db = db
    this.#limits = limits
    this.#newest = newestOf(db)
    const stored = db.get<{ writes: number; bytes: number | null }>(
      'SELECT count(*) AS writes, sum(octet_length(entries)) AS bytes FROM history_writes',
    )
    this.#writes = stored?.writes ?? 0
    this.#bytes = stored?.bytes ?? 0
  }

  get newest(): number {
    return this.#newest
  }

  /** Inside the write; {@link add} follows when it is committed. */
  store(at: number, author: Author, entries: readonly RawEntry[], id = this.#newest + 1): Stored {
    const last = id + Math.max(entries.length, 1) - 1
    const text = JSON.stringify(entries)
    const sql = 'INSERT INTO history_writes VALUES (?, ?, ?, ?, ?)'
    this.#db.run(sql, id, last, at, JSON.stringify(author), text)
    return { last, bytes: text.length }
  }

  add({ last, bytes }: Stored): void {
    this.#newest = last
    this.#writes += 1
    this.#bytes += bytes
    this.#sinceCheck += 1
    if (this.#sinceCheck >= unchecked) this.#trim()
  }

  /** The writes whose entries come after this number. */
  since(n: number): RawWrite[] {
    return this.#db
      .all<Row>('SELECT * FROM history_writes WHERE id > ? ORDER BY id', n)
      .map(({ id, last, at, author, entries }) => ({
        id,
        last,
        at,
        author: JSON.parse(author) as Author,
        entries: JSON.parse(entries) as RawEntry[],
      }))
  }

  /** Drops the oldest writes when there are too many, or too many bytes. */
  #trim(): void {
    this.#sinceCheck = 0
    while (this.#isOver()) {
      let until = 0
      let dropped = 0
      const oldest = this.#db.all<Stored>(
        'SELECT last, octet_length(entries) AS bytes FROM history_writes ORDER BY id LIMIT ?',
        unchecked,
      )
      for (const { last, bytes } of oldest) {
        if (!this.#isOver()) break
        until = last
        dropped += 1
        this.#writes -= 1
        this.#bytes -= bytes
      }
      forget(this.#db, until, dropped)
    }
  }

  #isOver(): boolean {
    const { writes, bytes } = this.#limits
    return this.#writes > writes || (this.#bytes > bytes && this.#writes > 1)
  }
}

/** The number of the newest entry that there ever was. */
function newestOf(db: Database): number {
  return Math.max(
    db.number('SELECT max(last) FROM history_writes'),
    db.number(`SELECT value FROM history_numbers WHERE name = 'dropped_until'`),
  )
}

/** Drops the writes up to an entry, and counts them. */
function forget(db: Database, until: number, writes: number): void {
  db.write(() => {
    db.run('DELETE FROM history_writes WHERE last <= ?', until)
    db.run('DELETE FROM history_rewinds WHERE n <= ?', until)
    db.run(
      `INSERT INTO history_numbers (name, value) VALUES ('dropped', ?), ('dropped_until', ?)
       ON CONFLICT (name) DO UPDATE SET value = CASE name WHEN 'dropped' THEN value ELSE 0 END + excluded.value`,
      writes,
      until,
    )
  })
}

/**
 * For data that is about to be written without a history: what there is of one would not fit it afterwards, and no
 * checkpoint is within reach.
 */
export function forgetAll(db: Database): void {
  const writes = db.number('SELECT count(*) FROM history_writes')
  const checkpoints = db.number('SELECT count(*) FROM history_checkpoints')
  if (writes + checkpoints > 0) forget(db, newestOf(db) + 1, writes)
}
