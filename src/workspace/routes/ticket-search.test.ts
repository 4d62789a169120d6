import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskWithTickets } from './ticket-desk.test.ts'

/** Three tickets: a Customer's that was a conversation, a Back-office and a Tracker one that were none. */
function deskWithThree() {
  const desk = deskWithTickets()
  const { ok, contact, make, adminId, colleague, clock, attribute } = desk
  const list = attribute('2', { name: 'priority', data_type: 'list', list_items: 'Low,High' })
  const ids: Record<string, string> = { priority: list.id }
  for (const data_type of ['integer', 'decimal', 'boolean', 'datetime', 'string']) {
    ids[data_type] = attribute('2', { name: data_type, data_type }).id
  }
  const from = { type: 'user', id: contact.id }
  const { conversation_id: a } = ok('POST', '/conversations', { from, body: 'Help' })
  const words = { _default_title_: 'Refund please', _default_description_: 'Order 17' }
  ok('POST', `/conversations/${a}/convert`, { ticket_type_id: '1', attributes: words })
  const comment = { type: 'admin', message_type: 'comment', admin_id: adminId, body: 'Hi' }
  ok('POST', `/conversations/${a}/reply`, comment)
  clock.seconds += 100
  const [, high] = list.input_options.items
  const values = { integer: 7, decimal: 2.5, boolean: true, datetime: 1_700_000_000, string: 'Blue' }
  const more = { priority: high.id, _default_title_: 'Broken lamp' }
  const bo = { email: 'bo@example.com' }
  const b = make({ ticket_type_id: '2', contacts: [bo], ticket_attributes: { ...values, ...more } })
  const assignment = { admin_id: adminId, assignee_id: colleague }
  ok('PUT', `/tickets/${b.id}`, { assignment, is_shared: true, ticket_state_id: '2' })
  ok('POST', `/tickets/${b.id}/reply`, { ...comment, admin_id: colleague })
  clock.seconds += 100
  const c = make({ ticket_type_id: '3' })
  ok('PUT', `/tickets/${c.id}`, { snoozed_until: clock.seconds + 500 })
  ok('PUT', `/tickets/${c.id}`, { ticket_state_id: '4' })
  return { ...desk, a: a as string, b: b.id as string, c: c.id as string, ids, high, at: clock.seconds }
}

test('every field of the description finds tickets, whether they were conversations or not', () => {
  const { search, a, b, c, ids, high, at, contact, adminId, colleague, ok } = deskWithThree()
  const bo = ok('GET', `/tickets/${b}`).contacts.contacts[0].id
  const of = (name: string) => `ticket_attribute.${ids[name]}`
  const cases: [string, string, unknown, string[]][] = [
    ['id', '=', b, [b]],
    ['id', 'IN', [a, c], [a, c]],
    ['created_at', '>', String(at - 100), [b, c]],
    ['created_at', '>=', at - 100, [b, c]],
    ['created_at', '<=', at - 100, [a, b]],
    ['created_at', '=', at, [c]],
    ['updated_at', '<', at - 100, [a, b]],
    ['title', '=', 'broken LAMP', [b]],
    ['title', '~', 'refund', [a]],
    ['title', '=', null, [c]],
    ['description', '$', '17', [a]],
    ['category', '=', 'request', [a]],
    ['category', 'IN', ['task', 'tracker'], [b, c]],
    ['category', '=', 'Customer', []],
    ['ticket_type_id', '=', '3', [c]],
    ['ticket_type_id', '!=', '3', [a, b]],
    ['contact_ids', '=', contact.id, [a, c]],
    ['contact_ids', '!=', contact.id, [b]],
    ['contact_ids', 'IN', [contact.id, bo], [a, b, c]],
    ['teammate_ids', '=', adminId, [a]],
    ['teammate_ids', '=', colleague, [b]],
    ['teammate_ids', '=', null, [c]],
    ['admin_assignee_id', '=', colleague, [b]],
    ['admin_assignee_id', '=', '0', [a, c]],
    ['team_assignee_id', '!=', '0', []],
    ['open', '=', true, [a, b, c]],
    ['state', '=', 'submitted', [a]],
    ['state', 'IN', ['in_progress', 'resolved'], [b, c]],
    ['state', '!=', 'resolved', [a, b]],
    ['snoozed_until', '>', at, [c]],
    ['snoozed_until', '=', null, [a, b]],
    [of('priority'), '=', high.id, [b]],
    [of('priority'), '=', 'High', []],
    [of('integer'), '>', 6, [b]],
    [of('decimal'), '<', 2.4, []],
    [of('boolean'), '=', true, [b]],
    [of('datetime'), '=', 1_700_000_000, [b]],
    [of('string'), '^', 'bl', [b]],
    ['ticket_attribute.1', '=', 'Refund please', [a]],
    ['ticket_attribute.1', '=', 'Broken lamp', []],
  ]
  for (const [field, operator, value, expected] of cases) {
    assert.deepEqual(
      search(field, operator, value),
      expected,
      `${field} ${operator} ${JSON.stringify(value)}`,
    )
  }
})

test('groups, pages and the newest first', () => {
  const { ok, a, b, c } = deskWithThree()
  const one = (field: string, value: unknown) => ({ field, operator: '=', value })
  const tickets = (body: object) => ok('POST', '/tickets/search', body)
  const group = {
    operator: 'OR',
    value: [one('id', a), { operator: 'AND', value: [one('id', c), one('open', true)] }],
  }
  const found = tickets({ query: group })
  assert.deepEqual([found.type, found.total_count, found.pages.per_page], ['ticket.list', 2, 20])
  assert.deepEqual(
    found.tickets.map(({ id }: { id: string }) => id),
    [c, a],
  )
  assert.deepEqual(found.tickets[0], ok('GET', `/tickets/${c}`))
  const query = one('open', true)
  const seen: string[] = []
  for (let starting_after: string | undefined, page = 1; page <= 3; page++) {
    const {
      pages,
      tickets: rows,
      total_count,
    } = tickets({ query, pagination: { per_page: 1, starting_after } })
    assert.deepEqual([total_count, pages.page, pages.total_pages], [3, page, 3])
    seen.push(rows[0].id)
    starting_after = pages.next?.starting_after
  }
  assert.deepEqual(seen, [c, b, a])
})

test('what cannot be searched is refused in the words of the search', () => {
  const { refused } = deskWithTickets()
  const search = (field: string, operator: string, value: unknown) =>
    refused('POST', '/tickets/search', { query: { field, operator, value } })
  const id = '400 field_not_found: The requested ticket attribute ID is not a valid integer'
  assert.equal(search('ticket_attribute.priority', '=', 'High'), id)
  assert.equal(search('ticket_attribute.', '=', 'High'), id)
  assert.match(search('ticket_attribute.999', '=', 'High'), /^400 field_not_found/)
  assert.equal(
    search('ticket_state', '=', 'submitted'),
    '400 invalid_field: ticket_state is not a valid field',
  )
  assert.match(
    search('updated_at', '>=', 1),
    /^400 invalid_operator: updated_at does not support operator: >=/,
  )
  assert.match(search('created_at', '>', 'foobar'), /^400 invalid_value/)
  assert.match(search('ticket_type_id', '=', 1), /^400 invalid_value/)
})
