import type { MovableClock } from '../../src/workspace/clock.ts'

type Kind = (typeof kinds)[number]
/** What there is many of. */
export const kinds = [
  ...(['contacts', 'conversations', 'tags', 'companies', 'parts', 'attributes'] as const),
  ...(['tickets', 'ticketTypes', 'ticketAttributes', 'visitors', 'exports'] as const),
  ...(['collections', 'articles', 'news', 'sources', 'pages'] as const),
]

/** A write; the numbers choose its target and its values. */
export type Write = (world: World, a: number, b: number) => unknown

/** A workspace that is written to, and what there is in it by its ids. */
export interface World {
  readonly call: (
    method: string,
    path: string,
    body?: object,
  ) => { status: number; json: Record<string, unknown> }
  readonly clock: MovableClock
  readonly known: Record<Kind, string[]>
  /** Lets a visitor come, and gives their id. */
  readonly meet: (name: string) => string
  readonly admin: string
  readonly ticketType: string
  readonly newsfeed: number
}

/** One of a list. */
export const one = (list: readonly string[], n: number) => list[n % list.length] ?? 'none'
/** Text that is hard to keep. */
export const word = (n: number) => one(['Xylophone', 'Yak “é” 🦓', 'Zebra\u0000\\"', ' 5', '5.0'], n)
/** An address. */
const mail = (n: number) => `p${n}@example.com`

/** Writes to people, companies and conversations. Refusals are welcome: what is refused must leave nothing. */
export const deskWrites: Readonly<Record<string, Write>> = {
  create: ({ call, known }, a, b) => {
    const body = {
      role: one(['user', 'lead'], a),
      email: mail(b),
      external_id: `u${a}${b}`,
      name: word(b),
      owner_id: a === 0 ? null : undefined,
    }
    keep(known.contacts, call('POST', '/contacts', body).json['id'])
  },
  change: ({ call, known }, a, b) =>
    call('PUT', `/contacts/${one(known.contacts, a)}`, {
      ...{
        name: word(b),
        email: mail(a + b),
        phone: b === 0 ? null : '+4930123456',
        last_seen_at: 1_779_999_000 + b,
      },
      custom_attributes: { plan: word(a), seats: b, vip: b === 1 },
    }),
  archive: ({ call, known }, a) => call('POST', `/contacts/${one(known.contacts, a)}/archive`),
  unarchive: ({ call, known }, a) => call('POST', `/contacts/${one(known.contacts, a)}/unarchive`),
  remove: ({ call, known }, a) => call('DELETE', `/contacts/${one(known.contacts, a)}`),
  purge: ({ call, clock }) => {
    clock.set(clock.now() + 8 * 86_400_000)
    call('POST', '/contacts', { email: 'purge@example.com' })
  },
  merge: ({ call, known }, a, b) =>
    call('POST', '/contacts/merge', { from: one(known.contacts, a), into: one(known.contacts, b) }),
  note: ({ call, known }, a, b) =>
    call('POST', `/contacts/${one(known.contacts, a)}/notes`, { body: word(b) }),
  makeTag: ({ call, known }, a, b) =>
    keep(known.tags, call('POST', '/tags', { name: `${word(a)} ${b}` }).json['id']),
  removeTag: ({ call, known }, a) => call('DELETE', `/tags/${one(known.tags, a)}`),
  tag: ({ call, known }, a, b) =>
    call('POST', `/contacts/${one(known.contacts, a)}/tags`, { id: one(known.tags, b) }),
  untag: ({ call, known }, a, b) =>
    call('DELETE', `/contacts/${one(known.contacts, a)}/tags/${one(known.tags, b)}`),
  company: ({ call, known }, a, b) => {
    const body = {
      company_id: `c${a}`,
      name: word(b),
      plan: one(['Gold', 'Silver', 'Steel', 'Tin'], 2 * a + b),
      size: b,
      monthly_spend: a,
    }
    keep(known.companies, call('POST', '/companies', body).json['id'])
  },
  removeCompany: ({ call, known }, a) => call('DELETE', `/companies/${one(known.companies, a)}`),
  attach: ({ call, known }, a, b) =>
    call('POST', `/contacts/${one(known.contacts, a)}/companies`, { id: one(known.companies, b) }),
  detach: ({ call, known }, a, b) =>
    call('DELETE', `/contacts/${one(known.contacts, a)}/companies/${one(known.companies, b)}`),
  event: ({ call, known }, a, b) =>
    call('POST', '/events', {
      ...{
        event_name: one(['bought', 'left'], b),
        created_at: 1_779_000_000 + b,
        id: one(known.contacts, a),
      },
      metadata: { price: 5.5 },
    }),
  summary: ({ call }, a, b) =>
    call('POST', '/events/summaries', {
      user_id: `u${a}${a}`,
      event_summaries: { event_name: 'bought', count: b, first: 1, last: 2 },
    }),
  attribute: ({ call, known }, a, b) => {
    const body = {
      name: `field_${a}${b}`,
      model: one(['contact', 'company'], b),
      data_type: one(['string', 'integer'], a),
    }
    keep(known.attributes, call('POST', '/data_attributes', body).json['id'])
  },
  changeAttribute: ({ call, known }, a, b) =>
    call('PUT', `/data_attributes/${one(known.attributes, a)}`, { archived: b === 0, description: word(b) }),
  talk: ({ call, known }, a, b) => {
    const from = { type: 'user', id: one(known.contacts, a) }
    keep(known.conversations, call('POST', '/conversations', { from, body: word(b) }).json['conversation_id'])
  },
  message: ({ call, known, admin }, a, b) =>
    call('POST', '/messages', {
      ...{ message_type: 'inapp', body: word(b), from: { type: 'admin', id: admin } },
      to: { type: 'user', id: one(known.contacts, a) },
    }),
  reply: ({ call, known, admin }, a, b) => {
    const as = one(['comment', 'note'], b)
    const body = { message_type: as, type: 'admin', admin_id: admin, body: word(b) }
    const { json } = call('POST', `/conversations/${one(known.conversations, a)}/reply`, body)
    const { conversation_parts: parts } = json as {
      conversation_parts?: { conversation_parts: { id: string }[] }
    }
    keep(known.parts, parts?.conversation_parts.at(-1)?.id)
  },
  answer: ({ call, known }, a, b) =>
    call('POST', `/conversations/${one(known.conversations, a)}/reply`, {
      ...{ message_type: 'comment', type: 'user', intercom_user_id: one(known.contacts, b), body: word(b) },
    }),
  // Snoozes outlast the test: one that has ended wakes when it is looked at, so that two looks would differ.
  manage: ({ call, known, admin, clock }, a, b) =>
    call('POST', `/conversations/${one(known.conversations, a)}/parts`, {
      ...{ message_type: one(['close', 'open', 'snoozed', 'assignment'], b), admin_id: admin, type: 'admin' },
      ...{
        snoozed_until: Math.floor(clock.now() / 1000) + 1_000_000_000 + b,
        assignee_id: a === 0 ? 0 : admin,
      },
    }),
  redact: ({ call, known }, a, b) =>
    call('POST', '/conversations/redact', {
      ...{ type: 'conversation_part', conversation_id: one(known.conversations, a) },
      conversation_part_id: one(known.parts, b),
    }),
  update: ({ call, known }, a, b) =>
    call('PUT', `/conversations/${one(known.conversations, a)}`, {
      read: b === 0,
      custom_attributes: { plan: word(b) },
    }),
  convert: ({ call, known, ticketType }, a) =>
    call('POST', `/conversations/${one(known.conversations, a)}/convert`, { ticket_type_id: ticketType }),
  tagTalk: ({ call, known, admin }, a, b) =>
    call('POST', `/conversations/${one(known.conversations, a)}/tags`, {
      id: one(known.tags, b),
      admin_id: admin,
    }),
  join: ({ call, known, admin }, a, b) =>
    call('POST', `/conversations/${one(known.conversations, a)}/customers`, {
      admin_id: admin,
      customer: { intercom_user_id: one(known.contacts, b) },
    }),
  away: ({ call, admin }, a, b) =>
    call('PUT', `/admins/${admin}/away`, { away_mode_enabled: a > 1, away_mode_reassign: b > 1 }),
  wait: ({ clock, call }, a) => {
    clock.set(clock.now() + a * 1000)
    call('GET', '/me')
  },
}

/** Remembers an id, if there is one. */
export function keep(list: string[], id: unknown): void {
  if (typeof id === 'string') list.push(id)
}
