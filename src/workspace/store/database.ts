import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

/** Searches of ever new forms must not fill the memory with statements. */
const statementLimit = 400

/** SQLite plans a statement anew for each value of a bare `LIMIT ?`, which costs more than most statements do. */
const boundLimit = /\b(LIMIT|OFFSET) \?/g

/**
 * A SQLite connection with its prepared statements kept, and write transactions. Values are always bound;
 * SQL text is only ever built from names that this program chose.
 */
export class Database {
  #raw: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  #writing = false

  constructor(raw: DatabaseSync) {
    this.#raw = raw
  }

  get raw(): DatabaseSync {
    return this.#raw
  }

  /** Goes on with another connection and closes the one so far; see {@link Store.swap}. */
  swap(raw: DatabaseSync): void {
    this.close()
    this.#raw = raw
  }

  /** The prepared form of a statement, from the cache when it was used before. */
  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.raw.prepare(sql.replaceAll(boundLimit, '$1 CAST(? AS INTEGER)'))
      if (this.#statements.size >= statementLimit) {
        const oldest = this.#statements.keys().next()
        if (!oldest.done) this.#statements.delete(oldest.value)
      }
      this.#statements.set(sql, statement)
    }
    return statement
  }

  /** The first row, or undefined. The caller names the row's type: it is the one that wrote the SELECT. */
  get<R extends object>(sql: string, ...values: SQLInputValue[]): R | undefined {
    return this.prepare(sql).get(...values) as R | undefined
  }

  /** All rows; the statement must carry its own LIMIT where a table can grow. */
  all<R extends object>(sql: string, ...values: SQLInputValue[]): R[] {
    return this.prepare(sql).all(...values) as R[]
  }

  /** Runs a statement and tells how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.prepare(sql).run(...values).changes)
  }

  /** One number, such as a count; 0 when there is no row. */
  number(sql: string, ...values: SQLInputValue[]): number {
    const row = this.prepare(sql).get(...values)
    return row === undefined ? 0 : Number(Object.values(row)[0] ?? 0)
  }

  /**
   * Runs `work` as one transaction: committed before this returns, undone when it throws. A write inside a
   * write joins the outer one.
   */
  write<T>(work: () => T): T {
    if (this.#writing) return work()
    this.prepare('BEGIN IMMEDIATE').run()
    this.#writing = true
    try {
      const result = work()
      this.prepare('COMMIT').run()
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
