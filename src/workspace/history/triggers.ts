import type { Columns } from '../store/columns.ts'
import { type TableName, tables } from '../store/schema.ts'
import { history, unrecorded } from './entities.ts'

/** The columns of a table's primary key. */
export function keyOf(name: TableName): readonly string[] {
  const { columns, keys } = tables[name]
  const declared = /PRIMARY KEY \(([^)]*)\)/.exec(keys)?.[1]
  if (declared !== undefined) return declared.split(', ')
  return Object.entries<Columns[string]>(columns)
    .filter(([, { sql }]) => sql.includes('PRIMARY KEY'))
    .map(([column]) => column)
}

/** The tables that the history keeps. */
export const recordedTables = (Object.keys(tables) as TableName[]).filter(
  (name) => history[name] !== unrecorded,
)

const key = (row: 'old' | 'new', names: readonly string[]) =>
  names.length === 1
    ? `${row}.${names[0]}`
    : `json_array(${names.map((name) => `${row}.${name}`).join(', ')})`

/** A whole row as JSON, without what is null. */
function image(row: 'old' | 'new', columns: readonly string[]): string {
  const members = columns.map(
    (name) => `CASE WHEN ${row}.${name} IS NOT NULL THEN '"${name}":' || json_quote(${row}.${name}) END`,
  )
  return `'{' || concat_ws(',', ${members.join(', ')}) || '}'`
}

/** What changed in a row as JSON, `"column":[old,new]`, and the columns that a reader needs besides. */
function difference(columns: readonly string[], context: readonly string[]): string {
  const pair = (name: string) =>
    `'"${name}":[' || json_quote(old.${name}) || ',' || json_quote(new.${name}) || ']'`
  const members = [
    ...columns
      .filter((name) => !context.includes(name))
      .map((name) => `CASE WHEN old.${name} IS NOT new.${name} THEN ${pair(name)} END`),
    ...context.map(pair),
  ]
  return `'{' || concat_ws(',', ${members.join(', ')}) || '}'`
}

const entry = (op: string, table: string, rowKey: string, data: string) =>
  `INSERT INTO history (op, tbl, row_key, data, head)
   VALUES ('${op}', '${table}', ${rowKey}, ${data}, ${authorFunction}());`

/** The SQL function that gives the head of a write to its first entry, and null to the others. */
export const authorFunction = 'history_author'

const prefix = 'history_of_'

/**
 * Triggers that write every changed row of the recorded tables to `history`. They are temporary: they belong to the
 * connection that serves requests, and are in no file, copy or snapshot. A changed key is a row gone and a row come.
 * An update reads only the columns of its trigger, hence one for what Intercom keeps by itself and one for the rest.
 */
export function createTriggers(): string {
  return recordedTables.flatMap(triggersOf).join('\n')
}

function triggersOf(table: TableName): string[] {
  const names = Object.keys(tables[table].columns)
  const keys = keyOf(table)
  const known = history[table]
  const { context = [], follows = [] } = known !== unrecorded && 'entity' in known ? known : {}
  const create = (name: string, on: string, body: string, when = '') =>
    `CREATE TEMP TRIGGER ${prefix}${table}_${name} AFTER ${on} ON main.${table} ${when} BEGIN ${body} END;`
  const added = entry('i', table, key('new', keys), image('new', names))
  const removed = entry('d', table, key('old', keys), image('old', names))
  const moved = keys.map((name) => `old.${name} IS NOT new.${name}`).join(' OR ')
  const changed = (name: string, columns: readonly string[]) => {
    if (columns.length === 0) return []
    const body = entry('u', table, key('old', keys), difference(columns, context))
    return [create(name, `UPDATE OF ${columns.join(', ')}`, body, `WHEN NOT (${moved})`)]
  }
  return [
    create('added', 'INSERT', added),
    create('removed', 'DELETE', removed),
    create('moved', `UPDATE OF ${keys.join(', ')}`, removed + added, `WHEN ${moved}`),
    ...changed('followed', follows),
    ...changed(
      'changed',
      names.filter((name) => !keys.includes(name) && !follows.includes(name)),
    ),
  ]
}

/** Drops them, if they are there. */
export function dropTriggers(): string {
  const kinds = ['added', 'removed', 'moved', 'followed', 'changed']
  return recordedTables
    .flatMap((table) => kinds.map((kind) => `DROP TRIGGER IF EXISTS temp.${prefix}${table}_${kind};`))
    .join('\n')
}
