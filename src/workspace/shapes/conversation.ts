import { escapeName } from '../entities.ts'
import { plainText } from '../html.ts'
import { Json } from '../http/call.ts'
import { type ConversationRow, type PartRow, statistics } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import { parseObject } from './contact.ts'
import { authorsOf, part } from './part.ts'
import { renderedParts } from './rendered-parts.ts'
import { systemAttributes } from './system-attributes.ts'
import { appliedTag, tagsOfConversation } from './tag.ts'
import { ticketOf, ticketSummary } from './ticket.ts'

/** A conversation shows at most this many parts, the newest (docs/intercom-api.md 2.6). */
const shownParts = 500

const statisticNames = Object.keys(statistics) as (keyof typeof statistics)[]

/**
 * An item of GET /conversations: everything but the parts, in the key order of live answers
 * (docs/intercom-api.md 2.6).
 */
export function conversationItem(store: Store, row: ConversationRow, plain = false) {
  const contacts = store.db.all<{ id: string; external_id: string | null }>(
    `SELECT contacts.id, external_id FROM conversation_contacts JOIN contacts ON seq = contact_seq
     WHERE conversation_id = ? ORDER BY seq`,
    row.id,
  )
  const teammates = store.db.all<{ admin_id: number }>(
    'SELECT admin_id FROM conversation_teammates WHERE conversation_id = ? ORDER BY admin_id',
    row.id,
  )
  const ticket = ticketOf(store, row.id)
  return {
    type: 'conversation',
    id: String(row.id),
    created_at: row.created_at,
    updated_at: row.updated_at,
    waiting_since: row.waiting_since,
    snoozed_until: row.snoozed_until,
    source: source(row, plain),
    contacts: {
      type: 'contact.list',
      contacts: contacts.map(({ id, external_id }) => ({ type: 'contact', id, external_id })),
    },
    first_contact_reply:
      row.first_contact_reply_created_at === null
        ? null
        : {
            created_at: row.first_contact_reply_created_at,
            type: 'conversation',
            url: row.first_contact_reply_url,
          },
    admin_assignee_id: row.admin_assignee_id,
    team_assignee_id: row.team_assignee_id,
    open: row.open === 1,
    state: row.state,
    read: row.read === 1,
    tags: { type: 'tag.list', tags: tagsOfConversation(store, row.id).map(appliedTag) },
    priority: row.priority,
    sla_applied: maybe(row.sla_applied),
    statistics: {
      type: 'conversation_statistics',
      ...Object.fromEntries(statisticNames.map((name) => [name, row[name]])),
    },
    conversation_rating: rating(row.conversation_rating),
    teammates: {
      type: 'admin.list',
      admins: teammates.map(({ admin_id }) => ({ type: 'admin', id: String(admin_id) })),
    },
    title: row.title,
    custom_attributes: { ...systemAttributes, ...parseObject(row.custom_attributes) },
    topics: { type: 'topic.list', topics: [], total_count: 0 },
    ticket: ticket === undefined ? null : ticketSummary(store, ticket),
    linked_objects: { type: 'list', data: [], total_count: 0, has_more: false },
    ai_agent: maybe(row.ai_agent),
    ai_agent_participated: row.ai_agent_participated === 1,
  }
}

/** A whole conversation; `plain` is `display_as=plaintext` (docs/intercom-api.md 1.8). */
export function conversation(store: Store, row: ConversationRow, plain: boolean) {
  const rows = store.db.all<PartRow>(
    'SELECT * FROM conversation_parts WHERE conversation_id = ? ORDER BY id DESC LIMIT ?',
    row.id,
    shownParts,
  )
  const total =
    rows.length < shownParts
      ? rows.length
      : store.db.number('SELECT count(*) FROM conversation_parts WHERE conversation_id = ?', row.id)
  const author = authorsOf(store)
  return {
    ...conversationItem(store, row, plain),
    conversation_parts: {
      type: 'conversation_part.list',
      conversation_parts: rows
        .reverse()
        .map((item) => part(item, author(item.author_type, item.author_id), plain)),
      total_count: total,
    },
  }
}

/** A whole conversation as JSON, what {@link conversation} gives: the answer to a reply, which is asked for most. */
export function conversationJson(store: Store, row: ConversationRow): Json {
  const parts = renderedParts(store, row.id)
  if (parts === undefined) return new Json(JSON.stringify(conversation(store, row, false)))
  const item = JSON.stringify(conversationItem(store, row))
  const list = `{"type":"conversation_part.list","conversation_parts":[${parts.json}],"total_count":${parts.count}}`
  return new Json(`${item.slice(0, -1)},"conversation_parts":${list}}`)
}

/** The message that opened the conversation (docs/intercom-api.md 2.7). */
function source(row: ConversationRow, plain: boolean) {
  return {
    type: row.source_type,
    id: row.source_id,
    delivered_as: row.source_delivered_as,
    subject: row.source_subject,
    body: plain ? plainText(row.source_body) : row.source_body,
    author: {
      type: row.source_author_type,
      id: row.source_author_id,
      name: escapeName(row.source_author_name),
      email: row.source_author_email ?? '',
    },
    attachments: JSON.parse(row.source_attachments) as unknown,
    url: row.source_url,
    redacted: row.source_redacted === 1,
  }
}

/** A rating without a remark has an empty one (docs/intercom-api.md 2.6). */
function rating(json: string | null) {
  if (json === null) return null
  const given = parseObject(json)
  return { ...given, remark: given['remark'] ?? '' }
}

function maybe(json: string | null): unknown {
  return json === null ? null : JSON.parse(json)
}
