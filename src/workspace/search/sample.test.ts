// A small, varied set of rows for the property tests; it holds no test of its own.
import type { ContactRow } from '../store/contact-tables.ts'
import { fillFresh } from '../store/fresh.ts'
import { openStore } from '../store/open.ts'

/** Text that differs in case, accents, script and length, with what SQL and FTS5 take for syntax. */
export const texts = [
  'Ann', 'ANNE', 'ánn', 'annabel lee', 'Łukasz', 'İzmir', 'STRASSE', 'straße', 'Зоя', 'ЗОЯ Ж', '李小龙', 'e\u0301a',
  'a%b_c', 'x"y"z', "o'hara", '\u{1f600}smile', 'null', '10', 'a\\b', '*near*', 'AND OR', 'नमस्ते', 'a.b@Example.com', 'c+d@example.org',
] // biome-ignore format: a list of words reads better in lines

/** Around the night on which Los Angeles loses an hour. */
export const times = [-90_000, -86_400, -3601, -1, 0, 1, 3600, 82_799, 82_800, 86_400, 200_000].map(
  (offset) => Date.UTC(2026, 2, 8, 8) / 1000 + offset,
)

/** A contact or a conversation as the naive evaluator reads it: what search calls a field, and its values. */
export interface Item {
  readonly key: number
  readonly id: string
  readonly fields: Readonly<Record<string, Value | readonly Value[]>>
}
export type Value = string | number | boolean | null

/** Sixty contacts, some of which no search may show, and eighty conversations. */
export function openSample() {
  let state = 42
  const below = (limit: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >>> 8) % limit
  }
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const maybe = <T>(make: () => T): T | null => (below(3) === 0 ? null : make())
  const store = openStore(undefined, { now: () => 1_780_000_000_000 })
  const contacts: Item[] = []
  const conversations: Item[] = []
  store.write(() => {
    fillFresh(store)
    const admins = store.db.all<{ id: number }>('SELECT id FROM admins').map(({ id }) => id)
    const tags = ['x', 'y', 'z'].map((name) => store.insertTag(name))
    const some = <T>(list: readonly T[]) => list.filter(() => below(3) === 0)
    for (let i = 0; i < 60; i++) {
      const row = {
        role: pick(['user', 'user', 'lead']),
        name: maybe(() => pick(texts)),
        email: maybe(() => `${pick(['ann', 'Bob', 'ZOË'])}${i % 7}@Example.${pick(['com', 'org'])}`),
        external_id: maybe(() => `X-${i}`),
        phone: maybe(() => `+1555010${i % 10}`),
        owner_id: maybe(() => pick(admins)),
        created_at: pick(times),
        updated_at: pick(times),
        signed_up_at: maybe(() => pick(times)),
        last_seen_at: maybe(() => pick(times)),
        os: maybe(() => pick(['OS X', 'Windows'])),
        city: maybe(() => pick(texts)),
        has_hard_bounced: below(4) === 0,
      }
      const custom = {
        ...(below(2) ? { plan: pick(texts) } : {}),
        ...(below(2) ? { seats: below(5) } : {}),
        ...(below(2) ? { vip: below(2) === 0 } : {}),
        ...(below(2) ? { renewal_date: pick(times) } : {}),
      }
      const standing = below(8) === 0 ? 'archived' : 'active'
      const { seq, id } = store.insertContact({ ...row, standing, custom_attributes: custom })
      const own = some(tags)
      for (const tag_id of own)
        store.insertContactTag({ contact_seq: seq, tag_id, applied_at: 1, applied_by: null })
      if (standing !== 'active') continue
      const { city, ...plain } = row
      const domain = row.email === null ? null : (row.email.split('@')[1] ?? null)
      const attributes = Object.fromEntries(
        ['plan', 'seats', 'vip', 'renewal_date'].map((name) => [
          `custom_attributes.${name}`,
          (custom as Record<string, Value>)[name] ?? null,
        ]),
      )
      contacts.push({
        key: seq,
        id,
        fields: {
          id,
          ...plain,
          'location.city': city,
          email_domain: domain,
          tag_id: own.map(String),
          ...attributes,
        },
      })
    }
    const people = store.db.all<ContactRow>('SELECT * FROM contacts')
    for (let i = 0; i < 80; i++) {
      const members = some(people).slice(0, 3)
      const author = members[0] ?? null
      const words = Array.from({ length: below(5) }, () => pick(texts)).join(pick([' ', ', ', '! ']))
      const row = {
        id: store.nextId('conversations'),
        created_at: pick(times),
        updated_at: pick(times),
        waiting_since: maybe(() => pick(times)),
        snoozed_until: maybe(() => pick(times)),
        state: pick(['open', 'closed', 'snoozed']),
        open: below(2) === 0,
        read: below(2) === 0,
        priority: pick(['priority', 'not_priority']),
        source_id: String(900 + i),
        source_type: pick(['conversation', 'email']),
        source_subject: pick(texts),
        source_body: words.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
        source_author_type: pick(['user', 'lead', 'admin']),
        source_author_id: author?.id ?? 'nobody',
        source_author_name: maybe(() => pick(texts)),
        source_author_email: maybe(() => `${pick(['ann', 'Bob'])}@Example.com`),
        admin_assignee_id: maybe(() => pick(admins)),
        last_closed_by_id: maybe(() => pick(admins)),
        first_close_at: maybe(() => pick(times)),
        count_reopens: below(3),
      }
      const rating = maybe(() => ({ rating: 1 + below(5), remark: pick(texts) }))
      const plan = maybe(() => pick(texts))
      const custom_attributes = plan === null ? {} : { plan }
      store.insertConversation(
        { ...row, conversation_rating: rating, custom_attributes },
        members.map(({ seq }) => seq),
      )
      const teammates = some(admins)
      for (const admin of teammates) store.insertTeammate(row.id, admin)
      const own = some(tags)
      for (const tag_id of own)
        store.insertConversationTag({ conversation_id: row.id, tag_id, applied_at: 1, applied_by: null })
      conversations.push({
        key: row.id,
        id: String(row.id),
        fields: conversationFieldsOf(row, words, members, { teammates, tags: own, rating, plan }),
      })
    }
  })
  return { store, contacts, conversations }
}

function conversationFieldsOf(
  row: Record<string, Value>,
  body: string,
  members: readonly ContactRow[],
  more: {
    teammates: number[]
    tags: number[]
    rating: { rating: number; remark: string } | null
    plan: string | null
  },
): Item['fields'] {
  const {
    source_body: _,
    last_closed_by_id: closer = null,
    first_close_at = null,
    count_reopens = 0,
    ...rest
  } = row
  const renamed = Object.entries(rest).map(([name, value]) => [
    name.replace(/^source_author_/, 'source.author.').replace(/^source_/, 'source.'),
    value,
  ])
  return {
    ...Object.fromEntries(renamed),
    id: String(row['id']),
    'source.body': body,
    contact_ids: members.map(({ id }) => id),
    teammate_ids: more.teammates.map(String),
    tag_ids: more.tags.map(String),
    'statistics.last_closed_by_id': closer === null ? null : String(closer),
    'statistics.first_close_at': first_close_at,
    'statistics.count_reopens': count_reopens,
    'conversation_rating.score': more.rating?.rating ?? null,
    'conversation_rating.remark': more.rating?.remark ?? null,
    'custom_attributes.plan': more.plan,
  }
}
