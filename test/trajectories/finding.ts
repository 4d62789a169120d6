import assert from 'node:assert/strict'
import { done, type Json, refused, type Trajectory, trajectory } from './trajectory.ts'

/** Jobs that end in knowing something, or in a change to the right person. */
export const finding: Trajectory[] = [
  trajectory({
    name: 'tags the customer whose name was given misspelt',
    task: ({ tag }) => `Somebody called "Anneli Kowalzyk" or so wrote in. Tag them with ${tag.name}.`,
    setUp: async (desk) => ({
      id: await desk.person({ email: 'annelie@kowalczyk.test', name: 'Annelie Kowalczyk' }),
      tag: await desk.http('POST', '/tags', { name: 'Needs a call' }),
    }),
    steps: async (call, { tag }) => {
      const none = await done(
        call('search_contacts', { query_field: 'name', query_operator: '~', query_value: 'Kowalzyk' }),
      )
      assert.equal(none.total_count, 0)
      const { contacts } = await done(
        call('search_contacts', { query_field: 'name', query_operator: '~', query_value: 'Kowal' }),
      )
      const { result } = await done(call('list_tags'))
      const tag_id = result.data.find(({ name }: Json) => String(name).includes(tag.name)).id
      await done(call('add_tag_to_contact', { contact_id: contacts[0].id, tag_id }))
    },
    check: async (desk, { id, tag }) => {
      const { data } = await desk.http('GET', `/contacts/${id}/tags`)
      assert.deepEqual(
        data.map(({ id }: Json) => id),
        [tag.id],
      )
    },
  }),
  trajectory({
    name: 'notes on the right one of two people of the same name',
    task: () => 'Note on John Smith of acme.test (not the other one) that he called about his invoice.',
    setUp: async (desk) => ({
      other: await desk.person({ email: 'john.smith@else.test', name: 'John Smith' }),
      right: await desk.person({ email: 'john.smith@acme.test', name: 'John Smith' }),
    }),
    steps: async (call) => {
      const both = await done(call('search_contacts', { query_field: 'name', query_value: 'John Smith' }))
      assert.equal(both.total_count, 2)
      const { contacts } = await done(
        call('search_contacts', { query_field: 'email', query_value: 'john.smith@acme.test' }),
      )
      await done(call('create_note', { contact_id: contacts[0].id, body: 'Called about his invoice' }))
    },
    check: async (desk, { right, other }) => {
      const notes = (await desk.http('GET', `/contacts/${right}/notes`)).data
      assert.deepEqual(
        notes.map(({ body }: Json) => body),
        ['<p>Called about his invoice</p>'],
      )
      assert.equal((await desk.http('GET', `/contacts/${other}/notes`)).data.length, 0)
    },
  }),
  trajectory({
    name: 'pages through every conversation once',
    task: () => 'How many conversations do we have? Count them page by page.',
    setUp: async (desk) => (await desk.http('GET', '/conversations')).total_count as number,
    steps: async (call, total) => {
      const ids = new Set<string>()
      let starting_after: string | undefined
      let pages = 0
      do {
        const cursor = starting_after === undefined ? {} : { starting_after }
        const page = await done(call('list_conversations', { per_page: 50, ...cursor }))
        for (const { id } of page.conversations) ids.add(id)
        starting_after = page.pages?.next?.starting_after
      } while (starting_after !== undefined && ++pages < 50)
      assert.equal(ids.size, total)
      assert.ok(total >= 300)
    },
    check: async () => {},
  }),
  trajectory({
    name: 'counts leads without reading them all',
    task: () => 'How many leads are there?',
    setUp: async (desk) =>
      (
        await desk.http('POST', '/contacts/search', {
          query: { field: 'role', operator: '=', value: 'lead' },
        })
      ).total_count,
    steps: async (call, expected) => {
      const { total_count } = await done(
        call('search_contacts', { query_field: 'role', query_value: 'lead', per_page: 1 }),
      )
      assert.equal(total_count, expected)
    },
    check: async () => {},
  }),
  trajectory({
    name: "finds all of a customer's conversations",
    task: () => 'What has mara@past.test written about so far?',
    setUp: async (desk) => {
      const id = await desk.person({ email: 'mara@past.test' })
      return [await desk.conversation(id, 'First matter'), await desk.conversation(id, 'Second matter')]
    },
    steps: async (call, ids) => {
      const { contacts } = await done(
        call('search_contacts', { query_field: 'email', query_value: 'mara@past.test' }),
      )
      const found = await done(
        call('search_conversations', {
          query_field: 'contact_ids',
          query_operator: '=',
          query_value: contacts[0].id,
        }),
      )
      assert.deepEqual(found.conversations.map(({ id }: Json) => id).sort(), [...ids].sort())
      const { text } = await call('get_conversation', { conversation_id: ids[0] })
      assert.match(text, /First matter/)
    },
    check: async () => {},
  }),
  trajectory({
    name: 'finds open conversations of one teammate by a compound search',
    task: ({ admin }) => `Which open conversations is admin ${admin} assigned to?`,
    setUp: async (desk) => {
      const value = [
        { field: 'state', operator: '=', value: 'open' },
        { field: 'admin_assignee_id', operator: '=', value: Number(desk.admin) },
      ]
      const { total_count } = await desk.http('POST', '/conversations/search', {
        query: { operator: 'AND', value },
      })
      return { admin: desk.admin, total_count }
    },
    steps: async (call, { admin, total_count }) => {
      const query_value = JSON.stringify([
        { field: 'state', operator: '=', value: 'open' },
        { field: 'admin_assignee_id', operator: '=', value: admin },
      ])
      const found = await done(call('search_conversations', { query_operator: 'AND', query_value }))
      assert.equal(found.total_count, total_count)
    },
    check: async () => {},
  }),
  trajectory({
    name: 'corrects an operator that the field does not take',
    task: () => 'Which contacts were created since 1 January 2020?',
    setUp: async () => null,
    steps: async (call) => {
      const wrong = { query_field: 'created_at', query_operator: '~', query_value: '2020-01-01' }
      const [, operators = ''] = await refused(
        call('search_contacts', wrong),
        /created_at[^.]*?takes ([^.;]+)/,
      )
      const query_operator = operators.split(/[,\s]+(?:or\s+|and\s+)?/).find((one) => one === '>')
      assert.equal(query_operator, '>')
      const { total_count } = await done(call('search_contacts', { ...wrong, query_operator }))
      assert.ok(total_count > 0)
    },
    check: async () => {},
  }),
  trajectory({
    name: 'looks a tag up when its name is taken for its id',
    task: ({ tag }) => `Tag tina@tag.test with ${tag.name}.`,
    setUp: async (desk) => ({
      id: await desk.person({ email: 'tina@tag.test' }),
      tag: await desk.http('POST', '/tags', { name: 'Churn risk' }),
    }),
    steps: async (call, { tag }) => {
      const { contacts } = await done(
        call('search_contacts', { query_field: 'email', query_value: 'tina@tag.test' }),
      )
      const contact_id = contacts[0].id
      const [, next = ''] = await refused(
        call('add_tag_to_contact', { contact_id, tag_id: tag.name }),
        /the tag id with (\w+)/,
      )
      const { result } = await done(call(next))
      const found = result.data.find(({ name }: Json) => String(name).includes(tag.name))
      await done(call('add_tag_to_contact', { contact_id, tag_id: found.id }))
    },
    check: async (desk, { id }) =>
      assert.equal((await desk.http('GET', `/contacts/${id}/tags`)).data.length, 1),
  }),
  trajectory({
    name: 'follows the hint after an id that nobody has',
    task: () => 'Get the contact 0123456789abcdef01234567, or otherwise the one with e-mail otto@found.test.',
    setUp: (desk) => desk.person({ email: 'otto@found.test' }),
    steps: async (call, id) => {
      const [, next = ''] = await refused(
        call('get_contact', { contact_id: '0123456789abcdef01234567' }),
        /Find the id with (\w+)/,
      )
      const { contacts } = await done(call(next, { query_field: 'email', query_value: 'otto@found.test' }))
      assert.equal((await done(call('get_contact', { contact_id: contacts[0].id }))).result.id, id)
    },
    check: async () => {},
  }),
]
