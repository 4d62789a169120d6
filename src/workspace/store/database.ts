import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'
import { Statements } from './statements.ts'

/** SQLite replans a statement for each value of a bare `LIMIT ?`, which costs more than most statements do. */
const boundLimit = /\b(LIMIT|OFFSET) \?/g

type Values = readonly SQLOutputValue[]

/** A prepared statement and what makes its rows. */
interface Prepared {
  readonly statement: StatementSync
  readonly rowOf: (values: Values) => object
  /** How the history hears what it writes; null if it writes nothing that is recorded. */
  captured?: Captured | null
}

/** Runs a statement and hears what it changes; gives how many rows that is. */
type Captured = (statement: StatementSync, values: readonly SQLInputValue[]) => number

/** The history: hears statements, and keeps what they changed with their transaction. */
export interface Recorder {
  /** Before a transaction; `at` is its time if that is not now. */
  begin(at: number | undefined): void
  capture(sql: string): Captured | undefined
  /** At the end of its work. */
  end(): void
  /** After its commit. */
  settle(): void
}

/**
 * A SQLite connection with cached statements and write transactions. Values are always bound; SQL text is only built
 * from names of this program.
 */
export class Database {
  #raw: DatabaseSync
  readonly #statements = new Statements((sql) => prepared(this.#raw, sql))
  #writing = false
  recorder: Recorder | undefined
  /** Called after every commit, with its time if that is not now. */
  committed: ((at: number | undefined) => void) | undefined

  constructor(raw: DatabaseSync) {
    this.#raw = raw
  }

  get isWriting(): boolean {
    return this.#writing
  }

  get raw(): DatabaseSync {
    return this.#raw
  }

  /** Switches to another connection and closes the current one; see {@link Store.swap}. */
  swap(raw: DatabaseSync): void {
    this.close()
    this.#raw = raw
  }

  /** The prepared statement, cached while it is used. */
  prepare(sql: string): Prepared {
    return this.#statements.get(sql)
  }

  /** The first row, or undefined. The caller names the row's type: it is the one that wrote the SELECT. */
  get<R extends object>(sql: string, ...values: SQLInputValue[]): R | undefined {
    const { statement, rowOf } = this.prepare(sql)
    const row = statement.get(...values) as Values | undefined
    return row && (rowOf(row) as R)
  }

  /** All rows; the statement must carry its own LIMIT where a table can grow. */
  all<R extends object>(sql: string, ...values: SQLInputValue[]): R[] {
    const { statement, rowOf } = this.prepare(sql)
    return (statement.all(...values) as unknown as Values[]).map(rowOf) as R[]
  }

  /** Runs a statement and tells how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    const prepared = this.prepare(sql)
    const { recorder } = this
    if (recorder !== undefined) {
      if (prepared.captured === undefined) prepared.captured = recorder.capture(sql) ?? null
      const { captured } = prepared
      if (captured !== null) {
        if (this.#writing) return captured(prepared.statement, values)
        return this.write(() => captured(prepared.statement, values))
      }
    }
    return Number(prepared.statement.run(...values).changes)
  }

  /** All rows, as arrays. */
  arrays(sql: string, ...values: SQLInputValue[]): Values[] {
    return this.prepare(sql).statement.all(...values) as unknown as Values[]
  }

  /** One number, such as a count; 0 when there is no row. */
  number(sql: string, ...values: SQLInputValue[]): number {
    const row = this.prepare(sql).statement.get(...values) as Values | undefined
    return Number(row?.[0] ?? 0)
  }

  /**
   * Runs `work` as one transaction: committed before this returns, undone when it throws. A write inside a
   * write joins the outer one. `at` is when it happened, in milliseconds of the workspace's clock, where not now.
   */
  write<T>(work: () => T, at?: number): T {
    if (this.#writing) return work()
    this.recorder?.begin(at)
    const result = this.#transaction(work)
    this.committed?.(at)
    this.recorder?.settle()
    return result
  }

  #transaction<T>(work: () => T): T {
    this.run('BEGIN IMMEDIATE')
    this.#writing = true
    try {
      const result = work()
      this.recorder?.end()
      this.run('COMMIT')
      return result
    } catch (error) {
      this.raw.exec('ROLLBACK')
      throw error
    } finally {
      this.#writing = false
    }
  }

  close(): void {
    this.#statements.clear()
    if (this.raw.isOpen) this.raw.close()
  }
}

function prepared(raw: DatabaseSync, sql: string): Prepared {
  const statement = raw.prepare(sql.replaceAll(boundLimit, '$1 CAST(? AS INTEGER)'))
  statement.setReturnArrays(true)
  return { statement, rowOf: rowMaker(statement.columns().map(({ name }) => name)) }
}

/**
 * Makes rows as copies of one object that has all names already. SQLite's own row objects are dictionaries to V8:
 * copying one of sixty columns takes a hundred times as long.
 */
function rowMaker(names: readonly string[]): (values: Values) => object {
  const blank = JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, null])))) as object
  return (values) => {
    const row: Record<string, unknown> = { ...blank }
    for (const [i, name] of names.entries()) row[name] = values[i]
    return row
  }
}
