import { rmSync } from 'node:fs'
import { ControlError } from '../control-error.ts'
import { Changes } from '../store/changes.ts'
import { copyToFile, copyToMemory } from '../store/copy.ts'
import { Database } from '../store/database.ts'
import { prepareData } from '../store/open.ts'
import { DatabaseSync } from '../store/sqlite.ts'
import { Store } from '../store/store.ts'

/** How many changes are held in memory at once. */
const batch = 500

/**
 * Makes searches lag behind writes, as Intercom's do (docs/intercom-api.md 1.9). While a lag is set, searches read a
 * copy of all data; the changes of each transaction are queued beside it, and the first search or write after their
 * time applies them in order.
 */
export class SearchLag {
  readonly #store: Store
  readonly #data: string | undefined
  #seconds = 0
  #copy: Store | undefined
  #changes: Changes | undefined
  /** The time of the latest change, queued or applied, in milliseconds. */
  #latest = Number.NEGATIVE_INFINITY

  constructor(store: Store, data: string | undefined) {
    this.#store = store
    this.#data = data
    // A killed process may have left its copy.
    this.#end()
  }

  get seconds(): number {
    return this.#seconds
  }

  /** Sets the lag, 0 for none. Existing data is visible at once; later changes are seen late. */
  set(seconds: number): void {
    this.#end()
    if (seconds === 0) return
    this.#copy = new Store(new Database(this.#copyData()), this.#store.clock)
    this.#copy.db.raw.exec(`CREATE TABLE waiting (seq INTEGER PRIMARY KEY, at REAL NOT NULL, changes BLOB NOT NULL);
      CREATE INDEX waiting_at ON waiting (at)`)
    this.#seconds = seconds
    this.#listen()
  }

  /** Runs work that replaces all data, visible to searches at once. If it fails, nothing changes. */
  whole(work: () => void, seconds = this.#seconds): void {
    this.#stopListening()
    try {
      work()
    } catch (error) {
      if (this.#copy !== undefined && this.#store.db.raw.isOpen) this.#listen()
      throw error
    }
    this.set(seconds)
  }

  #end(): void {
    this.#stopListening()
    this.#copy?.db.close()
    this.#copy = undefined
    this.#seconds = 0
    this.#latest = Number.NEGATIVE_INFINITY
    if (this.#data !== undefined) rmSync(this.#copyPath(this.#data), { force: true })
  }

  #listen(): void {
    this.#changes = new Changes(this.#store.db.raw)
    this.#store.db.committed = (at) => this.#wrote(at)
    this.#store.lagging = () => this.#settled()
  }

  #stopListening(): void {
    this.#changes?.close()
    this.#changes = undefined
    this.#store.db.committed = undefined
    this.#store.lagging = undefined
  }

  /** Data in memory is copied to memory, a file to a file beside it. */
  #copyData(): DatabaseSync {
    const { raw } = this.#store.db
    try {
      if (this.#data === undefined) return copyToMemory(raw)
      const path = this.#copyPath(this.#data)
      copyToFile(raw, path)
      const copy = new DatabaseSync(path)
      prepareData(copy, 'MEMORY')
      copy.exec('PRAGMA synchronous = OFF')
      return copy
    } catch (cause) {
      throw new ControlError(
        'The data cannot be copied, which a search lag needs; in memory it may be at most 1 GiB.',
        {
          cause,
        },
      )
    }
  }

  #copyPath(data: string): string {
    return `${data}.searched`
  }

  #wrote(dated: number | undefined): void {
    const db = this.#settled().db
    const taken = this.#changes?.take() ?? []
    if (taken.length === 0) return
    const now = this.#store.clock.now()
    const at = dated === undefined ? now : Math.min(now, Math.max(dated, this.#latest))
    // The clock was set back: queued changes cannot come after this later one.
    if (at < this.#latest) db.run('UPDATE waiting SET at = ? WHERE at > ?', at, at)
    this.#latest = at
    for (const changes of taken) db.run('INSERT INTO waiting (at, changes) VALUES (?, ?)', at, changes)
  }

  /** The copy with all due changes applied. */
  #settled(): Store {
    const copy = this.#copy
    if (copy === undefined) return this.#store
    const { db } = copy
    const until = this.#store.clock.now() - this.#seconds * 1000
    for (;;) {
      const due = db.all<{ seq: number; changes: Uint8Array }>(
        'SELECT seq, changes FROM waiting WHERE at <= ? ORDER BY at, seq LIMIT ?',
        until,
        batch,
      )
      if (due.length === 0) return copy
      db.write(() => {
        for (const { seq, changes } of due) {
          if (!db.raw.applyChangeset(changes))
            throw new Error('A change does not fit the copy that searches read.')
          db.run('DELETE FROM waiting WHERE seq = ?', seq)
        }
      })
    }
  }
}
