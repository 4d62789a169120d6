import { randomUUID } from 'node:crypto'
import { renameSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { Mistake } from '../mistake.ts'
import { openData, prepareData } from '../store/open.ts'
import type { Store } from '../store/store.ts'

/** More would fill the memory. */
const limit = 20

/**
 * Named copies of all data, in memory. A copy is a database of SQLite's `memdb`, which `VACUUM INTO` can write
 * and read by name: Node 22 has no `serialize`. One copy holds up to a gibibyte.
 */
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
    const { uri, copy } = memoryDatabase()
    try {
      this.#store.db.raw.exec(`VACUUM INTO '${uri}'`)
    } catch (error) {
      copy.close()
      throw new Mistake('The data is too large for a snapshot, which holds one gibibyte.', {
        cause: error,
      })
    }
    this.drop(name)
    this.#copies.set(name, copy)
  }

  /** Puts the data back as it was; the snapshot stays. */
  restore(name: string): void {
    const copy = this.#copies.get(name)
    if (copy === undefined) throw new Mistake(`There is no snapshot '${name}'; ${this.#known()}`)
    if (this.#data === undefined) {
      const { uri, copy: live } = memoryDatabase()
      copy.exec(`VACUUM INTO '${uri}'`)
      prepareData(live, 'MEMORY')
      this.#store.swap(live)
      return
    }
    const written = `${this.#data}.restoring`
    rmSync(written, { force: true })
    copy.exec(`VACUUM INTO '${onDisk(written)}'`)
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

/** A path for a copy to write to: it would take a bare one for a name in memory. */
function onDisk(path: string): string {
  const system = process.platform === 'win32' ? 'win32' : 'unix'
  return `${pathToFileURL(path).href.replaceAll("'", '%27')}?vfs=${system}`
}

/** A database that lives as long as a connection to it, and that others of this process reach by its name. */
function memoryDatabase() {
  const uri = `file:/${randomUUID()}?vfs=memdb`
  const copy = new DatabaseSync(uri)
  copy.exec('PRAGMA journal_mode = MEMORY')
  return { uri, copy }
}
