import type { SQLInputValue } from 'node:sqlite'

/** One column: its SQL, what may be written into it, and what comes back when it is read. */
export interface Column<In, Out, Required extends boolean> {
  readonly sql: string
  readonly required: Required
  readonly initial: In
  readonly read?: Out
}

/** The columns of one table, in order. The DDL, the insert statement and both row types derive from it. */
export type Columns = Readonly<Record<string, Column<unknown, unknown, boolean>>>

/** A row as SQLite hands it back: flags as 0 or 1, JSON as text. */
export type Row<C extends Columns> = {
  [K in keyof C]: C[K] extends Column<unknown, infer Out, boolean> ? Out : never
}

type Input<C> = C extends Column<infer In, unknown, boolean> ? In : never
type RequiredKeys<C extends Columns> = {
  [K in keyof C]: C[K] extends Column<unknown, unknown, true> ? K : never
}[keyof C]

/** A row as it is written: flags as booleans, JSON as values, everything with a default left out at will. */
export type NewRow<C extends Columns> = { [K in RequiredKeys<C>]: Input<C[K]> } & {
  [K in Exclude<keyof C, RequiredKeys<C>>]?: Input<C[K]> | undefined
}

/** A JSON document that a column holds as text. */
export type Json = Readonly<Record<string, unknown>> | readonly unknown[]

/** The integer primary key: an alias of SQLite's rowid. */
export const key: Column<number, number, true> = {
  sql: 'INTEGER PRIMARY KEY',
  required: true,
  initial: 0,
}
/** The integer primary key where SQLite assigns it; its numbers do not come back either. */
export const assignedKey: Column<number | null, number, false> = {
  sql: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  required: false,
  initial: null,
}
/** An integer primary key whose numbers do not come back after a deletion. */
export const keyNeverReused: Column<number, number, true> = {
  sql: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  required: true,
  initial: 0,
}
/** Text that every row has. */
export const text: Column<string, string, true> = { sql: 'TEXT NOT NULL', required: true, initial: '' }
/** An integer (a Unix second, an id, a count) that every row has. */
export const integer: Column<number, number, true> = {
  sql: 'INTEGER NOT NULL',
  required: true,
  initial: 0,
}
/** Text that may be unset. */
export const maybeText: Column<string | null, string | null, false> = {
  sql: 'TEXT',
  required: false,
  initial: null,
}
/** An integer that may be unset. */
export const maybeInteger: Column<number | null, number | null, false> = {
  sql: 'INTEGER',
  required: false,
  initial: null,
}
/** A value kept in the type it comes with: no affinity, so that numbers and text both stay what they are. */
export const anything: Column<string | number | null, string | number | null, false> = {
  sql: '',
  required: false,
  initial: null,
}
/** A JSON document that may be unset. */
export const maybeJson: Column<Json | null, string | null, false> = {
  sql: 'TEXT',
  required: false,
  initial: null,
}

/** A boolean, kept as 0 or 1. */
export function flag(initial: boolean): Column<boolean, number, false> {
  return { sql: `INTEGER NOT NULL`, required: false, initial }
}
/** Text with a default. */
export function textOr(initial: string): Column<string, string, false> {
  return { sql: 'TEXT NOT NULL', required: false, initial }
}
/** An integer with a default. */
export function integerOr(initial: number): Column<number, number, false> {
  return { sql: 'INTEGER NOT NULL', required: false, initial }
}
/** A JSON document with a default. */
export function jsonOr(initial: Json): Column<Json, string, false> {
  return { sql: 'TEXT NOT NULL', required: false, initial }
}

/** What SQLite can bind for a value that a column accepts. */
export function bindable(value: unknown): SQLInputValue {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
      return value
    case 'boolean':
      return value ? 1 : 0
    default:
      return value === null || value === undefined ? null : JSON.stringify(value)
  }
}

/** The values of a row in the order of the columns, defaults filled in. */
export function bindings(columns: Columns, row: Readonly<Record<string, unknown>>): SQLInputValue[] {
  const values: SQLInputValue[] = []
  for (const name in columns) {
    const value = row[name]
    values.push(bindable(value === undefined ? columns[name]?.initial : value))
  }
  return values
}
