import type { Database } from '../store/database.ts'
import { type TableName, tables } from '../store/schema.ts'
import type { Entry } from './complete.ts'
import type { Cells } from './entities.ts'
import { keyCells, whereKey } from './keys.ts'

/** What a row was at a moment, as far as it changed since: absent, there with all its columns, or these columns. */
interface Past {
  readonly table: TableName
  readonly key: string | number
  readonly was: 'absent' | 'there'
  readonly columns: Record<string, Cells[string]>
  /** All columns are known: the row went since. */
  whole: boolean
  exists: boolean
}

/** Brings all rows back to how they were before these entries, in order of time. Inside a write. Gives how many. */
export function rewindRows(db: Database, entries: readonly Entry[]): number {
  const rows = [...pastOf(entries).values()].sort(byKey)
  const gone = rows.filter(({ was, exists, whole }) => exists && (was === 'absent' || whole))
  for (const { table, key } of gone)
    db.run(`DELETE FROM ${table} WHERE ${whereKey(table)}`, ...Object.values(keyCells(table, key)))
  const changed = rows.filter(({ was, whole }) => was === 'there' && !whole)
  const blocked = changed.filter((row) => !tryUpdate(db, row))
  const back = rows
    .filter(({ was, whole }) => was === 'there' && whole)
    .map(({ table, columns }) => ({ table, columns }))
  // A unique value that another row has until it is changed itself: the row leaves for a moment.
  for (const { table, key, columns } of blocked) {
    const row = db.get<Cells>(
      `SELECT * FROM ${table} WHERE ${whereKey(table)}`,
      ...Object.values(keyCells(table, key)),
    )
    db.run(`DELETE FROM ${table} WHERE ${whereKey(table)}`, ...Object.values(keyCells(table, key)))
    back.push({ table, columns: { ...row, ...columns } })
  }
  for (const { table, columns } of back) {
    const names = Object.keys(tables[table].columns)
    const marks = names.map(() => '?').join(', ')
    const values = names.map((name) => columns[name] ?? null)
    db.run(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks})`, ...values)
  }
  return gone.length + changed.length + back.length - blocked.length
}

/** A text index writes to its tables whenever a key is not higher than the one before. */
function byKey(one: Past, other: Past): number {
  if (one.table !== other.table) return one.table < other.table ? -1 : 1
  return typeof one.key === 'number' && typeof other.key === 'number' ? one.key - other.key : 0
}

function pastOf(entries: readonly Entry[]): Map<string, Past> {
  const rows = new Map<string, Past>()
  for (const entry of entries) {
    const { op, tbl: table, row_key: key } = entry
    const name = `${table}/${key}`
    let row = rows.get(name)
    if (row === undefined) {
      row = { table, key, was: op === 'i' ? 'absent' : 'there', columns: {}, whole: false, exists: true }
      rows.set(name, row)
    }
    row.exists = op !== 'd'
    if (row.was === 'absent' || row.whole || entry.op === 'i') continue
    const was: Cells =
      entry.op === 'd'
        ? entry.row
        : Object.fromEntries(Object.entries(entry.pairs).map(([column, [before]]) => [column, before]))
    for (const column in was) if (!(column in row.columns)) row.columns[column] = was[column] ?? null
    if (op === 'd') row.whole = true
  }
  return rows
}

function tryUpdate(db: Database, { table, key, columns }: Past): boolean {
  const names = Object.keys(columns)
  if (names.length === 0) return true
  const assignments = names.map((name) => `${name} = ?`).join(', ')
  try {
    db.run(
      `UPDATE ${table} SET ${assignments} WHERE ${whereKey(table)}`,
      ...Object.values(columns),
      ...Object.values(keyCells(table, key)),
    )
    return true
  } catch (error) {
    if (error instanceof Error && /UNIQUE constraint/.test(error.message)) return false
    throw error
  }
}
