/** Statuses an operation may answer with although the description does not list them for it. */
export interface ExtraStatus {
  readonly status: number
  /** Names like `POST /contacts`, or every operation. */
  readonly operations: readonly string[] | 'every'
  readonly section: string
  readonly reason: string
}

/** Kept as narrow as docs/intercom-api.md allows: what stands neither here nor in the description fails. */
export const EXTRA_STATUSES: readonly ExtraStatus[] = [
  { status: 400, operations: 'every', section: '1.3, 1.4', reason: 'wrong version, broken JSON, bad values' },
  { status: 401, operations: 'every', section: '1.2', reason: 'the token; /me and some others lack it' },
  { status: 403, operations: 'every', section: '1.2', reason: 'a scope that the token lacks' },
  { status: 406, operations: 'every', section: '1.4', reason: 'Accept without JSON' },
  { status: 429, operations: 'every', section: '1.5', reason: 'rate limit' },
  {
    status: 404,
    operations: [
      ...['GET /contacts/{id}', 'PUT /contacts/{id}', 'DELETE /contacts/{id}', 'POST /contacts/merge'],
      ...['POST /contacts/{id}/archive', 'POST /contacts/{id}/unarchive'],
    ],
    section: '3.2',
    reason: 'unknown, deleted, archived and merged ids',
  },
  {
    status: 404,
    operations: [
      ...['POST /conversations/{id}/convert', 'GET /tickets/{id}', 'POST /tickets', 'GET /ticket_types/{id}'],
      ...['PUT /ticket_types/{id}', 'POST /ticket_types/{ticket_type_id}/attributes'],
      'PUT /ticket_types/{ticket_type_id}/attributes/{id}',
    ],
    section: '1.4, 3.12',
    reason: 'the conversation, ticket, type, attribute or contact is missing',
  },
  {
    status: 404,
    operations: ['POST /visitors/convert'],
    section: '3.13',
    reason: 'unknown visitor or user',
  },
  {
    status: 409,
    operations: ['POST /visitors/convert'],
    section: '3.2, 3.13',
    reason: 'identifiers that a contact holds',
  },
  {
    status: 404,
    operations: ['POST /messages'],
    section: '3.6',
    reason: 'unknown or too new contact',
  },
  {
    status: 404,
    operations: ['POST /events', 'GET /events', 'POST /events/summaries'],
    section: '3.11',
    reason: 'unknown contact',
  },
  { status: 410, operations: ['GET /contacts/{id}'], section: '3.2', reason: 'merged, from 2.16 on' },
  {
    status: 404,
    operations: ['POST /companies'],
    section: '3.7',
    reason: 'the company that an id names without a company_id',
  },
  {
    status: 422,
    operations: ['POST /conversations/{id}/reply'],
    section: '3.5',
    reason: 'the last conversation of a contact without any',
  },
  {
    status: 404,
    operations: ['GET /companies/scroll'],
    section: '3.7',
    reason: 'a scroll that is over or unknown',
  },
  {
    status: 404,
    operations: [
      ...['GET /export/content/data/{job_identifier}', 'POST /export/cancel/{job_identifier}'],
      'GET /download/content/data/{job_identifier}',
    ],
    section: '3.17',
    reason: 'no such job, or its data is gone',
  },
  {
    status: 404,
    operations: ['content_import_sources', 'external_pages'].flatMap((family) =>
      ['GET', 'PUT', 'DELETE'].map((method) => `${method} /ai/${family}/{id}`),
    ),
    section: '3.18',
    reason: 'unknown id',
  },
  {
    status: 404,
    operations: ['GET /news/newsfeeds/{id}', 'GET /news/newsfeeds/{id}/items'],
    section: '3.19',
    reason: 'unknown id',
  },
  {
    status: 409,
    operations: ['POST /contacts', 'PUT /contacts/{id}'],
    section: '3.2',
    reason: 'duplicates',
  },
  {
    status: 422,
    operations: ['POST /contacts/{id}/unarchive', 'POST /conversations/redact'],
    section: '3.2, 3.5',
    reason: 'not restorable; not redactable',
  },
]

/** What a path outside the description may answer: it exists in another version, or in none. */
export const UNDESCRIBED_STATUSES: readonly number[] = [400, 401, 404, 406, 429]

/** Operations that only other versions have, and which (1.3); asked for in one of them they may succeed. */
export const OTHER_VERSIONS: readonly { operation: RegExp; versions: RegExp }[] = [
  {
    operation: /^POST \/conversations\/\d+\/run_assignment_rules$/,
    versions: /^2\.(\d|1[01])$/,
  },
  { operation: /^GET \/away_status_reasons$/, versions: /^(2\.1[4-7]|Preview|Unstable)$/ },
  { operation: /^DELETE \/conversations\/\d+$/, versions: /^(2\.1[3-7]|Preview|Unstable)$/ },
]

/** The versions that change the shape of answers; the description of 2.12 does not judge their bodies (1.3). */
export const RESHAPING_VERSIONS = /^(2\.(\d|1[0167])|Preview|Unstable)$/

/** Ours, not Intercom's: an operation of the description that the workspace does not have. */
export const NOT_EMULATED = 501

/** The codes of each status (docs/intercom-api.md 1.2 to 1.5, 3, 4.1). */
export const ERROR_CODES: Readonly<Record<number, readonly string[]>> = {
  400: [
    ...['parameter_invalid', 'parameter_not_found', 'parameter_missing', 'missing_parameter'],
    ...['type_mismatch', 'bad_request', 'client_error', 'intercom_version_invalid', 'invalid_merge'],
    ...['invalid_query', 'invalid_field', 'invalid_operator', 'invalid_value', 'invalid_values'],
    ...['invalid_sort_order', 'tag_has_dependent_objects', 'contact_company_limit_exceeded'],
    ...['scroll_exists', 'custom_data_limit_reached', 'unsupported', 'not_restorable'],
    ...['parameter_mismatch', 'ticket_state_id_invalid', 'field_not_found'],
  ],
  401: [
    ...['unauthorized', 'missing_authorization', 'token_not_found', 'token_revoked', 'token_blocked'],
    ...['token_expired', 'token_unauthorized', 'token_suspended'],
  ],
  403: ['api_plan_restricted', 'forbidden', 'token_unauthorized', 'action_forbidden'],
  404: [
    ...['not_found', 'admin_not_found', 'team_not_found', 'tag_not_found', 'company_not_found'],
    ...['conversation_part_or_message_not_found', 'field_not_found'],
    ...['ticket_not_found', 'assignee_not_found'],
  ],
  406: ['media_type_not_acceptable'],
  410: ['contact_merged'],
  409: ['conflict', 'resource_conflict', 'unique_user_constraint'],
  422: [
    ...['parameter_invalid', 'parameter_not_found', 'data_invalid', 'unprocessable_entity'],
    ...['not_restorable', 'conversation_part_not_redactable'],
  ],
  429: ['rate_limit_exceeded', 'too_many_requests'],
  [NOT_EMULATED]: ['not_emulated'],
}

/** Errors that carry `request_id: null` (1.1, 4.1). Every other one repeats the header. */
export const CODES_WITHOUT_REQUEST_ID: readonly string[] = [
  ...['invalid_query', 'invalid_field', 'invalid_operator', 'invalid_value', 'invalid_values'],
  ...['invalid_sort_order', 'bad_request'],
]
