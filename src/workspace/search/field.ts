import type { SQLInputValue } from 'node:sqlite'
import { foldSql } from '../store/fold.ts'

/**
 * The types of Intercom's search (docs/intercom-api.md 4.2); a field's type decides its operators and its
 * values.
 */
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
  | ({
      readonly kind: 'value'
      readonly stored?: Stored
      /** The column of the trigram index that holds it, or a text that contains it. */
      readonly grams?: string
      /** What an index holds instead of the value; it finds all that match, and more. */
      readonly indexedAs?: string
      /** The conversation's custom attribute that it is. */
      readonly attribute?: string
    } & Condition)
  /**
   * Values in another table: `key` in `from` is the key of the searched row, `guard` narrows it down. A negative
   * operator means "no such value" (`none`), or "a value, but another" (`other`).
   */
  | {
      readonly kind: 'linked'
      readonly from: string
      readonly key: string
      readonly guard?: Condition
      readonly value: string
      readonly stored?: Stored
      readonly negative: 'none' | 'other'
    }
  /** The words of `source.body` (docs/intercom-api.md 4.2). */
  | { readonly kind: 'words' }

/** A searchable field. */
export interface Field {
  readonly type: FieldType
  readonly operand: Operand
  /** Only `=` and `!=`, as for `tag_id` on contacts (docs/intercom-api.md 4.2). */
  readonly equalityOnly?: true
  /** A date that also takes `<=` and `>=`, as `created_at` of tickets (docs/intercom-api.md 4.5). */
  readonly orEqual?: true
  /** An id that takes `>` and `<`, to page by (docs/intercom-api.md 4.2). */
  readonly ordered?: true
  /** A time of contacts that is compared to the second, from 2.17 on (docs/intercom-api.md 4.2). */
  readonly exact?: true
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
export function folded(sql: string, grams?: string): Field {
  return foldedColumn(foldSql(sql), grams)
}

/** A column that is folded already; `grams` names it in the trigram index. */
export function foldedColumn(sql: string, grams?: string): Field {
  const operand = { kind: 'value', sql, values: [], stored: 'folded' } as const
  return { type: 'string', operand: grams === undefined ? operand : { ...operand, grams } }
}

/** A member of a JSON column. */
export function member(type: FieldType, json: string, path: string): Field {
  const sql = `json_extract(${json}, '${path}')`
  return type === 'string' ? folded(sql) : column(type, sql)
}
