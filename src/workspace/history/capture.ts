import type { SQLInputValue, StatementSync } from 'node:sqlite'
import type { Database } from '../store/database.ts'
import type { TableName } from '../store/schema.ts'
import type { Cells } from './entities.ts'
import { isRecorded, keyOf, rowKey, whereKey } from './keys.ts'
import type { RawEntry } from './log.ts'

type Values = readonly SQLInputValue[]

/** Runs a statement that writes a recorded table, adds what it changed to `entries`, and tells how many rows it changed. */
type Captured = (statement: StatementSync, values: Values, entries: RawEntry[]) => number

/**
 * How the changes of a statement are heard; undefined if it writes no recorded table. An entry holds what a row was, not
 * what it became: an update or deletion reads its rows first, an insertion reads nothing. Throws for statements of
 * forms that are not written down here, so that none goes unrecorded.
 */
export function captureOf(db: Database, sql: string): Captured | undefined {
  const [verb = ''] = /\w+/.exec(sql) ?? []
  if (!/^(?:insert|update|delete|replace|with)$/i.test(verb)) return undefined
  const [, table] = targetForm.exec(sql) ?? []
  if (table === undefined) throw unrecordable(sql)
  if (!isRecorded(table)) return undefined
  const captured = insertion(db, sql, table) ?? update(db, sql, table) ?? deletion(db, sql, table)
  if (captured === undefined || /\bRETURNING\b/i.test(unquoted(sql))) throw unrecordable(sql)
  return captured
}

const targetForm = /^\s*(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE(?: OR \w+)?|DELETE FROM) (\w+)/i
const insertForm =
  /^\s*INSERT (?:OR IGNORE )?INTO \w+ \(([^()]*)\)\s+VALUES \(([^()]*)\)(\s+ON CONFLICT\s[\s\S]*)?$/

function insertion(db: Database, sql: string, table: TableName): Captured | undefined {
  const [, columns, marks, upsert] = insertForm.exec(sql) ?? []
  if (columns === undefined || marks === undefined) return undefined
  const names = list(columns)
  const places = keyOf(table).map((name) => names.indexOf(name))
  if (places.includes(-1) || list(marks).some((mark) => mark !== '?')) throw unrecordable(sql)
  const was = upsert && `SELECT * FROM ${table} WHERE ${whereKey(table)}`
  return (statement, values, entries) => {
    const key = places.map((place) => values[place] ?? null)
    const before = was && db.get<Cells>(was, ...key)
    const { changes, lastInsertRowid } = statement.run(...values)
    if (changes === 0) return 0
    // SQLite gives a row its key where none is given.
    const row_key = key.length === 1 && key[0] === null ? Number(lastInsertRowid) : rowKey(key)
    entries.push(
      before
        ? { op: 'u', tbl: table, row_key, was: before }
        : { op: 'i', tbl: table, row_key, was: undefined },
    )
    return Number(changes)
  }
}

function update(db: Database, sql: string, table: TableName): Captured | undefined {
  const [, rest] = /^\s*UPDATE (?:OR IGNORE )?\w+ SET ([\s\S]*)$/.exec(sql) ?? []
  if (rest === undefined) return undefined
  const [set = '', where = '1', ...others] = split(rest, /\bWHERE\b/y)
  if (others.length > 0 || split(set, /\bFROM\b/y).length > 1) throw unrecordable(sql)
  const assignments = split(set, /,/y).map((text) => /^\s*(\w+) = ([\s\S]*)$/.exec(text) ?? [])
  const names = assignments.map(([, name]) => name ?? '')
  if (names.includes('')) throw unrecordable(sql)
  const skipped = unquoted(set).split('?').length - 1
  const keys = keyOf(table)
  if (keys.some((name) => names.includes(name))) return move(db, sql, table, names, where, skipped)
  const rows = `SELECT ${[...keys, ...names].join(', ')} FROM ${table} WHERE ${where}`
  return (statement, values, entries) => {
    const found = db.arrays(rows, ...values.slice(skipped))
    if (found.length === 0) return 0
    const { changes } = statement.run(...values)
    for (const cells of found) {
      const was: Record<string, Cells[string]> = {}
      for (let i = 0; i < names.length; i++) was[names[i] as string] = cells[keys.length + i] as Cells[string]
      entries.push({ op: 'u', tbl: table, row_key: rowKey(cells.slice(0, keys.length)), was })
    }
    return Number(changes)
  }
}

/** An update of keys: a row that is no longer there has gone, and come under its new key. */
function move(
  db: Database,
  sql: string,
  table: TableName,
  names: readonly string[],
  where: string,
  skipped: number,
): Captured {
  const keys = keyOf(table)
  if (!sql.includes(`SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE`)) throw unrecordable(sql)
  const rows = `SELECT * FROM ${table} WHERE ${where}`
  const still = `SELECT count(*) FROM ${table} WHERE ${whereKey(table)}`
  return (statement, values, entries) => {
    const found = db.all<Cells>(rows, ...values.slice(skipped))
    const { changes } = statement.run(...values)
    const given = Object.fromEntries(names.map((name, i) => [name, values[i]]))
    for (const was of found) {
      const old = keys.map((name) => was[name] ?? null)
      if (db.number(still, ...old) > 0) continue
      entries.push({ op: 'd', tbl: table, row_key: rowKey(old), was })
      const row_key = rowKey(keys.map((name) => given[name] ?? was[name]))
      entries.push({ op: 'i', tbl: table, row_key, was: undefined })
    }
    return Number(changes)
  }
}

function deletion(db: Database, sql: string, table: TableName): Captured | undefined {
  const form = /^\s*DELETE FROM \w+(?:\s+WHERE ([\s\S]+))?$/.exec(sql)
  if (form === null) return undefined
  const [, where = '1'] = form
  const keys = keyOf(table)
  const rows = `SELECT * FROM ${table} WHERE ${where}`
  return (statement, values, entries) => {
    const found = db.all<Cells>(rows, ...values)
    if (found.length === 0) return 0
    const { changes } = statement.run(...values)
    for (const was of found)
      entries.push({ op: 'd', tbl: table, row_key: rowKey(keys.map((name) => was[name])), was })
    return Number(changes)
  }
}

const list = (text: string) => text.split(',').map((word) => word.trim())

const unquoted = (sql: string) => sql.replaceAll(/'[^']*'/g, "''")

/** Splits SQL where a pattern stands outside of brackets and quotes. */
function split(sql: string, at: RegExp): string[] {
  const parts: string[] = []
  let start = 0
  let depth = 0
  let quoted = false
  for (let i = 0; i < sql.length; i++) {
    const char = sql[i]
    if (char === "'") quoted = !quoted
    else if (quoted) continue
    else if (char === '(') depth += 1
    else if (char === ')') depth -= 1
    else if (depth === 0) {
      at.lastIndex = i
      const found = at.exec(sql)
      if (found === null) continue
      parts.push(sql.slice(start, i))
      i += found[0].length - 1
      start = i + 1
    }
  }
  return [...parts, sql.slice(start)]
}

function unrecordable(sql: string): Error {
  return new Error(`The history cannot hear what this statement changes: ${sql}`)
}
