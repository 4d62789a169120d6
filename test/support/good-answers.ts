import type { Received } from './scripted-intercom.ts'
import { lead_id } from './toolset-calls.ts'

const id = '0123456789abcdef01234567'
const list = { type: 'list', total_count: 1, pages: { type: 'pages', page: 1, next: null } }
const author = { type: 'admin', id: '9', name: 'Ann', email: 'ann@example.com' }
const tag = { type: 'tag', id: '7', name: 'VIP' }
const company = { type: 'company', id: '70', company_id: 'acme', name: 'Acme' }
const subscription = { type: 'subscription', id: '3', name: 'News', consent_type: 'opt_out' }
const article = { type: 'article', id: '8', title: 'How to pay', state: 'draft', author_id: 9, body: '' }
const states = [
  { type: 'ticket_state', id: '21', category: 'submitted', internal_label: 'Submitted' },
  { type: 'ticket_state', id: '22', category: 'resolved', internal_label: 'Resolved' },
]
const attributes = ['_default_title_', '_default_description_', 'severity'].map((name) => ({
  name,
  data_type: 'string',
}))
const ticketType = {
  type: 'ticket_type',
  id: '1',
  name: 'Bug',
  category: 'Customer',
  ticket_type_attributes: { type: 'list', data: attributes },
  ticket_states: { type: 'list', data: states },
}

/** What Intercom would say, in short: conversation 6 is closed, `lead_id` a lead, article 8 a draft. */
export function goodAnswer({ method, path, body }: Received, sent: string): object {
  const [pathname = '', query = ''] = path.split('?')
  const route = `${method} ${pathname}`
  const known = answers(sent)
  const own = patterns.find(([pattern]) => pattern.test(route))?.[1](known, { body, query })
  if (own !== undefined) return own
  return route.includes('/conversations')
    ? { ...known.conversation, state: pathname.includes('/6') ? 'closed' : 'open' }
    : { ...known.contact, role: pathname.endsWith(lead_id) ? 'lead' : 'user' }
}

type Known = ReturnType<typeof answers>

/** The things of the workspace, which say what was sent. */
function answers(sent: string) {
  const created_at = Math.floor(Date.now() / 1000)
  const contact = {
    type: 'contact',
    id,
    external_id: null,
    role: 'user',
    email: 'ada@example.com',
    created_at,
    last_contacted_at: created_at,
  }
  const part = { type: 'conversation_part', part_type: 'comment', body: `<p>${sent}</p>`, created_at, author }
  const handled = { ...part, body: null }
  const parts = [
    { ...part, id: '11' },
    { ...part, id: '12', author: { ...author, type: 'user', id } },
    ...['close', 'open', 'snoozed', 'assignment'].map((part_type, at) => ({
      ...handled,
      id: String(13 + at),
      part_type,
      assigned_to: { type: 'team', id: '3' },
    })),
  ]
  const conversation = {
    type: 'conversation',
    id: '5',
    state: 'open',
    created_at,
    source: { type: 'conversation', id: '31', body: sent, author: { type: 'user', id } },
    tags: { type: 'tag.list', tags: [tag] },
    ticket: null,
    conversation_parts: { type: 'conversation_part.list', conversation_parts: parts, total_count: 6 },
  }
  const ticket = {
    type: 'ticket',
    id: '50',
    ticket_id: '1',
    created_at,
    ticket_type: ticketType,
    ticket_state: states[0],
    ticket_attributes: { _default_title_: 'Broken export', _default_description_: 'Since Monday' },
    ticket_parts: { type: 'ticket_part.list', ticket_parts: parts.slice(0, 2), total_count: 2 },
  }
  const note = { type: 'note', id: '21', created_at, author, body: sent }
  return { sent, created_at, contact, conversation, ticket, note, part: { ...part, id: '11' } }
}

type Answer = (known: Known, request: { body: unknown; query: string }) => object
const listOf =
  (item: object): Answer =>
  () => ({ ...list, data: [item] })

/** By route; the first that fits. */
const patterns: [RegExp, Answer][] = [
  [
    /^POST \/contacts\/search$/,
    ({ contact }, { body }) => {
      const known = { ...contact, email: 'known@example.com', external_id: 'x7' }
      const isKnown = JSON.stringify(body ?? null).includes(JSON.stringify(known.email))
      return isKnown ? { ...list, data: [known] } : { ...list, total_count: 0, data: [] }
    },
  ],
  [/^GET .*\/notes$/, ({ note }) => ({ ...list, data: [note] })],
  [/\/notes$/, ({ note }) => note],
  [/^GET .*\/tags$/, listOf(tag)],
  [/\/tags(\/\w+)?$/, () => tag],
  [/^GET \/admins$/, () => ({ type: 'admin.list', admins: [author] })],
  [/^GET \/me$/, () => author],
  [/^GET \/teams$/, () => ({ type: 'team.list', teams: [{ type: 'team', id: '3', name: 'Sales' }] })],
  [
    /^GET \/segments$/,
    () => ({ type: 'segment.list', segments: [{ type: 'segment', id: '31', name: 'A' }] }),
  ],
  [/\/segments$/, listOf({ type: 'segment', id: '31', name: 'A' })],
  [
    /^GET \/data_attributes$/,
    listOf({ type: 'data_attribute', name: 'plan', data_type: 'string', custom: true }),
  ],
  [/^GET .*\/(subscription_types|subscriptions)$/, listOf(subscription)],
  [/\/subscriptions/, () => subscription],
  [
    /^GET \/companies$/,
    (_, { query }) => (/name|company_id/.test(query) ? company : { ...list, data: [company] }),
  ],
  [/^(POST \/companies\/list|GET \/contacts\/\w+\/companies)$/, listOf(company)],
  [/^GET \/companies\/[^/]+\/contacts$/, ({ contact }) => ({ ...list, data: [contact] })],
  [/\/companies/, () => company],
  [/^GET \/ticket_types$/, listOf(ticketType)],
  [/^GET \/ticket_types\//, () => ticketType],
  [/^POST \/tickets\/search$/, ({ ticket }) => ({ ...list, type: 'ticket.list', tickets: [ticket] })],
  [/^POST \/tickets\/[^/]+\/reply$/, ({ part }) => part],
  [/^\w+ \/tickets|\/convert$/, ({ ticket }) => ticket],
  [/^GET \/articles\/search$/, () => ({ ...list, data: { articles: [article], highlights: [] } })],
  [/^GET \/articles$/, ({ created_at }) => ({ ...list, data: [{ ...article, created_at }] })],
  [/^\w+ \/articles/, () => article],
  [/^GET \/help_center\/collections$/, listOf({ type: 'collection', id: '4', name: 'Help' })],
  [/^POST \/events$/, () => ({})],
  [
    /^GET \/events$/,
    ({ created_at }) => ({
      type: 'event.list',
      events: [{ event_name: 'paid', created_at }],
      pages: { next: null },
    }),
  ],
  [
    /^POST \/messages$/,
    ({ created_at, sent }) => ({ type: 'admin_message', id: '41', created_at, body: sent }),
  ],
  [
    /^POST \/conversations$/,
    ({ sent }) => ({ type: 'user_message', id: '31', conversation_id: '5', body: sent }),
  ],
  [
    /^(GET \/conversations|POST \/conversations\/search)$/,
    ({ conversation }) => ({ ...list, conversations: [conversation] }),
  ],
]
