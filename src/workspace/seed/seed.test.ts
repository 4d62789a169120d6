import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { ContactRow } from '../store/contact-tables.ts'
import { fillFresh } from '../store/fresh.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { activityOf } from './activity.ts'
import { END } from './calendar.ts'
import { contactRecords } from './contacts.ts'
import { conversationRecords } from './conversations.ts'
import { type SeedSize, seedWorkspace } from './index.ts'
import { amountsOf } from './size.ts'
import { SPECIAL_PEOPLE } from './special-people.ts'

function seeded(size: SeedSize, now = Date.UTC(2026, 10, 22)): Store {
  const store = openStore(undefined, { now: () => now })
  store.write(() => fillFresh(store))
  seedWorkspace(store, size)
  return store
}

/** Every row of every table but the token, which is secret and therefore random. */
function fingerprint(store: Store): string {
  const digest = createHash('sha256')
  const tables = store.db.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_words%' ESCAPE '\\' ORDER BY name",
  )
  for (const { name } of tables) {
    if (name === 'tokens') continue
    digest.update(name)
    for (const row of store.db.raw.prepare(`SELECT * FROM ${name}`).iterate())
      digest.update(JSON.stringify(row))
  }
  return digest.digest('hex')
}

const small = seeded('small')

test('the same size gives the same rows, whatever the clock says', () => {
  assert.equal(fingerprint(seeded('small', Date.UTC(2031, 0, 1))), fingerprint(small))
})

test('the small seed is the one it has been since it was written', () => {
  const amounts = amountsOf(200)
  const tags = small.db.all<{ id: number; name: string }>('SELECT id, name FROM tags')
  const staff = {
    admins: [1, 2, 3, 4],
    teams: [1, 2],
    tags: new Map(tags.map(({ id, name }) => [name, id])),
    subscriptions: [1, 2, 3],
  }
  const digest = createHash('sha256')
  const add = (record: object) => digest.update(JSON.stringify(record))
  for (const record of contactRecords(amounts, activityOf(amounts), staff)) add(record)
  for (const record of conversationRecords(amounts, staff, ({ index }) => `contact ${index}`)) add(record)
  // Another text or another draw changes this, and should; another Node or machine must not.
  assert.equal(digest.digest('hex'), '46b8114aba29085b9180049b6a88aa0092302288509645a967566b50b4545e06')
})

test('small is 200 contacts and 300 conversations of four teammates, two teams and twelve tags', () => {
  const count = (table: string) => small.db.number(`SELECT count(*) FROM ${table}`)
  assert.deepEqual(['contacts', 'conversations', 'admins', 'teams', 'tags'].map(count), [200, 300, 4, 2, 12])
  assert.equal(small.db.number('SELECT count(*) FROM admins WHERE has_inbox_seat = 1'), 3)
  const users = small.db.number("SELECT count(*) FROM contacts WHERE role = 'user'")
  assert.ok(users >= 120 && users <= 160, `${users} users`)
})

test('every size has open, closed, snoozed, rated, long and both kinds of begun conversations', () => {
  for (const size of [1, 2, 10, 200, 5000]) {
    const store = size === 200 ? small : seeded(size)
    const has = (condition: string) =>
      assert.ok(
        store.db.number(`SELECT count(*) FROM conversations WHERE ${condition}`) > 0,
        `${condition} at ${size}`,
      )
    assert.equal(store.db.number('SELECT count(*) FROM contacts'), size)
    assert.equal(store.db.number('SELECT count(*) FROM conversations'), Math.max(3, size * 1.5))
    for (const state of ['open', 'closed', 'snoozed']) has(`state = '${state}'`)
    for (const side of ['customer', 'admin']) has(`source_delivered_as = '${side}_initiated'`)
    has('conversation_rating IS NOT NULL')
    has('count_conversation_parts > 31')
  }
})

test('an empty workspace gets its staff and nobody else', () => {
  const store = seeded(0)
  assert.equal(store.db.number('SELECT count(*) FROM contacts'), 0)
  assert.equal(store.db.number('SELECT count(*) FROM conversations'), 0)
  assert.equal(store.db.number('SELECT count(*) FROM admins'), 4)
})

test('a size that is no number of contacts is refused', () => {
  for (const size of [-1, 1.5, Number.NaN]) assert.throws(() => seeded(size), RangeError)
})

test('the special people come first', () => {
  const people = small.db.all<ContactRow>(
    'SELECT * FROM contacts ORDER BY seq LIMIT ?',
    SPECIAL_PEOPLE.length,
  )
  const shown = people.map(({ role, name, email }) => ({ role, name, email }))
  assert.deepEqual(
    shown,
    SPECIAL_PEOPLE.map(({ role, name, email }) => ({ role, name, email })),
  )
})

test('addresses are shared by a lead and a user, and by two leads, but never by two users', () => {
  const shared = (roles: string) =>
    small.db.number(
      `SELECT count(*) FROM (SELECT group_concat(role, '+' ORDER BY role) AS roles FROM contacts
       WHERE email IS NOT NULL GROUP BY email_folded) WHERE roles = ?`,
      roles,
    )
  assert.ok(shared('lead+user') > 0)
  assert.ok(shared('lead+lead') > 0)
  const store = seeded(5000)
  const doubles = `SELECT count(*) FROM (SELECT email_folded FROM contacts WHERE role = 'user'
    GROUP BY email_folded HAVING count(*) > 1)`
  assert.equal(store.db.number(doubles), 0)
  assert.equal(store.db.number('SELECT count(*) - count(DISTINCT external_id) FROM contacts'), 0)
})

test('users have our own ids and leads have UUIDs, and every address is under a reserved domain', () => {
  for (const { role, external_id, email } of small.db.all<ContactRow>('SELECT * FROM contacts')) {
    const form =
      role === 'user' ? /^qb-\d+$/ : /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    assert.match(external_id ?? '', form)
    if (email !== null) assert.match(email, /^[a-z0-9.]+@[a-z0-9-]+\.example$/i)
  }
})

test('the times of contacts agree with their conversations and with each other', () => {
  const wrong = (condition: string) => small.db.number(`SELECT count(*) FROM contacts c WHERE ${condition}`)
  const times = [
    'signed_up_at',
    'last_seen_at',
    'last_replied_at',
    'last_contacted_at',
    'last_email_opened_at',
  ]
  for (const time of [...times, 'last_email_clicked_at']) {
    assert.equal(wrong(`${time} < created_at OR ${time} > updated_at OR ${time} > ${END}`), 0, time)
  }
  assert.equal(wrong("(role = 'user') <> (signed_up_at IS NOT NULL)"), 0)
  assert.equal(wrong('last_seen_at < last_replied_at'), 0)
  const replied = `(SELECT max(v.last_contact_reply_at) FROM conversation_contacts x
    JOIN conversations v ON v.id = x.conversation_id WHERE x.contact_seq = c.seq)`
  assert.equal(wrong(`last_replied_at IS NOT ${replied}`), 0)
  const contacted = `(SELECT max(max(ifnull(v.last_admin_reply_at, 0),
    iif(v.source_author_type = 'admin', v.created_at, 0))) FROM conversation_contacts x
    JOIN conversations v ON v.id = x.conversation_id WHERE x.contact_seq = c.seq)`
  assert.equal(wrong(`ifnull(last_contacted_at, 0) <> ifnull(${contacted}, 0)`), 0)
})

test('tickets of both categories, of existing contacts, are in every state', () => {
  const has = (condition: string) => {
    const sql = `SELECT count(*) FROM tickets JOIN ticket_types t ON t.id = ticket_type_id
      JOIN ticket_states s ON s.id = ticket_state_id WHERE ${condition}`
    assert.ok(small.db.number(sql) > 0, condition)
  }
  for (const category of ['Customer', 'Back-office']) has(`t.category = '${category}'`)
  for (const state of ['submitted', 'in_progress', 'waiting_on_customer', 'resolved'])
    has(`s.category = '${state}'`)
  const early = small.db.number(`SELECT count(*) FROM tickets t JOIN ticket_contacts c ON c.ticket_id = t.id
    LEFT JOIN contacts p ON p.seq = c.contact_seq WHERE p.seq IS NULL OR p.created_at > t.created_at`)
  assert.equal(early, 0)
})

test('contacts are stored in the order of their creation and before their conversations', () => {
  const early = small.db.number(`SELECT count(*) FROM contacts a JOIN contacts b ON b.seq = a.seq + 1
    WHERE b.created_at < a.created_at`)
  const orphaned = small.db.number(`SELECT count(*) FROM conversation_contacts x
    JOIN contacts c ON c.seq = x.contact_seq JOIN conversations v ON v.id = x.conversation_id
    WHERE c.created_at > v.created_at`)
  assert.deepEqual([early, orphaned], [0, 0])
})

test('no text is left with an open slot, and what HTML means is escaped', () => {
  const texts = small.db.all<{ body: string }>(`SELECT source_body AS body FROM conversations
    UNION ALL SELECT body FROM conversation_parts WHERE body IS NOT NULL UNION ALL SELECT body FROM notes`)
  assert.ok(texts.length > 1000)
  for (const { body } of texts) {
    assert.match(body, /^<p>[^<>]+<\/p>$/)
    assert.doesNotMatch(body, /[{}[\]|]|undefined|&(?!amp;|lt;|gt;)|\s{2}/)
  }
})

test('companies hold people, know how many and when they were last seen, and are older than they are', () => {
  const number = (sql: string) => small.db.number(`SELECT count(*) FROM ${sql}`)
  assert.ok(number('companies WHERE user_count > 0') >= 10)
  const people = `FROM contact_companies JOIN contacts c ON c.seq = contact_seq WHERE company_seq = companies.seq`
  assert.equal(number(`companies WHERE user_count <> (SELECT count(*) ${people})`), 0)
  assert.equal(number(`companies WHERE last_request_at IS NOT (SELECT max(c.last_seen_at) ${people})`), 0)
  assert.equal(number(`companies WHERE created_at > (SELECT min(c.created_at) ${people})`), 0)
  const strangers = `contact_companies JOIN contacts c ON c.seq = contact_seq
    JOIN companies ON companies.seq = company_seq
    WHERE c.email_domain IS NOT NULL AND website <> 'https://' || c.email_domain`
  assert.equal(number(strangers), 0)
})

test('there are three subscription types, and few people chose among them', () => {
  assert.equal(small.db.number('SELECT count(*) FROM subscription_types'), 3)
  const chosen = small.db.number('SELECT count(*) FROM contact_subscriptions')
  assert.ok(chosen > 10 && chosen < 100, `${chosen} choices`)
})

test('the help center has collections, articles in them, drafts, and an article that stands alone', () => {
  const count = (sql: string) => small.db.number(`SELECT count(*) FROM ${sql}`)
  assert.equal(count('articles WHERE parent_id NOT IN (SELECT id FROM collections)'), 0)
  assert.equal(count('collections WHERE parent_id NOT IN (SELECT id FROM collections)'), 0)
  assert.ok(count('collections WHERE parent_id IS NOT NULL') > 0)
  for (const state of ['draft', 'published']) assert.ok(count(`articles WHERE state = '${state}'`) > 1, state)
  assert.equal(count('articles WHERE parent_id IS NULL'), 1)
  assert.equal(count(`articles WHERE updated_at > ${END} OR created_at > updated_at`), 0)
  const [author] = small.db.all<{ name: string }>(
    `SELECT name FROM admins JOIN articles ON author_id = admins.id WHERE words LIKE '%spreadsheet%'`,
  )
  assert.equal(author?.name, 'Jonas Weber')
})
