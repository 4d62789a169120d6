import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

function deskWithThreads() {
  const desk = openDesk(1_780_000_000)
  const ann = desk.user({ email: 'ann@example.com', name: 'Ann' })
  const bob = desk.lead({ email: 'bob@example.com', name: 'Bob' })
  const say = (from: { id: string }, body: string): string =>
    desk.ok('POST', '/conversations', { from: { type: 'contact', id: from.id }, body }).conversation_id
  const support = say(ann, 'I need support, please!')
  desk.clock.seconds += 10
  const broken = say(bob, "It's broken. Ça ne marche pas")
  desk.clock.seconds += 10
  const quiet = say(bob, '请帮助我')
  const names = new Map([
    [support, 'support'],
    [broken, 'broken'],
    [quiet, 'quiet'],
  ])
  const found = (field: string, operator: string, value?: unknown) => {
    const answer = desk.ok('POST', '/conversations/search', { query: { field, operator, value } })
    assert.equal(answer.total_count, answer.conversations.length)
    return answer.conversations.map((item: { id: string }) => names.get(item.id)).sort()
  }
  return { ...desk, ann, bob, support, broken, quiet, found }
}

test('source.body is matched word by word (docs/intercom-api.md 4.2)', () => {
  const { found } = deskWithThreads()
  assert.deepEqual(found('source.body', '=', 'Support'), ['support'])
  assert.deepEqual(found('source.body', '=', 'need support'), [])
  assert.deepEqual(found('source.body', '=', 'supp'), [])
  assert.deepEqual(found('source.body', '^', 'supp'), ['support'])
  assert.deepEqual(found('source.body', '$', 'port'), ['support'])
  assert.deepEqual(found('source.body', '$', 'por'), [])
  assert.deepEqual(found('source.body', '~', 'ppo'), ['support'])
  assert.deepEqual(found('source.body', '=', 'ÇA'), ['broken'])
  assert.deepEqual(found('source.body', '=', 'ca'), [])
  assert.deepEqual(found('source.body', '~', '帮助'), ['quiet'])
  assert.deepEqual(found('source.body', '!=', 'support'), ['broken', 'quiet'])
  assert.deepEqual(found('source.body', 'IN', ['support', 'broken']), ['broken', 'support'])
  assert.deepEqual(found('source.body', 'NIN', ['support', 'broken']), ['quiet'])
})

test('words that mean something to the index are only words', () => {
  const { found } = deskWithThreads()
  for (const value of [
    '"',
    '*',
    'support OR broken',
    'NEAR(a b)',
    'body:support',
    'a*',
    "'; DROP TABLE x",
    '^support',
  ]) {
    for (const operator of ['=', '~', '^', '$'])
      assert.ok(Array.isArray(found('source.body', operator, value)))
  }
  assert.deepEqual(found('source.body', '=', 'OR'), [])
})

test('dates have the precision of a second, and > and < include the value (docs/intercom-api.md 4.2)', () => {
  const { found } = deskWithThreads()
  assert.deepEqual(found('created_at', '>', 1_780_000_010), ['broken', 'quiet'])
  assert.deepEqual(found('created_at', '<', '1780000010'), ['broken', 'support'])
  assert.deepEqual(found('created_at', '=', 1_780_000_010), ['broken'])
  assert.deepEqual(found('created_at', '!=', 1_780_000_010), ['quiet', 'support'])
  assert.deepEqual(found('created_at', 'NIN', [1_780_000_010]), ['quiet', 'support'])
  assert.deepEqual(found('snoozed_until', '=', null), ['broken', 'quiet', 'support'])
})

test('people, assignees, states and ids are found', () => {
  const { found, ok, ann, bob, support, broken, adminId } = deskWithThreads()
  const admin = { type: 'admin', admin_id: adminId }
  ok('POST', `/conversations/${support}/reply`, { ...admin, message_type: 'comment', body: 'x' })
  ok('POST', `/conversations/${broken}/parts`, { ...admin, message_type: 'assignment', assignee_id: adminId })
  ok('POST', `/conversations/${broken}/parts`, { ...admin, message_type: 'close' })
  assert.deepEqual(found('contact_ids', '=', ann.id), ['support'])
  assert.deepEqual(found('contact_ids', '!=', ann.id), ['broken', 'quiet'])
  assert.deepEqual(found('contact_ids', 'IN', [ann.id, bob.id]), ['broken', 'quiet', 'support'])
  assert.deepEqual(found('teammate_ids', '=', adminId), ['support'])
  assert.deepEqual(found('teammate_ids', '=', null), ['broken', 'quiet'])
  assert.deepEqual(found('admin_assignee_id', '=', adminId), ['broken'])
  assert.deepEqual(found('admin_assignee_id', '=', null), ['quiet', 'support'])
  assert.deepEqual(found('state', '=', 'closed'), ['broken'])
  assert.deepEqual(found('open', '=', false), ['broken'])
  assert.deepEqual(found('id', '=', support), ['support'])
  assert.deepEqual(found('id', '!=', '123'), ['broken', 'quiet', 'support'])
  assert.deepEqual(found('id', '$', support.slice(-3)), ['support'])
  assert.deepEqual(found('statistics.last_closed_by_id', '=', adminId), ['broken'])
  assert.deepEqual(found('statistics.count_conversation_parts', '>', 3), ['broken', 'support'])
  assert.deepEqual(found('source.author.type', '=', 'lead'), ['broken', 'quiet'])
})

test("the author's name follows the contact", () => {
  const { found, ok, ann } = deskWithThreads()
  ok('PUT', `/contacts/${ann.id}`, { name: 'Annabel', email: 'annabel@example.com' })
  assert.deepEqual(found('source.author.name', '=', 'annabel'), ['support'])
  assert.deepEqual(found('source.author.email', '=', 'ann@example.com'), [])
})

test('groups combine', () => {
  const { ok, support } = deskWithThreads()
  const filter = (field: string, operator: string, value: unknown) => ({ field, operator, value })
  const group = (operator: string, ...value: unknown[]) => ({ operator, value })
  const query = group(
    'AND',
    group('OR', filter('source.body', '=', 'support'), filter('source.body', '=', 'broken')),
    group('OR', filter('source.author.type', '=', 'user'), filter('state', '=', 'closed')),
  )
  const { conversations } = ok('POST', '/conversations/search', { query })
  assert.deepEqual(
    conversations.map((item: { id: string }) => item.id),
    [support],
  )
})
