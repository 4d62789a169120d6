import type { TableName } from '../store/schema.ts'
import { reachesCustomers } from '../threads/reaches.ts'

type Cell = string | number | null
/** A row, or the columns of one that are known. */
export type Cells = Readonly<Record<string, Cell>>

/** What a column with another row's key becomes in a change: the name of the field, and whose id on the wire it holds. */
interface Reference {
  readonly as: string
  readonly table: 'contacts' | 'companies'
}

/** A table whose rows are entities of the API. Columns are fields of the change unless they are named here. */
export interface EntityTable {
  readonly entity: string
  /** The column with the id on the wire. @default 'id' */
  readonly id?: string
  /** What Intercom keeps by itself, not in changes: times, counters, folded texts, statistics. */
  readonly follows?: readonly string[]
  /** Kept with every change of a row, though they do not change: a change is told with them. */
  readonly context?: readonly string[]
  readonly references?: Readonly<Record<string, Reference>>
  /** JSON objects whose members are fields of their own, under this prefix. */
  readonly members?: Readonly<Record<string, string>>
  /** A row that stays, but is gone for the API when the column has one of these values. */
  readonly gone?: { readonly column: string; readonly values: readonly string[] }
  /** Whether people outside the team can see it: texts in a thread other than notes, published articles. */
  readonly customerSees?: (row: Cells) => boolean
  /** Not told when the same write also wrote this table, of which it then follows. */
  readonly unless?: TableName
}

/** A table of links: each row is a member of a list of another table's entity. */
export interface ListTable {
  readonly list: string
  readonly of: TableName
  readonly owner: string
  readonly member: string
  readonly memberOf?: 'contacts' | 'companies'
}

/** Recorded and rewound, but no change of its own: it follows from what else was written. */
interface DerivedTable {
  readonly derived: true
}

/** Neither recorded nor rewound: the workspace's own settings and queues. */
export const unrecorded = 'unrecorded'

export type HistoryTable = EntityTable | ListTable | DerivedTable | typeof unrecorded

const contact = { contact_seq: { as: 'contact_id', table: 'contacts' } } as const
const derived: DerivedTable = { derived: true }

/** What a change of each table is to somebody who reads the history. A new table needs an entry. */
export const history: Readonly<Record<TableName, HistoryTable>> = {
  app: unrecorded,
  tokens: unrecorded,
  company_scrolls: unrecorded,
  webhook_subscriptions: unrecorded,
  webhook_notifications: unrecorded,

  admins: { entity: 'admin' },
  teams: { entity: 'team' },
  team_admins: { list: 'admins', of: 'teams', owner: 'team_id', member: 'admin_id' },
  activity_logs: derived,
  data_attributes: { entity: 'data_attribute', follows: ['updated_at'] },
  contacts: {
    entity: 'contact',
    follows: [
      ...['updated_at', 'last_replied_at', 'last_contacted_at', 'deleted_at'],
      ...['email_domain', 'name_folded', 'email_folded', 'external_id_folded'],
    ],
    context: ['id'],
    members: { custom_attributes: 'custom_attributes.', details: '' },
    gone: { column: 'standing', values: ['deleted', 'merged', 'purged'] },
  },
  contact_attributes: derived,
  contact_tags: { list: 'tags', of: 'contacts', owner: 'contact_seq', member: 'tag_id' },
  contact_companies: {
    ...{ list: 'companies', of: 'contacts', owner: 'contact_seq' },
    ...{ member: 'company_seq', memberOf: 'companies' },
  },
  contact_subscriptions: {
    list: 'subscriptions',
    of: 'contacts',
    owner: 'contact_seq',
    member: 'subscription_id',
  },
  notes: { entity: 'note', references: contact },
  tags: { entity: 'tag', follows: ['name_folded'] },
  companies: {
    entity: 'company',
    follows: ['updated_at', 'last_request_at', 'user_count'],
    context: ['id'],
    members: { custom_attributes: 'custom_attributes.' },
  },
  company_plans: derived,
  company_tags: { list: 'tags', of: 'companies', owner: 'company_seq', member: 'tag_id' },
  segments: { entity: 'segment', follows: ['updated_at'] },
  subscription_types: { entity: 'subscription_type' },
  events: { entity: 'event', follows: ['moment'], references: contact },
  event_summaries: {
    entity: 'event_summary',
    id: 'contact_seq',
    references: contact,
    unless: 'events',
  },
  conversations: {
    entity: 'conversation',
    follows: [
      ...['updated_at', 'waiting_since', 'open', 'source_text', 'source_author_name', 'source_author_email'],
      ...['first_contact_reply_created_at', 'first_contact_reply_url', 'reply_times'],
      ...['time_to_assignment', 'time_to_admin_reply', 'time_to_first_close', 'time_to_last_close'],
      ...['median_time_to_reply', 'first_contact_reply_at', 'first_assignment_at', 'first_admin_reply_at'],
      ...['first_close_at', 'last_assignment_at', 'last_assignment_admin_reply_at', 'last_contact_reply_at'],
      ...['last_admin_reply_at', 'last_close_at', 'last_closed_by_id', 'count_reopens', 'count_assignments'],
      'count_conversation_parts',
    ],
    members: { custom_attributes: 'custom_attributes.' },
  },
  conversation_parts: {
    entity: 'conversation_part',
    follows: ['updated_at', 'notified_at'],
    context: ['conversation_id', 'part_type'],
    customerSees: reachesCustomers,
  },
  conversation_contacts: {
    list: 'contacts',
    of: 'conversations',
    owner: 'conversation_id',
    member: 'contact_seq',
    memberOf: 'contacts',
  },
  conversation_teammates: derived,
  conversation_tags: { list: 'tags', of: 'conversations', owner: 'conversation_id', member: 'tag_id' },
  messages: {
    entity: 'message',
    references: contact,
    context: ['contact_seq', 'body'],
    customerSees: () => true,
  },
  ticket_types: { entity: 'ticket_type', follows: ['updated_at'] },
  ticket_type_attributes: { entity: 'ticket_type_attribute', follows: ['updated_at'] },
  ticket_states: { entity: 'ticket_state' },
  ticket_type_states: {
    list: 'states',
    of: 'ticket_types',
    owner: 'ticket_type_id',
    member: 'ticket_state_id',
  },
  tickets: {
    entity: 'ticket',
    follows: ['updated_at'],
    context: ['is_shared'],
    members: { attributes: 'attributes.' },
    customerSees: (row) => row['is_shared'] === 1 && 'ticket_state_id' in row,
  },
  ticket_contacts: {
    ...{ list: 'contacts', of: 'tickets', owner: 'ticket_id' },
    ...{ member: 'contact_seq', memberOf: 'contacts' },
  },
  ticket_teammates: derived,
  ticket_tags: { list: 'tags', of: 'tickets', owner: 'ticket_id', member: 'tag_id' },
  ticket_part_states: derived,
  help_centers: { entity: 'help_center', follows: ['updated_at'] },
  collections: { entity: 'collection', follows: ['updated_at'], customerSees: () => true },
  articles: {
    entity: 'article',
    follows: [
      ...['updated_at', 'words', 'views', 'conversations'],
      ...['happy_reactions', 'neutral_reactions', 'sad_reactions'],
    ],
    context: ['state'],
    customerSees: ({ state }) => state === 'published',
  },
  content_import_sources: { entity: 'content_import_source', follows: ['updated_at', 'last_synced_at'] },
  external_pages: { entity: 'external_page', follows: ['updated_at', 'last_ingested_at'] },
  newsfeeds: { entity: 'newsfeed', follows: ['updated_at'] },
  news_items: {
    entity: 'news_item',
    follows: ['updated_at'],
    context: ['state'],
    customerSees: ({ state }) => state === 'live',
  },
  newsfeed_assignments: {
    list: 'newsfeeds',
    of: 'news_items',
    owner: 'news_item_id',
    member: 'newsfeed_id',
  },
  data_exports: {
    entity: 'data_export',
    id: 'job_identifier',
    follows: ['status', 'requested_at_ms', 'finished_at'],
  },
}

/** What a change can be of: those, and the workspace as a whole. */
export const entityNames: readonly string[] = [
  'workspace',
  ...new Set(
    Object.values(history).flatMap((table) =>
      typeof table === 'object' && 'entity' in table ? [table.entity] : [],
    ),
  ),
]
