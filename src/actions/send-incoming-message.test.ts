import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorList, scriptedIntercom } from '../../test/support/scripted-intercom.ts'
import { portTo } from '../core/port.ts'
import { sendIncomingMessage } from './send-incoming-message.ts'

const input = { contact_id: 'abc', body: 'Hello' }

test('the role is read first and stated in the message', async () => {
  const sent = { type: 'user_message', id: '403', conversation_id: '12' }
  for (const role of ['user', 'lead']) {
    const server = await scriptedIntercom([{ json: { type: 'contact', id: 'abc', role } }, { json: sent }])
    const { result } = await server.intercom.sendIncomingMessage(input)
    assert.deepEqual([result?.id, result?.conversation_id], ['403', '12'])
    assert.deepEqual(
      server.received.map(({ method, path, body }) => [method, path, body]),
      [
        ['GET', '/contacts/abc', undefined],
        ['POST', '/conversations', { from: { type: role, id: 'abc' }, body: 'Hello' }],
      ],
    )
    await server.close()
  }
})

test('when the contact cannot be read nothing is sent', async () => {
  const server = await scriptedIntercom([{ status: 404, json: errorList('not_found', 'User Not Found') }])
  const { output, failure } = await server.intercom.call('send_incoming_message', input)
  assert.match(String(output.error), /search_contacts/)
  assert.deepEqual([failure?.outcome, server.received.length], ['rejected', 1])
  await server.close()
})

test('a role that is neither user nor lead is not stated, and nothing is sent', async () => {
  for (const role of ['visitor', null, undefined]) {
    const { intercom, received, close } = await scriptedIntercom([{ json: { type: 'contact', role } }])
    const { failure } = await intercom.call('send_incoming_message', input)
    assert.deepEqual([failure?.code, failure?.outcome], ['unreadable_answer', 'not_sent'])
    assert.equal(received.length, 1)
    await close()
  }
})

test('a message is looked for among the contact’s own since the second given, that one included', async () => {
  const conversation = (id: string, created_at: number, author: string, body = '<p>Hello</p>') => ({
    id,
    created_at,
    source: { id: `m${id}`, body, author: { type: 'user', id: author } },
  })
  const conversations = [
    conversation('3', 103, 'abc'),
    conversation('2', 102, 'xyz'),
    { id: '9', created_at: 104, source: null },
    { id: '8', created_at: 104, source: { id: 'm8', body: '<p>Hello</p>', author: { id: null } } },
    { id: '7', created_at: 104 },
    null,
    conversation('1', 101, 'abc', '<p>Bye</p>'),
    conversation('0', 100, 'abc'),
  ]
  const asked: unknown[] = []
  const port = portTo(async ({ method, path, body, semantics }) => {
    asked.push([method, path.encoded, body, semantics])
    return { type: 'conversation.list', conversations }
  })
  const looked = await sendIncomingMessage.verify?.look(port, input, 100)
  assert.deepEqual(
    looked?.items.map(({ id, same, answer }) => [id, same, answer['conversation_id']]),
    [
      ['m0', true, '0'],
      ['m1', false, '1'],
      ['m3', true, '3'],
      ['m8', false, '8'],
    ],
  )
  const value = [
    { field: 'contact_ids', operator: '=', value: 'abc' },
    { field: 'created_at', operator: '>', value: 99 },
  ]
  const search = { query: { operator: 'AND', value }, pagination: { per_page: 150 } }
  assert.deepEqual(asked, [['POST', '/conversations/search', search, 'safe']])
})
