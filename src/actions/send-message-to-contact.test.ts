import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorList, scriptedIntercom } from '../../test/support/scripted-intercom.ts'
import { portTo } from '../core/port.ts'
import { adminNumber, sendMessageToContact } from './send-message-to-contact.ts'

const message = { from_admin_id: '9', to_contact_id: 'abc', subject: '', body: 'Hello' }
const notFound = { status: 404, json: errorList('not_found', 'User Not Found') }

test('in_app and inapp both go out as Intercom’s inapp, with an empty subject if it is one', async () => {
  const server = await scriptedIntercom([{ json: { type: 'admin_message' } }])
  for (const message_type of ['in_app', 'inapp'] as const) {
    await server.intercom.sendMessageToContact({ ...message, message_type })
  }
  for (const { method, path, body } of server.received) {
    assert.deepEqual([method, path], ['POST', '/messages'])
    assert.deepEqual(body, {
      message_type: 'inapp',
      subject: '',
      body: 'Hello',
      template: 'personal',
      from: { type: 'admin', id: 9 },
      to: { type: 'user', id: 'abc' },
    })
  }
  assert.equal(server.received.length, 2)
  await server.close()
})

test('an e-mail without a subject is refused, and nothing is sent', async () => {
  const server = await scriptedIntercom([{ json: {} }])
  const { failure } = await server.intercom.call('send_message_to_contact', {
    ...message,
    message_type: 'email',
    subject: ' ',
  })
  assert.deepEqual([failure?.code, failure?.field], ['invalid_input', 'subject'])
  assert.equal(server.received.length, 0)
  await server.close()
})

test('after a 404 the contact is read once: its other role is named', async () => {
  const server = await scriptedIntercom([notFound, { json: { type: 'contact', role: 'lead' } }])
  const { output, failure } = await server.intercom.call('send_message_to_contact', message)
  assert.match(String(output.error), /^send_message_to_contact: 404 not_found.*repeat with to_type "lead"/)
  assert.equal(failure?.outcome, 'rejected')
  assert.deepEqual(
    server.received.map(({ path }) => path),
    ['/messages', '/contacts/abc'],
  )
  await server.close()
})

test('after a 404 with the right role the contact is too new', async () => {
  const server = await scriptedIntercom([notFound, { json: { type: 'contact', role: 'user' } }])
  const { error } = await server.intercom.sendMessageToContact(message)
  assert.match(String(error), /too new to be messaged, try again in a minute/)
  await server.close()
})

test('after a 404 for a contact that does not exist the error says where to find one', async () => {
  const server = await scriptedIntercom([notFound])
  const { error } = await server.intercom.sendMessageToContact(message)
  assert.match(String(error), /no such contact.*search_contacts/)
  assert.equal(server.received.length, 2)
  await server.close()
})

test('any other failure reads nothing more', async () => {
  const server = await scriptedIntercom([{ status: 500, json: {} }])
  const { failure } = await server.intercom.call('send_message_to_contact', message)
  assert.deepEqual([failure?.outcome, server.received.length], ['unknown', 1])
  await server.close()
})

test('a contact that was contacted in the very second or later is evidence, one before or never is none', async () => {
  const input = { ...message, to_type: 'user', message_type: 'in_app', template: 'personal' } as const
  for (const [last_contacted_at, evidence] of [
    [100, /so it probably was/],
    [101, /so it probably was/],
    [99, /proves nothing/],
    [null, /proves nothing/],
  ] as const) {
    const port = portTo(async () => ({ type: 'contact', last_contacted_at }))
    const looked = await sendMessageToContact.verify?.look(port, input, 100)
    assert.match(String(looked?.evidence), evidence)
    assert.deepEqual(looked?.items, [])
  }
})

test('an admin id becomes a number where that says the same, and stays text where it does not', () => {
  assert.deepEqual(['9', '814860', '9007199254740991'].map(adminNumber), [9, 814_860, 9_007_199_254_740_991])
  const texts = [
    '',
    ' ',
    ' 9',
    '9 ',
    '09',
    '+9',
    '9.0',
    '1e3',
    '0x9',
    '9007199254740992',
    'NaN',
    'Infinity',
    'abc',
  ]
  assert.deepEqual(texts.map(adminNumber), texts)
})
