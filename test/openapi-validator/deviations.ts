import type { OpenApiSchema } from './openapi.ts'

/** A place where Intercom's answers differ from its description. */
export interface Deviation {
  /** `schema`, `schema.key`, `schema.key.[]` (an array's items) or `METHOD /path status`. */
  readonly at: string
  readonly schema: OpenApiSchema
  /** The section of docs/intercom-api.md that documents it. */
  readonly section: string
  readonly reason: string
}

const ref = (name: string): OpenApiSchema => ({ $ref: `#/components/schemas/${name}` })
const nullable = (type: string): OpenApiSchema => ({ type, nullable: true })
const text = nullable('string')
const seconds: OpenApiSchema = { type: 'integer', format: 'date-time', nullable: true }
const list = (items: OpenApiSchema): OpenApiSchema => ({
  type: 'object',
  required: ['type', 'data'],
  properties: { type: { type: 'string', enum: ['list'] }, data: { type: 'array', items } },
})

/** The same deviation for several keys of one schema. */
function keys(
  schema: string,
  names: string[],
  as: OpenApiSchema,
  section: string,
  reason: string,
): Deviation[] {
  return names.map((name) => ({ at: `${schema}.${name}`, schema: as, section, reason }))
}

/** Keys the schema does not know although Intercom's answers hold them. */
const ADDED_KEYS: readonly Deviation[] = [
  ...keys('app', ['secure'], { type: 'boolean' }, '2.2', 'in the example of GET /me'),
  ...keys('admin', ['away_status_reason_id'], nullable('integer'), '2.1', 'live even on 2.11'),
  ...keys(
    'contact',
    ['utm_campaign', 'utm_content', 'utm_medium', 'utm_source', 'utm_term', 'referrer'],
    text,
    '2.3',
    'in examples and live',
  ),
  ...keys('contact', ['sms_consent', 'unsubscribed_from_sms'], { type: 'boolean' }, '2.3', 'live'),
  ...keys(
    'contact',
    ['opted_out_subscription_types', 'opted_in_subscription_types'],
    ref('contact_subscription_types'),
    '2.3',
    'in every example and live',
  ),
  ...['contact_tags', 'contact_notes', 'contact_companies', 'contact_subscription_types'].flatMap((schema) =>
    keys(schema, ['type'], { type: 'string', enum: ['list'] }, '2.3', 'in every example and live'),
  ),
  ...keys('contact_social_profiles', ['type'], { type: 'string', enum: ['list'] }, '2.3', 'in every example'),
  ...keys('contact_location', ['country_code', 'continent_code'], text, '2.3', 'in examples'),
  ...['conversation', 'conversation_list_item'].flatMap((schema) => [
    ...keys(schema, ['custom_attributes'], { type: 'object' }, '2.6', 'in 2.11, 2.14 and live'),
    ...keys(schema, ['topics'], ref('topic_list'), '2.6', 'live; {} in examples'),
    ...keys(schema, ['ticket'], nullable('object'), '2.6', 'in examples'),
  ]),
  ...keys('conversation', ['company_id'], text, '3.5', 'only when 2.14 is asked for'),
  ...keys('company', ['notes'], ref('company_notes'), '2.11', 'live in attach and detach answers'),
  ...keys(
    'activity_log_metadata',
    ['before', 'after', 'message'],
    {},
    '3.1',
    'in the example of the operation',
  ),
  ...keys(
    'article_statistics',
    ['conversations'],
    { type: 'integer' },
    '2.14',
    'in examples and live; the schema says conversions',
  ),
  ...keys('data_export', ['job_identifier'], { type: 'string' }, '2.16', 'in every example'),
  ...keys('data_event_summary', ['pages'], { type: 'object' }, '2.12', 'in the example of the operation'),
  ...keys('visitor', ['last_request_at'], nullable('integer'), '3.13', 'misspelt in the schema'),
  ...keys('phone_switch', ['url'], text, '3.14', 'in the example'),
  ...keys('ticket_type', ['is_internal'], { type: 'boolean' }, '2.12', 'in the examples of tickets'),
  ...keys(
    'ticket_type_attribute_list',
    ['data'],
    { type: 'array', items: ref('ticket_type_attribute') },
    '2.13',
    'in the examples of tickets',
  ),
]

/** Keys whose type differs. */
const RETYPED_KEYS: readonly Deviation[] = [
  {
    at: 'error.request_id',
    schema: {
      ...text,
      pattern: '^([0-9a-v]{20}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$',
    },
    section: '1.1',
    reason: 'twenty characters in production; UUIDs come from a test environment',
  },
  {
    at: 'cursor_pages.next',
    schema: {
      type: 'object',
      required: ['page', 'starting_after'],
      properties: {
        page: { type: 'integer' },
        per_page: { type: 'integer' },
        starting_after: { type: 'string', pattern: '.' },
      },
    },
    section: '1.6',
    reason: 'absent, never null, on the last page; holds the page',
  },
  ...[
    ...['article_list', 'article_search_response', 'collection_list', 'paginated_response'],
    ...['content_import_sources_list', 'external_pages_list'],
  ].map((schema) => ({
    at: `${schema}.pages`,
    schema: ref('numbered_pages'),
    section: '1.6',
    reason: 'numbered pages: next is a link, absent on the last one',
  })),
  ...['note_list', 'company_list', 'activity_log_list'].map((schema) => ({
    at: `${schema}.pages`,
    schema: ref('pages_link'),
    section: '1.6',
    reason: 'link pages: next is null on the last one',
  })),
  ...keys('contact', ['avatar'], text, '2.3, 8', 'the address itself, not an object'),
  ...keys('contact', ['email'], text, '2.3', 'a lead may have none'),
  ...keys(
    'conversation_part_author',
    ['email'],
    { type: 'string', pattern: '^$|@' },
    '2.3, 2.7',
    'a lead may have none; the name alone may be null',
  ),
  ...keys(
    'ticket_part_author',
    ['email'],
    { type: 'string', pattern: '^$|@' },
    '2.3, 2.7',
    'a lead may have none, as in conversation parts',
  ),
  ...keys('visitor', ['email'], { type: 'string', pattern: '^$|@' }, '3.13', 'empty in the examples'),
  ...keys('ticket_type_attribute', ['input_options'], nullable('object'), '2.13', 'null in examples'),
  ...['contact_tags', 'contact_notes', 'contact_companies', 'contact_subscription_types'].flatMap((schema) =>
    keys(schema, ['url'], { type: 'string', format: 'uri-reference' }, '2.3', 'a path without a host'),
  ),
  ...['addressable_list', 'company_data'].flatMap((schema) =>
    keys(schema, ['url'], { type: 'string', format: 'uri-reference' }, '2.3', 'a path without a host'),
  ),
  ...keys(
    'addressable_list',
    ['type'],
    { type: 'string', enum: ['tag', 'note', 'company', 'subscription'] },
    '2.3',
    'a word, not a URI',
  ),
  ...keys(
    'conversation_statistics',
    [
      ...['time_to_assignment', 'time_to_admin_reply', 'time_to_first_close', 'time_to_last_close'],
      ...['median_time_to_reply', 'last_closed_by_id'],
    ],
    nullable('integer'),
    '2.9',
    'null until it happens; ids of admins are integers here',
  ),
  ...keys(
    'conversation_statistics',
    [
      ...['first_contact_reply_at', 'first_assignment_at', 'first_admin_reply_at', 'first_close_at'],
      ...['last_assignment_at', 'last_assignment_admin_reply_at', 'last_contact_reply_at'],
      ...['last_admin_reply_at', 'last_close_at'],
    ],
    seconds,
    '2.9',
    'null until it happens',
  ),
  ...keys(
    'part_attachment',
    ['width', 'height'],
    nullable('integer'),
    '1.8',
    'null for files without a size',
  ),
  ...keys('data_event', ['metadata'], { type: 'object' }, '3.11', 'numbers, links and amounts, too'),
  ...keys('company', ['custom_attributes'], { type: 'object' }, '2.11', 'values of every type'),
  ...keys(
    'data_attribute',
    ['model'],
    { type: 'string', enum: ['contact', 'company', 'conversation'] },
    '2.12',
    'conversations have attributes too',
  ),
]

/** Keys of other objects than the description says. */
const OTHER_OBJECTS: readonly Deviation[] = [
  {
    at: 'article_search_response.data.articles.[]',
    schema: ref('article_list_item'),
    section: '2.14',
    reason: 'without statistics, as in lists',
  },
]

/** Objects the description does not have, or describes as something else. */
const REPLACED_OBJECTS: readonly Deviation[] = [
  {
    at: 'topic_list',
    schema: {
      type: 'object',
      properties: {
        type: { type: 'string', enum: ['topic.list'] },
        topics: { type: 'array', items: { type: 'object' } },
        total_count: { type: 'integer' },
      },
    },
    section: '2.6',
    reason: 'not in the description',
  },
  {
    at: 'conversation_teammates',
    schema: {
      type: 'object',
      nullable: true,
      properties: { type: { type: 'string' }, admins: { type: 'array', items: ref('reference') } },
    },
    section: '2.6, 8',
    reason: 'the key is admins; null in examples',
  },
  {
    at: 'contact_attached_companies',
    schema: {
      type: 'object',
      properties: {
        type: { type: 'string' },
        data: { type: 'array', items: ref('company') },
        total_count: { type: 'integer' },
        pages: ref('pages_link'),
      },
    },
    section: '3.2, 8',
    reason: 'the key is data in the example and live',
  },
  {
    at: 'user_message',
    schema: {
      type: 'object',
      properties: {
        type: { type: 'string', enum: ['user_message'] },
        id: { type: 'string' },
        created_at: { type: 'integer', format: 'date-time' },
        body: { type: 'string' },
        message_type: { type: 'string', enum: ['inapp'] },
        conversation_id: { type: 'string', pattern: '^[0-9]+$' },
      },
    },
    section: '2.10',
    reason: "a contact's message",
  },
  {
    at: 'admin_message',
    schema: {
      type: 'object',
      properties: {
        type: { type: 'string', enum: ['admin_message'] },
        id: { type: 'string' },
        created_at: { type: 'integer', format: 'date-time' },
        subject: { type: 'string' },
        body: { type: 'string' },
        message_type: { type: 'string', enum: ['inapp', 'email'] },
        template: { type: 'string', enum: ['plain', 'personal'] },
        owner: {
          type: 'object',
          properties: {
            type: { type: 'string' },
            id: { type: 'string' },
            name: { type: 'string' },
            email: { type: 'string', format: 'email' },
            away_mode_enabled: { type: 'boolean' },
            away_mode_reassign: { type: 'boolean' },
          },
        },
      },
    },
    section: '2.10, 8',
    reason: "an admin's message has an owner and no conversation_id",
  },
  {
    at: 'company_notes',
    schema: {
      type: 'object',
      properties: {
        type: { type: 'string', enum: ['note.list'] },
        data: { type: 'array', items: { type: 'object' } },
        url: { type: 'string' },
        total_count: { type: 'integer' },
        has_more: { type: 'boolean' },
      },
    },
    section: '2.11',
    reason: 'live in attach and detach answers',
  },
  {
    at: 'numbered_pages',
    schema: {
      type: 'object',
      properties: {
        type: { type: 'string', enum: ['pages'] },
        next: { type: 'string', format: 'uri' },
        page: { type: 'integer' },
        per_page: { type: 'integer' },
        total_pages: { type: 'integer' },
      },
    },
    section: '1.6',
    reason: 'not in the description',
  },
  {
    at: 'error_without_request_id',
    schema: {
      type: 'object',
      properties: { type: { type: 'string' }, errors: { type: 'array', items: {} } },
    },
    section: '1.4',
    reason: 'a 406 has no request_id',
  },
]

/** Operations that answer with another object than the description says. */
const REPLACED_ANSWERS: readonly Deviation[] = [
  { at: 'GET /conversations 200', schema: ref('conversation_list'), section: '8', reason: 'not data' },
  { at: 'GET /tags 200', schema: list(ref('tag_basic')), section: '2.5', reason: 'tags of the workspace' },
  { at: 'POST /conversations 200', schema: ref('user_message'), section: '2.10', reason: 'of a contact' },
  {
    at: 'POST /messages 200',
    schema: { oneOf: [ref('admin_message'), ref('user_message')] },
    section: '2.10',
    reason: 'the sender decides',
  },
  ...[
    'POST /conversations/{id}/customers',
    'DELETE /conversations/{conversation_id}/customers/{contact_id}',
  ].map((operation) => ({
    at: `${operation} 200`,
    schema: {
      type: 'object',
      required: ['customers'],
      properties: {
        customers: {
          type: 'array',
          items: {
            type: 'object',
            required: ['type', 'id'],
            properties: { type: { type: 'string' }, id: { type: 'string' } },
          },
        },
      },
    },
    section: '3.5, 8',
    reason: 'the remaining people, not the conversation',
  })),
  {
    at: 'GET /events 200',
    schema: { oneOf: [ref('data_event_list'), ref('data_event_summary')] },
    section: '2.12',
    reason: 'a summary only when it is asked for',
  },
  {
    at: 'GET /companies 200',
    schema: { oneOf: [ref('company_list'), ref('company')] },
    section: '3.7',
    reason: 'one company when it is asked for by name or company_id',
  },
]

/** What clients may send although the request's schema says otherwise. */
const REQUESTS: readonly Deviation[] = [
  {
    at: 'create_message_request.message_type',
    schema: { type: 'string', enum: ['inapp', 'in_app', 'email'] },
    section: '3.6, 8',
    reason: 'live, SDK and title say inapp',
  },
  {
    at: 'create_message_request.from.id',
    schema: { oneOf: [{ type: 'integer' }, { type: 'string', pattern: '^[0-9]+$' }] },
    section: '1.7',
    reason: 'numbers and numeric strings are taken',
  },
  {
    at: 'create_message_request.to.type',
    schema: { type: 'string', enum: ['user', 'lead', 'contact'] },
    section: '3.6',
    reason: 'live',
  },
  {
    at: 'create_conversation_request.from.id',
    schema: { type: 'string', pattern: '^[0-9a-f]{24}$' },
    section: '1.7',
    reason: 'ids of contacts are no UUIDs',
  },
  {
    at: 'search_request.sort',
    schema: {
      type: 'object',
      required: ['field', 'order'],
      properties: {
        field: { type: 'string' },
        order: { type: 'string', enum: ['ascending', 'descending'] },
      },
    },
    section: '4',
    reason: 'documented with pagination',
  },
]

/**
 * Where Intercom's actual answers overrule its description. A key that is in neither is unknown, and a violation.
 */
export const DEVIATIONS: readonly Deviation[] = [
  ...REPLACED_OBJECTS,
  ...ADDED_KEYS,
  ...RETYPED_KEYS,
  ...OTHER_OBJECTS,
  ...REPLACED_ANSWERS,
  ...REQUESTS,
]
