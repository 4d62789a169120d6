import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Clock } from '../clock.ts'
import { History } from '../history/history.ts'
import { contactId, firstIds, machineDigits } from '../ids.ts'
import type {
  AppRow,
  DataAttributeRow,
  NewAdmin,
  NewApp,
  NewDataAttribute,
  NewTeam,
  NewTeamAdmin,
  NewToken,
} from './app-tables.ts'
import { bindable, bindings, type NewRow } from './columns.ts'
import type { NewContact, NewContactTag, NewNote } from './contact-tables.ts'
import type { NewConversation, NewConversationTag, NewMessage, NewPart } from './conversation-tables.ts'
import type { Database } from './database.ts'
import { fold, searchWords } from './fold.ts'
import { foldedContact } from './folded-contact.ts'
import { createStatements, dropTables, type TableName, tables } from './schema.ts'
import { givenUntil, type Sequence, Sequences } from './sequences.ts'

/** Receives events; `Store.announcements` is set while there is a subscription. */
interface Announcements {
  /** Whether anybody is subscribed to this topic now. */
  wants(topic: string): boolean
  /** Queues a notification inside the running write: it leaves after the commit, never after a rollback. */
  add(topic: string, item: object): void
}

/**
 * All data of one workspace and the only way to add to it. Inserts are prepared once and take plain rows;
 * they check nothing, so that a seed can stream through them inside one `write`.
 */
export class Store {
  readonly db: Database
  readonly clock: Clock
  /** What was changed by whom; it records once it is started. */
  readonly history: History
  /** Set while a webhook is subscribed; absent otherwise, so that announcing costs nothing. */
  announcements: Announcements | undefined
  /** Returns the data that searches see while they lag; absent otherwise. */
  lagging: (() => Store) | undefined
  /** Must be incremented by a change of existing parts, which invalidates cached ones. */
  partsEdition = 0
  readonly #inserts = new Map<TableName, StatementSync>()
  #sequences: Sequences
  #contactSeq: number
  #machine: string | undefined
  #app: AppRow | undefined
  #attributes: DataAttributeRow[] | undefined

  constructor(db: Database, clock: Clock) {
    this.db = db
    this.clock = clock
    this.history = new History(db, () => clock.now())
    this.#sequences = new Sequences(db)
    this.#contactSeq = lastContact(db)
  }

  /** Switches to other data, for a restored snapshot, and drops all caches. */
  swap(raw: DatabaseSync): void {
    this.db.swap(raw)
    this.#inserts.clear()
    this.#forget()
  }

  /**
   * Recreates all tables and lets `fill` insert rows, in one transaction: if it fails or the process is killed, nothing
   * changes. A file is then shrunk to its new rows.
   */
  refill(fill: () => void): void {
    try {
      this.write(() => {
        dropTables(this.db)
        for (const statement of createStatements()) this.db.raw.exec(statement)
        this.#forget()
        fill()
      })
    } finally {
      this.#forget()
    }
    const free = this.db.number('PRAGMA freelist_count')
    if (free * 2 > this.db.number('PRAGMA page_count')) this.db.raw.exec('VACUUM')
  }

  /** Drops what was read once, after rows were given ids or changed past this store. */
  reread(): void {
    this.#forget()
  }

  #forget(): void {
    this.#sequences = new Sequences(this.db)
    this.#contactSeq = lastContact(this.db)
    this.#machine = undefined
    this.#app = undefined
    this.#attributes = undefined
    this.partsEdition += 1
  }

  /**
   * Runs work that takes rows back to an earlier state, and drops what is cached of them. Ids that were given stay given,
   * even after a restart. Inside a write.
   */
  takeBack(work: () => void): void {
    const given: [string, number][] = [['contacts', this.#contactSeq + 1]]
    for (const name of Object.keys(firstIds) as Sequence[]) given.push([name, this.#sequences.peek(name)])
    for (const [name, next] of given) {
      const sql = 'INSERT INTO history_numbers VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value'
      this.db.run(sql, `next ${name}`, next)
    }
    try {
      work()
    } finally {
      this.#forget()
    }
  }

  /** One transaction; see {@link Database.write}. */
  write<T>(work: () => T, at?: number): T {
    return this.db.write(work, at)
  }

  /** The data as searches see it, which may lag. Read-only. */
  get searched(): Store {
    return this.lagging?.() ?? this
  }

  /** The workspace's own row. */
  get app(): AppRow {
    this.#app ??= this.db.get<AppRow>('SELECT * FROM app')
    if (this.#app === undefined) throw new Error('The workspace has no app row')
    return this.#app
  }

  /** The custom attributes declared for a model, archived ones left out. */
  attributes(model: string): DataAttributeRow[] {
    return this.declared(model).filter((attribute) => attribute.archived === 0)
  }

  /** The custom attributes declared for a model, archived ones too. */
  declared(model: string): DataAttributeRow[] {
    this.#attributes ??= this.db.all<DataAttributeRow>('SELECT * FROM data_attributes ORDER BY id')
    return this.#attributes.filter((attribute) => attribute.model === model)
  }

  /** The next id of a sequence; never given twice while the workspace is open. */
  nextId(sequence: Sequence): number {
    return this.#sequences.next(sequence)
  }

  #insert(table: TableName, row: Readonly<Record<string, unknown>>): void {
    if (this.history.isOn && !this.db.isWriting) {
      this.write(() => this.#insert(table, row))
      return
    }
    const { columns } = tables[table]
    let statement = this.#inserts.get(table)
    if (statement === undefined) {
      const names = Object.keys(columns)
      const marks = names.map(() => '?').join(', ')
      statement = this.db.raw.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks})`)
      this.#inserts.set(table, statement)
    }
    const { lastInsertRowid } = statement.run(...bindings(columns, row))
    if (this.history.isOn) this.history.inserted(table, row, lastInsertRowid)
  }

  /** Adds a plain row to a table. Tables whose ids or folded columns are the store's have methods of their own. */
  insert<T extends TableName>(table: T, row: NewRow<(typeof tables)[T]['columns']>): void {
    this.#insert(table, row)
  }

  /**
   * Changes columns of one row. `before` is what it was when this write began or since, so that the history need not read
   * it again.
   */
  update(
    table: TableName,
    id: number,
    before: Readonly<Record<string, string | number | null>>,
    columns: Readonly<Record<string, unknown>>,
  ): void {
    const names = Object.keys(columns)
    const key = table === 'contacts' ? 'seq' : 'id'
    const sql = `UPDATE ${table} SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE ${key} = ?`
    const values = names.map((name) => bindable(columns[name]))
    if (!this.history.isOn || !this.db.isWriting) {
      this.db.run(sql, ...values, id)
      return
    }
    this.db.prepare(sql).statement.run(...values, id)
    this.history.updated(table, id, names, before)
  }

  /** Replaces the workspace's own row. */
  setApp(app: NewApp): void {
    this.db.run('DELETE FROM app')
    this.#insert('app', app)
    this.#app = undefined
    this.#machine = undefined
  }

  insertToken(token: NewToken): void {
    this.#insert('tokens', token)
  }

  /** Adds a teammate; `id` is given by the caller, usually `nextId('admins')`. */
  insertAdmin(admin: NewAdmin): void {
    this.#insert('admins', admin)
  }

  /** Adds a team; `id` is given by the caller, usually `nextId('teams')`. */
  insertTeam(team: NewTeam): void {
    this.#insert('teams', team)
  }

  insertTeamAdmin(member: NewTeamAdmin): void {
    this.#insert('team_admins', member)
  }

  /** Declares a custom attribute; contacts that carry it are inserted afterwards. */
  insertDataAttribute(attribute: NewDataAttribute): void {
    this.#insert('data_attributes', attribute)
    this.#attributes = undefined
  }

  /** Changes the columns of a custom attribute that may change (docs/intercom-api.md 3.10). */
  setDataAttribute(
    id: number,
    changes: {
      archived: boolean
      description: string
      options: readonly string[]
      messenger_writable: boolean
      updated_at: number
    },
  ): void {
    const names = Object.keys(changes).map((name) => `${name} = ?`)
    const values = Object.values(changes).map(bindable)
    this.db.run(`UPDATE data_attributes SET ${names.join(', ')} WHERE id = ?`, ...values, id)
    this.#attributes = undefined
  }

  /** Adds a contact and gives it its key and id. Insert in order of `created_at`: lists break ties by key. */
  insertContact(contact: NewContact & { id?: string | undefined }): { seq: number; id: string } {
    this.#machine ??= machineDigits(this.app.id_code)
    this.#contactSeq += 1
    const seq = this.#contactSeq
    const id = contact.id ?? contactId(contact.created_at, this.#machine, seq)
    this.#insert('contacts', {
      ...contact,
      seq,
      id,
      updated_at: contact.updated_at ?? contact.created_at,
      ...foldedContact(contact),
    })
    if (contact.custom_attributes) this.#insertContactAttributes(seq, contact.custom_attributes)
    return { seq, id }
  }

  /** Writes the searchable rows of a contact's custom attributes, replacing those it had. */
  setContactAttributes(seq: number, values: object): void {
    this.db.run('DELETE FROM contact_attributes WHERE contact_seq = ?', seq)
    this.#insertContactAttributes(seq, values)
  }

  #insertContactAttributes(seq: number, values: object): void {
    const declared = this.declared('contact')
    for (const [name, value] of Object.entries(values)) {
      if (value === null || value === undefined) continue
      const attribute = declared.find((candidate) => candidate.name === name)
      if (attribute === undefined) continue
      this.db.run(
        'INSERT INTO contact_attributes (contact_seq, attribute_id, value) VALUES (?, ?, ?)',
        seq,
        attribute.id,
        bindable(typeof value === 'string' ? fold(value) : value),
      )
    }
  }

  /** Adds a tag and gives it its id. */
  insertTag(name: string, id = this.nextId('tags')): number {
    this.#insert('tags', { id, name, name_folded: fold(name) })
    return id
  }

  insertContactTag(link: NewContactTag): void {
    this.#insert('contact_tags', link)
  }

  /** Adds a note and gives it its id; `body` is HTML. */
  insertNote(note: NewNote): number {
    const id = this.nextId('notes')
    this.#insert('notes', { ...note, id })
    return id
  }

  /** Adds a conversation in its final state; `id` is given by the caller, usually `nextId('conversations')`. */
  insertConversation(conversation: NewConversation, contactSeqs: readonly number[]): void {
    this.#insert('conversations', {
      ...conversation,
      source_text: searchWords(conversation.source_body),
    })
    for (const contactSeq of contactSeqs) {
      this.#insert('conversation_contacts', { conversation_id: conversation.id, contact_seq: contactSeq })
    }
  }

  /** Adds a part and gives it its id; the caller updates the conversation's row. */
  insertPart(part: NewPart): number {
    const id = this.nextId('conversation_parts')
    this.#insert('conversation_parts', {
      ...part,
      id,
      updated_at: part.updated_at ?? part.created_at,
      notified_at: part.notified_at ?? part.created_at,
    })
    return id
  }

  /** Notes that an admin took part; twice is the same as once. */
  insertTeammate(conversationId: number, adminId: number): void {
    this.db.run(
      'INSERT OR IGNORE INTO conversation_teammates (conversation_id, admin_id) VALUES (?, ?)',
      conversationId,
      adminId,
    )
  }

  insertConversationTag(link: NewConversationTag): void {
    this.#insert('conversation_tags', link)
  }

  /** Adds a message to the outbox; `id` from `nextId('messages')`, or `nextId('admin_messages')` for an admin's. */
  insertMessage(message: NewMessage): void {
    this.#insert('messages', message)
  }
}

function lastContact(db: Database): number {
  return Math.max(db.number('SELECT max(seq) FROM contacts'), givenUntil(db, 'contacts') - 1)
}
