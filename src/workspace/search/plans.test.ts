import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Input } from '../http/input.ts'
import { contactFields } from './contact-fields.ts'
import { conversationFields } from './conversation-fields.ts'
import { listedContacts, listedConversations } from './list.ts'
import { openSample } from './sample.test.ts'
import { readSearch } from './search.ts'
import { searchPage } from './search-page.ts'

const { store } = openSample()
const { db } = store
const run: [string, ...(Parameters<typeof db.number> extends [string, ...infer V] ? V : never)][] = []
const { number, all } = db
db.number = (sql, ...values) => {
  run.push([sql, ...values])
  return number.call(db, sql, ...values)
}
db.all = <R extends object>(...call: Parameters<typeof all>) => {
  run.push(call)
  return all.call(db, ...call) as R[]
}

/** What SQLite does for a search, step by step, probes left out. */
function steps(resource: 'contacts' | 'conversations', body: object, few?: number): string[] {
  const listed = resource === 'contacts' ? listedContacts : listedConversations
  const fields = resource === 'contacts' ? contactFields(store) : conversationFields(store)
  const zone = { wholeDays: resource === 'contacts', timezone: store.app.timezone, listed }
  const sql = resource === 'contacts' ? 'ifnull(last_seen_at, 0)' : 'updated_at'
  const {
    query,
    order = { sql, values: [], descending: true, keyDescending: sql === 'updated_at', isTime: true },
  } = readSearch(new Input(body), fields, zone, 50)
  const visible = { sql: resource === 'contacts' ? `standing = 'active'` : '1', values: [] }
  run.length = 0
  // One row a page, so that the count is asked for too.
  searchPage<{ id: string }>(db, listed, {
    query,
    zone,
    visible,
    order,
    cursor: undefined,
    size: 1,
    ...(few ? { few } : {}),
  })
  return run.flatMap(([statement, ...values]) =>
    db.raw
      .prepare(`EXPLAIN QUERY PLAN ${statement}`)
      .all(...values)
      .map(({ detail }) => String(detail)),
  )
}

const filter = (field: string, operator: string, value: unknown) => ({ field, operator, value })
const group = (operator: string, ...value: object[]) => ({ operator, value })

/** A walk over a whole table or index; small JSON lists, text indexes and subqueries that are bounded are none. */
const isScan = (step: string) => /^SCAN (contacts|conversations|con\w+_(?!words|grams)\w+)\b/.test(step)

test('whatever an index can serve is served by it, and nothing is scanned', () => {
  const id = db.number('SELECT id FROM tags')
  const { id: contact } = db.get<{ id: string }>('SELECT id FROM contacts') ?? { id: '' }
  const day = 1_772_956_800
  const contacts: [object, RegExp][] = [
    [filter('email', '=', 'ann1@example.com'), /contact_email \(email_folded=\?\)/],
    [filter('email', 'IN', ['ann1@example.com', 'x']), /contact_email \(email_folded=\?\)/],
    [filter('email', '~', 'nn1@'), /contact_grams VIRTUAL TABLE/],
    [filter('email', '$', '.org'), /contact_grams VIRTUAL TABLE/],
    [filter('email', '=', null), /contact_email \(email_folded=\?\)/],
    [filter('external_id', '=', 'X-3'), /contact_external \(external_id_folded=\?\)/],
    [filter('id', '=', contact), /contact_id \(id=\?\)/],
    [filter('name', '^', 'ann'), /contact_name \(name_folded>\? AND name_folded<\?\)/],
    [filter('name', '~', 'ann'), /contact_grams VIRTUAL TABLE/],
    [filter('phone', '=', '+15550101'), /contact_phone \(phone=\?\)/],
    [filter('email_domain', '=', 'example.org'), /contact_domain \(email_domain=\?\)/],
    [filter('tag_id', '=', String(id)), /tagged_contacts \(tag_id=\?\)/],
    [filter('custom_attributes.seats', '=', 3), /contact_attribute_value \(attribute_id=\? AND value=\?\)/],
    [filter('custom_attributes.seats', '>', 3), /contact_attribute_value \(attribute_id=\? AND value>\?\)/],
    [filter('last_seen_at', '>', day), /contact_recent \(<expr>>\?\)/],
    [
      group('AND', filter('role', '=', 'user'), filter('created_at', '=', day)),
      /contact_role \(role=\? AND created_at>\? AND created_at<\?\)/,
    ],
    [
      group('AND', filter('created_at', '>', day), filter('created_at', '<', day + 90_000)),
      /contact_created \(created_at>\? AND created_at<\?\)/,
    ],
    [group('AND', filter('role', '=', 'user'), filter('email', '=', 'ann1@example.com')), /contact_email/],
    [group('OR', filter('email', '=', 'a@b.c'), filter('external_id', '=', 'X-3')), /contact_external/],
  ]
  for (const [query, index] of contacts) assertServed('contacts', query, index)
  const conversations: [object, RegExp][] = [
    [
      group('AND', filter('state', '=', 'open'), filter('updated_at', '>', day)),
      /conversation_state \(state=\? AND updated_at>\?\)/,
    ],
    [filter('contact_ids', '=', contact), /conversations_of_contact \(contact_seq=\?\)/],
    [filter('contact_ids', 'IN', [contact]), /conversations_of_contact \(contact_seq=\?\)/],
    [filter('teammate_ids', '=', '7431001'), /conversations_of_admin \(admin_id=\?\)/],
    [filter('tag_ids', '=', String(id)), /tagged_conversations \(tag_id=\?\)/],
    [filter('source.body', '=', 'ann'), /conversation_words VIRTUAL TABLE/],
    [filter('source.body', '^', 'an'), /conversation_words VIRTUAL TABLE/],
    [filter('source.body', '~', 'anna'), /conversation_grams VIRTUAL TABLE/],
    [filter('source.author.name', '~', 'ann'), /conversation_grams VIRTUAL TABLE/],
    [filter('source.author.id', '=', contact), /conversation_author \(source_author_id=\?\)/],
    [filter('source.id', '=', '900'), /conversation_source \(source_id=\?\)/],
    [filter('id', '=', '215474207000001'), /INTEGER PRIMARY KEY \(rowid=\?\)/],
    [filter('snoozed_until', '>', day), /conversation_snoozed \(snoozed_until>\?\)/],
  ]
  for (const [query, index] of conversations) assertServed('conversations', query, index)
  // What this test calls a scan does happen, where there is no index.
  assert.ok(steps('contacts', { query: filter('os', '=', 'Windows') }).some(isScan))
})

function assertServed(resource: 'contacts' | 'conversations', query: object, index: RegExp): void {
  const plan = steps(resource, { query })
  const told = `${JSON.stringify(query)}\n${plan.join('\n')}`
  assert.ok(
    plan.some((step) => index.test(step)),
    told,
  )
  assert.ok(!plan.some(isScan), told)
}

test('a page of many matches is read along the index of its order, without sorting', () => {
  const day = 1_772_956_800
  const pages: [object, RegExp][] = [
    [{ query: filter('name', '!=', 'x') }, /USING (?:COVERING )?INDEX contact_recent/],
    [{ query: filter('role', '=', 'user'), sort: { field: 'created_at' } }, /INDEX contact_role \(role=\?\)/],
    [
      { query: filter('created_at', '<', day + 100_000), sort: { field: 'created_at' } },
      /INDEX contact_created \(created_at<\?\)/,
    ],
  ]
  for (const [body, index] of pages) {
    const plan = steps('contacts', body, 1)
    assert.ok(
      plan.some((step) => index.test(step)),
      plan.join('\n'),
    )
    assert.ok(!plan.includes('USE TEMP B-TREE FOR ORDER BY'), plan.join('\n'))
  }
  const plan = steps('conversations', { query: filter('state', '=', 'open') }, 1)
  assert.ok(plan.some((step) => /INDEX conversation_state \(state=\?\)/.test(step)))
  assert.ok(!plan.includes('USE TEMP B-TREE FOR ORDER BY'), plan.join('\n'))
})
