import type { DatabaseSync, Session } from 'node:sqlite'
import { type TableName, tables } from './schema.ts'

/**
 * Hears which rows change, by SQLite's sessions: one per table, since a session of all would carry the insides of
 * the text indexes too. A table without a primary key is not heard (`app`, `company_scrolls`).
 */
export class Changes {
  readonly #raw: DatabaseSync
  readonly #sessions = new Map<TableName, Session>()

  constructor(raw: DatabaseSync) {
    this.#raw = raw
    for (const table of Object.keys(tables) as TableName[]) this.#hear(table)
  }

  /** The changes since the last call, for `applyChangeset`; call it between two transactions. */
  take(): Uint8Array[] {
    const taken: Uint8Array[] = []
    for (const [table, session] of this.#sessions) {
      const changes = session.changeset()
      if (changes.length === 0) continue
      taken.push(changes)
      session.close()
      this.#hear(table)
    }
    return taken
  }

  close(): void {
    for (const session of this.#sessions.values()) session.close()
    this.#sessions.clear()
  }

  #hear(table: TableName): void {
    this.#sessions.set(table, this.#raw.createSession({ table }))
  }
}
