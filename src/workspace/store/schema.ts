import { activityLogs } from './activity-tables.ts'
import { admins, app, dataAttributes, teamAdmins, teams, tokens } from './app-tables.ts'
import { contactSubscriptions, segments, subscriptionTypes } from './audience-tables.ts'
import type { Columns } from './columns.ts'
import { companies, companyPlans, companyScrolls, companyTags, contactCompanies } from './company-tables.ts'
import { contactAttributes, contacts, contactTags, notes, tags } from './contact-tables.ts'
import {
  conversationContacts,
  conversationParts,
  conversations,
  conversationTags,
  conversationTeammates,
  messages,
} from './conversation-tables.ts'
import type { Database } from './database.ts'
import { eventSummaries, events } from './event-tables.ts'
import { dataExports } from './export-tables.ts'
import {
  articles,
  collections,
  contentImportSources,
  externalPages,
  helpCenters,
} from './knowledge-tables.ts'
import { newsfeedAssignments, newsfeeds, newsItems } from './news-tables.ts'
import { createTextIndexes } from './text-index.ts'
import {
  ticketContacts,
  ticketPartStates,
  ticketStates,
  tickets,
  ticketTags,
  ticketTeammates,
  ticketTypeAttributes,
  ticketTypeStates,
  ticketTypes,
} from './ticket-tables.ts'
import { webhookNotifications, webhookSubscriptions } from './webhook-tables.ts'

/** Marks a SQLite file as a workspace of ours ("MLXI"). */
export const applicationId = 0x4d4c5849
/** Raised with every change of a table; an older program refuses a newer file. */
export const schemaVersion = 2

const withoutRowid = 'WITHOUT ROWID'

/** Every table: its columns and what follows them in CREATE TABLE. */
export const tables = {
  app: { columns: app, keys: '', suffix: '' },
  tokens: { columns: tokens, keys: 'PRIMARY KEY (token)', suffix: withoutRowid },
  admins: { columns: admins, keys: '', suffix: '' },
  teams: { columns: teams, keys: '', suffix: '' },
  team_admins: { columns: teamAdmins, keys: 'PRIMARY KEY (team_id, admin_id)', suffix: withoutRowid },
  data_attributes: { columns: dataAttributes, keys: 'UNIQUE (model, name)', suffix: '' },
  contacts: { columns: contacts, keys: '', suffix: '' },
  contact_attributes: {
    columns: contactAttributes,
    keys: 'PRIMARY KEY (contact_seq, attribute_id)',
    suffix: withoutRowid,
  },
  notes: { columns: notes, keys: '', suffix: '' },
  tags: { columns: tags, keys: '', suffix: '' },
  contact_tags: { columns: contactTags, keys: 'PRIMARY KEY (contact_seq, tag_id)', suffix: withoutRowid },
  conversations: { columns: conversations, keys: '', suffix: '' },
  conversation_parts: { columns: conversationParts, keys: '', suffix: '' },
  conversation_contacts: {
    columns: conversationContacts,
    keys: 'PRIMARY KEY (conversation_id, contact_seq)',
    suffix: withoutRowid,
  },
  conversation_teammates: {
    columns: conversationTeammates,
    keys: 'PRIMARY KEY (conversation_id, admin_id)',
    suffix: withoutRowid,
  },
  conversation_tags: {
    columns: conversationTags,
    keys: 'PRIMARY KEY (conversation_id, tag_id)',
    suffix: withoutRowid,
  },
  messages: { columns: messages, keys: '', suffix: '' },
  companies: { columns: companies, keys: '', suffix: '' },
  company_plans: { columns: companyPlans, keys: '', suffix: '' },
  company_tags: { columns: companyTags, keys: 'PRIMARY KEY (company_seq, tag_id)', suffix: withoutRowid },
  company_scrolls: { columns: companyScrolls, keys: '', suffix: '' },
  contact_companies: {
    columns: contactCompanies,
    keys: 'PRIMARY KEY (contact_seq, company_seq)',
    suffix: withoutRowid,
  },
  segments: { columns: segments, keys: 'PRIMARY KEY (id)', suffix: withoutRowid },
  subscription_types: { columns: subscriptionTypes, keys: '', suffix: '' },
  contact_subscriptions: {
    columns: contactSubscriptions,
    keys: 'PRIMARY KEY (contact_seq, subscription_id)',
    suffix: withoutRowid,
  },
  events: { columns: events, keys: '', suffix: '' },
  event_summaries: { columns: eventSummaries, keys: 'PRIMARY KEY (contact_seq, name)', suffix: withoutRowid },
  activity_logs: { columns: activityLogs, keys: '', suffix: '' },
  ticket_types: { columns: ticketTypes, keys: '', suffix: '' },
  ticket_type_attributes: { columns: ticketTypeAttributes, keys: '', suffix: '' },
  ticket_states: { columns: ticketStates, keys: '', suffix: '' },
  ticket_type_states: {
    columns: ticketTypeStates,
    keys: 'PRIMARY KEY (ticket_type_id, ticket_state_id)',
    suffix: withoutRowid,
  },
  tickets: { columns: tickets, keys: '', suffix: '' },
  help_centers: { columns: helpCenters, keys: '', suffix: '' },
  collections: { columns: collections, keys: '', suffix: '' },
  articles: { columns: articles, keys: '', suffix: '' },
  content_import_sources: { columns: contentImportSources, keys: '', suffix: '' },
  external_pages: { columns: externalPages, keys: 'UNIQUE (source_id, external_id)', suffix: '' },
  newsfeeds: { columns: newsfeeds, keys: '', suffix: '' },
  news_items: { columns: newsItems, keys: '', suffix: '' },
  newsfeed_assignments: {
    columns: newsfeedAssignments,
    keys: 'PRIMARY KEY (news_item_id, newsfeed_id)',
    suffix: withoutRowid,
  },
  data_exports: { columns: dataExports, keys: 'PRIMARY KEY (job_identifier)', suffix: withoutRowid },
  ticket_contacts: {
    columns: ticketContacts,
    keys: 'PRIMARY KEY (ticket_id, contact_seq)',
    suffix: withoutRowid,
  },
  ticket_teammates: {
    columns: ticketTeammates,
    keys: 'PRIMARY KEY (ticket_id, admin_id)',
    suffix: withoutRowid,
  },
  ticket_tags: { columns: ticketTags, keys: 'PRIMARY KEY (ticket_id, tag_id)', suffix: withoutRowid },
  ticket_part_states: { columns: ticketPartStates, keys: '', suffix: '' },
  webhook_subscriptions: { columns: webhookSubscriptions, keys: 'UNIQUE (app)', suffix: '' },
  webhook_notifications: { columns: webhookNotifications, keys: '', suffix: '' },
} as const satisfies Record<string, { columns: Columns; keys: string; suffix: string }>

/** Name of a table. */
export type TableName = keyof typeof tables

/**
 * Indexes by the question they answer. Lists sort by a time, ties by the rowid that ends every index entry.
 * A null time sorts as 0, hence the `ifnull` where a nullable time is a default order.
 */
const indexes = [
  'UNIQUE INDEX contact_id ON contacts (id)',
  'INDEX contact_list ON contacts (standing, created_at)',
  'INDEX contact_recent ON contacts (ifnull(last_seen_at, 0) DESC)',
  'INDEX contact_role ON contacts (role, created_at)',
  'INDEX contact_created ON contacts (created_at)',
  'INDEX contact_updated ON contacts (updated_at)',
  'INDEX contact_email ON contacts (email_folded)',
  'INDEX contact_external ON contacts (external_id_folded)',
  'INDEX contact_name ON contacts (name_folded)',
  'INDEX contact_phone ON contacts (phone)',
  'INDEX contact_owner ON contacts (owner_id)',
  'INDEX contact_domain ON contacts (email_domain)',
  'INDEX contact_attribute_value ON contact_attributes (attribute_id, value)',
  'INDEX contact_notes ON notes (contact_seq)',
  'INDEX contact_deleted ON contacts (deleted_at) WHERE deleted_at IS NOT NULL',
  'UNIQUE INDEX company_key ON companies (id)',
  'UNIQUE INDEX company_own ON companies (company_id)',
  'INDEX company_name ON companies (name)',
  'INDEX company_recent ON companies (ifnull(last_request_at, 0), seq) WHERE user_count > 0',
  'UNIQUE INDEX plan_name ON company_plans (name)',
  'INDEX tagged_companies ON company_tags (tag_id, company_seq)',
  'INDEX contacts_of_company ON contact_companies (company_seq, contact_seq)',
  'UNIQUE INDEX event_once ON events (contact_seq, name, created_at)',
  'INDEX events_of_contact ON events (contact_seq, moment)',
  'INDEX tag_name ON tags (name_folded)',
  'INDEX tagged_contacts ON contact_tags (tag_id, contact_seq)',
  'INDEX conversation_updated ON conversations (updated_at)',
  'INDEX conversation_created ON conversations (created_at)',
  'INDEX conversation_state ON conversations (state, updated_at)',
  'INDEX conversation_waiting ON conversations (waiting_since)',
  'INDEX conversation_snoozed ON conversations (snoozed_until)',
  'INDEX conversation_admin ON conversations (admin_assignee_id, updated_at)',
  'INDEX conversation_team ON conversations (team_assignee_id, updated_at)',
  'INDEX conversation_source ON conversations (source_id)',
  'INDEX conversation_author ON conversations (source_author_id)',
  'INDEX parts_of_conversation ON conversation_parts (conversation_id)',
  'INDEX conversations_of_contact ON conversation_contacts (contact_seq, conversation_id)',
  'INDEX conversations_of_admin ON conversation_teammates (admin_id, conversation_id)',
  'INDEX activity_time ON activity_logs (created_at)',
  'INDEX attributes_of_ticket_type ON ticket_type_attributes (ticket_type_id)',
  'INDEX ticket_number ON tickets (ticket_id)',
  'INDEX ticket_created ON tickets (created_at)',
  'INDEX ticket_updated ON tickets (updated_at)',
  'INDEX ticket_type ON tickets (ticket_type_id)',
  'INDEX ticket_snoozed ON tickets (snoozed_until) WHERE snoozed_until IS NOT NULL',
  'INDEX tickets_of_contact ON ticket_contacts (contact_seq, ticket_id)',
  'INDEX tagged_tickets ON ticket_tags (tag_id, ticket_id)',
  'INDEX tagged_conversations ON conversation_tags (tag_id, conversation_id)',
  'INDEX collection_updated ON collections (updated_at)',
  'INDEX article_updated ON articles (updated_at)',
  'INDEX articles_of_collection ON articles (parent_id)',
  'INDEX messages_created ON messages (created_at)',
  'INDEX messages_unanswered ON messages (contact_seq) WHERE conversation_id IS NULL',
  'INDEX notifications_due ON webhook_notifications (subscription_id, due_at_ms, seq)',
]

/**
 * The history (`history/`), which is no part of what the API shows: what each write changed, positions with a
 * name, rewinds, and numbers such as the ids that may not be given again. A file without these gets them when opened.
 */
export const createHistory = `
CREATE TABLE IF NOT EXISTS history_writes (
  id INTEGER PRIMARY KEY, last INTEGER NOT NULL, at INTEGER NOT NULL, author TEXT NOT NULL, entries TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS history_checkpoints (
  name TEXT PRIMARY KEY, n INTEGER NOT NULL, at INTEGER NOT NULL, automatic INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS history_rewinds (n INTEGER PRIMARY KEY, until INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS history_numbers (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID`

/** Every CREATE statement of a new workspace, in order. */
export function createStatements(): string[] {
  const creates = Object.entries(tables).map(([name, { columns, keys, suffix }]) => {
    const lines = Object.entries(columns).map(([column, { sql }]) => `${column} ${sql}`)
    if (keys) lines.push(keys)
    return `CREATE TABLE ${name} (\n  ${lines.join(',\n  ')}\n) ${suffix}`
  })
  return [...creates, ...indexes.map((index) => `CREATE ${index}`), ...createTextIndexes(), createHistory]
}

/** Drops every table with its indexes and triggers; text indexes first, for they have tables of their own. */
export function dropTables(db: Database): void {
  for (const kind of ['CREATE VIRTUAL TABLE %', 'CREATE TABLE %']) {
    const found = db.all<{ name: string }>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND sql LIKE ?`,
      kind,
    )
    for (const { name } of found) db.raw.exec(`DROP TABLE ${name}`)
  }
}
