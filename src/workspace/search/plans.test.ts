import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Input } from '../http/input.ts'
import { contactFields } from './contact-fields.ts'
import { conversationFields } from './conversation-fields.ts'
import { documentedFields } from './documented-fields.test.ts'
import { listedContacts, listedConversations } from './list.ts'
import { operatorsOf } from './operators.ts'
import { openSample, times } from './sample.test.ts'
import { readSearch } from './search.ts'
import { searchPage } from './search-page.ts'

const { store } = openSample()
const active = { sql: `standing = 'active'`, hidden: `standing < 'active' OR standing > 'active'` }
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
  run.length = 0
  // One row a page, so that the count is asked for too.
  searchPage<{ id: string }>(db, listed, {
    query,
    zone,
    ...(resource === 'contacts' ? { visible: active } : {}),
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
})

/**
 * What no index serves: the operators of each field that make a search look at every row. Negatives of what differs
 * from row to row match nearly everything; nobody searches ids by a piece; missing values and links are in no index
 * of those that are there; who has any link is found by reading all links.
 */
const exceptions = {
  contacts: {
    ...each('!= NIN !~', 'email', 'email_domain', 'external_id', 'name', 'phone'),
    id: '!= NIN ~ !~ $',
    segment_id: '!= NIN !~ null',
    tag_id: '!= null set',
    last_seen_at: 'null',
    ...each('null', 'avatar', 'language_override', 'ios_last_seen_at', 'ios_app_version', 'ios_device'),
    ...each('null', 'ios_app_device', 'ios_os_version', 'ios_app_name', 'ios_sdk_version'),
    ...each('null', 'android_last_seen_at', 'android_app_version', 'android_device', 'android_app_name'),
    ...each('null', 'andoid_sdk_version', 'android_sdk_version', 'custom_attributes.plan'),
    ...each('null', 'custom_attributes.seats', 'custom_attributes.vip', 'custom_attributes.renewal_date'),
  },
  conversations: {
    ...each('!= NIN', 'created_at', 'updated_at', 'waiting_since', 'snoozed_until'),
    ...each('!= NIN', 'statistics.first_contact_reply_at', 'statistics.first_assignment_at'),
    ...each('!= NIN', 'statistics.first_admin_reply_at', 'statistics.first_close_at'),
    ...each('!= NIN', 'statistics.last_assignment_at', 'statistics.last_assignment_admin_reply_at'),
    ...each('!= NIN', 'statistics.last_contact_reply_at', 'statistics.last_admin_reply_at'),
    ...each('!= NIN', 'statistics.last_close_at'),
    ...each('!= NIN null', 'conversation_rating.requested_at', 'conversation_rating.replied_at'),
    id: '!= NIN ~ !~ ^ $',
    ...each('!= NIN ~ !~ $', 'source.id', 'source.author.id'),
    'source.body': '!= NIN !~ set',
    contact_ids: '!= NIN ~ !~ $ null set',
    ...each('!= NIN ~ !~ ^ $ null set', 'teammate_ids', 'tag_ids'),
    ...each('null', 'conversation_rating.score', 'conversation_rating.remark'),
    ...each('null', 'conversation_rating.contact_id', 'conversation_rating.admin_d'),
    ...each('null', 'conversation_rating.admin_id', 'ai_agent.resolution_state', 'ai_agent.last_answer_type'),
    ...each('null', 'ai_agent.rating', 'ai_agent.rating_remark', 'ai_agent.source_type'),
    ...each('null', 'ai_agent.source_title', 'custom_attributes.plan'),
  },
}

test('every field is served by an index for every operator, but for those listed here', () => {
  const found = { contacts: scanned('contacts'), conversations: scanned('conversations') }
  assert.deepEqual(found, exceptions)
})

function each(operators: string, ...fields: string[]): Record<string, string> {
  return Object.fromEntries(fields.map((field) => [field, operators]))
}

/** By field, the operators that scan; `null` is `= null`, `set` is `!= null`. */
function scanned(resource: 'contacts' | 'conversations'): Record<string, string> {
  const fields = resource === 'contacts' ? contactFields(store) : conversationFields(store)
  const found: Record<string, string> = {}
  for (const name of documentedFields[resource]) {
    const field = fields(name)
    assert.ok(field, name)
    const texts = name === 'source.body' || name === 'name' ? 'anna' : field.ordered ? '12' : 'x1y2'
    const value = { string: texts, integer: 2, boolean: true, date: times[3] }[field.type]
    const operators = operatorsOf(field, { wholeDays: resource === 'contacts' })
    const searches: [string, object][] = operators.map((operator) => [
      operator,
      filter(name, operator, operator.endsWith('IN') ? [value] : value),
    ])
    searches.push(['null', filter(name, '=', null)])
    if (operators.includes('!=')) searches.push(['set', filter(name, '!=', null)])
    const scans = searches
      .filter(([, query]) => steps(resource, { query }).some(isScan))
      .map(([operator]) => operator)
    if (scans.length > 0) found[name] = scans.join(' ')
  }
  return found
}

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
    [
      { query: filter('email', '!=', 'x'), sort: { field: 'name', order: 'ascending' } },
      /USING (?:COVERING )?INDEX contact_name_sorted/,
    ],
    [
      { query: filter('email', '!=', 'x'), sort: { field: 'location.city' } },
      /USING (?:COVERING )?INDEX contacts_by_city_sorted/,
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
