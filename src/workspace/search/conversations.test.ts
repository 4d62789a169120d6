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

test('conversations are paged by id, from an empty one on, as a production tap does', () => {
  const { call, ok, refused, ann } = deskWithThreads()
  for (let i = 0; i < 5; i++) ok('POST', '/conversations', { from: { type: 'user', id: ann.id }, body: 'x' })
  const all: string[] = ok('GET', '/conversations?per_page=150').conversations.map(
    ({ id }: { id: string }) => id,
  )
  const search = (operator: string, value: unknown, order = 'ascending') => {
    const query = { operator: 'AND', value: [{ field: 'id', operator, value }] }
    const sort = { field: 'id', order }
    const answer = ok('POST', '/conversations/search', { query, sort, pagination: { per_page: 3 } })
    return { ids: answer.conversations.map(({ id }: { id: string }) => id), total: answer.total_count }
  }
  const seen: string[] = []
  for (let page = search('>', ''); page.ids.length > 0; page = search('>', seen.at(-1)))
    seen.push(...page.ids)
  assert.deepEqual(seen, all.toSorted())
  const [first = '', second = ''] = seen
  assert.deepEqual(search('<', second), { ids: [first], total: 1 })
  assert.deepEqual(search('>', Number(first), 'descending').total, seen.length - 1)
  assert.equal(search('>', '0').total, seen.length)
  for (const [operator, value] of [
    ['>', 'abc'],
    ['>', null],
    ['>', ['1']],
    ['>=', '1'],
    ['<=', '1'],
  ] as const) {
    const query = { field: 'id', operator, value }
    assert.match(refused('POST', '/conversations/search', { query }), /^400 invalid_/, operator)
  }
  const query = { field: 'source.id', operator: '>', value: '1' }
  assert.equal(call('POST', '/conversations/search', { query }).status, 400)
})

test('the cursors of a search sorted by id visit each once', () => {
  const { ok, ann } = deskWithThreads()
  for (let i = 0; i < 4; i++) ok('POST', '/conversations', { from: { type: 'user', id: ann.id }, body: 'x' })
  const seen: string[] = []
  let starting_after: string | undefined
  do {
    const body = {
      query: { field: 'id', operator: '>', value: '' },
      sort: { field: 'id', order: 'ascending' },
      pagination: { per_page: 2, starting_after },
    }
    const { conversations, pages } = ok('POST', '/conversations/search', body)
    seen.push(...conversations.map(({ id }: { id: string }) => id))
    starting_after = pages.next?.starting_after
  } while (starting_after !== undefined)
  assert.equal(seen.length, 7)
  assert.deepEqual(seen, seen.toSorted())
})

test('booleans may be text, in lists too', () => {
  const { found, ok, support, adminId } = deskWithThreads()
  ok('POST', `/conversations/${support}/parts`, { message_type: 'close', type: 'admin', admin_id: adminId })
  assert.deepEqual(found('open', '=', 'false'), ['support'])
  assert.deepEqual(found('open', '=', 'true'), ['broken', 'quiet'])
  assert.deepEqual(found('open', '!=', 'true'), ['support'])
  assert.deepEqual(found('read', 'IN', ['true', 'false']), ['broken', 'quiet', 'support'])
})
