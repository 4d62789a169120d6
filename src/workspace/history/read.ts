import { bindable, type Columns, maybeJson } from '../store/columns.ts'
import type { Database } from '../store/database.ts'
import { type TableName, tables } from '../store/schema.ts'
import type { Entry, Write } from './complete.ts'
import { type Cells, type EntityTable, history, type ListTable } from './entities.ts'
import { keyCells } from './keys.ts'

/** What a field was and is. A list, such as `tags`, tells which ids were added and removed. */
export type FieldChange =
  | { readonly before: unknown; readonly after: unknown }
  | { readonly added: readonly string[]; readonly removed: readonly string[] }

/** What one write did to one entity. */
export interface EntityChange {
  readonly entity: string
  /** Its id on the wire; null for `workspace`. */
  readonly entity_id: string | null
  /** `replaced`: all data, by a reset, a seed or a restored snapshot. */
  readonly action: 'created' | 'updated' | 'deleted' | 'replaced'
  readonly fields: Readonly<Record<string, FieldChange>>
  /** Whether people outside the team can see it. */
  readonly customer_saw: boolean
}

interface Draft {
  readonly table: TableName
  readonly key: string | number
  readonly before: Record<string, Cells[string]>
  readonly after: Record<string, Cells[string]>
  readonly lists: Record<string, { added: string[]; removed: string[] }>
  came: boolean
  went: boolean
}

/** Turns entries into changes of entities, as a reader of the API knows them. */
export class HistoryReader {
  readonly #db: Database
  readonly #ids = new Map<string, string>()

  /** `writes` are all from the first that is asked about to the present one. */
  constructor(db: Database, writes: readonly Write[]) {
    this.#db = db
    for (const { entries } of writes)
      for (const entry of entries)
        if (entry.op === 'd' && typeof entry.row['id'] === 'string')
          this.#ids.set(`${entry.tbl}/${entry.row_key}`, entry.row['id'])
  }

  changesOf({ entries }: Write): EntityChange[] {
    if (entries.length === 0) {
      return [{ entity: 'workspace', entity_id: null, action: 'replaced', fields: {}, customer_saw: false }]
    }
    const drafts = new Map<string, Draft>()
    const written = new Set(entries.map(({ tbl }) => tbl))
    for (const entry of entries) {
      const known = history[entry.tbl]
      if (known === undefined || typeof known === 'string') continue
      if ('list' in known) this.#member(drafts, known, entry)
      if (!('entity' in known) || (known.unless !== undefined && written.has(known.unless))) continue
      apply(draftOf(drafts, entry.tbl, entry.row_key), entry)
    }
    return [...drafts.values()].flatMap((draft) => this.#change(draft) ?? [])
  }

  #member(drafts: Map<string, Draft>, list: ListTable, { tbl, op, row_key }: Entry): void {
    if (op === 'u') return
    const key = keyCells(tbl, row_key)
    const [owner, member] = [key[list.owner] ?? 0, key[list.member] ?? 0]
    const id = list.memberOf === undefined ? String(member) : this.#idOf(list.memberOf, member)
    const { lists } = draftOf(drafts, list.of, owner)
    lists[list.list] ??= { added: [], removed: [] }
    const [here, there] = op === 'i' ? (['added', 'removed'] as const) : (['removed', 'added'] as const)
    const now = lists[list.list]
    if (now === undefined) return
    if (now[there].includes(id)) now[there] = now[there].filter((one) => one !== id)
    else now[here].push(id)
  }

  #change(draft: Draft): EntityChange | undefined {
    const { table, key, came, went } = draft
    if (came && went) return undefined
    const known = history[table]
    if (known === undefined || typeof known === 'string' || !('entity' in known)) return undefined
    const spec: EntityTable = known
    const { members = {}, references = {}, gone, follows = [] } = spec
    const fields: Record<string, FieldChange> = {}
    const columns = tables[table].columns as Columns
    const names = new Set([...Object.keys(draft.before), ...Object.keys(draft.after)])
    for (const name of names) {
      if (follows.includes(name) || name === 'id' || name === 'seq') continue
      const [before, after] = [draft.before[name] ?? null, draft.after[name] ?? null]
      if (before === after || (came && isInitial(columns[name], after))) continue
      const reference = references[name]
      if (reference !== undefined) {
        const wire = (value: Cells[string]) => (value === null ? null : this.#idOf(reference.table, value))
        fields[reference.as] = { before: wire(before), after: wire(after) }
        continue
      }
      const [old, now] = [before, after].map((value) => meaning(name, columns[name], value))
      if (name in members) Object.assign(fields, memberFields(members[name] ?? '', old, now))
      else fields[name] = { before: old, after: now }
    }
    for (const [name, { added, removed }] of Object.entries(draft.lists)) {
      if (added.length + removed.length > 0) fields[name] = { added, removed }
    }
    if (!came && !went && Object.keys(fields).length === 0) return undefined
    const standing = gone && draft.after[gone.column]
    const lost = went || (gone !== undefined && !came && gone.values.includes(String(standing)))
    const row = { ...keyCells(table, key), ...draft.before, ...draft.after }
    return {
      entity: spec.entity,
      entity_id: this.#entityId(draft, spec, row),
      action: came ? 'created' : lost ? 'deleted' : 'updated',
      fields,
      customer_saw: spec.customerSees?.(row) ?? false,
    }
  }

  #entityId({ table, key }: Draft, { id = 'id', references = {} }: EntityTable, row: Cells): string {
    const reference = references[id]
    const value = row[id]
    if (reference !== undefined) return this.#idOf(reference.table, value ?? 0)
    if (table !== 'contacts' && table !== 'companies') return String(key)
    if (typeof value !== 'string') return this.#idOf(table, key)
    this.#ids.set(`${table}/${key}`, value)
    return value
  }

  /** The id on the wire of a row that may be gone by now. */
  #idOf(table: 'contacts' | 'companies', seq: string | number): string {
    const known = this.#ids.get(`${table}/${seq}`)
    if (known !== undefined) return known
    const row = this.#db.get<{ id: string }>(`SELECT id FROM ${table} WHERE seq = ?`, seq)
    const id = row?.id ?? String(seq)
    this.#ids.set(`${table}/${seq}`, id)
    return id
  }
}

function draftOf(drafts: Map<string, Draft>, table: TableName, key: string | number): Draft {
  const name = `${table}/${key}`
  const known = drafts.get(name)
  if (known !== undefined) return known
  const made: Draft = { table, key, before: {}, after: {}, lists: {}, came: false, went: false }
  drafts.set(name, made)
  return made
}

/** The first value that a column had in a write is what it was before. */
function apply(draft: Draft, entry: Entry): void {
  if (entry.op === 'i') {
    // Gone and come back in one write is a change.
    if (draft.went) draft.went = false
    else draft.came = true
    Object.assign(draft.after, entry.row)
    return
  }
  if (entry.op === 'd') {
    for (const [name, value] of Object.entries(entry.row)) {
      if (!(name in draft.before)) draft.before[name] = value
    }
    for (const name of Object.keys(draft.after)) delete draft.after[name]
    draft.went = true
    return
  }
  for (const [name, [before, after]] of Object.entries(entry.pairs)) {
    if (!draft.came && !(name in draft.before)) draft.before[name] = before
    draft.after[name] = after
  }
}

/** Whether a new row has a value only because every row has one. */
function isInitial(column: Columns[string] | undefined, value: Cells[string]): boolean {
  return column !== undefined && !column.required && bindable(column.initial) === value
}

/** A stored value as a reader has it: flags as booleans, JSON as values, ids as text. */
function meaning(name: string, column: Columns[string] | undefined, value: Cells[string]): unknown {
  if (value === null || column === undefined) return value
  if (typeof value === 'number' && name.endsWith('_id')) return String(value)
  if (typeof column.initial === 'boolean') return value === 1
  const isJson = column === maybeJson || (typeof column.initial === 'object' && column.initial !== null)
  return isJson && typeof value === 'string' ? JSON.parse(value) : value
}

/** The members of a JSON object that changed, each a field of its own. */
function memberFields(prefix: string, before: unknown, after: unknown): Record<string, FieldChange> {
  const fields: Record<string, FieldChange> = {}
  const [old, now] = [before, after].map((value) => (value ?? {}) as Readonly<Record<string, unknown>>)
  if (old === undefined || now === undefined) return fields
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (JSON.stringify(old[name] ?? null) === JSON.stringify(now[name] ?? null)) continue
    fields[`${prefix}${name}`] = { before: old[name] ?? null, after: now[name] ?? null }
  }
  return fields
}
