import type { Outcome } from '../errors.ts'

/** What became of a row. */
export type RowOutcome = 'success' | Outcome

const codes: (RowOutcome | null)[] = [null, 'success', 'rejected', 'not_sent', 'unknown']

/** How many rows ended how. */
export type Counts = { succeeded: number; failed: number; unknown: number }

/** The outcome of every row of a job in one byte each, so that a million rows are a megabyte. */
export class Outcomes {
  readonly #codes: Uint8Array
  readonly counts: Counts = { succeeded: 0, failed: 0, unknown: 0 }

  constructor(rows: number) {
    this.#codes = new Uint8Array(rows + 1)
  }

  get rows(): number {
    return this.#codes.length - 1
  }

  /** Rows that have an outcome. */
  get done(): number {
    const { succeeded, failed, unknown } = this.counts
    return succeeded + failed + unknown
  }

  /** Null of a row that has none yet. Rows count from 1. */
  of(row: number): RowOutcome | null {
    return codes[this.#codes[row] ?? 0] ?? null
  }

  /** Sets the outcome of a row that has none. */
  set(row: number, outcome: RowOutcome): void {
    this.#codes[row] = codes.indexOf(outcome)
    if (outcome === 'success') this.counts.succeeded += 1
    else if (outcome === 'unknown') this.counts.unknown += 1
    else this.counts.failed += 1
  }
}
