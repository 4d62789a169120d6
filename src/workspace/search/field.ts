import type { SQLInputValue } from 'node:sqlite'

/** The types of Intercom's search (dossier 4.2); a field's type decides its operators and its values. */
export type FieldType = 'string' | 'integer' | 'boolean' | 'date'

/** A piece of SQL and the values for its question marks, in order. Names in it are this program's own. */
export interface Condition {
  readonly sql: string
  readonly values: readonly SQLInputValue[]
}

/** The form a string is stored in: as it is compared, folded, or a number that the wire shows as text. */
type Stored = 'plain' | 'folded' | 'number'

/** How a field is found in SQL. */
export type Operand =
  /** One value per row. */
  | ({ readonly kind: 'value'; readonly stored?: Stored } & Condition)
  /**
   * Values in another table: `from` selects the keys of the searched rows, `guard` narrows it down. A negative
   * operator means "no such value" (`none`), or "a value, but another" (`other`).
   */
  | {
      readonly kind: 'linked'
      readonly from: string
      readonly guard?: Condition
      readonly value: string
      readonly stored?: Stored
      readonly negative: 'none' | 'other'
    }
  /** The words of `source.body` (S:5541). */
  | { readonly kind: 'words' }

/** A searchable field. */
export interface Field {
  readonly type: FieldType
  readonly operand: Operand
  /** Only `=` and `!=`, as for `tag_id` on contacts (S:4366). */
  readonly equalityOnly?: true
  /** The row always has a value, so that sorting can use the bare column and its index. */
  readonly always?: true
  /** What to sort by where the operand itself is no single value. */
  readonly sortBy?: Condition
}

/** A field by its name; undefined for a name that is none. */
export type FindField = (name: string) => Field | undefined

/** A column with a value in every row. */
export function always(type: FieldType, sql: string): Field {
  return { type, operand: { kind: 'value', sql, values: [] }, always: true }
}

/** A column that may be unset. */
export function column(type: FieldType, sql: string): Field {
  return { type, operand: { kind: 'value', sql, values: [] } }
}

/** Text whose case SQL folds while searching: for fields too rare for a folded column. */
export function folded(sql: string): Field {
  return { type: 'string', operand: { kind: 'value', sql: `fold(${sql})`, values: [], stored: 'folded' } }
}

/** A member of a JSON column. */
export function member(type: FieldType, json: string, path: string): Field {
  const sql = `json_extract(${json}, '${path}')`
  return type === 'string' ? folded(sql) : column(type, sql)
}
