import type { ActionName } from '../../src/index.ts'

const contact_id = '0123456789abcdef01234567'
/** A lead, by the answers of `goodAnswer`. */
export const lead_id = 'fedcba9876543210fedcba98'
const url = 'https://example.com/a.png'
const snoozed_until = '2099-02-01T09:00:00Z'

/**
 * Calls of the actions of toolsets that Intercom would take, by `goodAnswer`: every parameter stands in one of them, and
 * every write sends something.
 */
export const toolsetCalls: [name: ActionName, input: Record<string, unknown>][] = [
  ['close_conversation', { conversation_id: '5', admin_id: '9' }],
  ['open_conversation', { conversation_id: '6', admin_id: '9' }],
  ['snooze_conversation', { conversation_id: '5', snoozed_until, admin_id: '9' }],
  ['assign_conversation', { conversation_id: '5', assignee_type: 'team', assignee_id: '3', admin_id: '9' }],
  ['assign_conversation', { conversation_id: '5', assignee_type: 'admin', assignee_id: '0' }],
  ['add_tag_to_conversation', { conversation_id: '5', tag_id: '7', admin_id: '9' }],
  ['remove_tag_from_conversation', { conversation_id: '5', tag_id: '7', admin_id: '9' }],
  ['update_conversation', { conversation_id: '5', custom_attributes: { plan: 'pro' }, read: true }],
  ['list_teams', { name_contains: 'a' }],
  [
    'update_contact',
    {
      contact_id,
      email: 'ada@example.com',
      name: 'Ada',
      phone: '+4915123456',
      external_id: 'x7',
      role: 'user',
      owner_id: '9',
      unsubscribed_from_emails: true,
      custom_attributes: { plan: 'pro' },
    },
  ],
  ['update_contact', { contact_id, clear: ['phone', 'custom_attributes.plan'] }],
  ['archive_contact', { contact_id, archived: false }],
  ['delete_contact', { contact_id }],
  ['merge_contacts', { from_contact_id: lead_id, into_contact_id: contact_id }],
  ['remove_tag_from_contact', { contact_id, tag_id: '7' }],
  ['upsert_tag', { name: 'VIP' }],
  ['list_contact_notes', { contact_id, per_page: 5, page: 2 }],
  ['list_segments', { contact_id, name_contains: 'a' }],
  ['list_segments', {}],
  ['list_attributes', { model: 'company', name_contains: 'a', include_standard: true }],
  ['list_subscriptions', { contact_id }],
  ['list_subscriptions', {}],
  ['update_subscription', { contact_id, subscription_id: '3', consent: 'opt_out' }],
  ['update_subscription', { contact_id, subscription_id: '3', consent: 'opt_in' }],
  ['list_companies', { per_page: 5, page: 2 }],
  ['list_companies', { contact_id }],
  ['list_companies', { tag_id: '7' }],
  ['list_companies', { segment_id: '31' }],
  ['get_company', { id: '70' }],
  ['get_company', { company_id: 'acme' }],
  ['get_company', { name: 'Acme' }],
  [
    'upsert_company',
    {
      company_id: 'acme',
      name: 'Acme',
      plan: 'pro',
      size: 12,
      website: 'https://acme.example',
      industry: 'Cycling',
      monthly_spend: 120,
      custom_attributes: { tier: 'gold' },
    },
  ],
  ['list_company_contacts', { id: '70', per_page: 5, starting_after: 'abc' }],
  ['add_contact_to_company', { contact_id, id: '70' }],
  ['remove_contact_from_company', { contact_id, id: '70' }],
  [
    'search_tickets',
    {
      query_field: 'title',
      query_operator: '=',
      query_value: 'Broken export',
      per_page: 5,
      starting_after: 'abc',
    },
  ],
  ['get_ticket', { ticket_id: '50' }],
  ['list_ticket_types', { name_contains: 'a' }],
  [
    'create_ticket',
    {
      ticket_type_id: '1',
      contact_id,
      title: 'Broken export',
      description: 'Since Monday',
      attributes: { severity: 'high' },
    },
  ],
  ['create_ticket', { ticket_type_id: '1', conversation_id: '5', title: 'Broken export' }],
  [
    'reply_to_ticket',
    {
      ticket_id: '50',
      reply_type: 'admin',
      message_type: 'note',
      admin_id: '9',
      body: 'Hello',
      attachment_urls: [url],
    },
  ],
  ['reply_to_ticket', { ticket_id: '50', reply_type: 'user', intercom_user_id: contact_id, body: 'Hello' }],
  [
    'update_ticket',
    {
      ticket_id: '50',
      title: 'Broken export',
      description: 'Since Monday',
      attributes: { severity: 'high' },
      assignee_id: '3',
      snoozed_until,
      open: true,
      admin_id: '9',
    },
  ],
  ['update_ticket_state', { ticket_id: '50', state: 'resolved' }],
  ['search_articles', { phrase: 'pay', state: 'draft', per_page: 5, page: 2 }],
  ['search_articles', {}],
  ['get_article', { article_id: '8' }],
  [
    'create_article',
    { title: 'How to pay', author_id: '9', body: '<p>By card</p>', description: 'Cards', collection_id: '4' },
  ],
  [
    'update_article',
    {
      article_id: '8',
      title: 'How to pay',
      body: '<p>By card</p>',
      description: 'Cards',
      author_id: '9',
      collection_id: '4',
    },
  ],
  [
    'publish_article',
    {
      article_id: '8',
      state: 'published',
      title: 'How to pay',
      body: '<p>By card</p>',
      description: 'Cards',
    },
  ],
  ['list_collections', { per_page: 5, page: 2 }],
  ['create_event', { contact_id, event_name: 'paid', created_at: '1760000000', metadata: { plan: 'pro' } }],
  ['list_events', { contact_id, summary: true, per_page: 5, before: '1760000000000' }],
]
