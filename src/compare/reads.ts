import { byError, type Call, call, type Fill } from './call.ts'

/** A call that shows little that others have not shown: of one object of a list, or another refusal of the same kind. */
const further: typeof call = (template, rest) => ({ ...call(template, rest), further: true })

const page = 'per_page={per_page}'
/** An id that no object has. */
const noHex = 'f'.repeat(24)
const noNumber = '9007199254740'

const paged = (query: unknown) => (fill: Fill) => ({ query, pagination: { per_page: fill.perPage } })
const filter = (field: string, operator: string, value: unknown) => ({ field, operator, value })
const nested = filter('role', '=', 'user')
const group = (...value: unknown[]) => ({ operator: 'AND', value })

/**
 * Calls that change nothing, over all families; ids come from the answers to earlier ones. Those that are `further` are
 * made only when all are asked for.
 */
export const reads: Call[] = [
  call('GET /me', { finds: { admin: 'id' } }),
  call('GET /admins', { finds: { admin: 'admins[].id' } }),
  further('GET /admins/{admin}'),
  call(`GET /admins/activity_logs?created_at_after=1700000000&${page}`),
  call('GET /teams', { finds: { team: 'teams[].id' } }),
  further('GET /teams/{team}'),
  call('GET /tags', { finds: { tag: 'data[].id' } }),
  further('GET /tags/{tag}'),
  call('GET /segments', { finds: { segment: 'segments[].id' } }),
  further('GET /segments/{segment}'),
  call('GET /subscription_types'),
  call('GET /data_attributes?model=contact'),
  further('GET /data_attributes?model=company'),
  call(`GET /contacts?${page}`, { finds: { contact: 'data[].id' } }),
  call('POST /contacts/search', {
    body: paged(filter('role', '=', 'user')),
    finds: { contact: 'data[].id', user: 'data[].id', email: 'data[].email' },
  }),
  call('GET /contacts/{contact}'),
  call(`GET /contacts/{contact}/notes?${page}`, { finds: { note: 'data[].id' } }),
  further('GET /contacts/{contact}/tags'),
  further(`GET /contacts/{contact}/companies?${page}`),
  further('GET /contacts/{contact}/segments'),
  further('GET /contacts/{contact}/subscriptions'),
  call('GET /notes/{note}'),
  call(`GET /companies?${page}`, { finds: { company: 'data[].id' } }),
  further('GET /companies/{company}'),
  call(`GET /companies/{company}/contacts?${page}`),
  further('GET /companies/{company}/segments'),
  call(`GET /events?type=user&intercom_user_id={user}&${page}`),
  call(`GET /conversations?${page}`, { finds: { conversation: 'conversations[].id' } }),
  further('POST /conversations/search', { body: paged(filter('open', '=', true)) }),
  call('GET /conversations/{conversation}'),
  further('GET /conversations/{conversation}?display_as=plaintext'),
  call(`GET /articles?${page}`, { finds: { article: 'data[].id' } }),
  further('GET /articles/{article}'),
  call('GET /articles/search?phrase=a'),
  call(`GET /help_center/collections?${page}`, { finds: { collection: 'data[].id' } }),
  further('GET /help_center/collections/{collection}'),
  call('GET /help_center/help_centers'),
  call('GET /ticket_types', { finds: { ticket_type: 'data[].id' } }),
  further('GET /ticket_types/{ticket_type}'),
  call('GET /ticket_states'),
  call('POST /tickets/search', {
    body: paged(filter('created_at', '>', '0')),
    finds: { ticket: 'tickets[].id' },
  }),
  further('GET /tickets/{ticket}'),
  call('GET /news/news_items'),
  further('GET /news/newsfeeds'),
  call('GET /ai/content_import_sources'),
  call('GET /ai/external_pages'),
]

/** Calls that Intercom refuses, in words that are compared too. */
export const refusals: Call[] = [
  call(`GET /contacts/${noHex}`),
  further('GET /contacts/nothing'),
  further(`GET /conversations/${noNumber}`),
  further(`GET /companies/${noHex}`),
  call(`GET /tags/${noNumber}`),
  further(`GET /admins/${noNumber}`),
  further(`GET /teams/${noNumber}`),
  further(`GET /notes/${noNumber}`),
  further(`GET /tickets/${noNumber}`),
  further(`GET /articles/${noNumber}`),
  further('GET /visitors?user_id=modulex-intercom-compare-nobody'),
  call('GET /modulex_intercom_compare', { name: 'GET a path that does not exist' }),
  further('GET /users', { name: 'GET /users, of 1.x' }),
  further('GET /away_status_reasons', { name: 'GET /away_status_reasons, of 2.14' }),
  further('GET /tags', { name: 'GET /tags with version 9.9', with: { version: '9.9' } }),
  further('GET /tags', { name: 'GET /tags with Accept: text/html', with: { accept: 'text/html' } }),
  call('GET /tags', { name: 'GET /tags with a wrong token', with: { authorization: 'Bearer none' } }),
  call('GET /tags', {
    name: 'GET /tags without a token',
    with: { authorization: null },
    question: {
      text: 'The error of a call without an access token',
      settle: byError({
        '401 unauthorized': 'unauthorized, as for a wrong token',
        '401 missing_authorization': 'missing_authorization',
      }),
    },
  }),
  further('POST /contacts/search', { name: 'a search that is not JSON', body: '{"query":' }),
  further('POST /contacts/search', { name: 'a search without a query', body: {} }),
  further('POST /contacts/search', {
    name: 'a search with an unknown parameter',
    body: { query: nested, modulex: 1 },
  }),
  call('POST /contacts/search', {
    name: 'a search by no field',
    body: { query: filter('modulex', '=', 'a') },
  }),
  further('POST /contacts/search', {
    name: 'a search by no operator',
    body: { query: filter('email', '>', 'a') },
  }),
  further('POST /contacts/search', {
    name: 'a search with a group of another operator',
    body: { query: { operator: 'XOR', value: [nested] } },
  }),
  further('POST /contacts/search', {
    name: 'a search with 16 filters',
    body: { query: group(...Array.from({ length: 16 }, () => nested)) },
  }),
  further('POST /contacts/search', {
    name: 'a search with three levels',
    body: { query: group(group(group(nested))) },
    question: {
      text: 'What a third level of groups in a search is answered',
      settle: byError({ '400 invalid_values': 'refused with invalid_values', '200': 'taken' }),
    },
  }),
  further('POST /contacts/search', {
    name: 'a search by an e-mail address in capitals',
    body: (fill: Fill) => ({ query: filter('email', '=', fill.id('email').toUpperCase()) }),
    question: {
      text: 'Whether a search for a text minds its case',
      settle: ({ status, json }) => {
        const total = (json as { total_count?: unknown } | undefined)?.total_count
        if (status !== 200 || typeof total !== 'number') return String(status)
        return total > 0 ? 'it does not: found in capitals' : 'it does: not found in capitals'
      },
    },
  }),
  ...(['0', '151', 'many'] as const).map((size) =>
    further(`GET /contacts?per_page=${size}`, {
      name: `GET /contacts with per_page ${size}`,
      question: { text: `What per_page ${size} is answered`, settle: byError({ '200': 'taken' }) },
    }),
  ),
  further('GET /contacts?starting_after=modulex', {
    name: 'GET /contacts with a cursor that is none',
    question: { text: 'What a cursor that is none is answered', settle: byError({ '200': 'taken' }) },
  }),
]
