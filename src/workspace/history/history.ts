import { hash } from 'node:crypto'
import type { SQLInputValue, StatementResultingChanges, StatementSync } from 'node:sqlite'
import type { Database, Recorder } from '../store/database.ts'
import type { TableName } from '../store/schema.ts'
import { captureOf } from './capture.ts'
import { complete, type Write } from './complete.ts'
import type { Cells } from './entities.ts'
import { isRecorded, keyOf } from './keys.ts'
import { type Author, forgetAll, type HistoryLimits, HistoryLog, type RawEntry, type Stored } from './log.ts'

const defaults: HistoryLimits = { writes: 10_000, bytes: 64 * 1024 * 1024 }

const nobody: Author = { cause: 'control' }

/** Keeps what every write changed: hears each statement, and logs the write with its commit. */
export class History implements Recorder {
  readonly #db: Database
  readonly #now: () => number
  #limits = defaults
  #log: HistoryLog | undefined
  /** What it has told since the last write. */
  #told: { readonly since: number; readonly writes: readonly Write[] } | undefined
  readonly #tokens = new Map<string, string>()
  readonly #listeners = new Set<() => void>()
  #author: Author | undefined
  #at: number | undefined
  #entries: RawEntry[] = []
  #written: Stored | undefined

  constructor(db: Database, now: () => number) {
    this.#db = db
    this.#now = now
  }

  get limits(): HistoryLimits {
    return this.#limits
  }

  /** Whether writes are recorded. */
  get isOn(): boolean {
    return this.#db.recorder === this
  }

  /** Records from the next write on; call it again when the data was replaced. */
  start({ writes, bytes }: { writes?: number | undefined; bytes?: number | undefined } = {}): void {
    const before = this.#limits
    this.#limits = { writes: writes ?? before.writes, bytes: bytes ?? before.bytes }
    this.#log = undefined
    this.#told = undefined
    this.#db.recorder = this
  }

  /** Writes go unrecorded from now on; what was recorded is dropped, because it would not fit them. */
  stop(): void {
    this.#db.recorder = undefined
    this.#log = undefined
    this.#told = undefined
    forgetAll(this.#db)
  }

  get #kept(): HistoryLog {
    this.#log ??= new HistoryLog(this.#db, this.#limits)
    return this.#log
  }

  /**
   * Runs work that replaces or fills all data, without recording its rows. One write without entries says that it
   * happened, numbered after all that were before it; `keeps` leaves the history that came with the data.
   */
  whole(route: string, work: () => void, keeps = false): void {
    if (!this.isOn) {
      work()
      return
    }
    const before = this.newest()
    this.#db.recorder = undefined
    try {
      work()
    } finally {
      if (this.#db.raw.isOpen) this.start()
    }
    const author: Author = { cause: 'control', route }
    this.#db.write(() => {
      if (!keeps) {
        for (const table of ['writes', 'checkpoints', 'rewinds', 'numbers'])
          this.#db.run(`DELETE FROM history_${table}`)
        this.#log = undefined
      }
      const id = Math.max(before, this.newest()) + 1
      this.#written = this.#kept.store(Math.floor(this.#now()), author, [], id)
    })
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
    return this.#kept.newest
  }

  /** The writes after an entry, in order of time. */
  since(n: number): readonly Write[] {
    if (this.#told === undefined || this.#told.since > n)
      this.#told = { since: n, writes: complete(this.#db, this.#kept.since(n)) }
    const { writes } = this.#told
    return writes.slice(writes.findLastIndex(({ id }) => id <= n) + 1)
  }

  /** How many writes were dropped because there were too many. */
  get dropped(): number {
    return this.#db.number(`SELECT value FROM history_numbers WHERE name = 'dropped'`)
  }

  /** The newest entry that was dropped; checkpoints before it are out of reach. */
  get droppedUntil(): number {
    return this.#db.number(`SELECT value FROM history_numbers WHERE name = 'dropped_until'`)
  }

  /** Calls back after each write that changed something; gives what ends that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  begin(at: number | undefined): void {
    this.#at = at
    this.#entries = []
    this.#written = undefined
  }

  capture(sql: string) {
    const captured = captureOf(this.#db, sql)
    return (
      captured &&
      ((statement: StatementSync, values: readonly SQLInputValue[]) =>
        captured(statement, values, this.#entries))
    )
  }

  inserted(
    table: TableName,
    row: Readonly<Record<string, unknown>>,
    rowid: StatementResultingChanges['lastInsertRowid'],
  ): void {
    if (!isRecorded(table)) return
    const keys = keyOf(table)
    const [only = ''] = keys
    const given =
      keys.length === 1 ? (row[only] ?? Number(rowid)) : JSON.stringify(keys.map((name) => row[name]))
    this.#entries.push({ op: 'i', tbl: table, row_key: given as string | number, was: undefined })
  }

  updated(table: TableName, id: number, names: readonly string[], before: Cells): void {
    const was: Record<string, Cells[string]> = {}
    for (const name of names) was[name] = before[name] ?? null
    this.#entries.push({ op: 'u', tbl: table, row_key: id, was })
  }

  end(): void {
    const entries = this.#entries
    if (entries.length === 0) return
    const at = Math.floor(this.#at ?? this.#now())
    this.#written = this.#kept.store(at, this.#author ?? nobody, entries)
  }

  settle(): void {
    const written = this.#written
    if (written === undefined) return
    this.#written = undefined
    this.#told = undefined
    this.#kept.add(written)
    for (const listener of this.#listeners) listener()
  }
}
