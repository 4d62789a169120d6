import { isAtLeast } from '../http/versions.ts'
import type { Store } from '../store/store.ts'
import { customType } from './custom.ts'
import { always, column, type Field, type FindField, folded, member } from './field.ts'

const numberAsText = (sql: string): Field => ({
  type: 'string',
  operand: { kind: 'value', sql, values: [], stored: 'number' },
})
const linked = (from: string, value: string, stored: 'plain' | 'number'): Field => ({
  type: 'string',
  operand: {
    kind: 'linked',
    from,
    key: 'conversation_id',
    value,
    stored,
    negative: 'none',
  },
})
const integers = [
  'time_to_assignment',
  'time_to_admin_reply',
  'time_to_first_close',
  'time_to_last_close',
  'median_time_to_reply',
]
const dates = [
  'first_contact_reply_at',
  'first_assignment_at',
  'first_admin_reply_at',
  'first_close_at',
  'last_assignment_at',
  'last_assignment_admin_reply_at',
  'last_contact_reply_at',
  'last_admin_reply_at',
  'last_close_at',
]
const counts = ['count_reopens', 'count_assignments', 'count_conversation_parts']
const statistics = (names: readonly string[], field: (name: string) => Field) =>
  Object.fromEntries(names.map((name) => [`statistics.${name}`, field(name)]))

/** The fields of docs/intercom-api.md 4.4. `conversation_rating.admin_d` is Intercom's own spelling. */
const fields: Readonly<Record<string, Field>> = {
  id: { ...numberAsText('conversations.id'), always: true, ordered: true },
  created_at: always('date', 'created_at'),
  updated_at: always('date', 'updated_at'),
  'source.type': always('string', 'source_type'),
  'source.id': always('string', 'source_id'),
  'source.delivered_as': always('string', 'source_delivered_as'),
  'source.subject': folded('source_subject', 'subject'),
  'source.body': { type: 'string', operand: { kind: 'words' } },
  'source.author.id': always('string', 'source_author_id'),
  'source.author.type': always('string', 'source_author_type'),
  'source.author.name': folded('source_author_name', 'author_name'),
  'source.author.email': folded('source_author_email', 'author_email'),
  'source.url': folded('source_url'),
  contact_ids: linked(
    'conversation_contacts JOIN contacts ON contacts.seq = contact_seq',
    'contacts.id',
    'plain',
  ),
  teammate_ids: linked('conversation_teammates', 'admin_id', 'number'),
  tag_ids: linked('conversation_tags', 'tag_id', 'number'),
  admin_assignee_id: column('integer', 'admin_assignee_id'),
  team_assignee_id: column('integer', 'team_assignee_id'),
  channel_initiated: always('string', 'channel_initiated'),
  open: always('boolean', 'open'),
  read: always('boolean', 'read'),
  state: always('string', 'state'),
  waiting_since: column('date', 'waiting_since'),
  snoozed_until: column('date', 'snoozed_until'),
  priority: always('string', 'priority'),
  ...statistics(integers, (name) => column('integer', name)),
  ...statistics(dates, (name) => column('date', name)),
  ...statistics(counts, (name) => always('integer', name)),
  'statistics.last_closed_by_id': numberAsText('last_closed_by_id'),
  'conversation_rating.requested_at': member('date', 'conversation_rating', '$.created_at'),
  'conversation_rating.replied_at': member('date', 'conversation_rating', '$.replied_at'),
  'conversation_rating.score': member('integer', 'conversation_rating', '$.rating'),
  'conversation_rating.remark': member('string', 'conversation_rating', '$.remark'),
  'conversation_rating.contact_id': member('string', 'conversation_rating', '$.contact.id'),
  'conversation_rating.admin_d': member('string', 'conversation_rating', '$.teammate.id'),
  'conversation_rating.admin_id': member('string', 'conversation_rating', '$.teammate.id'),
  ai_agent_participated: always('boolean', 'ai_agent_participated'),
  'ai_agent.resolution_state': member('string', 'ai_agent', '$.resolution_state'),
  'ai_agent.last_answer_type': member('string', 'ai_agent', '$.last_answer_type'),
  'ai_agent.rating': member('integer', 'ai_agent', '$.rating'),
  'ai_agent.rating_remark': member('string', 'ai_agent', '$.rating_remark'),
  'ai_agent.source_type': member('string', 'ai_agent', '$.source_type'),
  'ai_agent.source_title': member('string', 'ai_agent', '$.source_title'),
}

/** From 2.16 on a priority is one of five levels, of which two occur here (docs/intercom-api.md 1.3). */
const priorityLevel: Field = always('string', `iif(priority = 'priority', 'high', 'none')`)

const table = new Map(Object.entries(fields))
const prefix = 'custom_attributes.'

/**
 * The searchable fields of conversations; custom attributes work live though 2.12's table omits them
 * (docs/intercom-api.md 4.4).
 */
export function conversationFields(store: Store, version = '2.12'): FindField {
  const hasLevels = isAtLeast(version, '2.16')
  return (name) => {
    if (name === 'priority' && hasLevels) return priorityLevel
    const field = table.get(name)
    if (field !== undefined || !name.startsWith(prefix)) return field
    const wanted = name.slice(prefix.length)
    const attribute = store.attributes('conversation').find((candidate) => candidate.name === wanted)
    if (attribute === undefined) return undefined
    const type = customType(attribute.data_type)
    const json = 'json_extract(custom_attributes, ?)'
    const values = [`$.${JSON.stringify(attribute.name)}`]
    const { name: attributeName } = attribute
    return type === 'string'
      ? {
          type,
          operand: {
            kind: 'value',
            sql: `fold(${json})`,
            stored: 'folded',
            values,
            attribute: attributeName,
          },
        }
      : { type, operand: { kind: 'value', sql: json, values, attribute: attributeName } }
  }
}
