import type { Database } from './database.ts'
import { foldSql } from './fold.ts'

/** A full-text index beside a table: which texts it holds, under which key, and how they are cut into tokens. */
interface TextIndex {
  readonly name: string
  readonly table: 'contacts' | 'conversations'
  readonly key: 'seq' | 'id'
  /** Column of the index, and the SQL of its text; `row` stands for the row's name. */
  readonly texts: Readonly<Record<string, (row: string) => string>>
  /** Columns of the table whose change changes a text. */
  readonly follows: readonly string[]
  readonly tokenize: string
  readonly detail: 'none' | 'column'
}

const column = (name: string) => (row: string) => `${row}.${name}`
const foldedColumn = (name: string) => (row: string) => foldSql(`${row}.${name}`)

/** Three characters at a time, as they are: the texts are folded already, and accents count. */
const trigrams = 'trigram case_sensitive 1'

const textIndexes: readonly TextIndex[] = [
  {
    name: 'contact_grams',
    table: 'contacts',
    key: 'seq',
    texts: {
      name: column('name_folded'),
      email: column('email_folded'),
      external_id: column('external_id_folded'),
      phone: column('phone'),
    },
    follows: ['name_folded', 'email_folded', 'external_id_folded', 'phone'],
    tokenize: trigrams,
    detail: 'column',
  },
  {
    name: 'conversation_grams',
    table: 'conversations',
    key: 'id',
    texts: {
      body: column('source_text'),
      subject: foldedColumn('source_subject'),
      author_name: foldedColumn('source_author_name'),
      author_email: foldedColumn('source_author_email'),
    },
    follows: ['source_text', 'source_subject', 'source_author_name', 'source_author_email'],
    tokenize: trigrams,
    detail: 'column',
  },
  {
    // `source_text` is words with a blank between them. The tokenizer named after ASCII cuts there and nowhere
    // else; unicode61 would part words at letters that are younger than its tables.
    name: 'conversation_words',
    table: 'conversations',
    key: 'id',
    texts: { body: column('source_text') },
    follows: ['source_text'],
    tokenize: 'ascii',
    detail: 'none',
  },
]

const texts = (index: TextIndex, row: string) => Object.values(index.texts).map((text) => text(row))
const insert = (index: TextIndex) =>
  `INSERT INTO ${index.name} (rowid, ${Object.keys(index.texts).join(', ')})`

/** Triggers let an index follow its table, whoever writes the row. */
function triggers(index: TextIndex): string[] {
  const { name, table, key, follows } = index
  const add = `${insert(index)} VALUES (new.${key}, ${texts(index, 'new').join(', ')});`
  const remove = `DELETE FROM ${name} WHERE rowid = old.${key};`
  const changed = follows.map((text) => `old.${text} IS NOT new.${text}`).join(' OR ')
  return [
    `CREATE TRIGGER ${name}_added AFTER INSERT ON ${table} BEGIN ${add} END`,
    `CREATE TRIGGER ${name}_removed AFTER DELETE ON ${table} BEGIN ${remove} END`,
    `CREATE TRIGGER ${name}_changed AFTER UPDATE OF ${follows.join(', ')} ON ${table}
     WHEN ${changed} BEGIN ${remove} ${add} END`,
  ]
}

/** The CREATE statements of every text index and of what keeps it up to date. */
export function createTextIndexes(): string[] {
  return textIndexes.flatMap((index) => {
    const names = Object.keys(index.texts).join(', ')
    const options = `content = '', contentless_delete = 1, detail = ${index.detail}, tokenize = '${index.tokenize}'`
    return [`CREATE VIRTUAL TABLE ${index.name} USING fts5(${names}, ${options})`, ...triggers(index)]
  })
}

/** Tables whose indexes are entered in an order that is not theirs, so that sorting once is faster. */
const scattered = `'contacts', 'contact_attributes', 'conversations', 'conversation_contacts'`

/**
 * Runs many inserts without the triggers and most indexes, and indexes the new rows in one go afterwards: faster,
 * and no slower with the size. Inside a write: a failure brings everything back. Rows that were there before must
 * not change.
 */
export function indexAfterwards<T>(db: Database, work: () => T): T {
  const before = textIndexes.map(({ table, key }) => db.number(`SELECT max(${key}) FROM ${table}`))
  for (const { name } of textIndexes) {
    for (const event of ['added', 'removed', 'changed']) db.raw.exec(`DROP TRIGGER ${name}_${event}`)
  }
  const indexes = db.all<{ name: string; sql: string }>(
    `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name IN (${scattered}) AND sql LIKE 'CREATE INDEX%'`,
  )
  for (const { name } of indexes) db.raw.exec(`DROP INDEX ${name}`)
  const result = work()
  for (const { sql } of indexes) db.raw.exec(sql)
  for (const [i, index] of textIndexes.entries()) {
    const select = `SELECT ${index.key}, ${texts(index, index.table).join(', ')} FROM ${index.table}`
    db.run(`${insert(index)} ${select} WHERE ${index.key} > ?`, before[i] ?? 0)
    for (const trigger of triggers(index)) db.raw.exec(trigger)
  }
  return result
}
