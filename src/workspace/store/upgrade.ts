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
    const found = raw.prepare('SELECT name FROM sqlite_schema').all()
    const has = new Set(found.map((row) => row['name']))
    for (const [table, { columns }] of Object.entries(tables))
      if (has.has(table)) addColumns(raw, table, columns)
    for (const statement of createStatements()) {
      if (!has.has(named.exec(statement)?.[1] ?? '')) raw.exec(statement)
    }
    raw.exec(`PRAGMA user_version = ${schemaVersion}`)
    raw.exec('COMMIT')
  } catch (error) {
    raw.exec('ROLLBACK')
    throw error
  }
}

function addColumns(raw: DatabaseSync, table: string, columns: Columns): void {
  const found = raw.prepare(`SELECT name FROM pragma_table_info('${table}')`).all()
  const has = new Set(found.map((row) => row['name']))
  for (const [column, { sql, initial }] of Object.entries(columns)) {
    if (!has.has(column))
      raw.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${sql} DEFAULT ${literal(initial)}`)
  }
}

function literal(initial: unknown): string {
  const value = bindable(initial)
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value ?? 'NULL')
}
