import { renameSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { Mistake } from '../mistake.ts'
import { copyToFile, copyToMemory } from '../store/copy.ts'
import { openData } from '../store/open.ts'
import type { Store } from '../store/store.ts'

/** More would fill the memory. */
const limit = 20

/** Named copies of all data, in memory. One copy holds up to a gibibyte. */
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

  /** Keeps the data as it is now; a snapshot of the same name is replaced. */
  take(name: string): void {
    if (!this.#copies.has(name) && this.#copies.size >= limit) {
      throw new Mistake(`There are ${limit} snapshots already; drop one.`)
    }
    let copy: DatabaseSync
    try {
      copy = copyToMemory(this.#store.db.raw)
    } catch (cause) {
      throw new Mistake('The data is too large for a snapshot, which holds one gibibyte.', { cause })
    }
    this.drop(name)
    this.#copies.set(name, copy)
  }

  /** Puts the data back as it was; the snapshot stays. */
  restore(name: string): void {
    const copy = this.#copies.get(name)
    if (copy === undefined) throw new Mistake(`There is no snapshot '${name}'; ${this.#known()}`)
    if (this.#data === undefined) {
      this.#store.swap(copyToMemory(copy))
      return
    }
    const written = `${this.#data}.restoring`
    copyToFile(copy, written)
    // Closing empties the write-ahead log, which would otherwise be taken for the new file's.
    this.#store.db.close()
    renameSync(written, this.#data)
    this.#store.swap(openData(this.#data))
  }

  /** Forgets a snapshot; whether there was one. */
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
