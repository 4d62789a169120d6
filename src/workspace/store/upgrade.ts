import type { DatabaseSync } from 'node:sqlite'
import { bindable, type Columns } from './columns.ts'
import { createStatements, schemaVersion, tables } from './schema.ts'

const named = /^CREATE (?:UNIQUE |VIRTUAL )*(?:TABLE|INDEX|TRIGGER) (\w+)/

/**
 * Gives the data of an older program what it lacks, in one transaction: tables, indexes and columns with a default.
 * Nothing that is there changes.
 */
export function upgrade(raw: DatabaseSync): void {
  raw.exec('BEGIN IMMEDIATE')
  try {
    const hasOldTickets = columnsOf(raw, 'tickets').has('state')
    if (hasOldTickets) raw.exec('ALTER TABLE tickets RENAME TO tickets_before; DROP INDEX ticket_number')
    const found = raw.prepare('SELECT name FROM sqlite_schema').all()
    const has = new Set(found.map((row) => row['name']))
    for (const [table, { columns }] of Object.entries(tables))
      if (has.has(table)) addColumns(raw, table, columns)
    for (const statement of createStatements()) {
      if (!has.has(named.exec(statement)?.[1] ?? '')) raw.exec(statement)
    }
    if (hasOldTickets) raw.exec(takeTickets)
    raw.exec(`PRAGMA user_version = ${schemaVersion}`)
    raw.exec('COMMIT')
  } catch (error) {
    raw.exec('ROLLBACK')
    throw error
  }
}

/** At first every ticket was a conversation in the first state, which has the lowest id. */
const takeTickets = `INSERT INTO tickets (id, ticket_id, ticket_type_id, ticket_state_id, converted, attributes, is_shared,
    company_id, open, snoozed_until, admin_assignee_id, team_assignee_id, created_at, updated_at)
  SELECT old.id, ticket_id, ticket_type_id, 1, 1, attributes, 1, company_id, open, snoozed_until,
    admin_assignee_id, team_assignee_id, conversations.created_at, conversations.updated_at
  FROM tickets_before AS old JOIN conversations ON conversations.id = old.id;
  DROP TABLE tickets_before`

function columnsOf(raw: DatabaseSync, table: string): Set<unknown> {
  const found = raw.prepare(`SELECT name FROM pragma_table_info('${table}')`).all()
  return new Set(found.map((row) => row['name']))
}

function addColumns(raw: DatabaseSync, table: string, columns: Columns): void {
  const has = columnsOf(raw, table)
  for (const [column, { sql, initial }] of Object.entries(columns)) {
    if (!has.has(column))
      raw.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${sql} DEFAULT ${literal(initial)}`)
  }
}

function literal(initial: unknown): string {
  const value = bindable(initial)
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value ?? 'NULL')
}
