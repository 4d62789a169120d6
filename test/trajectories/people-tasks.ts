import assert from 'node:assert/strict'
import { both, byEmail, type DeskTask, deskTask, ids, nobody } from './desk-tasks.ts'
import { done, type Json, refused } from './trajectory.ts'

/** Jobs that begin with a person. */
export const peopleTasks: DeskTask[] = [
  deskTask({
    name: 'moves a customer to a plan and notes it',
    toolsets: ['contacts'],
    task: () => 'mia@plan.test is on the plan "pro" from now on. Note that she asked for it.',
    setUp: (desk) => desk.person({ email: 'mia@plan.test' }),
    steps: async (call) => {
      const { contact } = await done(
        call('upsert_contact', { email: 'mia@plan.test', custom_attributes: { plan: 'pro' } }),
      )
      await done(call('create_note', { contact_id: contact.id, body: 'Asked for pro' }))
    },
    check: async (desk, id) => {
      const { custom_attributes, notes } = await desk.http('GET', `/contacts/${id}`)
      assert.deepEqual([custom_attributes.plan, notes.total_count], ['pro', 1])
    },
    wrong: [
      {
        mistake: 'misspells the attribute',
        steps: async (call, contact_id) => {
          const changed = call('update_contact', { contact_id, custom_attributes: { plam: 'pro' } })
          await refused(changed, /custom_attributes\.plam does not exist.*plan/s)
        },
      },
      {
        mistake: 'makes an id up',
        steps: async (call) => {
          const changed = call('update_contact', { contact_id: nobody, custom_attributes: { plan: 'pro' } })
          await refused(changed, /404.*search_contacts/s)
        },
      },
    ],
  }),
  deskTask({
    name: 'writes one message to one of two namesakes',
    toolsets: [],
    task: () => 'Write to Kim Lee of blue.test in the app, exactly: Your order is cancelled.',
    setUp: async (desk) => ({
      other: await desk.person({ email: 'kim@red.test', name: 'Kim Lee' }),
      right: await desk.person({ email: 'kim@blue.test', name: 'Kim Lee' }),
      sent: desk.outbox().length,
    }),
    steps: async (call) => {
      const { result } = await done(call('list_admins'))
      const { contacts } = await done(
        call('search_contacts', { query_field: 'name', query_value: 'Kim Lee' }),
      )
      assert.equal(contacts.length, 2)
      const from_admin_id = result.admins.find(({ has_inbox_seat }: Json) => has_inbox_seat).id
      const { id } = contacts.find(({ email }: Json) => email === 'kim@blue.test')
      const message = { from_admin_id, to_contact_id: id, subject: '', body: 'Your order is cancelled.' }
      await done(call('send_message_to_contact', message))
    },
    check: async (desk, { right, sent }) => {
      assert.equal(desk.outbox().length, sent + 1)
      assert.deepEqual(desk.outbox()[0], { to: [right], text: 'Your order is cancelled.' })
    },
    wrong: [
      {
        mistake: 'writes to a name',
        steps: async (call) => {
          const message = { from_admin_id: '1', to_contact_id: 'Kim Lee', subject: '', body: 'Cancelled' }
          await refused(call('send_message_to_contact', message), /search_contacts/)
        },
      },
    ],
  }),
  deskTask({
    name: 'counts the leads without a tag',
    toolsets: [],
    task: () => 'How many leads do not have the tag Greeted?',
    setUp: async (desk) => {
      const tag = await desk.http('POST', '/tags', { name: 'Greeted' })
      const greeted = await desk.person({ email: 'greeted@lead.test', role: 'lead' })
      await desk.http('POST', `/contacts/${greeted}/tags`, { id: tag.id })
      const query = { field: 'role', operator: '=', value: 'lead' }
      return (await desk.http('POST', '/contacts/search', { query })).total_count - 1
    },
    steps: async (call, expected) => {
      const { result } = await done(call('list_tags', { name_contains: 'Greeted' }))
      const without = both(['role', '=', 'lead'], ['tag_id', '!=', result.data[0].id])
      const { total_count } = await done(call('search_contacts', { ...without, count_only: true }))
      assert.equal(total_count, expected)
    },
    check: async () => {},
    wrong: [
      {
        mistake: 'calls a field otherwise',
        steps: async (call) => {
          const without = both(['role', '=', 'lead'], ['tags', '!=', 'Greeted'])
          await refused(call('search_contacts', { ...without, count_only: true }), /tag_id/)
        },
      },
    ],
  }),
  deskTask({
    name: 'sends one e-mail to somebody who has unsubscribed, and is told so',
    toolsets: [],
    task: () =>
      'E-mail una@out.test once, subject Contract: Your contract is ready. Say whether it will reach her.',
    setUp: async (desk) => {
      const fields = { email: 'una@out.test', role: 'user', unsubscribed_from_emails: true }
      const { id } = await desk.http('POST', '/contacts', fields)
      return { id, sent: desk.outbox().length }
    },
    steps: async (call, { id }) => {
      const { result } = await done(call('list_admins'))
      const { contacts } = await done(call('search_contacts', byEmail('una@out.test')))
      assert.deepEqual(ids(contacts), [id])
      const from_admin_id = result.admins.find(({ has_inbox_seat }: Json) => has_inbox_seat).id
      const email = { message_type: 'email', subject: 'Contract', body: 'Your contract is ready.' }
      const { ok, text } = await call('send_message_to_contact', {
        from_admin_id,
        to_contact_id: id,
        ...email,
      })
      assert.ok(ok, text)
      assert.match(text, /unsubscribed from e-mails: it may not be delivered/)
    },
    check: async (desk, { id, sent }) => {
      assert.equal(desk.outbox().length, sent + 1)
      assert.deepEqual(desk.outbox()[0], { to: [id], text: 'Your contract is ready.' })
      assert.equal(desk.workspace.control.outbox(1)[0]?.channel, 'email')
    },
    wrong: [
      {
        mistake: 'sends an e-mail without a subject',
        steps: async (call, { id: to_contact_id }) => {
          const message = { from_admin_id: '1', to_contact_id, message_type: 'email', body: 'Ready' }
          await refused(call('send_message_to_contact', { ...message, subject: '' }), /an email needs one/)
        },
      },
      {
        mistake: 'subscribes her again, which nobody asked for',
        steps: async (call, { id: contact_id }) => {
          const subscribed = call('update_contact', { contact_id, unsubscribed_from_emails: false })
          await refused(subscribed, /in the toolset \W*contacts.*not chosen/s)
        },
      },
    ],
  }),
  deskTask({
    name: 'sets a phone where two leads share an address',
    toolsets: ['contacts'],
    task: () => 'Set the phone of the lead Ben with the address family@share.test to +353 1 555 0100.',
    setUp: async (desk) => ({
      other: await desk.person({ email: 'family@share.test', name: 'Ann', role: 'lead' }),
      ben: await desk.person({ email: 'family@share.test', name: 'Ben', role: 'lead' }),
    }),
    before: null, // an upsert refuses to choose
    steps: async (call) => {
      const { contacts } = await done(call('search_contacts', byEmail('family@share.test')))
      const { id } = contacts.find(({ name }: Json) => String(name).includes('Ben'))
      await done(call('update_contact', { contact_id: id, phone: '+353 1 555 0100' }))
    },
    check: async (desk, { other, ben }) => {
      const phone = async (id: string) => (await desk.http('GET', `/contacts/${id}`)).phone
      assert.deepEqual([await phone(other), /555/.test(await phone(ben))], [null, true])
    },
    wrong: [
      {
        mistake: 'leaves the choice to an upsert',
        steps: async (call) => {
          const upsert = { email: 'family@share.test', phone: '+353 1 555 0100' }
          await refused(call('upsert_contact', upsert), /(2|two|several) (contacts|leads)/)
        },
      },
      {
        mistake: 'merges the two leads',
        steps: async (call, { other: from_contact_id, ben: into_contact_id }) => {
          const merged = call('merge_contacts', { from_contact_id, into_contact_id })
          await refused(merged, /Nothing was merged\. Intercom merges only a lead into a user/)
        },
      },
    ],
  }),
  deskTask({
    name: 'upserts three people without doubles',
    toolsets: [],
    task: () => 'Make sure that a@three.test, b@three.test and A@three.test are in Intercom.',
    setUp: async () => null,
    steps: async (call) => {
      for (const email of ['a@three.test', 'b@three.test', 'A@three.test'])
        await done(call('upsert_contact', { email }))
    },
    check: async (desk) => {
      const query = { field: 'email', operator: '~', value: 'three.test' }
      assert.equal((await desk.http('POST', '/contacts/search', { query })).total_count, 2)
    },
    wrong: [
      {
        mistake: 'sends three people at once',
        steps: async (call) => {
          const three = call('upsert_contact', { email: 'a@three.test, b@three.test' })
          await refused(three, /email is not an e-mail address/)
        },
      },
    ],
  }),
  deskTask({
    name: 'deletes a contact again',
    toolsets: ['contacts'],
    task: () => 'test@gone.test was a test. Delete the contact.',
    setUp: (desk) => desk.person({ email: 'test@gone.test' }),
    before: null,
    steps: async (call) => {
      const { contacts } = await done(call('search_contacts', byEmail('test@gone.test')))
      assert.equal(contacts.length, 1)
      await done(call('delete_contact', { contact_id: contacts[0].id }))
    },
    check: async (desk) => {
      const query = { field: 'email', operator: '=', value: 'test@gone.test' }
      assert.equal((await desk.http('POST', '/contacts/search', { query })).total_count, 0)
    },
    wrong: [
      {
        mistake: 'deletes an address',
        steps: async (call) => {
          await refused(
            call('delete_contact', { contact_id: 'test@gone.test' }),
            /search_contacts|no such contact/,
          )
        },
      },
      {
        mistake: 'deletes twice',
        writes: 1,
        steps: async (call, contact_id) => {
          await done(call('delete_contact', { contact_id }))
          await refused(
            call('delete_contact', { contact_id }),
            /deleted or merged already\. Nothing was deleted/,
          )
        },
      },
    ],
  }),
]
