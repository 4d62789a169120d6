import { keep, one, type World, type Write, word } from './random-writes.ts'

const ticket = ({ known }: World, n: number) => `/tickets/${one(known.tickets, n)}`
const type = ({ known }: World, n: number) => `/ticket_types/${one(known.ticketTypes, n)}`

/** Writes to tickets, the help center, news, AI content, exports and visitors. */
export const laterWrites: Readonly<Record<string, Write>> = {
  ticket: ({ call, known }, a, b) => {
    const body = {
      ticket_type_id: one(known.ticketTypes, b),
      contacts: [{ id: one(known.contacts, a) }],
      ticket_attributes: { _default_title_: word(b) },
    }
    keep(known.tickets, call('POST', '/tickets', body).json['id'])
  },
  manageTicket: (world, a, b) => {
    const { call, admin, clock, known } = world
    const doing = [
      { ticket_attributes: { _default_description_: word(a), _default_title_: null } },
      { ticket_attributes: { 'size 00': a } },
      { ticket_state_id: String(a) },
      { is_shared: a > 1 },
      { company_id: one(known.companies, a) },
      { open: false },
      { open: true },
      { snoozed_until: Math.floor(clock.now() / 1000) + 1_000_000_000 },
      { snoozed_until: null },
      { assignment: { admin_id: admin, assignee_id: a % 2 === 0 ? '0' : admin } },
    ]
    return call('PUT', ticket(world, a), doing[(3 * a + b) % doing.length])
  },
  replyTicket: (world, a, b) =>
    world.call('POST', `${ticket(world, a)}/reply`, {
      ...{ message_type: one(['comment', 'note'], b), type: 'admin', admin_id: world.admin, body: word(b) },
    }),
  answerTicket: (world, a, b) =>
    world.call('POST', `${ticket(world, a)}/reply`, {
      ...{ message_type: 'comment', type: 'user', body: word(b) },
      intercom_user_id: one(world.known.contacts, b),
    }),
  tagTicket: (world, a, b) =>
    world.call('POST', `${ticket(world, a)}/tags`, { id: one(world.known.tags, b), admin_id: world.admin }),
  untagTicket: (world, a, b) =>
    world.call('DELETE', `${ticket(world, a)}/tags/${one(world.known.tags, b)}`, { admin_id: world.admin }),
  ticketType: ({ call, known }, a, b) => {
    const body = { name: word(a), category: one(['Customer', 'Back-office', 'Tracker'], b) }
    keep(known.ticketTypes, call('POST', '/ticket_types', body).json['id'])
  },
  changeTicketType: (world, a, b) =>
    world.call('PUT', type(world, a), { description: word(b), archived: b === 0 }),
  ticketAttribute: (world, a, b) => {
    const body = { name: `size ${a}${b}`, description: '', data_type: one(['integer', 'list'], b) }
    const { json } = world.call('POST', `${type(world, a)}/attributes`, { ...body, list_items: 'S,M' })
    keep(world.known.ticketAttributes, json['id'])
  },
  changeTicketAttribute: (world, a, b) =>
    world.call('PUT', `${type(world, a)}/attributes/${one(world.known.ticketAttributes, b)}`, {
      ...{ description: word(b), archived: b === 0, list_items: 'M,L' },
    }),
  collection: ({ call, known }, a, b) => {
    const body = { name: word(a), parent_id: b === 0 ? null : one(known.collections, b) }
    keep(known.collections, call('POST', '/help_center/collections', body).json['id'])
  },
  changeCollection: ({ call, known }, a, b) =>
    call('PUT', `/help_center/collections/${one(known.collections, a)}`, {
      ...{ name: word(b), parent_id: b === 0 ? null : one(known.collections, b) },
    }),
  removeCollection: ({ call, known }, a) =>
    call('DELETE', `/help_center/collections/${one(known.collections, a)}`),
  article: ({ call, known, admin }, a, b) => {
    const body = {
      ...{ title: word(a), body: `<p>${word(b)}</p>`, author_id: Number(admin) },
      ...{ state: one(['published', 'draft'], b), parent_id: Number(one(known.collections, a)) || null },
    }
    keep(known.articles, call('POST', '/articles', body).json['id'])
  },
  changeArticle: ({ call, known }, a, b) =>
    call('PUT', `/articles/${one(known.articles, a)}`, {
      ...{ title: word(b), state: one(['published', 'draft'], b) },
    }),
  removeArticle: ({ call, known }, a) => call('DELETE', `/articles/${one(known.articles, a)}`),
  news: ({ call, known, admin, newsfeed }, a, b) => {
    const body = { title: word(a), sender_id: Number(admin), state: one(['live', 'draft'], b) }
    const on = { newsfeed_assignments: [{ newsfeed_id: newsfeed }], labels: [word(b)] }
    keep(known.news, call('POST', '/news/news_items', { ...body, ...on }).json['id'])
  },
  changeNews: ({ call, known }, a, b) =>
    call('PUT', `/news/news_items/${one(known.news, a)}`, {
      ...{ state: one(['live', 'draft'], b), newsfeed_assignments: b > 2 ? [] : undefined },
    }),
  removeNews: ({ call, known }, a) => call('DELETE', `/news/news_items/${one(known.news, a)}`),
  source: ({ call, known }, a) => {
    const body = { sync_behavior: 'api', url: `https://example.com/${a}` }
    keep(known.sources, String(call('POST', '/ai/content_import_sources', body).json['id']))
  },
  changeSource: ({ call, known }, a, b) =>
    call('PUT', `/ai/content_import_sources/${one(known.sources, a)}`, {
      ...{
        sync_behavior: 'api',
        url: `https://example.com/${b}`,
        status: b === 0 ? 'deactivated' : 'active',
      },
    }),
  removeSource: ({ call, known }, a) => call('DELETE', `/ai/content_import_sources/${one(known.sources, a)}`),
  page: ({ call, known }, a, b) => {
    const body = {
      ...{ title: word(a), html: `<p>${word(b)}</p>`, locale: 'en', external_id: `x${b}` },
      source_id: Number(one(known.sources, a)),
    }
    keep(known.pages, call('POST', '/ai/external_pages', body).json['id'])
  },
  removePage: ({ call, known }, a) => call('DELETE', `/ai/external_pages/${one(known.pages, a)}`),
  export: ({ call, known }, a) => {
    const body = { created_at_after: 1_779_000_000 + a, created_at_before: 1_790_000_000 }
    keep(known.exports, call('POST', '/export/content/data', body).json['job_identifier'])
  },
  lookAtExport: ({ call, clock, known }, a) => {
    clock.set(clock.now() + 600)
    call('GET', `/export/content/data/${one(known.exports, a)}`)
  },
  cancelExport: ({ call, known }, a) => call('POST', `/export/cancel/${one(known.exports, a)}`),
  visit: ({ meet, known }, a) => keep(known.visitors, meet(word(a))),
  changeVisitor: ({ call, known }, a, b) =>
    call('PUT', '/visitors', {
      ...{ id: one(known.visitors, a), name: word(b), custom_attributes: { plan: word(b) } },
    }),
  convertVisitor: ({ call, known }, a, b) =>
    call('POST', '/visitors/convert', {
      visitor: { id: one(known.visitors, a) },
      user: b > 2 ? { id: one(known.contacts, b) } : { email: `v${b}@example.com` },
      type: one(['user', 'lead'], b),
    }),
}
