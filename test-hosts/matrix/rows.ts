import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/**
 * Every row of every table of a workspace's file, as text: the state it is in, without the history of how it came to
 * it and the random id of an event. Of a copy, as the file is locked.
 */
export function rowsOf(file: string): string {
  const copy = `${file}.copy`
  const ends = ['', '-wal'].filter((end) => existsSync(file + end))
  for (const end of ends) copyFileSync(file + end, copy + end)
  const db = new DatabaseSync(copy)
  try {
    return tablesOf(db)
      .map((table) => `${table}\n${rowsIn(db, table)}`)
      .join('\n')
  } finally {
    db.close()
    for (const end of ['', '-wal', '-shm']) rmSync(copy + end, { force: true })
  }
}

function rowsIn(db: DatabaseSync, table: string): string {
  const rows = db.prepare(`SELECT * FROM "${table}"`)
  rows.setReadBigInts(true) // some are more than a number holds
  return JSON.stringify(rows.all(), (key, value) => {
    if (key === 'uid') return undefined
    return typeof value === 'bigint' ? String(value) : value
  })
}

function tablesOf(db: DatabaseSync): string[] {
  const own = `SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT GLOB 'history_*' ORDER BY name`
  return db
    .prepare(own)
    .all()
    .map(({ name }) => String(name))
}
