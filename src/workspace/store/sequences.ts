import { firstIds } from '../ids.ts'
import type { Database } from './database.ts'

/** A numeric id sequence of the workspace. */
export type Sequence = keyof typeof firstIds

/** Where a sequence's last id is read when the workspace opens, unless it is simply a table's highest id. */
const lastId: Partial<Record<Sequence, string>> = {
  // A ticket has an id like a conversation's, whether it was one or not.
  conversations:
    'SELECT max(id) FROM (SELECT max(id) AS id FROM conversations UNION SELECT max(id) FROM tickets)',
  messages: "SELECT max(id) FROM messages WHERE kind = 'user_message'",
  admin_messages: "SELECT max(id) FROM messages WHERE kind = 'admin_message'",
  // These can be deleted; SQLite remembers the highest id there ever was.
  tags: everHighest('tags'),
  companies: everHighest('companies'),
  collections: everHighest('collections'),
  articles: everHighest('articles'),
  content_import_sources: everHighest('content_import_sources'),
  external_pages: everHighest('external_pages'),
  news_items: everHighest('news_items'),
}

function everHighest(table: string): string {
  return `SELECT seq FROM sqlite_sequence WHERE name = '${table}'`
}

/** The first id of a sequence that was not given before the last rewind; 0 without one. */
export function givenUntil(db: Database, sequence: Sequence | 'contacts'): number {
  return db.number('SELECT value FROM history_numbers WHERE name = ?', `next ${sequence}`)
}

/** Hands out ids from memory; the data is read once per sequence. */
export class Sequences {
  readonly #db: Database
  readonly #next = new Map<Sequence, number>()

  constructor(db: Database) {
    this.#db = db
  }

  next(sequence: Sequence): number {
    const id = this.peek(sequence)
    this.#next.set(sequence, id + 1)
    return id
  }

  /** The id that comes next. */
  peek(sequence: Sequence): number {
    return this.#next.get(sequence) ?? this.#firstFree(sequence)
  }

  /** After the highest id there is, and those that a rewind took back. */
  #firstFree(sequence: Sequence): number {
    const sql = lastId[sequence] ?? `SELECT max(id) FROM ${sequence}`
    return Math.max(firstIds[sequence], this.#db.number(sql) + 1, givenUntil(this.#db, sequence))
  }
}
