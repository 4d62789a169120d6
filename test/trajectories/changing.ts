import assert from 'node:assert/strict'
import { done, type Json, refused, type Trajectory, trajectory } from './trajectory.ts'

/** Jobs that change a customer's record. */
export const changing: Trajectory[] = [
  trajectory({
    name: 'creates a lead once, however often it is asked to',
    task: () => 'Make sure that new@lead.test is in Intercom as a lead named Nele.',
    setUp: async () => null,
    steps: async (call) => {
      const lead = { email: 'new@lead.test', role: 'lead', name: 'Nele' }
      assert.equal((await done(call('upsert_contact', lead))).action_type, 'created')
      assert.equal((await done(call('upsert_contact', lead))).action_type, 'updated')
    },
    check: async (desk) => {
      const query = { field: 'email', operator: '=', value: 'new@lead.test' }
      const { data, total_count } = await desk.http('POST', '/contacts/search', { query })
      assert.deepEqual([total_count, data[0].role, data[0].name], [1, 'lead', 'Nele'])
    },
  }),
  trajectory({
    name: 'creates a lead once while the search lags behind',
    task: () => 'Make sure that quick@lead.test is in Intercom as a lead.',
    setUp: async (desk) => desk.workspace.control.setSearchLag(300),
    steps: async (call) => {
      for (let time = 0; time < 3; time++)
        await done(call('upsert_contact', { email: 'quick@lead.test', role: 'lead' }))
    },
    check: async (desk) => {
      desk.workspace.control.setSearchLag(0)
      const query = { field: 'email', operator: '=', value: 'quick@lead.test' }
      assert.equal((await desk.http('POST', '/contacts/search', { query })).total_count, 1)
    },
  }),
  trajectory({
    name: 'changes nobody when several people share an e-mail',
    task: () => 'Set the phone of shared@mail.test to +4912345.',
    setUp: async (desk) => [
      await desk.person({ email: 'shared@mail.test', role: 'lead' }),
      await desk.person({ email: 'shared@mail.test', role: 'lead' }),
    ],
    steps: async (call, ids) => {
      const { text } = await call('upsert_contact', { email: 'shared@mail.test', phone: '+4912345' })
      for (const id of ids) assert.ok(text.includes(id), text)
      assert.match(text, /Nothing was changed/)
    },
    check: async (desk, ids) => {
      for (const id of ids) assert.equal((await desk.http('GET', `/contacts/${id}`)).phone, null)
    },
  }),
  trajectory({
    name: 'changes one attribute and leaves the others',
    task: () => 'Unsubscribe una@quiet.test from e-mails.',
    setUp: (desk) => desk.person({ email: 'una@quiet.test', name: 'Una' }),
    steps: async (call) => {
      await done(call('upsert_contact', { email: 'una@quiet.test', unsubscribed_from_emails: true }))
    },
    check: async (desk, id) => {
      const contact = await desk.http('GET', `/contacts/${id}`)
      assert.deepEqual([contact.unsubscribed_from_emails, contact.name], [true, 'Una'])
    },
  }),
  trajectory({
    name: 'does not turn a user into a lead',
    task: () => 'Make ulla@user.test a lead named Ulla.',
    setUp: (desk) => desk.person({ email: 'ulla@user.test', name: 'U.' }),
    steps: async (call) => {
      const fields = { email: 'ulla@user.test', name: 'Ulla' }
      await refused(
        call('upsert_contact', { ...fields, role: 'lead' }),
        /cannot become a lead: leave role out/,
      )
      await done(call('upsert_contact', fields))
    },
    check: async (desk, id) => {
      const contact = await desk.http('GET', `/contacts/${id}`)
      assert.deepEqual([contact.role, contact.name], ['user', 'Ulla'])
    },
  }),
  trajectory({
    name: 'corrects a misspelt parameter',
    task: () => 'Note on pia@typo.test: prefers calls in the morning.',
    setUp: (desk) => desk.person({ email: 'pia@typo.test' }),
    steps: async (call) => {
      const { contacts } = await done(
        call('search_contacts', { query_field: 'email', query_value: 'pia@typo.test' }),
      )
      const contact_id = contacts[0].id
      const body = 'Prefers calls in the morning'
      const [, right = ''] = await refused(
        call('create_note', { contact_id, boddy: body }),
        /Did you mean "?(\w+)"?/,
      )
      await done(call('create_note', { contact_id, [right]: body }))
    },
    check: async (desk, id) => {
      const { data } = await desk.http('GET', `/contacts/${id}/notes`)
      assert.deepEqual(
        data.map(({ body }: Json) => body),
        ['<p>Prefers calls in the morning</p>'],
      )
    },
  }),
  trajectory({
    name: 'adds a note once although its answer was lost',
    task: () => 'Note on nora@lost.test: wants a refund.',
    setUp: async (desk) => {
      const id = await desk.person({ email: 'nora@lost.test' })
      desk.workspace.control.addFault({ kind: 'commit_502', route: 'POST /contacts/{id}/notes', count: 1 })
      return id
    },
    steps: async (call, contact_id) => {
      await done(call('create_note', { contact_id, body: 'Wants a refund' }))
    },
    check: async (desk, id) => assert.equal((await desk.http('GET', `/contacts/${id}/notes`)).data.length, 1),
  }),
]
