import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { scriptedIntercom } from '../support/scripted-intercom.ts'

const workspace = await createWorkspace({ seed: 'small', rateLimit: 1_000_000 })
const { accessToken, dispatcher } = workspace
const intercom = createIntercom({ accessToken, dispatcher })
after(async () => {
  await intercom.close()
  await workspace.close()
})

const people = { query_field: 'role', query_value: 'user', per_page: 7 } as const
const waiting = { query_field: 'waiting_since', query_operator: '!=', query_value: 'null' } as const

test('contacts come in the order asked for, page after page, the last first unless said', async () => {
  for (const sort_order of ['ascending', 'descending', undefined] as const) {
    const given = { ...people, sort_field: 'created_at', ...(sort_order && { sort_order }) }
    const times: number[] = []
    let starting_after: string | undefined
    do {
      const page = await intercom.searchContacts({ ...given, ...(starting_after && { starting_after }) })
      assert.equal(page.error, null)
      times.push(...page.contacts.map(({ created_at }) => created_at))
      starting_after = page.pages?.next?.starting_after
    } while (starting_after !== undefined)
    const { total_count } = await intercom.searchContacts(people)
    const sorted = times.toSorted((a, b) => (sort_order === 'ascending' ? a - b : b - a))
    assert.deepEqual([times, times.length], [sorted, total_count])
  }
})

test('the longest-waiting conversations are one call', async () => {
  const query_value = `[${JSON.stringify({ field: 'waiting_since', operator: '!=', value: null })}]`
  const { conversations, error } = await intercom.searchConversations({
    query_operator: 'AND',
    query_value,
    per_page: 3,
    sort_field: 'waiting_since',
    sort_order: 'ascending',
  })
  assert.equal(error, null)
  const times = conversations.map(({ waiting_since }) => Number(waiting_since))
  assert.deepEqual([times.length, times], [3, times.toSorted((a, b) => a - b)])
})

test('the count alone is the count, without rows and pages', async () => {
  const counted = await intercom.searchContacts({ ...people, count_only: true })
  const { total_count } = await intercom.searchContacts(people)
  assert.deepEqual(counted, { success: true, error: null, contacts: [], total_count, pages: null })
  const state = { query_field: 'state', query_operator: '=', query_value: 'open' } as const
  const open = await intercom.searchConversations({ ...state, count_only: true })
  assert.deepEqual([open.conversations, open.pages], [[], null])
  assert.equal(open.total_count, (await intercom.searchConversations(state)).total_count)
})

test('what is sent is the sort, and one row for a count', async () => {
  const server = await scriptedIntercom([
    { json: { data: [], conversations: [], total_count: 4, pages: {} } },
  ])
  await server.intercom.searchContacts({ ...people, count_only: true, starting_after: 'abc' })
  await server.intercom.searchConversations({ query_value: '0', sort_field: 'updated_at' })
  await server.intercom.searchConversations({ query_value: '0', sort_order: 'descending' })
  const [count, sorted, plain] = server.received.map(({ body }) => body)
  assert.partialDeepStrictEqual(count, { pagination: { per_page: 1 } })
  assert.ok(!JSON.stringify(count).includes('starting_after'))
  assert.partialDeepStrictEqual(sorted, { sort: { field: 'updated_at', order: 'descending' } })
  assert.ok(!('sort' in Object(plain)))
  await server.close()
})

for (const [name, input, problem] of [
  ['search_contacts', { sort_field: 'tag_id' }, /sort_field cannot be tag_id: it has several values/],
  ['search_contacts', { sort_field: 'segment_id' }, /sort_field cannot be segment_id/],
  ['search_contacts', { sort_field: 'last_seen' }, /sort_field "last_seen" cannot be searched.*last_seen_at/],
  ['search_contacts', { sort_field: '__proto__' }, /sort_field "__proto__" cannot be searched/],
  ['search_contacts', { sort_order: 'ascending' }, /sort_order needs sort_field/],
  ['search_contacts', { sort_field: 'name', sort_order: 'up' }, /sort_order/],
  ['search_contacts', { sort_field: 'waiting_since' }, /sort_field "waiting_since" cannot be searched/],
  ['search_conversations', { sort_field: 'contact_ids' }, /sort_field cannot be contact_ids/],
  ['search_conversations', { sort_field: 'source.body' }, /sort_field cannot be source\.body/],
  ['search_conversations', { sort_field: 'tag_id' }, /Did you mean "tag_ids"/],
  ['search_conversations', { count_only: 'yes' }, /count_only must be/],
] as const)
  test(`${name} refuses ${JSON.stringify(input)}`, async () => {
    const { output, failure } = await intercom.call(name as string, { query_value: '1', ...input })
    assert.match(String(output.error), problem)
    assert.equal(failure?.outcome, 'not_sent')
  })

test('the waiting ones are those whose waiting_since is set', async () => {
  const { error, failure } = await intercom.searchConversations(waiting)
  assert.deepEqual([failure?.field, String(error).includes('null')], ['query_value', true])
})
