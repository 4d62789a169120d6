import type { Database } from './database.ts'
import { foldSql } from './fold.ts'

/** Something that makes searches fast and is made when the first search asks for it; it stays from then on. */
export interface OnDemand {
  /** What SQLite calls it. */
  readonly name: string
  readonly statements: readonly string[]
}

/** An index on one expression. Searches of it are rare, so that writes and seeds do not pay for it unasked. */
export interface SearchIndex extends OnDemand {
  /** A column, or the expression by which searches compare it. */
  readonly sql: string
  /** Only these rows are in the index; a search repeats the condition to use it. */
  readonly where?: string
}

type Table = 'contacts' | 'conversations' | 'tickets'

/** Whether it has been made in these data. */
export function isMade(db: Database, { name }: OnDemand): boolean {
  return db.number('SELECT count(*) FROM sqlite_schema WHERE name = ?', name) > 0
}

/** Makes what is not there yet, each in one transaction: about a second for a million rows. */
export function makeMissing(db: Database, wanted: readonly OnDemand[]): void {
  for (const one of wanted) {
    if (isMade(db, one)) continue
    db.write(() => {
      for (const statement of one.statements) db.raw.exec(statement)
    })
  }
}

/** An index on an expression; `where` narrows its rows down. */
export function indexOn(table: Table, name: string, sql: string, where?: string): SearchIndex {
  const statement = `CREATE INDEX ${name} ON ${table} (${sql})${where ? ` WHERE ${where}` : ''}`
  return { name, sql, ...(where ? { where } : {}), statements: [statement] }
}

const columns = (table: Table, names: readonly string[]) =>
  names.map((name) => indexOn(table, `${table}_by_${name}`, name))

const texts = (table: Table, names: readonly string[]) =>
  names.map((name) => indexOn(table, `${table}_by_${name}`, foldSql(name)))

/** What few rows have is indexed for those that have it, so that the others cost neither space nor time. */
const rareTexts = (table: Table, names: readonly string[]) =>
  names.map((name) => indexOn(table, `${table}_by_${name}`, foldSql(name), `${name} IS NOT NULL`))

/** Members of a JSON column by their paths; texts are folded, numbers as they are. */
const members = (table: Table, json: string, paths: Readonly<Record<string, 'text' | 'number'>>) =>
  Object.entries(paths).map(([path, type]) => {
    const sql = `json_extract(${json}, '$.${path}')`
    const name = `${table}_by_${json}_${path.replace('.', '_')}`
    return indexOn(table, name, type === 'text' ? foldSql(sql) : sql, `${sql} IS NOT NULL`)
  })

/** Fields of docs/intercom-api.md 4.3 and 4.4 that no list needs an index for. */
export const indexesOnDemand: Readonly<Record<'contacts' | 'conversations', readonly SearchIndex[]>> = {
  contacts: [
    ...columns('contacts', ['signed_up_at', 'last_contacted_at', 'last_replied_at', 'last_email_opened_at']),
    ...columns('contacts', ['last_email_clicked_at', 'unsubscribed_from_emails', 'marked_email_as_spam']),
    ...columns('contacts', ['has_hard_bounced']),
    ...texts('contacts', ['browser', 'browser_language', 'os', 'country', 'region', 'city']),
    ...rareTexts('contacts', ['avatar', 'language_override']),
    ...members('contacts', 'details', {
      ios_last_seen_at: 'number',
      ios_app_version: 'text',
      ios_device: 'text',
      ios_os_version: 'text',
      ios_app_name: 'text',
      ios_sdk_version: 'text',
      android_last_seen_at: 'number',
      android_app_version: 'text',
      android_device: 'text',
      android_app_name: 'text',
      android_sdk_version: 'text',
    }),
  ],
  conversations: [
    ...columns('conversations', ['source_type', 'source_delivered_as', 'source_author_type']),
    ...texts('conversations', ['source_subject', 'source_author_name', 'source_author_email', 'source_url']),
    ...columns('conversations', ['channel_initiated', 'open', 'read', 'priority', 'ai_agent_participated']),
    ...columns('conversations', ['time_to_assignment', 'time_to_admin_reply', 'time_to_first_close']),
    ...columns('conversations', ['time_to_last_close', 'median_time_to_reply', 'first_contact_reply_at']),
    ...columns('conversations', ['first_assignment_at', 'first_admin_reply_at', 'first_close_at']),
    ...columns('conversations', ['last_assignment_at', 'last_assignment_admin_reply_at']),
    ...columns('conversations', ['last_contact_reply_at', 'last_admin_reply_at', 'last_close_at']),
    ...columns('conversations', ['last_closed_by_id', 'count_reopens', 'count_assignments']),
    ...columns('conversations', ['count_conversation_parts']),
    ...members('conversations', 'conversation_rating', {
      created_at: 'number',
      replied_at: 'number',
      rating: 'number',
      remark: 'text',
      'contact.id': 'text',
      'teammate.id': 'text',
    }),
    ...members('conversations', 'ai_agent', {
      resolution_state: 'text',
      last_answer_type: 'text',
      rating: 'number',
      rating_remark: 'text',
      source_type: 'text',
      source_title: 'text',
    }),
  ],
}

/** The conversations whose message has no words. */
export const withoutWords = indexOn(
  'conversations',
  'conversations_without_words',
  'source_text',
  `source_text = ''`,
)

const entries = (id: string, json: string) =>
  `INSERT INTO conversation_attributes (conversation_id, name, value)
   SELECT ${id}, entry.key, ${foldSql('entry.value')} FROM ${json} WHERE entry.value IS NOT NULL`
const ofAll = entries('conversations.id', 'conversations, json_each(custom_attributes) AS entry')
const ofNew = `${entries('new.id', 'json_each(new.custom_attributes) AS entry')};`
const ofOld = 'DELETE FROM conversation_attributes WHERE conversation_id = old.id;'

/** The custom attributes of conversations, a row each, which follow their column by triggers. */
export const conversationAttributes: OnDemand = {
  name: 'conversation_attributes',
  statements: [
    `CREATE TABLE conversation_attributes (conversation_id INTEGER NOT NULL, name TEXT NOT NULL, value,
       PRIMARY KEY (conversation_id, name)) WITHOUT ROWID`,
    ofAll,
    'CREATE INDEX conversation_attribute_value ON conversation_attributes (name, value)',
    `CREATE TRIGGER conversation_attributes_added AFTER INSERT ON conversations BEGIN ${ofNew} END`,
    `CREATE TRIGGER conversation_attributes_removed AFTER DELETE ON conversations BEGIN ${ofOld} END`,
    `CREATE TRIGGER conversation_attributes_changed AFTER UPDATE OF custom_attributes ON conversations
     BEGIN ${ofOld} ${ofNew} END`,
  ],
}
