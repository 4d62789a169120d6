import { indexesOnDemand, indexOn, type OnDemand, type SearchIndex } from '../store/search-indexes.ts'
import type { Condition } from './field.ts'
import type { ListedTable } from './list.ts'
import type { Filter } from './parse.ts'

/** A SELECT of keys that an index answers. It gives every row that matches; when `exact`, no other and none twice. */
export interface Keys extends Condition {
  readonly exact: boolean
  /** Made before the first use. */
  readonly needs?: readonly OnDemand[]
  /** Where this gives 0 the way is closed. */
  readonly onlyIf?: Condition
}

/**
 * An index that serves searches. A search is found by it when it compares the columns for equality, the last of
 * them at will by range.
 */
export interface ServingIndex {
  /** Without a name it is the table's own order. */
  readonly name: string | undefined
  readonly columns: readonly string[]
  /** Filters that no index answers at once are answered from its values, while they are few. */
  readonly hasChoices: boolean
  readonly onDemand?: SearchIndex
}

const plain = (name: string | undefined, ...columns: string[]) => ({ name, columns, hasChoices: false })
const choices = (name: string, ...columns: string[]) => ({ name, columns, hasChoices: true })
const onDemand = (made: SearchIndex) => ({
  name: made.name,
  columns: [made.sql],
  hasChoices: !/_at\b/.test(made.sql),
  onDemand: made,
})

/** The indexes of each table. */
export const searchIndexes: Readonly<Record<ListedTable, readonly ServingIndex[]>> = {
  contacts: [
    plain('contact_id', 'contacts.id'),
    plain('contact_email', 'email_folded'),
    plain('contact_external', 'external_id_folded'),
    plain('contact_phone', 'phone'),
    plain('contact_name', 'name_folded'),
    plain('contact_domain', 'email_domain'),
    choices('contact_owner', 'owner_id'),
    choices('contact_role', 'role', 'created_at'),
    plain('contact_created', 'created_at'),
    plain('contact_updated', 'updated_at'),
    plain('contact_recent', 'ifnull(last_seen_at, 0)'),
    ...indexesOnDemand.contacts.map(onDemand),
  ],
  conversations: [
    plain(undefined, 'conversations.id'),
    plain('conversation_source', 'source_id'),
    plain('conversation_author', 'source_author_id'),
    plain('conversation_snoozed', 'snoozed_until'),
    plain('conversation_waiting', 'waiting_since'),
    choices('conversation_state', 'state', 'updated_at'),
    choices('conversation_admin', 'admin_assignee_id', 'updated_at'),
    choices('conversation_team', 'team_assignee_id', 'updated_at'),
    plain('conversation_created', 'created_at'),
    plain('conversation_updated', 'updated_at'),
    ...indexesOnDemand.conversations.map(onDemand),
  ],
  tickets: [
    plain(undefined, 'tickets.id'),
    plain('ticket_created', 'created_at'),
    plain('ticket_updated', 'updated_at'),
    plain('ticket_type', 'ticket_type_id'),
  ],
}

/** By which of these an order can be walked without sorting, in any workspace. */
const sortedColumns: ReadonlySet<string> = new Set([
  'created_at',
  'updated_at',
  'ifnull(last_seen_at, 0)',
  'contacts.id',
  'conversations.id',
  'tickets.id',
])

/** What it takes to walk an order without sorting: nothing, or an index of its own; undefined where none can be. */
export function indexesOfOrder(table: ListedTable, order: string): OnDemand[] | undefined {
  if (sortedColumns.has(order)) return []
  for (const { name, columns, onDemand } of searchIndexes[table]) {
    const [column] = columns
    if (order === column && onDemand?.where === undefined && onDemand !== undefined) return [onDemand]
    if (order === column || order === `ifnull(${column}, 0)` || order === `ifnull(${column}, '')`) {
      return [indexOn(table, `${name}_sorted`, order)]
    }
  }
  return undefined
}

/** The column or expression by which an index holds what a filter compares. */
export function indexedColumn({ field: { operand } }: Filter): string | undefined {
  return operand.kind === 'value' ? (operand.indexedAs ?? operand.sql) : undefined
}
