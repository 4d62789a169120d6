import { indexedColumn, type Keys, type ServingIndex, searchIndexes } from './indexes.ts'
import type { Listed } from './list.ts'
import type { Operator } from './operators.ts'
import type { Filter } from './parse.ts'
import { compareValue, type Zone } from './sql.ts'

/** So many different values are looked at one by one. */
const mostValues = 256

const partial: ReadonlySet<Operator> = new Set(['!=', 'NIN', '~', '!~', '$'])

/**
 * What no range of an index answers (`!=`, contains, ends with), by its values: each is looked up once, however
 * many rows have it, and compared. Closed where there are more than 256 different ones.
 */
export function valuesOf(filter: Filter, zone: Zone, listed: Listed): Keys[] {
  const { field, operator, value } = filter
  const { operand } = field
  if (value === null || operand.kind !== 'value') return []
  if (!partial.has(operator) && !(operator === '^' && operand.stored === 'number')) return []
  const column = indexedColumn(filter)
  const index = searchIndexes[listed.table].find(
    ({ hasChoices, columns }) => hasChoices && columns[0] === column,
  )
  if (index === undefined) return []
  const values = distinct(index, listed)
  const where = index.onDemand?.where ? ` AND ${index.onDemand.where}` : ''
  const fits = compareValue(filter, { ...operand, sql: 'choice', values: [] }, zone)
  const { table, key } = listed
  return [
    {
      sql: `SELECT ${table}.${key} AS key FROM (SELECT choice FROM (${values}) WHERE ${fits.sql})
        CROSS JOIN ${table} INDEXED BY ${index.name} WHERE ${column} = choice${where}`,
      values: fits.values,
      exact: true,
      onlyIf: { sql: `SELECT count(*) <= ${mostValues} FROM (${values})`, values: [] },
      ...(index.onDemand ? { needs: [index.onDemand] } : {}),
    },
  ]
}

/** The different values of an index, found by skipping from one to the next. */
function distinct({ name, columns: [column], onDemand }: ServingIndex, { table }: Listed): string {
  const least = `SELECT min(${column}) FROM ${table} INDEXED BY ${name} WHERE ${onDemand?.where ?? 1}`
  return `WITH RECURSIVE choices (choice) AS (SELECT (${least})
    UNION ALL SELECT (${least} AND ${column} > choices.choice) FROM choices WHERE choice IS NOT NULL
    LIMIT ${mostValues + 2}) SELECT choice FROM choices WHERE choice IS NOT NULL`
}
