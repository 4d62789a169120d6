import { hash } from 'node:crypto'
import type { Database } from '../store/database.ts'
import { authorFunction, createTriggers, dropTriggers } from './triggers.ts'

/** Who writes, and why. */
export interface Author {
  readonly cause: 'request' | 'clock' | 'control' | 'rewind'
  readonly request_id?: string
  readonly route?: string | undefined
  readonly token?: string
  readonly admin_id?: number
}

/** What is kept at most: writes, and bytes of their entries. The oldest are dropped, and counted. */
export interface HistoryLimits {
  readonly writes: number
  readonly bytes: number
}

const defaults: HistoryLimits = { writes: 10_000, bytes: 64 * 1024 * 1024 }

/** So many writes go by between two looks at the limits. */
const unchecked = 100

/**
 * Keeps what every write changed, beside the data and in the same transaction: triggers write an entry for each row,
 * the first of a write with its head, which says who wrote, when and why.
 */
export class History {
  readonly #db: Database
  readonly #now: () => number
  #limits = defaults
  readonly #tokens = new Map<string, string>()
  readonly #listeners = new Set<() => void>()
  #author: Author | undefined
  #at: number | undefined
  /** Whether the running write has entries already. */
  #begun = false
  #hears = false
  #sinceCheck = 0
  #counted = { n: 0, writes: 0, bytes: 0 }
  #wrote = false

  constructor(db: Database, now: () => number) {
    this.#db = db
    this.#now = now
  }

  get limits(): HistoryLimits {
    return this.#limits
  }

  /** Records from the next write on; call it again when the connection was replaced. */
  start(limits: Partial<HistoryLimits> = {}): void {
    this.#limits = { ...this.#limits, ...limits }
    const { raw } = this.#db
    if (this.#hears) raw.exec(dropTriggers())
    raw.function(authorFunction, () => this.#head())
    this.#hears = false
    this.#sinceCheck = unchecked
    this.#counted = { n: 0, writes: 0, bytes: 0 }
    this.#db.beginning = (at) => this.#begin(at)
    this.#db.committing = () => this.#end()
    this.#db.settled = () => this.#tell()
  }

  /**
   * Runs work that replaces or fills all data, without recording its rows. One entry says that it happened, numbered
   * after all that were before it; `keeps` leaves the history that came with the data.
   */
  whole(route: string, work: () => void, keeps = false): void {
    const before = this.newest()
    if (this.#hears) this.#db.raw.exec(dropTriggers())
    this.#hears = false
    this.#db.beginning = undefined
    this.#db.committing = undefined
    try {
      work()
    } finally {
      if (this.#db.raw.isOpen) this.start()
    }
    this.#db.write(() => {
      if (!keeps) {
        for (const table of ['history', 'history_checkpoints', 'history_rewinds', 'history_numbers'])
          this.#db.run(`DELETE FROM ${table}`)
      }
      const head = JSON.stringify({ at: this.#now(), cause: 'control', route })
      const sql = `INSERT INTO history (n, op, tbl, row_key, data, head) VALUES (?, 'x', '', '', '{}', ?)`
      this.#db.run(sql, Math.max(before, this.newest()) + 1, head)
    })
    this.#tell()
  }

  /** Runs work whose writes are this author's. */
  by<T>(author: Author, work: () => T): T {
    const before = this.#author
    this.#author = author
    try {
      return work()
    } finally {
      this.#author = before
    }
  }

  /** What stands for a token in the history, and cannot be used as one. */
  tokenId(token: string): string {
    const known = this.#tokens.get(token)
    if (known !== undefined) return known
    if (this.#tokens.size >= 1_000) this.#tokens.clear()
    const id = `token-${hash('sha256', token).slice(0, 10)}`
    this.#tokens.set(token, id)
    return id
  }

  /** The number of the newest entry, 0 if there is none. */
  newest(): number {
    return this.#db.number('SELECT max(n) FROM history')
  }

  /** How many writes were dropped because there were too many. */
  get dropped(): number {
    return this.#db.number(`SELECT value FROM history_numbers WHERE name = 'dropped'`)
  }

  /** Calls back after each write that left entries; gives what ends that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(): void {
    if (!this.#wrote) return
    this.#wrote = false
    for (const listener of this.#listeners) listener()
  }

  #begin(at: number | undefined): void {
    this.#at = at
    this.#begun = false
    if (this.#hears) return
    // Most workspaces of a test suite are only read.
    this.#db.raw.exec(createTriggers())
    this.#hears = true
  }

  #head(): string | null {
    if (this.#begun) return null
    this.#begun = true
    return JSON.stringify({
      at: Math.floor(this.#at ?? this.#now()),
      ...(this.#author ?? { cause: 'control' }),
    })
  }

  #end(): void {
    if (!this.#begun) return
    this.#begun = false
    this.#wrote = true
    this.#sinceCheck += 1
    if (this.#sinceCheck < unchecked) return
    this.#sinceCheck = 0
    this.#trim()
  }

  /** Drops the oldest writes when there are too many, or too many bytes. */
  #trim(): void {
    const { n, writes, bytes } = this.#size(this.#counted.n)
    const counted = { n, writes: this.#counted.writes + writes, bytes: this.#counted.bytes + bytes }
    this.#counted = counted
    while (
      counted.writes > this.#limits.writes ||
      (counted.bytes > this.#limits.bytes && counted.writes > 1)
    ) {
      const next = this.#db.number(
        'SELECT n FROM history WHERE head IS NOT NULL ORDER BY n LIMIT 1 OFFSET ?',
        Math.min(Math.max(counted.writes - this.#limits.writes, 1), unchecked),
      )
      const gone = this.#size(0, next)
      this.#db.run('DELETE FROM history WHERE n < ?', next)
      this.#db.run('DELETE FROM history_rewinds WHERE n < ?', next)
      counted.writes -= gone.writes
      counted.bytes -= gone.bytes
      this.#db.run(
        `INSERT INTO history_numbers (name, value) VALUES ('dropped', ?), ('dropped_until', ?)
         ON CONFLICT (name) DO UPDATE SET value = CASE name WHEN 'dropped' THEN value ELSE 0 END + excluded.value`,
        gone.writes,
        next - 1,
      )
    }
  }

  /** Of the entries after one and before another: the last, the writes they belong to, and their bytes. */
  #size(after: number, before = Number.MAX_SAFE_INTEGER): { n: number; writes: number; bytes: number } {
    const size = this.#db.get<{ n: number | null; writes: number; bytes: number | null }>(
      'SELECT max(n) AS n, count(head) AS writes, sum(octet_length(data)) AS bytes FROM history WHERE n > ? AND n < ?',
      after,
      before,
    )
    return { n: size?.n ?? after, writes: size?.writes ?? 0, bytes: size?.bytes ?? 0 }
  }
}
