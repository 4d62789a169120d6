import type { Database } from '../store/database.ts'
import type { TableName } from '../store/schema.ts'
import { type Cells, history } from './entities.ts'
import { keyCells, whereKey } from './keys.ts'
import type { RawEntry, RawWrite } from './log.ts'

/** What columns were and are. */
export type Pairs = Readonly<Record<string, readonly [Cells[string], Cells[string]]>>

/**
 * A row that changed: `i` it came and is `row`, `u` these columns changed (with those that a reader needs besides), `d`
 * it went and was `row`.
 */
export type Entry = Pick<RawEntry, 'tbl' | 'row_key'> &
  (
    | { readonly op: 'i'; readonly row: Cells }
    | { readonly op: 'u'; readonly pairs: Pairs }
    | { readonly op: 'd'; readonly row: Cells }
  )

/** One write, with what it changed. */
export interface Write extends Omit<RawWrite, 'entries'> {
  readonly entries: readonly Entry[]
}

/** The writes up to the present one, each with what its rows became: their next entries, or the rows, say it. */
export function complete(db: Database, writes: readonly RawWrite[]): Write[] {
  const now = new Map<string, Record<string, Cells[string]>>()
  const rowOf = (tbl: TableName, row_key: string | number, name: string) => {
    const known = now.get(name)
    if (known !== undefined) return known
    const sql = `SELECT * FROM ${tbl} WHERE ${whereKey(tbl)}`
    const row = db.get<Record<string, Cells[string]>>(sql, ...Object.values(keyCells(tbl, row_key)))
    if (row === undefined) throw new Error(`The history has lost ${name}`)
    now.set(name, row)
    return row
  }
  const back = ({ op, tbl, row_key, was }: RawEntry): Entry => {
    const name = `${tbl}/${row_key}`
    if (op === 'd' && was !== undefined) {
      // Copied: what came before is taken back in it.
      now.set(name, { ...was })
      return { op, tbl, row_key, row: was }
    }
    const row = rowOf(tbl, row_key, name)
    if (op === 'u' && was !== undefined) return { op, tbl, row_key, pairs: takeBack(tbl, row, was) }
    now.delete(name)
    return { op: 'i', tbl, row_key, row }
  }
  return writes
    .toReversed()
    .map((write) => ({ ...write, entries: write.entries.toReversed().map(back).reverse() }))
    .reverse()
}

/** Gives a row its earlier values, and tells what has changed. */
function takeBack(tbl: TableName, row: Record<string, Cells[string]>, was: Cells): Pairs {
  const pairs: Record<string, readonly [Cells[string], Cells[string]]> = {}
  const known = history[tbl]
  if (typeof known !== 'string' && 'entity' in known) {
    for (const name of known.context ?? []) {
      const value = row[name] ?? null
      pairs[name] = [value, value]
    }
  }
  for (const name in was) {
    const [before, after] = [was[name] ?? null, row[name] ?? null]
    if (before === after) continue
    pairs[name] = [before, after]
    row[name] = before
  }
  return pairs
}
