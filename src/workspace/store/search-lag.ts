import type { SQLInputValue } from 'node:sqlite'
import type { Clock } from '../clock.ts'
import type { Database } from './database.ts'

type Lagging = 'contacts' | 'conversations'
type Where = { readonly sql: string; readonly values: readonly SQLInputValue[] }

const key = { contacts: 'seq', conversations: 'id' } as const

/** The newest rows of the two searched tables at some moment. */
interface Mark {
  readonly at: number
  readonly contacts: number
  readonly conversations: number
}

/**
 * Hides rows from searches, lists of contacts and messages for a while after they were made, as Intercom does
 * (dossier 1.9). Keys rise in the order of creation, so "older than the lag" is a bound on the key, whatever
 * date a row bears. Changes of rows that are visible already show at once.
 */
export class SearchLag {
  readonly #db: Database
  readonly #clock: Clock
  #marks: Mark[] = []
  #seconds = 0

  constructor(db: Database, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  get seconds(): number {
    return this.#seconds
  }

  /** Sets the lag, 0 for none. What exists is visible; what is made from now on appears late. */
  set(seconds: number): void {
    this.#seconds = seconds
    this.#marks = seconds === 0 ? [] : [this.#mark(Number.NEGATIVE_INFINITY)]
  }

  /** Called after every write: what it made appears when the lag has passed. */
  wrote(): void {
    if (this.#seconds === 0) return
    const mark = this.#mark(this.#clock.now())
    const step = this.#seconds * 10
    // Writes within a hundredth of the lag share the mark of the last of them, so that marks stay few.
    if (mark.at - (this.#marks.at(-2)?.at ?? Number.NEGATIVE_INFINITY) < step) this.#marks.pop()
    this.#marks.push(mark)
    if (this.#marks.length > 300) this.#bound('contacts')
  }

  /** Adds the lag to a condition of a search; without lag the condition stays as it is. */
  narrow(table: Lagging, where: Where): Where {
    const bound = this.#bound(table)
    if (bound === undefined) return where
    // The plus leaves the choice of an index to the search itself.
    return { sql: `(${where.sql}) AND +${table}.${key[table]} <= ?`, values: [...where.values, bound] }
  }

  /** Whether a row cannot be found yet. */
  hides(table: Lagging, rowKey: number): boolean {
    const bound = this.#bound(table)
    return bound !== undefined && rowKey > bound
  }

  #bound(table: Lagging): number | undefined {
    if (this.#seconds === 0) return undefined
    const settled = this.#clock.now() - this.#seconds * 1000
    const at = this.#marks.findLastIndex((mark) => mark.at <= settled)
    if (at > 0) this.#marks.splice(0, at)
    return this.#marks[0]?.[table] ?? 0
  }

  #mark(at: number): Mark {
    return {
      at,
      contacts: this.#db.number('SELECT max(seq) FROM contacts'),
      conversations: this.#db.number('SELECT max(id) FROM conversations'),
    }
  }
}
