import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskWithConversation } from './conversation-desk.test.ts'

function deskWithBob() {
  const desk = deskWithConversation()
  const bob = desk.ok('POST', '/contacts', { email: 'bob@example.com', external_id: 'u2' })
  const people = `${desk.path}/customers`
  const join = (customer: object, more: object = { admin_id: desk.adminId }) =>
    desk.ok('POST', people, { customer, ...more }).customers
  return { ...desk, bob, people, join }
}

test('a contact joins by id, external id or e-mail; the answer is the people, the part the admin', () => {
  for (const by of ['intercom_user_id', 'user_id', 'email'] as const) {
    const { join, bob, contact, parts, ok, path, adminId } = deskWithBob()
    const value = { intercom_user_id: bob.id, user_id: 'u2', email: 'BOB@example.com' }[by]
    assert.deepEqual(join({ [by]: value }), [
      { type: 'user', id: contact.id },
      { type: 'user', id: bob.id },
    ])
    const own = parts().at(-1)
    assert.deepEqual([own?.part_type, own?.body, own?.author.id], ['participant_added', null, adminId])
    assert.deepEqual(
      ok('GET', path).contacts.contacts.map(({ id }: { id: string }) => id),
      [contact.id, bob.id],
    )
  }
})

test('who is in it already joins without a trace', () => {
  const { join, contact, parts } = deskWithBob()
  assert.equal(join({ intercom_user_id: contact.id }).length, 1)
  assert.equal(parts().length, 1)
})

test('an e-mail that nobody has makes a lead, who may answer', () => {
  const { join, ok, as } = deskWithBob()
  const [, lead] = join({ email: 'new@example.com' })
  assert.equal(lead.type, 'lead')
  const made = ok('GET', `/contacts/${lead.id}`)
  assert.deepEqual([made.role, made.email], ['lead', 'new@example.com'])
  assert.match(made.external_id, /^[0-9a-f-]{36}$/)
  const who = { type: 'user', message_type: 'comment', intercom_user_id: lead.id }
  assert.equal(as(who, { body: 'Hello' }).status, 200)
})

test('a contact adds another one, and without anybody named the admin of the token does', () => {
  const { join, bob, contact, lead, parts, adminId } = deskWithBob()
  join({ intercom_user_id: bob.id, customer: { intercom_user_id: contact.id } }, {})
  const by = () => parts().at(-1)?.author
  assert.deepEqual([by()?.type, by()?.id], ['user', contact.id])
  join({ intercom_user_id: lead().id }, {})
  assert.deepEqual([by()?.type, by()?.id], ['admin', adminId])
})

test('a contact leaves, with a part; the last one stays', () => {
  const { join, bob, contact, ok, refused, people, parts, adminId } = deskWithBob()
  join({ intercom_user_id: bob.id })
  const signed = { admin_id: adminId }
  assert.deepEqual(ok('DELETE', `${people}/${contact.id}`, signed), {
    customers: [{ type: 'user', id: bob.id }],
  })
  assert.equal(parts().at(-1)?.part_type, 'participant_removed')
  assert.equal(
    refused('DELETE', `${people}/${bob.id}`, signed),
    '422 parameter_invalid: Removing the last customer is not allowed',
  )
})

test('people who are missing are named as docs/intercom-api.md 3.5 has it', () => {
  const { refused, bob, people, parts, adminId } = deskWithBob()
  const signed = { admin_id: adminId }
  const resource = '404 not_found: Resource Not Found'
  const nobody = '6745a1b2c3d4e5f601234567'
  const join = (customer: unknown, path = people) => refused('POST', path, { customer, ...signed })
  assert.equal(join({ intercom_user_id: bob.id }, '/conversations/1/customers'), resource)
  assert.equal(join({ intercom_user_id: nobody }), resource)
  assert.equal(join({ user_id: 'u9' }), resource)
  assert.match(join({}), /^400 parameter_not_found: /)
  assert.match(join(undefined), /^400 parameter_not_found: /)
  assert.equal(refused('POST', people, { customer: { intercom_user_id: bob.id }, admin_id: '1' }), resource)
  assert.equal(refused('DELETE', `/conversations/1/customers/${bob.id}`, signed), resource)
  assert.equal(refused('DELETE', `${people}/${nobody}`, signed), '404 not_found: User Not Found')
  assert.equal(refused('DELETE', `${people}/${bob.id}`, signed), '404 not_found: User Not Found')
  assert.match(refused('DELETE', `${people}/${bob.id}`), /^400 parameter_not_found: /)
  assert.equal(parts().length, 1)
})
