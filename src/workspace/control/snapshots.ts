import { renameSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { ControlError } from '../control-error.ts'
import { copyToFile, copyToMemory } from '../store/copy.ts'
import { openData } from '../store/open.ts'
import type { Store } from '../store/store.ts'

const limit = 20

/** Named copies of all data, in memory, at most 1 GiB each. */
export class Snapshots {
  readonly #store: Store
  readonly #data: string | undefined
  readonly #copies = new Map<string, DatabaseSync>()

  constructor(store: Store, data: string | undefined) {
    this.#store = store
    this.#data = data
  }

  names(): string[] {
    return [...this.#copies.keys()]
  }

  /** Copies the current data; replaces a snapshot of the same name. */
  take(name: string): void {
    if (!this.#copies.has(name) && this.#copies.size >= limit) {
      throw new ControlError(`There are ${limit} snapshots already; drop one.`)
    }
    let copy: DatabaseSync
    try {
      copy = copyToMemory(this.#store.db.raw)
    } catch (cause) {
      throw new ControlError('The data is too large for a snapshot, which holds at most 1 GiB.', { cause })
    }
    this.drop(name)
    this.#copies.set(name, copy)
  }

  /** Restores the data; the snapshot stays. */
  restore(name: string): void {
    const copy = this.#copies.get(name)
    if (copy === undefined) throw new ControlError(`There is no snapshot '${name}'; ${this.#known()}`)
    if (this.#data === undefined) {
      this.#store.swap(copyToMemory(copy))
      return
    }
    const written = `${this.#data}.restoring`
    copyToFile(copy, written)
    // Closing empties the write-ahead log, which SQLite would otherwise apply to the new file.
    this.#store.db.close()
    renameSync(written, this.#data)
    this.#store.swap(openData(this.#data))
  }

  /** Deletes a snapshot; false if there is none. */
  drop(name: string): boolean {
    this.#copies.get(name)?.close()
    return this.#copies.delete(name)
  }

  close(): void {
    for (const name of this.names()) this.drop(name)
  }

  #known(): string {
    return this.#copies.size === 0 ? 'none was taken.' : `there are ${this.names().join(', ')}.`
  }
}
