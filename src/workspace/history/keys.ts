import type { Columns } from '../store/columns.ts'
import { type TableName, tables } from '../store/schema.ts'
import { history, unrecorded } from './entities.ts'

const names = Object.keys(tables) as TableName[]
const keys = new Map(names.map((name) => [name, keyColumns(name)]))
const recorded: ReadonlySet<string> = new Set(names.filter((name) => history[name] !== unrecorded))

/** The columns of a table's primary key. */
export function keyOf(table: TableName): readonly string[] {
  return keys.get(table) ?? []
}

function keyColumns(name: TableName): readonly string[] {
  const declared = /PRIMARY KEY \(([^)]*)\)/.exec(tables[name].keys)?.[1]
  if (declared !== undefined) return declared.split(', ')
  return Object.entries<Columns[string]>(tables[name].columns)
    .filter(([, { sql }]) => sql.includes('PRIMARY KEY'))
    .map(([column]) => column)
}

/** Whether the history keeps a table of this name. */
export function isRecorded(table: string): table is TableName {
  return recorded.has(table)
}

/** The key of a row as an entry names it: a value, or several as a JSON array. */
export function rowKey(values: readonly unknown[]): string | number {
  return values.length === 1 ? (values[0] as string | number) : JSON.stringify(values)
}

/** The columns of a row's key. */
export function keyCells(table: TableName, key: string | number): Record<string, string | number> {
  const columns = keyOf(table)
  const values = columns.length === 1 ? [key] : (JSON.parse(String(key)) as (string | number)[])
  return Object.fromEntries(columns.map((name, i) => [name, values[i] ?? 0]))
}

/** `key = ?`, of every column of it. */
export function whereKey(table: TableName): string {
  return keyOf(table)
    .map((name) => `${name} = ?`)
    .join(' AND ')
}
