import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

const incomplete =
  "400 invalid_query: Invalid query. Ensure 'field', 'operator', 'value' are present for field queries. " +
  "Ensure 'operator' and 'value' for composite queries."
const filter = (field: unknown, operator: unknown, value: unknown) => ({ field, operator, value })
const any = filter('role', '=', 'user')
const group = (value: unknown[], operator = 'AND') => ({ operator, value })

test('every refusal of a contact search has the code and the text of docs/intercom-api.md 4.1', () => {
  const { refused } = openDesk()
  const cases: [unknown, string][] = [
    [undefined, incomplete],
    [null, incomplete],
    ['x', incomplete],
    [[], incomplete],
    [{}, incomplete],
    [{ field: 'email', value: 'x' }, incomplete],
    [{ operator: 'AND' }, incomplete],
    [group([]), incomplete],
    [group([1]), incomplete],
    [filter(5, '=', 'x'), incomplete],
    [filter('email', '~', null), incomplete],
    [filter('not_a_field', '=', 'x'), '400 invalid_field: not_a_field is not a valid field'],
    [filter('constructor', '=', 'x'), '400 invalid_field: constructor is not a valid field'],
    [
      filter('custom_attributes.nope', '=', 'x'),
      '400 invalid_field: custom_attributes.nope is not a valid field',
    ],
    [filter('email', '>', 'x'), '400 invalid_operator: email does not support operator: >'],
    [filter('email', 'AND', 'x'), '400 invalid_operator: email does not support operator: AND'],
    [filter('tag_id', 'IN', ['1']), '400 invalid_operator: tag_id does not support operator: IN'],
    [filter('created_at', '!=', 1), '400 invalid_operator: created_at does not support operator: !='],
    [filter('created_at', 'IN', [1]), '400 invalid_operator: created_at does not support operator: IN'],
    [
      filter('has_hard_bounced', '>', true),
      '400 invalid_operator: has_hard_bounced does not support operator: >',
    ],
    [group([], 'XOR'), '400 invalid_operator: Composite operators must be of type AND or OR '],
    [group([], 'OR'), incomplete],
    [group([any], 'XOR'), '400 invalid_operator: Composite operators must be of type AND or OR '],
    [filter('email', '=', 123), '400 invalid_value: 123 is not a valid string'],
    [filter('email', '=', ['a']), '400 invalid_value: ["a"] is not a valid string'],
    [filter('email', 'IN', 'a'), '400 invalid_value: a is not a valid array'],
    [filter('created_at', '>', 'foorbar'), '400 invalid_value: foorbar is not a valid date'],
    [filter('owner_id', '=', 'x'), '400 invalid_value: x is not a valid integer'],
    [filter('has_hard_bounced', '=', 'yes'), '400 invalid_value: yes is not a valid boolean'],
    [
      group(Array(16).fill(any)),
      '400 invalid_value: Number of elements in composite query is greater than 15, please try again with a smaller list',
    ],
    [group([group([group([any])])]), '400 invalid_values: Value depth exceeds 10 items'],
  ]
  for (const [query, text] of cases) assert.equal(refused('POST', '/contacts/search', { query }), text)
})

test('an unknown key, a bad order and a bad page are refused; a top-level per_page is not', () => {
  const { refused, ok } = openDesk()
  const search = (extra: object) => refused('POST', '/contacts/search', { query: any, ...extra })
  assert.equal(search({ random_param: 1 }), "400 bad_request: bad 'random_param' parameter")
  assert.equal(
    search({ sort: { field: 'name', order: 'desc' } }),
    "400 invalid_sort_order: Invalid sort order 'desc'. Must be one of: ascending, descending",
  )
  assert.equal(search({ sort: { field: 'nope' } }), '400 invalid_field: nope is not a valid field')
  assert.equal(search({ pagination: { per_page: 151 } }), '400 parameter_invalid: Per Page is too big')
  assert.match(search({ pagination: { starting_after: '!' } }), /^400 parameter_invalid: /)
  ok('POST', '/contacts/search', { query: any, per_page: 5 })
})

test('two levels of groups with fifteen filters each are taken', () => {
  const { ok } = openDesk()
  const full = group(Array(15).fill(group(Array(15).fill(any), 'OR')))
  assert.equal(ok('POST', '/contacts/search', { query: full }).total_count, 0)
})

test('conversations take > and < on dates but not >= or <=, and all operators on text', () => {
  const { ok, refused } = openDesk()
  const search = (query: unknown) => refused('POST', '/conversations/search', { query })
  assert.equal(
    search(filter('created_at', '>=', 1)),
    '400 invalid_operator: created_at does not support operator: >=',
  )
  assert.equal(search(filter('open', '=', 'yes')), '400 invalid_value: yes is not a valid boolean')
  for (const operator of ['=', '!=', '>', '<']) {
    ok('POST', '/conversations/search', { query: filter('updated_at', operator, '1306054154') })
  }
  ok('POST', '/conversations/search', { query: filter('created_at', 'IN', [1, '2']) })
  ok('POST', '/conversations/search', { query: filter('admin_assignee_id', '=', '1627383') })
})
