import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorList, scriptedIntercom } from '../../../test/support/scripted-intercom.ts'

const definitions = {
  type: 'list',
  data: [
    { custom: true, name: 'renewal', data_type: 'date' },
    { custom: true, name: 'code', data_type: 'string' },
    { custom: true, name: 'vip', data_type: 'boolean' },
  ],
}

/** The query that is sent of a search, the paths asked, and the error. */
async function searched(search: 'contacts' | 'conversations', input: { query_value: string }, status = 200) {
  const server = await scriptedIntercom(({ path }) => {
    if (path.startsWith('/data_attributes')) return { json: definitions }
    if (status !== 200) return { status, json: errorList('invalid_field', 'No is not a valid field') }
    return { json: { type: 'list', data: [], conversations: [], total_count: 0 } }
  })
  const { searchContacts, searchConversations } = server.intercom
  const { error } = await (search === 'contacts' ? searchContacts(input) : searchConversations(input))
  await server.close()
  const sent = server.received.find(({ path }) => path.endsWith('/search'))?.body as
    | { query: unknown }
    | undefined
  return { query: sent?.query, paths: server.received.map(({ path }) => path), error }
}

const one = (query_field: string, query_value: string, query_operator = '=') => ({
  query_field,
  query_operator,
  query_value,
})
const noon = Date.UTC(2026, 0, 31, 12) / 1000

test('a date attribute is searched by seconds: noon of a day for contacts, its first second for conversations', async () => {
  const filter = (value: unknown) => ({ field: 'custom_attributes.renewal', operator: '=', value })
  for (const [search, value] of [
    ['contacts', noon],
    ['conversations', noon - 12 * 3600],
  ] as const) {
    const { query, paths } = await searched(search, one('custom_attributes.renewal', '2026-01-31'))
    assert.deepEqual(query, filter(value))
    assert.deepEqual(paths, [`/data_attributes?model=${search.slice(0, -1)}`, `/${search}/search`])
  }
  const group = [
    {
      operator: 'OR',
      value: [filter('2026-01-31'), filter(null), { field: 'name', operator: '=', value: '2026-01-31' }],
    },
  ]
  const nested = await searched('contacts', { ...one('email', JSON.stringify(group), 'AND') })
  assert.deepEqual(nested.query, {
    operator: 'AND',
    value: [
      {
        operator: 'OR',
        value: [filter(noon), filter(null), { field: 'name', operator: '=', value: '2026-01-31' }],
      },
    ],
  })
})

test('milliseconds for a date attribute are refused with the right number, and nothing is searched', async () => {
  for (const input of [
    one('custom_attributes.renewal', '1769817600000'),
    one('custom_attributes.renewal', '[1769817600000]', 'IN'),
    one('email', '[{"field":"custom_attributes.renewal","operator":">","value":1769817600000}]', 'AND'),
  ]) {
    const { query, error } = await searched('contacts', input)
    assert.match(
      String(error),
      /query_value for custom_attributes\.renewal takes Unix seconds; .* would be 1769817600\b/,
    )
    assert.equal(query, undefined)
  }
})

test('an attribute that is no date is searched as it is given, and what is no time costs no request', async () => {
  const { query } = await searched('contacts', one('custom_attributes.code', '1769817600000'))
  assert.deepEqual(query, { field: 'custom_attributes.code', operator: '=', value: '1769817600000' })
  const { paths } = await searched('contacts', one('custom_attributes.renewal', '1769', '>'))
  assert.deepEqual(paths, ['/contacts/search'])
})

test('true and false are words where an attribute is text', async () => {
  for (const [name, value] of [
    ['code', 'true'],
    ['vip', true],
  ] as const) {
    const field = `custom_attributes.${name}`
    assert.deepEqual((await searched('contacts', one(field, 'true'))).query, { field, operator: '=', value })
    const list = await searched('conversations', one(field, 'true,x', 'IN'))
    assert.deepEqual(list.query, { field, operator: 'IN', value: [value, 'x'] })
  }
})

test('a search that Intercom refuses names the attributes that the workspace does not have', async () => {
  const { error } = await searched('contacts', one('custom_attributes.renewed', 'x'), 400)
  assert.match(
    String(error),
    /custom_attributes\.renewed does not exist in this workspace\. Did you mean "renewal"\?/,
  )
  const known = await searched('contacts', one('custom_attributes.renewal', 'x'), 400)
  assert.doesNotMatch(String(known.error), /does not exist/)
})
