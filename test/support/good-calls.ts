import type { ActionName } from '../../src/index.ts'
import { toolsetCalls } from './toolset-calls.ts'

const contact_id = '0123456789abcdef01234567'

/** One call of the thirteen of each kind that Intercom would take. */
export const plainCalls: [name: ActionName, input: Record<string, unknown>][] = [
  ['get_contact', { contact_id }],
  ['search_contacts', { query_value: 'ada@example.com' }],
  ['search_contacts', { query_value: 'ada@example.com', sort_field: 'name', count_only: true }],
  ['upsert_contact', { email: 'ada@example.com', external_id: 'x7' }],
  ['upsert_contact', { email: 'ada@example.com', role: 'lead', name: 'Ada' }],
  ['upsert_contact', { email: 'known@example.com', external_id: 'x7' }],
  ['upsert_contact', { email: 'known@example.com', role: 'lead' }],
  ['upsert_contact', { email: 'known@example.com', contact_id, name: 'Ada' }],
  ['create_note', { contact_id, body: 'Hello' }],
  ['add_tag_to_contact', { contact_id, tag_id: '7' }],
  ['list_tags', {}],
  ['list_admins', {}],
  ['list_tags', { name_contains: 'a' }],
  ['list_admins', { name_contains: 'a' }],
  ['get_conversation', { conversation_id: '5' }],
  ['get_conversation', { conversation_id: '5', parts_before: '1' }],
  ['list_conversations', {}],
  ['search_conversations', { query_value: '1' }],
  ['send_incoming_message', { contact_id, body: 'Hello' }],
  ['send_message_to_contact', { from_admin_id: '9', to_contact_id: contact_id, subject: 'S', body: 'Hello' }],
  ['reply_to_conversation', { conversation_id: '5', reply_type: 'admin', admin_id: '9', body: 'Hello' }],
  [
    'reply_to_conversation',
    { conversation_id: '5', reply_type: 'user', intercom_user_id: contact_id, body: 'Hello' },
  ],
]

/** The same of all actions. */
export const goodCalls = [...plainCalls, ...toolsetCalls]
