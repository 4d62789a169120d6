import type { Bench } from './bench-store.ts'
import { randomFrom } from './report.ts'

/** A kind of search, and bodies of it with ever different values. */
export interface MeasuredSearch {
  readonly name: string
  readonly path: string
  bodies(samples: number): object[]
}

type Row = Record<string, string | number>

const filter = (field: string, operator: string, value: unknown) => ({ field, operator, value })
const both = (...value: object[]) => ({ operator: 'AND', value })

/** Gives a hundred contacts a name, a tag and an attribute that nobody else has. */
function markHundred({ call, store }: Bench): string {
  const marked = store.db.number("SELECT id FROM tags WHERE name_folded = 'bench'")
  if (marked > 0) return String(marked)
  const tag = String(call('POST', '/tags', { name: 'bench' })['id'])
  const last = store.db.number('SELECT max(seq) FROM contacts')
  for (let i = 1; i <= 100; i++) {
    const { id = '' } = contact(store, Math.floor((last * i) / 101)) ?? {}
    call('PUT', `/contacts/${id}`, { name: `Ada Quxwright ${i}`, custom_attributes: { seats: 4711 } })
    call('POST', `/contacts/${id}/tags`, { id: tag })
  }
  return tag
}

const contact = (store: Bench['store'], seq: number) =>
  store.db.get<Row>(
    `SELECT * FROM contacts WHERE seq >= ? AND role = 'user' AND email IS NOT NULL LIMIT 1`,
    seq,
  )

/** The searches of the issue and, beside them, broad ones and short ones. */
export function searches(bench: Bench): MeasuredSearch[] {
  const { store } = bench
  const tag = markHundred(bench)
  const frequent = store.db.number("SELECT id FROM tags WHERE name <> 'bench' ORDER BY id LIMIT 1")
  const contacts = store.db.number('SELECT max(seq) FROM contacts')
  const firstConversation = store.db.number('SELECT min(id) FROM conversations')
  const conversations = store.db.number('SELECT max(id) FROM conversations') - firstConversation
  const next = randomFrom(7)
  const someContact = () => contact(store, 1 + Math.floor(next() * contacts * 0.99)) ?? {}
  const someConversation = (which: 'any' | 'rated' = 'any') =>
    store.db.get<Row>(
      `SELECT * FROM conversations WHERE id >= ?${which === 'rated' ? ' AND conversation_rating IS NOT NULL' : ''} LIMIT 1`,
      firstConversation + Math.floor(next() * conversations),
    ) ?? {}
  const hundredNewest = store.db.number(
    "SELECT updated_at FROM conversations WHERE state = 'open' ORDER BY updated_at DESC LIMIT 1 OFFSET 100",
  )
  const longest = store.db.number(
    'SELECT count_conversation_parts FROM conversations ORDER BY count_conversation_parts DESC LIMIT 1 OFFSET 100',
  )
  const rareWord = () => {
    for (;;) {
      const word = String(someConversation()['source_text'])
        .split(' ')
        .find((part) => /^\d{4,}$/.test(part))
      if (word !== undefined) return word
    }
  }
  const onContacts = (name: string, query: () => object) => measured(name, '/contacts/search', query)
  const onConversations = (name: string, query: () => object) =>
    measured(name, '/conversations/search', query)
  const measured = (name: string, path: string, query: () => object): MeasuredSearch => ({
    name,
    path,
    bodies: (samples) => Array.from({ length: samples }, () => ({ query: query() })),
  })
  return [
    onContacts('email =', () => filter('email', '=', someContact()['email'])),
    onContacts('external_id =', () => filter('external_id', '=', someContact()['external_id'])),
    onContacts('role = lead and created_at = a day', () =>
      both(filter('role', '=', 'lead'), filter('created_at', '=', someContact()['created_at'])),
    ),
    onContacts('tag_id = (100 contacts)', () => filter('tag_id', '=', tag)),
    onContacts('custom attribute = (100 contacts)', () => filter('custom_attributes.seats', '=', 4711)),
    onContacts('name ~ three characters (100 contacts)', () => filter('name', '~', 'quX')),
    onContacts('name ~ nine characters (100 contacts)', () => filter('name', '~', 'quxwright')),
    onContacts('name ^ (100 contacts)', () => filter('name', '^', 'ada qux')),
    onConversations('state = open and updated_at > (100 newest)', () =>
      both(filter('state', '=', 'open'), filter('updated_at', '>', hundredNewest)),
    ),
    onConversations('contact_ids =', () =>
      filter('contact_ids', '=', someConversation()['source_author_id']),
    ),
    onConversations('source.body = a rare word', () => filter('source.body', '=', rareWord())),
    onConversations('source.body ~ a rare part', () => filter('source.body', '~', rareWord().slice(0, 4))),
    // The first of these makes the index that they need.
    onContacts('location.city = and external_id ^', () => {
      const { city, external_id } = someContact()
      return both(
        filter('location.city', '=', city),
        filter('external_id', '^', String(external_id).slice(0, 7)),
      )
    }),
    onConversations('conversation_rating.contact_id =', () =>
      filter('conversation_rating.contact_id', '=', someConversation('rated')['source_author_id']),
    ),
    onConversations('statistics.count_conversation_parts > (100 longest)', () =>
      filter('statistics.count_conversation_parts', '>', longest),
    ),
    // From here on: many matches, or nothing that an index could serve.
    onContacts('role = user', () => filter('role', '=', 'user')),
    onContacts('role = user and created_at > a day', () =>
      both(filter('role', '=', 'user'), filter('created_at', '>', someContact()['created_at'])),
    ),
    onContacts('tag_id = (frequent)', () => filter('tag_id', '=', String(frequent))),
    onContacts('custom attribute = (frequent)', () => filter('custom_attributes.plan', '=', 'solo')),
    onContacts('name ~ ann', () => filter('name', '~', 'ann')),
    onContacts('name ~ two characters', () => filter('name', '~', 'an')),
    onContacts('email !=', () => filter('email', '!=', someContact()['email'])),
    onConversations('state = open', () => filter('state', '=', 'open')),
    onConversations('created_at < the first tenth', () =>
      filter(
        'created_at',
        '<',
        store.db.number(
          'SELECT created_at FROM conversations WHERE id >= ? LIMIT 1',
          firstConversation + Math.floor(conversations / 10),
        ),
      ),
    ),
    onConversations('conversation custom attribute = (frequent)', () =>
      filter('custom_attributes.Topic', '=', 'Billing'),
    ),
    onConversations('source.url ~ (frequent)', () => filter('source.url', '~', 'billing')),
    onConversations('source.body = a frequent word', () => filter('source.body', '=', 'please')),
    onConversations('source.body ~ two characters', () => filter('source.body', '~', 'ng')),
  ]
}
